"""The weekly summary as the group reads it, as the team looks at it first, and how it is counted."""

from collections.abc import Iterable
from datetime import date, timedelta

import discord

from bot.discordkit import CAREFUL, Block, Button, Divider, Panel, Text, buttons, encode, say
from bot.text import t
from cogs.checkins.store.groups import GroupSettings
from cogs.checkins.store.weeks import KeptWeek

_DAYS = timedelta(days=6)


def week_mark(week: date) -> str:
    """Return the end of a custom id by which a week's post is found after a lost answer."""
    return f":week_why:{week}"


def week_post(kept: KeptWeek) -> Panel:
    """Draw what the group reads of a week that has something to tell."""
    why = Button(t("checkin_weekly.why.label"), encode("checkins", "week_why", kept.week.isoformat()))
    return Panel((*_told(kept), buttons(why)))


def week_panel(kept: KeptWeek, settings: GroupSettings, channel_id: int | None, mark: str, *notes: str) -> Panel:
    """Draw a week for the team: what the group would read, where it goes, and the button that sends it there.

    `mark` makes two presses of one button one.
    """
    words = tuple(Text(note) for note in notes)
    if kept.people is None:
        return Panel((*words, Text(t("checkin_weekly.team.few", **_span(kept.week))), Text(_state(settings)), _row()))
    blocks: list[Block] = [*words, Text(t("checkin_weekly.team.preview")), Divider(), *_told(kept), Divider()]
    post = None
    if kept.message_id is not None:
        address = f"https://discord.com/channels/{kept.guild_id}/{kept.channel_id}/{kept.message_id}"
        blocks.append(Text(t("checkin_weekly.team.posted", address=address)))
    elif channel_id is None:
        blocks.append(Text(t("checkin_weekly.team.nowhere")))
    else:
        key = encode("checkins", "week_post", f"{kept.week}.{mark}")
        post = Button(t("checkin_weekly.post.label"), key, discord.ButtonStyle.primary)
    return Panel((*blocks, Text(_state(settings)), _row(post)))


def coming(channel_id: int) -> str:
    """Return what is said once the button was pressed."""
    return t("checkin_weekly.team.coming", channel=f"<#{channel_id}>")


def why_panel() -> Panel:
    """Draw how a summary is counted, for whoever asks."""
    return say(t("checkin_weekly.counted"))


def late_panel(kept: KeptWeek) -> Panel:
    """Draw what the team is told where a week was not posted."""
    return say(t("checkin_weekly.team.late", **_span(kept.week)), colour=CAREFUL)


def _told(kept: KeptWeek) -> Iterable[Block]:
    heading = t("checkin_weekly.heading", **_span(kept.week))
    people = t("checkin_weekly.people", people=kept.people, count=kept.about_check_ins)
    yield Text(f"{heading}\n{people}")
    if kept.bands:
        lines = (
            t(
                "checkin_weekly.line",
                measure=t(f"checkin_history.measure.{measure}"),
                band=t(f"checkin_weekly.band.{measure}.{band}"),
            )
            for measure, band in kept.bands.items()
        )
        yield Text("\n".join((t("checkin_weekly.averages"), *lines)))
    yield Text(t("checkin_weekly.small"))


def _state(settings: GroupSettings) -> str:
    if settings.weekly_channel_id is None:
        return t("checkin_weekly.team.off")
    return t("checkin_weekly.team.on", channel=f"<#{settings.weekly_channel_id}>")


def _row(post: Button | None = None) -> Block:
    return buttons(
        post,
        Button(t("checkin_weekly.switch.label"), encode("checkins", "sch_list")),
        Button(t("checkin_weekly.why.label"), encode("checkins", "week_why")),
    )


def _span(week: date) -> dict[str, str]:
    return {"first": _day(week), "last": _day(week + _DAYS)}


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"

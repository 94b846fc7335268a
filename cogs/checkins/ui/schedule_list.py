"""All of a group's check-ins, what holds for them together, and the question which one is meant."""

from collections.abc import Iterable, Sequence

import discord
from discord.utils import escape_markdown, format_dt

from bot.discordkit import Block, Button, Choose, Divider, Option, Panel, PickChannel, Text, buttons, encode, say
from bot.text import t
from bot.times import show_clock, show_weekdays
from cogs.checkins.rules import MOST_SCHEDULES
from cogs.checkins.service.outlook import Outlook
from cogs.checkins.service.wishes import Wish
from cogs.checkins.store.groups import GroupSettings
from cogs.checkins.store.schedules import CheckinSchedule
from cogs.checkins.ui.schedule_drafts import SEPARATOR, TYPED, UNTIL, draft_key, kept_key, quoted
from cogs.checkins.ui.schedules import day_words

WAITS = (10, 20, 30, 45, 60, 90, 120)
"""Minutes to choose from; product.md leaves them to us within 10 and 120."""

_KINDS = (discord.ChannelType.text, discord.ChannelType.news)


def list_panel(outlooks: Sequence[Outlook], settings: GroupSettings, *notes: str) -> Panel:
    """Draw all check-ins of a group, and below them what holds for all."""
    count = len(outlooks)
    title = t("checkins.every.heading" if count else "checkins.every.empty")
    blocks: list[Block] = [Text(words) for words in (title, *notes)]
    if outlooks:
        blocks.append(Text("\n".join(_line(one) for one in outlooks)))
        kept = [one.schedule for one in outlooks if one.schedule is not None]
        blocks.append(_choose("sch_open", "", t("checkins.every.open.placeholder"), kept))
    if count < MOST_SCHEDULES:
        style = discord.ButtonStyle.secondary if count else discord.ButtonStyle.success
        blocks.append(buttons(_new(style)))
    blocks += (Divider(), *_group(settings))
    return Panel(tuple(blocks))


def none_panel() -> Panel:
    """Draw that there is no check-in, and how to set one up."""
    return say(t("checkins.every.empty")).and_then(buttons(_new(discord.ButtonStyle.success)))


def pick_panel(
    action: str,
    schedules: Sequence[CheckinSchedule],
    *notes: str,
    wish: Wish | None = None,
    half: int | None = None,
    until: str = "",
) -> Panel:
    """Ask which check-in is meant; what was typed for it comes along. `action` is edit, pause, resume or remove.

    `half` is the earlier of two times of day that were meant: which one is asked behind this question.
    """
    wish = wish or Wish()
    blocks: list[Block] = [Text(words) for words in (t(f"checkins.pick.{action}"), *notes)]
    if wish.name:
        blocks += (Text(t("checkins.pick.name")), quoted(wish.name, TYPED))
    if until:
        blocks += (Text(t("checkins.pick.until")), quoted(until, UNTIL))
    key = SEPARATOR.join((action, draft_key(wish), *(() if half is None else (str(half),))))
    return Panel((*blocks, _choose("sch_pick", key, t("checkins.pick.placeholder"), schedules)))


def _choose(verb: str, key: str, placeholder: str, schedules: Iterable[CheckinSchedule]) -> Choose:
    options = tuple(Option(one.name, kept_key(one.schedule_id), _brief(one)) for one in schedules)
    return Choose(encode("checkins", verb, key), placeholder, options)


def _brief(schedule: CheckinSchedule) -> str:
    return f"{show_clock(schedule.minute)}, {show_weekdays(schedule.weekdays)}"


def _new(style: discord.ButtonStyle) -> Button:
    return Button(t("checkins.every.new.label"), encode("checkins", "sch_new"), style)


def _line(outlook: Outlook) -> str:
    wish = outlook.wish
    time = show_clock(wish.minute or 0)
    if wish.timezone:
        city = wish.timezone.rsplit("/", 1)[-1].replace("_", " ")
        time = t("checkins.every.other_zone", time=time, city=city)
    return t(
        "checkins.every.line",
        name=escape_markdown(wish.name or ""),
        channel=f"<#{wish.channel_id}>",
        time=time,
        days=show_weekdays(wish.weekdays or frozenset()),
        state=_state(outlook),
    )


def _state(outlook: Outlook) -> str:
    schedule = outlook.schedule
    if outlook.rests:
        return t("checkins.every.resting")
    if outlook.paused_until is not None:
        return t("checkins.every.paused_until", day=day_words(outlook.paused_until))
    if outlook.paused or outlook.next_at is None:
        return t("checkins.every.paused")
    if schedule is not None and schedule.trouble is not None and schedule.trouble_day is not None:
        return t("checkins.every.trouble", day=day_words(schedule.trouble_day))
    return t("checkins.every.next", when=format_dt(outlook.next_at, "R"))


def _group(settings: GroupSettings) -> Iterable[Block]:
    minutes, channel_id = settings.wait_minutes, settings.weekly_channel_id
    yield Text(f"{t('checkins.group.heading')}\n{t('checkins.group.wait', minutes=minutes)}")
    options = tuple(
        Option(t("checkins.group.wait_pick.choice", minutes=one), str(one), chosen=one == minutes) for one in WAITS
    )
    yield Choose(encode("checkins", "sch_wait"), t("checkins.group.wait_pick.placeholder"), options)
    if channel_id is None:
        yield Text(f"{t('checkins.group.weekly')}\n{t('checkins.group.weekly_off')}")
        yield buttons(Button(t("checkins.group.weekly_start.label"), encode("checkins", "sch_weekly", "1")))
        return
    yield Text(f"{t('checkins.group.weekly')}\n{t('checkins.group.weekly_on', channel=f'<#{channel_id}>')}")
    placeholder = t("checkins.group.weekly_channel.placeholder")
    yield PickChannel(encode("checkins", "sch_where"), placeholder, _KINDS, channel_id)
    yield buttons(Button(t("checkins.group.weekly_stop.label"), encode("checkins", "sch_weekly", "0")))

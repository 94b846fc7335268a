"""The daily post, its preview, what comes of its buttons, and what the team is told when it can't be posted."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

import discord
from discord.utils import format_dt

from bot.discordkit import (
    CAREFUL,
    Block,
    Button,
    Choose,
    Divider,
    Link,
    Option,
    Panel,
    Row,
    Text,
    buttons,
    encode,
    say,
)
from bot.notices import reason_words
from bot.text import t
from bot.text.escaping import escaped, isolated
from cogs.checkins.service.asking_now import Preview
from cogs.checkins.service.day_posts import DayView
from cogs.checkins.service.tellings import ENDED, MISSED, THREAD, Telling
from cogs.checkins.store.posts import DayPost
from cogs.checkins.store.schedules import CheckinSchedule

_LONGEST_NAME = 100  # characters of a thread's name (Discord API reference, "Start Thread from Message")

Skipped = Literal["done", "already", "entry", "over", "undone", "nothing"]


def day_post(view: DayView) -> Panel:
    """Draw the post of a date as the channel gets it."""
    return Panel((*_words(view), _buttons(view, disabled=False), Text(t("checkin_post.post.who"))))


def _words(view: DayView) -> Iterable[Block]:
    yield Text(t("checkin_post.post.heading", name=shown_name(view.name)))
    yield Text(view.words or t("checkin_post.post.plain"))
    # A lonely 0 would greet the first one who comes.
    day = day_words(view.day)
    if view.count:
        yield Text(t("checkin_post.post.somebody", count=view.count, day=day))
    else:
        yield Text(t("checkin_post.post.nobody", day=day))


def _buttons(view: DayView, *, disabled: bool) -> Row:
    key = post_key(view.schedule_id, view.day)
    return buttons(
        Button(
            t("checkin_post.post.now.label"),
            encode("checkins", "now", key),
            discord.ButtonStyle.primary,
            disabled=disabled,
        ),
        Button(t("checkin_post.post.alone.label"), encode("checkins", "alone", key), disabled=disabled),
        Button(t("checkin_post.post.skip.label"), encode("checkins", "skip", key), disabled=disabled),
    )


def post_key(schedule_id: int, day: date) -> str:
    """Return what the ids of a post's buttons carry."""
    return f"{schedule_id}.{day.isoformat()}"


def read_key(key: str) -> tuple[int, date] | None:
    """Return check-in and date of a post's button; None for anything else."""
    words, _, day = key.partition(".")
    number = read_number(words)
    try:
        return None if number is None else (number, date.fromisoformat(day))
    except ValueError:
        return None


def read_number(words: str) -> int | None:
    """Return the id that these words are; None for anything else."""
    fits = words.isascii() and words.isdecimal() and len(words) < 20
    return int(words) if fits and int(words) < 2**63 else None


def post_mark(view: DayView) -> str:
    """Return the end of a custom id by which a date's post is found after a lost answer."""
    return f":{post_key(view.schedule_id, view.day)}"


def thread_name(view: DayView) -> str:
    """Return the name of the thread under a post. Discord shows it as it is, so nothing in it is escaped."""
    return t("checkin_post.thread", name=view.name, day=day_words(view.day))[:_LONGEST_NAME]


def preview_panel(preview: Preview) -> Panel:
    """Draw the next post for one moderator's eyes: its buttons do nothing, the form can be looked at."""
    schedule, view = preview.schedule, preview.view
    key = str(schedule.schedule_id)
    return Panel(
        (
            Text(t("checkin_post.preview.heading")),
            Divider(),
            *_words(view),
            _buttons(view, disabled=True),
            Text(t("checkin_post.post.who")),
            Divider(),
            Text("\n".join(_facts(preview))),
            buttons(
                Button(t("checkin_post.preview.open.label"), encode("checkins", "turn_form", key)),
                None
                if preview.rests
                else Button(t("checkin_post.preview.post.label"), encode("checkins", "turn_now", key)),
            ),
        )
    )


def _facts(preview: Preview) -> Iterable[str]:
    if preview.rests:
        yield t("checkin_post.preview.rests")
    if preview.next_at is None:
        yield t("checkin_post.preview.no_next")
    elif not preview.rests:
        channel = f"<#{preview.schedule.channel_id}>"
        yield t("checkin_post.preview.next", when=format_dt(preview.next_at, "F"), channel=channel)
    yield t("checkin_post.preview.prompt" if preview.view.words else "checkin_post.preview.no_prompt")
    yield t("checkin_post.preview.threads" if preview.schedule.thread else "checkin_post.preview.no_threads")


def pick_panel(schedules: Iterable[CheckinSchedule], custom_id: str) -> Panel:
    """Ask which check-in is meant."""
    options = tuple(Option(one.name, str(one.schedule_id)) for one in schedules)
    return say(t("checkin_post.pick.heading")).and_then(
        Choose(custom_id, t("checkin_post.pick.placeholder"), options[:25])
    )


def posted_panel(then: Preview, post: DayPost, *, already: bool, thread: bool) -> Panel:
    """Draw that a post is there, with the way to it; `then` is what comes after it."""
    name, channel = shown_name(then.schedule.name), f"<#{post.channel_id}>"
    if already:
        lines = [t("checkin_post.now.already", name=name, channel=channel, when=format_dt(post.posted_at, "R"))]
    else:
        lines = [t("checkin_post.now.posted", name=name, channel=channel)]
    if not thread:
        lines.append(t("checkin_post.now.no_thread"))
    if not already:
        next_at = then.next_at
        lines.append(
            t("checkin_post.now.next", when=format_dt(next_at, "F")) if next_at else t("checkin_post.now.paused")
        )
    address = f"https://discord.com/channels/{post.guild_id}/{post.channel_id}/{post.message_id}"
    return say(*lines).and_then(buttons(Link(t("checkin_post.now.see.label"), address)))


def unposted_panel(schedule: CheckinSchedule, reason: str) -> Panel:
    """Draw that Discord refused a post, and what to do."""
    data = {"name": shown_name(schedule.name), "channel": f"<#{schedule.channel_id}>"}
    return say(t("checkin_post.now.refused", reason=reason_words(reason), **data), colour=CAREFUL)


def skip_panel(what: Skipped, day: date, key: str = "") -> Panel:
    """Draw what came of "Not today", or of taking it back, for its presser alone; `key` is that of the post."""
    panel = say(t(f"checkin_post.skip.{what}", day=day_words(day)))
    if what in ("done", "already"):
        undo = encode("checkins", "turn_unskip", f"{key}.{day.isoformat()}")
        return panel.and_then(buttons(Button(t("checkin_post.skip.undo.label"), undo)))
    if what == "undone":
        return panel.and_then(
            buttons(
                Button(t("checkin_post.post.now.label"), encode("checkins", "now", key), discord.ButtonStyle.primary),
                Button(t("checkin_post.post.alone.label"), encode("checkins", "alone", key)),
            )
        )
    return panel


def telling_panel(tellings: Sequence[Telling]) -> Panel:
    """Draw what the team is told, and what they can do; several check-ins were missed in the same gap."""
    if len(tellings) > 1:
        lines = "\n".join(map(_missed_line, tellings))
        return say(t("checkin_post.team.missed_heading"), lines, t("checkin_post.team.missed_end"), colour=CAREFUL)
    [telling] = tellings
    first, last = day_words(telling.first), day_words(telling.last)
    data = {"name": shown_name(telling.name), "first": first, "channel": f"<#{telling.channel_id}>"}
    if telling.reason == MISSED:
        words = t("checkin_post.team.missed", count=telling.days, last=last, next=_next(telling), **data)
    elif telling.reason == ENDED:
        words = t("checkin_post.team.ended", **data)
    elif telling.reason == THREAD:
        words = t("checkin_post.team.thread", **data)
    else:
        words = t("checkin_post.team.refused", reason=reason_words(telling.reason), **data)
    return say(words, colour=CAREFUL)


def _missed_line(telling: Telling) -> str:
    first, last = day_words(telling.first), day_words(telling.last)
    data = {"name": shown_name(telling.name), "first": first, "last": last, "next": _next(telling)}
    return t("checkin_post.team.missed_line", count=telling.days, **data)


def _next(telling: Telling) -> str:
    if telling.next_at is None:
        return t("checkin_post.team.no_next")
    return t("checkin_post.team.next", when=format_dt(telling.next_at, "F"))


def shown_name(name: str) -> str:
    """Return a check-in's name as a group wrote it: it formats nothing, mentions nobody."""
    return isolated(escaped(name))


def day_words(day: date) -> str:
    """Return a date as people say it."""
    return f"{day:%A} {day.day} {day:%B}"

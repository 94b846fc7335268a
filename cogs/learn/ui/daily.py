"""The panel of the daily reading, the post itself, and what the team is told when it can't be posted."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import discord
from discord.utils import format_dt

from bot.content import Snippet, Topic
from bot.discordkit import (
    CAREFUL,
    Block,
    Button,
    Choose,
    Divider,
    Form,
    Option,
    Panel,
    PickChannel,
    Text,
    Write,
    buttons,
    encode,
    say,
)
from bot.notices import reason_words
from bot.text import t
from bot.times import show_clock, zone_label
from cogs.learn.service import ENDED, MISSED, DailyStatus, Plan, Reading, Telling
from cogs.learn.ui.reading import SEPARATOR, preview_blocks, public_panel

EVERY = "all"
_KINDS = (discord.ChannelType.text, discord.ChannelType.news)
_QUESTIONS = 5
_LONGEST_NAME = 100  # characters of a thread's name (Discord API reference, "Start Thread from Message")


def daily_panel(status: DailyStatus, *notes: str, halves: Sequence[int] = (), there: bool = True) -> Panel:
    """Draw how things stand; `notes` say what has just happened, `halves` are two times to choose between.

    `there`: whether the plan's channel is still to be seen.
    """
    draft = "" if status.on else draft_key(status.plan, status.topics)
    blocks: list[Block] = [Text("\n".join((t("library.daily.heading"), *_facts(status))))]
    blocks += [Text(words) for words in (*notes, *_worries(status))]
    if halves:
        blocks.append(buttons(*(_half(minute, draft) for minute in halves)))
    blocks += (
        PickChannel(
            encode("library", "daily_channel", draft),
            t("library.daily.channel_pick.placeholder"),
            _KINDS,
            status.plan.channel_id if there else None,
        ),
        _topics(status, draft),
        buttons(*_buttons(status, draft)),
        Text(t("library.daily.small")),
    )
    return Panel(tuple(blocks))


def _facts(status: DailyStatus) -> Iterable[str]:
    plan = status.plan
    channel, time = f"<#{plan.channel_id}>", show_clock(plan.minute)
    if status.on:
        yield t("library.daily.on", channel=channel, time=time)
    elif plan.channel_id is None:
        yield t("library.daily.off_nowhere", time=time)
    else:
        yield t("library.daily.off", channel=channel, time=time)
    if status.rhythm.quiet is not None and status.rhythm.posted_at != plan.minute:
        start, end = (show_clock(minute) for minute in (status.rhythm.quiet.start, status.rhythm.quiet.end))
        posted = show_clock(status.rhythm.posted_at)
        yield t("library.daily.moved", time=time, start=start, end=end, posted=posted)
    yield _zone(status)
    names = ", ".join(topic.name for topic in status.topics if topic.key in plan.topics)
    yield t("library.daily.some_topics", topics=names) if names else t("library.daily.all_topics")
    yield t("library.daily.threads_on" if plan.thread else "library.daily.threads_off")
    if status.next_at is not None and not status.rests:
        yield t("library.daily.next", when=format_dt(status.next_at, "F"))


def _zone(status: DailyStatus) -> str:
    if status.group.timezone is None:
        return t("library.daily.no_zone")
    return t("library.daily.zone", zone=zone_label(status.group.timezone, status.now))


def _worries(status: DailyStatus) -> Iterable[str]:
    if status.on and status.rests:
        yield t("library.daily.rests")
    elif status.waits:
        yield t("library.daily.waits")
    if status.trouble is not None and status.trouble_day is not None:
        data = {"day": _day(status.trouble_day), "channel": f"<#{status.plan.channel_id}>"}
        if status.trouble in ("call", "thread"):
            yield t(f"library.daily.trouble.{status.trouble}", **data)
        else:
            yield t("library.daily.trouble.refused", reason=reason_words(status.trouble), **data)


def _half(minute: int, draft: str) -> Button:
    key = f"{minute}{SEPARATOR}{draft}"
    return Button(show_clock(minute), encode("library", "daily_at", key), discord.ButtonStyle.primary)


def _topics(status: DailyStatus, draft: str) -> Choose:
    chosen = status.plan.topics
    options = (
        Option(t("library.daily.every.label"), EVERY, chosen=not chosen),
        *(Option(topic.name, topic.key, topic.description, chosen=topic.key in chosen) for topic in status.topics),
    )
    placeholder = t("library.daily.topics_pick.placeholder")
    return Choose(encode("library", "daily_topics", draft), placeholder, options[:25], most=25)


def _buttons(status: DailyStatus, draft: str) -> Iterable[Button]:
    if not status.on and status.plan.channel_id is not None:
        style = discord.ButtonStyle.success
        yield Button(t("library.daily.turn_on.label"), encode("library", "daily_on", draft), style)
    yield Button(t("library.daily.change_time.label"), encode("library", "daily_time", draft))
    threads = f"{int(not status.plan.thread)}{SEPARATOR}{draft}"
    label = "library.daily.stop_threads.label" if status.plan.thread else "library.daily.open_threads.label"
    yield Button(t(label), encode("library", "daily_thread", threads))
    yield Button(t("library.daily.see.label"), encode("library", "daily_look"))
    if status.on:
        yield Button(t("library.daily.turn_off.label"), encode("library", "daily_off"))


def draft_key(plan: Plan, topics: Sequence[Topic]) -> str:
    """Return a plan that is not kept yet, short enough to travel in the ids of its panel."""
    chosen = sum(1 << place for place, topic in enumerate(topics) if topic.key in plan.topics)
    return f"{plan.channel_id or 0}.{plan.minute}.{int(plan.thread)}.{chosen}"


def read_draft(key: str, topics: Sequence[Topic]) -> Plan | None:
    """Return the plan of a key; None for anything else."""
    parts = key.split(".")
    if len(parts) != 4 or not all(part.isdecimal() and len(part) < 20 for part in parts):
        return None
    channel_id, minute, thread, chosen = map(int, parts)
    keys = tuple(topic.key for place, topic in enumerate(topics) if chosen >> place & 1)
    return Plan(channel_id or None, minute % 1440, keys, bool(thread))


def time_form(plan: Plan, draft: str) -> Form:
    """Return the form that asks for the time of day."""
    field = Write(
        "time",
        t("library.daily.form_time.label"),
        longest=20,
        shortest=1,
        value=show_clock(plan.minute),
        placeholder=t("library.daily.form_time.placeholder"),
    )
    return Form("library", "daily_typed", t("library.daily.form.title"), (field,), draft)


def daily_off_panel(ended: Plan | None, topics: Sequence[Topic]) -> Panel:
    """Draw that nothing is posted by itself (any more); what was `ended` can be begun again as it was."""
    key = draft_key(ended, topics) if ended else ""
    again = Button(t("library.daily.back.label"), encode("library", "daily", key))
    return say(t("library.daily_off.done" if ended else "library.daily_off.already")).and_then(buttons(again))


def day_post(reading: Reading, day: date) -> Panel:
    """Draw the reading of a day as the channel gets it."""
    return public_panel(_dressed(reading, day), _mark(day), above=(_above(day),))


def day_mark(day: date) -> str:
    """Return the end of a custom id by which a day's post is found after a lost answer, whatever was chosen since."""
    return f"{SEPARATOR}{_mark(day)}"


def day_preview(reading: Reading, day: date) -> Panel:
    """Draw the same for one moderator's eyes."""
    return Panel((Text(t("library.daily.look")), Divider(), _above(day), *preview_blocks(_dressed(reading, day))))


def _dressed(reading: Reading, day: date) -> Reading:
    """The heading says already that it is today's; where it has no question of its own, a general one stands in."""
    snippet = reading.snippet
    general = t(f"library.daily.post.question.{day.toordinal() % _QUESTIONS + 1}")
    return replace(reading, today=False, snippet=replace(snippet, question=snippet.question or general))


def _above(day: date) -> Text:
    return Text(t("library.daily.post.heading", day=_day(day)))


def _mark(day: date) -> str:
    return day.isoformat()


def thread_name(snippet: Snippet) -> str:
    """Return the name of the thread under a post: the group's question, or the title."""
    name = " ".join((snippet.question or snippet.title).split())
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 1].rsplit(' ', 1)[0].rstrip(' ,;:.')}…"


def telling_panel(telling: Telling) -> Panel:
    """Draw what the team is told, and what they can do."""
    first, last = _day(telling.first), _day(telling.last)
    when, channel = format_dt(telling.next_at, "F") if telling.next_at else "", f"<#{telling.channel_id}>"
    if telling.reason == ENDED:
        words = t("library.daily.team.ended", channel=channel)
    elif telling.reason == MISSED and telling.first == telling.last:
        words = t("library.daily.team.missed_day", first=first, when=when)
    elif telling.reason == MISSED:
        words = t("library.daily.team.missed_days", first=first, last=last, when=when)
    elif telling.reason in ("call", "thread"):
        words = t(f"library.daily.team.{telling.reason}", first=first, channel=channel)
    else:
        words = t("library.daily.team.refused", channel=channel, reason=reason_words(telling.reason))
    return say(words, colour=CAREFUL)


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"

"""The panel of one check-in, kept or still a draft, with what follows from it; and the forms that ask for its parts."""

from collections.abc import Iterable, Sequence
from datetime import date

import discord
from discord.utils import escape_markdown, format_dt

from bot.content import QuestionSet
from bot.discordkit import Block, Button, Choose, Form, Option, Panel, PickChannel, Text, Write, buttons, encode, say
from bot.notices import reason_words
from bot.text import t
from bot.times import show_clock, show_weekdays, zone_label
from cogs.checkins.rules import LONGEST_NAME
from cogs.checkins.service.outlook import Outlook
from cogs.checkins.service.schedules import THREAD
from cogs.checkins.service.sets import DEFAULT_SET
from cogs.checkins.service.wishes import Wish
from cogs.checkins.store.schedules import CheckinSchedule
from cogs.checkins.ui.schedule_drafts import NAME, SEPARATOR, TYPED, draft_key, heading, kept_key, quoted

_KINDS = (discord.ChannelType.text, discord.ChannelType.news)
_MOST_OPTIONS = 25


def schedule_panel(
    outlook: Outlook,
    sets: Sequence[QuestionSet],
    *notes: str,
    halves: Sequence[int] = (),
    there: bool = True,
    typed: str = "",
) -> Panel:
    """Draw a check-in; `notes` say what has just happened, `halves` are two times to choose between.

    `there`: whether its channel is still to be seen. `typed` is a name that wouldn't do: it is read from here again.
    """
    key = key_of(outlook)
    blocks: list[Block] = [_name(outlook), Text("\n".join(_facts(outlook, sets)))]
    blocks += [Text(words) for words in (*notes, *_state(outlook, asked=bool(halves))) if words]
    if typed:
        blocks.append(quoted(typed, TYPED))
    if halves:
        blocks.append(buttons(*(_half(minute, key) for minute in halves)))
    channel = outlook.wish.channel_id if there else None
    blocks += (
        PickChannel(encode("checkins", "sch_channel", key), t("checkins.panel.channel.placeholder"), _KINDS, channel),
        _days(outlook.wish, key),
        _questions(outlook.wish, sets, key),
        buttons(*_changes(outlook.wish, key)),
        buttons(*_deeds(outlook, key)),
    )
    return Panel(tuple(blocks))


def key_of(outlook: Outlook) -> str:
    """Return what the ids of its panel carry."""
    return draft_key(outlook.wish) if outlook.schedule is None else kept_key(outlook.schedule.schedule_id)


def _name(outlook: Outlook) -> Text:
    if not outlook.wish.name:
        return Text(t("checkins.panel.unnamed"))
    return heading(outlook.wish.name, NAME if outlook.schedule is None else None)


def _facts(outlook: Outlook, sets: Sequence[QuestionSet]) -> Iterable[str]:
    wish = outlook.wish
    yield _when(wish)
    if outlook.posted_at is not None and wish.minute is not None:
        quiet = (outlook.group.quiet_from or 0, outlook.group.quiet_to or 0)
        start, end, time, posted = map(show_clock, (*quiet, wish.minute, outlook.posted_at))
        yield t("checkins.panel.moved", time=time, start=start, end=end, posted=posted)
    yield _zone(outlook)
    chosen = set_of(wish, sets)
    gone = chosen is not None and chosen.id != wish.question_set
    if chosen is not None:
        yield t("checkins.panel.questions_gone" if gone else "checkins.panel.questions", name=_shown(chosen.name))
    yield t("checkins.panel.threads_on" if wish.thread else "checkins.panel.threads_off")
    yield t("checkins.panel.prompts_on" if wish.prompts else "checkins.panel.prompts_off")
    if outlook.next_at is not None and not outlook.rests:
        at = outlook.next_at
        yield t("checkins.panel.next", when=format_dt(at, "F"), away=format_dt(at, "R"))


def _when(wish: Wish) -> str:
    days = show_weekdays(wish.weekdays or frozenset())
    channel = None if wish.channel_id is None else f"<#{wish.channel_id}>"
    time = None if wish.minute is None else show_clock(wish.minute)
    if channel and time:
        return t("checkins.panel.when", channel=channel, time=time, days=days)
    if channel:
        return t("checkins.panel.when_untimed", channel=channel, days=days)
    if time:
        return t("checkins.panel.when_nowhere", time=time, days=days)
    return t("checkins.panel.when_open", days=days[:1].upper() + days[1:])


def _zone(outlook: Outlook) -> str:
    if outlook.zone is None:
        return t("checkins.panel.no_zone")
    key = "checkins.panel.own_zone" if outlook.wish.timezone else "checkins.panel.group_zone"
    return t(key, zone=zone_label(outlook.zone, outlook.now))


def _state(outlook: Outlook, *, asked: bool) -> Iterable[str]:
    """What keeps it from being posted; `asked`: which time is meant is a question of its own above."""
    schedule, wish = outlook.schedule, outlook.wish
    if outlook.rests:
        yield t("checkins.panel.rests")
    if schedule is None:
        if wish.channel_id is not None and wish.minute is not None:
            yield t("checkins.panel.draft")
            return
        yield t("checkins.panel.draft_open")
        if wish.channel_id is None:
            yield t("checkins.panel.no_channel")
        if wish.minute is None and not asked:
            yield t("checkins.panel.no_time")
        return
    if outlook.paused_until is not None:
        yield t("checkins.panel.paused_until", day=day_words(outlook.paused_until))
    elif outlook.paused:
        yield t("checkins.panel.paused")
    if schedule.trouble is not None and schedule.trouble_day is not None:
        yield _trouble(schedule, schedule.trouble, schedule.trouble_day)


def _trouble(schedule: CheckinSchedule, trouble: str, since: date) -> str:
    if trouble == THREAD:
        return t("checkins.panel.threads_refused", day=day_words(since), channel=f"<#{schedule.channel_id}>")
    return t("checkins.panel.refused", day=day_words(since), reason=reason_words(trouble))


def _half(minute: int, key: str) -> Button:
    custom_id = encode("checkins", "sch_at", f"{minute}{SEPARATOR}{key}")
    return Button(show_clock(minute), custom_id, discord.ButtonStyle.primary)


def _days(wish: Wish, key: str) -> Choose:
    chosen = wish.weekdays or frozenset()
    options = tuple(Option(show_weekdays(frozenset({day})), str(day), chosen=day in chosen) for day in range(7))
    return Choose(encode("checkins", "sch_days", key), t("checkins.panel.days.placeholder"), options, most=7)


def _questions(wish: Wish, sets: Sequence[QuestionSet], key: str) -> Choose:
    chosen = set_of(wish, sets)
    offered = list(sets[:_MOST_OPTIONS])
    if chosen is not None and chosen not in offered:
        offered[-1] = chosen
    options = tuple(Option(one.name, one.id, one.description or None, chosen=one is chosen) for one in offered)
    return Choose(encode("checkins", "sch_set", key), t("checkins.panel.questions_pick.placeholder"), options)


def set_of(wish: Wish, sets: Sequence[QuestionSet]) -> QuestionSet | None:
    """Return the set that the form asks; where the chosen one is gone, the one that is asked in its place."""
    by_id = {one.id: one for one in sets}
    return by_id.get(wish.question_set or DEFAULT_SET) or by_id.get(DEFAULT_SET)


def _changes(wish: Wish, key: str) -> Iterable[Button]:
    yield Button(t("checkins.panel.time.label"), encode("checkins", "sch_time", key))
    yield Button(t("checkins.panel.name.label"), encode("checkins", "sch_name", key))
    yield Button(t("checkins.panel.zone.label"), encode("checkins", "sch_zone", key))
    threads = "checkins.panel.stop_threads.label" if wish.thread else "checkins.panel.open_threads.label"
    yield Button(t(threads), encode("checkins", "sch_thread", f"{int(not wish.thread)}{SEPARATOR}{key}"))
    prompts = "checkins.panel.without_prompts.label" if wish.prompts else "checkins.panel.with_prompts.label"
    yield Button(t(prompts), encode("checkins", "sch_prompts", f"{int(not wish.prompts)}{SEPARATOR}{key}"))


def _deeds(outlook: Outlook, key: str) -> Iterable[Button]:
    schedule = outlook.schedule
    if schedule is not None:
        yield Button(t("checkins.panel.preview.label"), encode("checkins", "turn_preview", str(schedule.schedule_id)))
        if outlook.paused:
            yield Button(t("checkins.panel.resume.label"), encode("checkins", "sch_resume", key))
        else:
            yield Button(t("checkins.panel.pause.label"), encode("checkins", "sch_pause", key))
        yield Button(t("checkins.panel.remove.label"), encode("checkins", "sch_remove", key))
    elif outlook.wish.channel_id is not None and outlook.wish.minute is not None:
        start = encode("checkins", "sch_start", key)
        yield Button(t("checkins.panel.start.label"), start, discord.ButtonStyle.success)
    yield Button(t("checkins.panel.all.label"), encode("checkins", "sch_list"))


def removing_panel(schedule: CheckinSchedule) -> Panel:
    """Ask before a check-in goes."""
    key = kept_key(schedule.schedule_id)
    yes = Button(t("checkins.removing.yes.label"), encode("checkins", "sch_removed", key), discord.ButtonStyle.danger)
    no = Button(t("checkins.removing.no.label"), encode("checkins", "sch_open", key))
    return say(t("checkins.removing.ask", name=_shown(schedule.name))).and_then(buttons(yes, no))


def removed_panel(schedule: CheckinSchedule) -> Panel:
    """Draw that a check-in is gone, and what stays."""
    more = Button(t("checkins.panel.all.label"), encode("checkins", "sch_list"))
    return say(t("checkins.removing.done", name=_shown(schedule.name))).and_then(buttons(more))


def new_form() -> Form:
    """Ask for a new check-in's name, time and days; the rest is chosen in its panel."""
    fields = (_name_field(""), _time_field(None), _field("days", 60))
    return Form("checkins", "sch_made", t("checkins.form.new.title"), fields)


def name_form(name: str, key: str) -> Form:
    """Ask for another name."""
    return Form("checkins", "sch_named", t("checkins.form.name.title"), (_name_field(name),), key)


def time_form(minute: int | None, key: str) -> Form:
    """Ask for another time of day."""
    return Form("checkins", "sch_timed", t("checkins.form.time.title"), (_time_field(minute),), key)


def zone_form(zone: str, key: str) -> Form:
    """Ask by which clock it goes."""
    return Form("checkins", "sch_zoned", t("checkins.form.zone.title"), (_field("zone", 60, 1, zone),), key)


def pause_form(key: str) -> Form:
    """Ask until when a check-in rests."""
    return Form("checkins", "sch_paused", t("checkins.form.pause.title"), (_field("until", 60),), key)


def _name_field(name: str) -> Write:
    return _field("name", LONGEST_NAME, 1, name[:LONGEST_NAME])


def _time_field(minute: int | None) -> Write:
    return _field("time", 20, 1, "" if minute is None else show_clock(minute))


def _field(name: str, longest: int, shortest: int = 0, value: str = "") -> Write:
    label, placeholder = t(f"checkins.form.{name}.label"), t(f"checkins.form.{name}.placeholder")
    return Write(name, label, longest=longest, shortest=shortest, value=value, placeholder=placeholder)


def day_words(day: date) -> str:
    """Return `Friday 27 November`."""
    return f"{day:%A} {day.day} {day:%B}"


def _shown(name: str) -> str:
    return escape_markdown(name)

"""What a moderator wishes a check-in to be, read from words: each part stands alone, and one that doesn't read harms
none of the others.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta

from bot.content import QuestionSet, title_key
from bot.errors import Refusal
from bot.text.escaping import escaped
from bot.times import parse_clock_time, parse_until, parse_weekdays, resolve_zone
from cogs.checkins.rules import Schedule
from cogs.checkins.store.schedules import CheckinSchedule

GROUPS_CLOCK = ""
"""A wish for the group's own time zone, whichever that is."""

_FOR_GROUPS = frozenset(
    {"group", "groups", "group's", "the group", "the groups", "the group's", "the group's own", "group time", "ours"}
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a check-in is to be; None leaves a part as it is, or open where there is nothing yet."""

    name: str | None = None
    channel_id: int | None = None
    minute: int | None = None
    timezone: str | None = None
    weekdays: frozenset[int] | None = None
    question_set: str | None = None
    thread: bool | None = None
    prompts: bool | None = None

    def over(self, other: "Wish") -> "Wish":
        """Return this wish with what it leaves open taken from another."""
        own = {name: value for name in _PARTS if (value := getattr(self, name)) is not None}
        return replace(other, **own)

    @property
    def empty(self) -> bool:
        """Whether nothing is wished for."""
        return self == Wish()


_PARTS = tuple(part.name for part in fields(Wish))


@dataclass(frozen=True, slots=True)
class Heard:
    """What was read, what was not (`refused`), and the two times of day that a bare `7` may mean."""

    wish: Wish
    refused: tuple[Refusal, ...] = ()
    halves: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """Parts of a wish as they were typed; empty or None where nothing was."""

    time: str | None = None
    timezone: str | None = None
    days: str | None = None
    questions: str | None = None


def hear(spoken: Spoken, wish: Wish, sets: Sequence[QuestionSet], *, now: datetime, country: str | None) -> Heard:
    """Return `wish` with what was typed. `country` settles which of several cities is meant."""
    refused: list[Refusal] = []
    halves: tuple[int, ...] = ()
    readers: tuple[tuple[str, str | None, Callable[[str], object]], ...] = (
        ("minute", spoken.time, parse_clock_time),
        ("timezone", spoken.timezone, lambda words: read_zone(words, now=now, country=country)),
        ("weekdays", spoken.days, parse_weekdays),
        ("question_set", spoken.questions, lambda words: read_set(words, sets)),
    )
    read: dict[str, object] = {}
    for part, words, reader in readers:
        if words is None or not words.strip():
            continue
        try:
            read[part] = reader(words)
        except Refusal as unread:
            if unread.key == "times.clock.half_day":
                halves = tuple(parse_clock_time(unread.data[half]) for half in ("morning", "evening"))
            else:
                refused.append(unread)
    return Heard(replace(wish, **read), tuple(refused), halves)  # type: ignore[arg-type]


def read_zone(words: str, *, now: datetime, country: str | None) -> str:
    """Return a zone's name, or `GROUPS_CLOCK`. Raises `Refusal` as `resolve_zone` does."""
    if " ".join(words.casefold().replace("’", "'").split()) in _FOR_GROUPS:
        return GROUPS_CLOCK
    return resolve_zone(words, now=now, country=country)


def read_set(words: str, sets: Iterable[QuestionSet]) -> str:
    """Return the id of the set that was picked, or whose name was typed. Raises `Refusal`: `checkins.no_such_set`."""
    key = title_key(words)
    for one in sets:
        if words.strip() == one.id or key == title_key(one.name):
            return one.id
    raise Refusal("checkins.no_such_set", sets=", ".join(f"**{escaped(one.name)}**" for one in sets))


def first_day(words: str, rule: Schedule, now: datetime) -> date:
    """Return the first date that may ask again after a rest "until ..."; `rule` is the check-in's, not resting.

    A date whose time of asking comes before the end of the rest is part of it. Raises `Refusal` as `parse_until` does.
    """
    end = parse_until(words, now, rule.zone)
    day = end.astimezone(rule.zone).date()
    moment = rule.moment(day)
    return day if moment is None or moment >= end else day + timedelta(days=1)


def wish_of(schedule: CheckinSchedule) -> Wish:
    """Return a check-in as the wish that it is."""
    return Wish(
        schedule.name,
        schedule.channel_id,
        schedule.minute,
        schedule.timezone or GROUPS_CLOCK,
        schedule.weekdays,
        schedule.question_set,
        schedule.thread,
        schedule.prompts,
    )


def granted(wish: Wish, schedule: CheckinSchedule) -> CheckinSchedule:
    """Return the check-in with the parts that are wished for."""
    whole = wish.over(wish_of(schedule))
    return replace(
        schedule,
        **{name: getattr(whole, name) for name in _PARTS if name != "timezone"},
        timezone=whole.timezone or None,
    )

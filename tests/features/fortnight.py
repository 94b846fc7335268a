"""The people of the rehearsed fortnight, what each of their days is, and what their rhythm must be in the end.

What is expected is reckoned here in the plainest way, without a line of the feature's own rules: a day is the date on
the member's wall clock four hours ago.
"""

import json
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from simcord import MemberActor
from simcord.backend.access import message_accessible
from simcord.backend.models import Message

from cogs.checkins.rules import Choice, Place
from rehearsal.world import World

START = datetime(2026, 10, 18, 12, 0, tzinfo=UTC)
FIRST = date(2026, 10, 19)  # a Monday; London's clock changes on the 25th, New York's on 1 November
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
EVENING, MORNING = "Evening", "Morning"
MARK = re.compile(r"quill\d{4}")

CHOICES = MappingProxyType(
    {"m": Choice.ME, "t": Choice.TEAM, "r": Choice.TEAM_REACH_OUT, "g": Choice.GROUP, "a": Choice.GROUP_REPLY}
)
"""A letter of a diary. The others: x "Not today", y filled in a day later, p a pause, . nothing, a blank: not asked."""

ALONE = date(2026, 10, 27)
"""A day on which many ask (by the world's clock), and nobody answers: there are not enough companions for all."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Somebody's fortnight: a sign for each day, and the minute of that day (over 24 h: in the night that ends it).

    `by`: the post's button, `/checkin now`, or that with the name of a check-in. `flight`: moment, zone, minute there.
    """

    key: str
    zone: str | None
    minute: int
    by: str
    diary: str
    flight: tuple[datetime, str, int] | None = None


LANDING = datetime(2026, 10, 26, 20, 15, tzinfo=UTC)

PLANS = (
    Plan("robin", None, 21 * 60 + 30, "button", "mmgttgm.aagmrg"),
    Plan("clover", "Asia/Kathmandu", 26 * 60 + 15, "button", "magtmgrmagtmga"),
    Plan("moss", "America/New_York", 25 * 60 + 30, "button", "tgmxgamrgxmgat"),
    Plan("ari", "Pacific/Auckland", 9 * 60 + 30, "button", "gmagtmga.mtrgm",
         (LANDING, "America/Los_Angeles", 13 * 60 + 45)),
    Plan("tama", "Pacific/Chatham", 10 * 60 + 15, "button", "mmgpppgaaatgmr"),
    Plan("lou", "Australia/Lord_Howe", 8 * 60, "now", "agymgtmrygmamg"),
    Plan("hazel", "Europe/Berlin", 21 * 60 + 15, "now", "mgtmgamgtmg.am"),
    Plan("sam", "America/New_York", 8 * 60 + 30, MORNING, "gmagm  taamg  "),
    Plan("kei", "Asia/Tokyo", 22 * 60, EVENING, "rgmtammgyxppgm"),
    Plan("wren", "Europe/London", 21 * 60 + 45, "button", "aaagmtmaagm..g"),
)  # fmt: skip

AFTERWARDS: Mapping[tuple[str, int], str] = MappingProxyType(
    {
        ("clover", 1): "back", ("clover", 2): "edit", ("clover", 9): "delete", ("tama", 2): "edit",
        ("moss", 1): "edit", ("moss", 5): "back", ("moss", 10): "share", ("ari", 2): "edit", ("ari", 4): "delete",
        ("lou", 4): "back", ("lou", 7): "delete", ("hazel", 3): "delete", ("hazel", 10): "team", ("sam", 1): "share",
        ("kei", 1): "team", ("kei", 12): "edit", ("wren", 2): "back", ("wren", 3): "delete", ("robin", 3): "edit",
        ("robin", 12): "again", ("tama", 13): "again",
    }
)  # fmt: skip
"""What becomes of an entry later: edited, taken back, deleted, moved, or (reached out to) its wish renewed."""

WORTH: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "robin": (13, 6), "clover": (13, 4), "moss": (12, 12), "ari": (12, 8), "tama": (11, 11), "lou": (13, 6),
        "hazel": (12, 2), "sam": (10, 10), "kei": (11, 11), "wren": (11, 1),
    }
)  # fmt: skip
"""Check-in days and the run in the end, counted by hand, with no outage."""


@dataclass
class Said:
    """The words of an entry, or of a reply: where they may stand, and whether they do.

    `marks` are former words, `places` all where they ever were to stand.
    """

    mark: str
    writer: MemberActor
    choice: Choice
    label: date
    schedule: str | None = None
    post_id: int | None = None
    room: bool = False
    marks: list[str] = field(default_factory=list)
    deleted: bool = False
    asked_at: datetime | None = None
    answered: bool = False
    changed_at: datetime = START
    places: set[Place] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.places.add(self.choice.place)


@dataclass
class Member:
    """Somebody as the fortnight goes on."""

    plan: Plan
    actor: MemberActor
    stays: list[tuple[datetime, ZoneInfo]]
    entries: dict[date, Said] = field(default_factory=dict)
    skipped: set[date] = field(default_factory=set)
    rests: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    def label(self, moment: datetime) -> date:
        """The member's day at a moment."""
        return (moment.astimezone(self.zone(moment)) - 4 * HOUR).date()

    def zone(self, moment: datetime) -> ZoneInfo:
        """Where they are at a moment."""
        return next((zone for since, zone in reversed(self.stays) if since <= moment), self.stays[0][1])

    def moment(self, number: int) -> datetime:
        """When they check in on a day of the diary, wherever they are by then."""
        day = FIRST + number * DAY
        zone, minute, flight = ZoneInfo(self.plan.zone or "Europe/London"), self.plan.minute, self.plan.flight
        if flight is not None and wall(day, minute, zone) > flight[0]:
            zone, minute = ZoneInfo(flight[1]), flight[2]
        return wall(day, minute, zone)

    def worth(self, posts: Iterable[tuple[str, datetime]], outages: Iterable[tuple[datetime, datetime]],
              now: datetime) -> tuple[int, int]:  # fmt: skip
        """Check-in days, and how many of them are the run that goes on, at `now`."""
        done = {day for day, said in self.entries.items() if not said.deleted}
        if not done:
            return 0, 0
        answered = {said.schedule for said in self.entries.values() if not said.deleted}
        asked = {self.label(moment) for name, moment in posts if name in answered}
        spans = [(since, until or now) for since, until in self.rests]
        spans += [(since, until) for since, until in outages if until - since >= 10 * MINUTE]
        excused = self.skipped.union(*(self._touched(*span) for span in spans)) | self._travelled()
        run, day = 0, min(done)
        while day <= max(done):
            run = run + 1 if day in done else run if day not in asked or day in excused else 0
            day += DAY
        missed = (day + step * DAY for step in range((self.label(now) - day).days))
        return len(done), 0 if any(one in asked and one not in excused for one in missed) else run

    def _touched(self, since: datetime, until: datetime) -> set[date]:
        quarters = int((until - since) / (15 * MINUTE)) + 2
        last = until - timedelta(milliseconds=1)
        return {self.label(min(since + step * 15 * MINUTE, last)) for step in range(quarters)}

    def _travelled(self) -> set[date]:
        if len(self.stays) == 1:
            return set()
        ends = sorted((self.label(self.stays[1][0]), self.label(self.stays[1][0] - MINUTE)))
        return {ends[0] + step * DAY for step in range((ends[1] - ends[0]).days + 1)}


def wall(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The moment at which the clock of a zone shows so many minutes after the midnight of a date."""
    later, minute = divmod(minute, 24 * 60)
    return datetime.combine(day + later * DAY, time(*divmod(minute, 60)), zone).astimezone(UTC)


def dues(until: datetime) -> dict[str, list[datetime]]:
    """When each check-in of the fortnight must have been asked, up to a moment."""
    days = [FIRST + step * DAY for step in range(-1, 16)]
    london, york = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
    evenings = [wall(day, 20 * 60, london) for day in days]
    mornings = [wall(day, 7 * 60 + 30, york) for day in days if day.weekday() < 5]
    return {
        EVENING: [one for one in evenings if START < one <= until],
        MORNING: [one for one in mornings if START < one <= until],
    }


def text_of(message: Message) -> str:
    """Everything that can be read in a message, and what its buttons carry."""
    return f"{message.content} {json.dumps(message.components, ensure_ascii=False)}"


def messages(world: World) -> list[Message]:
    """Every message that there is, in any channel, thread or private talk; also those that one person alone sees."""
    return [one for channel in world.env.backend.messages.values() for one in channel.values()]


def holding(world: World, mark: str) -> list[Message]:
    """The messages in which a mark stands, whoever can see them, but no private answers of the bot."""
    return [one for one in messages(world) if not one.is_ephemeral and mark in text_of(one)]


def readers(world: World, message: Message) -> set[int]:
    """Who can read a message: of both servers' people, with all that Discord lets them see."""
    backend = world.env.backend
    people = {one for group in (world.group, world.other) for one in group.guild.member_ids()}
    people.discard(backend.bot_user.id)
    return {one for one in people if message_accessible(backend, message.channel_id, message, one, history=True)}


def posts(world: World) -> list[tuple[str, Message]]:
    """The daily posts that stand, each with the name of its check-in, the earliest first."""
    found = [one for one in messages(world) if not one.is_ephemeral and "checkins:skip:" in text_of(one)]
    found.sort(key=lambda one: one.id)
    return [(EVENING if f"\u2068{EVENING}\u2069" in text_of(one) else MORNING, one) for one in found]


def at(message: Message) -> datetime:
    """When a message was posted."""
    return datetime.fromisoformat(message.timestamp)


def drawn(source: random.Random) -> tuple[tuple[Plan, ...], dict[tuple[str, int], str]]:
    """Another fortnight of the same people: what each does on each day is drawn."""
    plans = tuple(replace(plan, diary=_diary(plan, source)) for plan in PLANS)
    later = ("edit", "back", "delete", "share", "team")
    entries = ((plan.key, number) for plan in plans for number, sign in enumerate(plan.diary) if sign in CHOICES)
    return plans, {one: source.choice(later) for one in entries if source.random() < 0.25}


def _diary(plan: Plan, source: random.Random) -> str:
    """Signs for fourteen days; a pause is some days long, and who is asked in the mornings alone has free weekends."""
    signs = "mtrga" if plan.by == MORNING else "mtrgaamg.xy"
    diary = "".join(source.choice(signs) for _ in range(14))
    if plan.by == MORNING:
        return "".join(" " if (FIRST + number * DAY).weekday() > 4 else sign for number, sign in enumerate(diary))
    if source.random() < 0.4:
        begun, days = source.randint(1, 8), source.randint(1, 4)
        diary = f"{diary[:begun]}{'p' * days}{diary[begun + days :]}"
    return diary

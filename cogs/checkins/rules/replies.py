"""The reply guarantee: an entry that asks gets an answer from a human, or the team is told. Pure.

state     it is so while                                          looked at, `next_step` says
settled   answered, withdrawn or deleted                          NOTHING, for good
waiting   `wait` (45 min unless set) since the wish isn't over    WAIT until then
asked     one companion was asked, the request stands             WAIT 15 min, then look again
looking   no request stands                                       ASK the companion who is next
                                                                  nobody may be asked: TELL_EARLY, once
                                                                  told so already: WAIT 15 min, then look again
overdue   3 h since the wish are over                             TELL, once, whatever was told before
told      TELL was carried out                                    NOTHING; it stays on `/checkin waiting` till settled

A request stands until the companion says "I can't now", the message to them can't be delivered (both `fell_through`),
or they may no longer answer: left, on a break, an avoid list, the entry moved to where they don't see it. Then the next
one is asked at once: nobody is asked twice about an entry, and never two at a time.

Nobody eligible: the team is told as soon as `wait` is over, and again at 3 h, because the time between is a companion's
time to answer, and without one it would be empty waiting: nobody is left unanswered (principle 1). Until 3 h a
companion who wakes up or comes back is still asked.

While the group rests (`/setup pause`) no companion is asked: that is the bot's own doing. A word to the team is never
delayed by a rest, quiet hours or an outage: after any outage an overdue wish is still told. What a rest and quiet
hours shift in check-ins are posts that come by themselves (schedule.py, the weekly summary).

Idempotent: looked at again in the same moment after `carried_out`, `next_step` says WAIT or NOTHING. Each step is named
by entry and kind (an ASK by its companion, too), so a job's dedupe key can be made of it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from cogs.checkins.rules.audience import Place
from cogs.checkins.rules.companions import Companion, choose_companion

WAIT = timedelta(minutes=45)
SHORTEST_WAIT = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=2)
"""How long an entry waits before a companion is asked; a group may set it (product.md), an hour before the team's."""

TEAM_AFTER = timedelta(hours=3)
"""When the team on duty is told (product.md, Check-ins)."""

LOOK_AGAIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Request:
    """A companion who was asked about an entry."""

    companion_id: int
    fell_through: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """An entry's wish for a reply, and what was done for it."""

    entry_id: int
    writer_id: int
    place: Place
    asked_at: datetime
    settled: bool = False
    requests: tuple[Request, ...] = ()
    told_early: bool = False
    told: bool = False


class Origin(Enum):
    """Where an answer was written."""

    REPLY = auto()  # a Discord reply to the entry's own post
    WRITE_BACK = auto()  # the button; its author is who pressed it
    PRIVATE_THREAD = auto()  # the thread of writer and team
    CARE = auto()  # talk in the care channel, a reply to the card included
    ELSEWHERE = auto()  # beside the entry, without replying to it


@dataclass(frozen=True, slots=True)
class Answer:
    """Something that may be a reply; its words are not needed."""

    author_id: int
    origin: Origin
    at: datetime
    by_bot: bool = False


class Move(Enum):
    """What is to be done for a wish."""

    NOTHING = auto()
    WAIT = auto()
    ASK = auto()
    TELL_EARLY = auto()
    TELL = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """A move; `companion_id` with ASK, `until` with WAIT."""

    move: Move
    companion_id: int | None = None
    until: datetime | None = None


def is_reply(answer: Answer, ask: Ask, *, avoided: Collection[int] = ()) -> bool:
    """Whether an answer settles the wish: a human, not the writer, after the wish, and it reaches the writer.

    Talk inside `care` never reaches them, so for an entry to the team only "Write back" and its private thread count.
    `avoided` are the people on either one's avoid list: their answer alone would leave the writer unanswered.
    """
    if answer.by_bot or answer.author_id == ask.writer_id or answer.author_id in avoided or answer.at < ask.asked_at:
        return False
    if answer.origin is Origin.REPLY:
        return ask.place is Place.GROUP
    return answer.origin in (Origin.WRITE_BACK, Origin.PRIVATE_THREAD)


def next_step(
    ask: Ask, companions: Iterable[Companion], now: datetime, *, wait: timedelta = WAIT, resting: bool = False
) -> Step:
    """What is to be done for a wish at `now`; `companions` as this entry and this moment see them.

    Raises ValueError for a `wait` outside `SHORTEST_WAIT` to `LONGEST_WAIT`.
    """
    if not SHORTEST_WAIT <= wait <= LONGEST_WAIT:
        raise ValueError(f"wait {wait}")
    overdue = ask.asked_at + TEAM_AFTER
    if ask.settled or ask.told:
        return Step(Move.NOTHING)
    if now >= overdue:
        return Step(Move.TELL)
    if now < ask.asked_at + wait:
        return Step(Move.WAIT, until=ask.asked_at + wait)
    known = {one.user_id: one for one in companions}
    if any(_stands(request, known) for request in ask.requests):
        return _wait(ask, now)
    return _look(ask, known.values(), now, resting=resting)


def carried_out(ask: Ask, step: Step) -> Ask:
    """The wish after a step was taken; to be stored in the transaction that makes the step due for delivery."""
    match step:
        case Step(move=Move.ASK, companion_id=int(companion_id)):
            return replace(ask, requests=(*ask.requests, Request(companion_id)))
        case Step(move=Move.TELL_EARLY):
            return replace(ask, told_early=True)
        case Step(move=Move.TELL):
            return replace(ask, told=True)
        case _:
            return ask


def fell_through(ask: Ask, companion_id: int) -> Ask:
    """The wish after a companion couldn't be reached, or said that they can't now."""
    return replace(
        ask,
        requests=tuple(
            replace(one, fell_through=True) if one.companion_id == companion_id else one for one in ask.requests
        ),
    )


def _stands(request: Request, known: dict[int, Companion]) -> bool:
    companion = known.get(request.companion_id)
    return not request.fell_through and companion is not None and companion.may_answer


def _look(ask: Ask, companions: Iterable[Companion], now: datetime, *, resting: bool) -> Step:
    chosen = choose_companion(
        () if resting else companions,
        now,
        writer_id=ask.writer_id,
        asked={one.companion_id for one in ask.requests},
        seed=str(ask.entry_id),
    )
    if chosen is not None:
        return Step(Move.ASK, companion_id=chosen.user_id)
    if not ask.told_early:
        return Step(Move.TELL_EARLY)
    return _wait(ask, now)


def _wait(ask: Ask, now: datetime) -> Step:
    return Step(Move.WAIT, until=min(now + LOOK_AGAIN, ask.asked_at + TEAM_AFTER))

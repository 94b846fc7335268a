"""Who may see an entry: the five choices of the form, and what a change of them does to the posts. Pure.

choice                        posted where       asks   the posts' own words (product.md, Check-ins)
ME              just me       nowhere            no     stored alone, whatever it says
TEAM            the team      the care channel   no
TEAM_REACH_OUT  .. reach out  the care channel   yes    "Write back" opens a private thread of writer and team
GROUP           the group     the day's thread   no     a bot message naming the writer
GROUP_REPLY     .. a reply    the day's thread   yes

An entry has at most one post, at the place of its choice. What an event does to it (`steps`):

from \\ to         nowhere              same place                             other place (a move)
nowhere           nothing              (nothing)                              make there
a place           delete               edit where words or asking changed     delete here, then make there

"To nowhere" is `just me`, and an entry deleted. Deleting goes first, so that a crash in between shows less, never more.
An edit redraws the post from the entry as it stands; where the post was not made yet, making it does the same. A post
that the team removed is not made again by an edit (Discord has no message to edit), only by a choice of another place.

What stays: the replies that others wrote (they are theirs), a private thread once somebody wrote in it, and the numbers
of a `just me` entry for its writer. What an entry deleted by its writer leaves behind is for the service: nothing.

Nothing leaves `ME` but by a choice made on that very item: the `after` of `steps` is what the writer's form or button
of this moment sent, and words changed with the choice as it was never make a post. (Principle 2.)

What becomes of the wish for a reply (`asking`): KEEP means the clock runs on from the first wish, so that nobody waits
longer for having changed a word or the place; a wish that was answered is renewed only by asking anew.

before \\ after     asks, same choice    asks, another choice          doesn't ask
didn't ask         -                    OPEN                          NONE
asked, unanswered  KEEP                 KEEP                          WITHDRAW
asked, answered    KEEP                 OPEN (they want another ear)  WITHDRAW
"""

from dataclasses import dataclass
from enum import Enum, auto


class Place(Enum):
    """Where an entry's post stands; the value is for storing."""

    NOWHERE = "nowhere"
    CARE = "care"
    GROUP = "group"


class Choice(Enum):
    """The last field of every form; the value is for storing and ends the key of its label."""

    ME = "me"
    TEAM = "team"
    TEAM_REACH_OUT = "team_reach_out"
    GROUP = "group"
    GROUP_REPLY = "group_reply"

    @property
    def place(self) -> Place:
        """Where the entry is posted."""
        return _PLACES[self]

    @property
    def asks(self) -> bool:
        """Whether the writer wishes a reply from a human: the reply guarantee holds."""
        return self in (Choice.TEAM_REACH_OUT, Choice.GROUP_REPLY)


_PLACES = {
    Choice.ME: Place.NOWHERE,
    Choice.TEAM: Place.CARE,
    Choice.TEAM_REACH_OUT: Place.CARE,
    Choice.GROUP: Place.GROUP,
    Choice.GROUP_REPLY: Place.GROUP,
}


class Act(Enum):
    """What is done to a post."""

    DELETE = auto()
    MAKE = auto()
    EDIT = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, at one place."""

    act: Act
    place: Place


class Asking(Enum):
    """What becomes of an entry's wish for a reply."""

    NONE = auto()
    OPEN = auto()
    KEEP = auto()
    WITHDRAW = auto()


def steps(before: Choice | None, after: Choice | None, *, words_changed: bool = False) -> tuple[Step, ...]:
    """What is done to the posts, in order, when an entry goes from one choice to another.

    None before: the entry is new; None after: it is deleted. `words_changed` covers whatever the post shows.
    """
    here = before.place if before else Place.NOWHERE
    there = after.place if after else Place.NOWHERE
    if here is there:
        changed = here is not Place.NOWHERE and (words_changed or before is not after)
        return (Step(Act.EDIT, here),) if changed else ()
    leave = (Step(Act.DELETE, here),) if here is not Place.NOWHERE else ()
    arrive = (Step(Act.MAKE, there),) if there is not Place.NOWHERE else ()
    return leave + arrive


def asking(before: Choice | None, after: Choice | None, *, answered: bool = False) -> Asking:
    """What becomes of the wish for a reply; `answered` where the one before had its reply."""
    asked, asks = before is not None and before.asks, after is not None and after.asks
    if not asks:
        return Asking.WITHDRAW if asked else Asking.NONE
    if asked and (before is after or not answered):
        return Asking.KEEP
    return Asking.OPEN

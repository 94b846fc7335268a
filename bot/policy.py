"""Who may do what: one pure function over one table. What the table does not name is denied."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType


class Audience(Enum):
    """Who an action is for."""

    ANYONE = auto()  # also in direct messages
    MEMBER = auto()  # anybody in the server
    COMPANION = auto()
    FACILITATOR = auto()
    MODERATOR = auto()
    ADMIN = auto()


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is in one place at this moment, read afresh for every decision.

    `admin` is Manage Server; `moderator` the moderator role or Moderate Members; `facilitator` the facilitator role.
    """

    user_id: int
    guild_id: int | None
    admin: bool = False
    moderator: bool = False
    facilitator: bool = False
    companion: bool = False
    family: bool = False

    @property
    def team(self) -> bool:
        """Whether the person is a moderator or a facilitator."""
        return self.moderator or self.facilitator


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of the policy; `reason` is the key of the sentence for a refusal."""

    allowed: bool
    reason: str = ""


ALLOWED = Decision(True)
UNKNOWN = Decision(False, "kit.refused.unknown")

ACTIONS: Mapping[str, Audience] = MappingProxyType(
    {
        "setup.guide": Audience.ADMIN,
        "setup.show": Audience.ADMIN,
        "setup.check": Audience.ADMIN,
        "setup.channel": Audience.ADMIN,
        "setup.role": Audience.ADMIN,
        "setup.group": Audience.ADMIN,
        "setup.retention": Audience.ADMIN,
        "setup.pause": Audience.ADMIN,
        "setup.reset": Audience.ADMIN,
        "help.read": Audience.ANYONE,
        "me.settings": Audience.MEMBER,
        "me.timezone": Audience.MEMBER,
        "me.country": Audience.MEMBER,
        "me.quiet": Audience.MEMBER,
        "me.break": Audience.MEMBER,
        "me.avoid": Audience.MEMBER,
        "privacy.policy": Audience.ANYONE,
        "privacy.consent": Audience.MEMBER,
        "privacy.export": Audience.ANYONE,
        "privacy.erase": Audience.ANYONE,
        "learn.read": Audience.MEMBER,
        "learn.post": Audience.FACILITATOR,
        "learn.search": Audience.MEMBER,
        "learn.topics": Audience.MEMBER,
        "learn.today": Audience.MEMBER,
        "learn.saved": Audience.MEMBER,
        "learn.save": Audience.MEMBER,
        "learn.quiz": Audience.MEMBER,
        "learn.share": Audience.FACILITATOR,
        "learn.take_back": Audience.MEMBER,
        "library.daily": Audience.MODERATOR,
        "library.write": Audience.MODERATOR,
        "checkins.write": Audience.MEMBER,
        "checkins.history": Audience.MEMBER,
        "checkins.remind": Audience.MEMBER,
        "checkins.rest": Audience.MEMBER,
        "checkins.write_back": Audience.MEMBER,
        # A companion is asked in direct messages, where there is no server to stand in; their row decides.
        "checkins.request": Audience.ANYONE,
        "checkins.waiting": Audience.FACILITATOR,
        "checkins.manage": Audience.MODERATOR,
        "checkins.questions": Audience.MODERATOR,
        "care.now": Audience.ANYONE,
        "care.ground": Audience.ANYONE,
        "care.call": Audience.MEMBER,
        "care.claim": Audience.FACILITATOR,
    }
)


def decide(action: str, who: Standing, actions: Mapping[str, Audience] = ACTIONS) -> Decision:
    """Decide whether `who` may do `action`; an action the table does not name is refused."""
    audience = actions.get(action)
    if audience is None:
        return UNKNOWN
    if audience is Audience.ANYONE:
        return ALLOWED
    if who.guild_id is None:
        return Decision(False, "kit.refused.server_only")
    holds = {
        Audience.MEMBER: True,
        Audience.COMPANION: who.companion or who.moderator or who.admin,
        Audience.FACILITATOR: who.team or who.admin,
        Audience.MODERATOR: who.moderator or who.admin,
        Audience.ADMIN: who.admin,
    }[audience]
    return ALLOWED if holds else Decision(False, f"kit.refused.{audience.name.lower()}")

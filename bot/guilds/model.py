"""The words for a group's parts (a contract of the product) and its profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

CHANNEL_PURPOSES = ("check-ins", "celebrations", "sessions", "library", "care", "mod-log", "quiet-rooms")
PRIVATE_PURPOSES = frozenset({"care", "mod-log"})
ROLE_PURPOSES = ("moderator", "facilitator", "companion", "member", "family")
GROUP_KINDS = ("benzodiazepines", "recovery", "family", "mixed", "support")
# Months that each feature keeps what people give it (the product's promise); a group may choose fewer.
RETENTION_MONTHS: Mapping[str, int] = MappingProxyType({"check-ins": 12, "sessions": 12, "reports": 12, "cases": 24})


@dataclass(frozen=True, slots=True)
class GuildProfile:
    """A group as it set itself up. Quiet hours are minutes after midnight in the group's zone."""

    guild_id: int
    timezone: str | None = None
    country: str | None = None
    kind: str | None = None
    quiet_from: int | None = None
    quiet_to: int | None = None
    paused_since: datetime | None = None
    paused_until: datetime | None = None

    def rests(self, now: datetime) -> bool:
        """Whether the whole bot rests in this group at `now`."""
        return self.paused_since is not None and (self.paused_until is None or now < self.paused_until)

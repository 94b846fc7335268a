"""What is missing or wrong in a group's set-up, found by comparing it with what Discord has now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from bot.guilds import CHANNEL_PURPOSES, PRIVATE_PURPOSES, ROLE_PURPOSES, GuildProfile
from bot.permissions import (
    CHANNEL_NEEDS,
    MENTION_EVERYONE,
    MODERATE_MEMBERS,
    SERVER_NEEDS,
    VIEW,
    Permission,
    missing,
)
from cogs.setup.rules.fit import (
    DOORS,
    HANDED_OUT,
    PINGED,
    QUIET_ROOMS,
    Place,
    Rank,
    Viewer,
    channel_fault,
    exposed,
    quiet_faults,
    role_fault,
    strangers,
)


class Weight(Enum):
    """How much a finding matters."""

    MEND = "mend"  # something does not work, or is not safe
    CHOOSE = "choose"  # not chosen yet; fine for a group that doesn't want it


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing or wrong: `kind` is the end of its catalogue key.

    `channel_id` and `role_id` say where; `purpose` which part of the set-up, `role` which of its roles; `needs` which
    permissions are missing, `fault` why a channel or role doesn't fit, `others` who sees what isn't theirs.
    """

    kind: str
    weight: Weight
    purpose: str = ""
    channel_id: int | None = None
    role_id: int | None = None
    needs: tuple[Permission, ...] = ()
    role: str = ""
    fault: str = ""
    others: tuple[Viewer, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """Everything the check looks at. `places` and `ranks` hold what still exists, by id; `sights` the permission bits
    of a role in a private channel or the quiet rooms by (role id, channel id); `viewers` who is let into a private
    channel, by its id."""

    profile: GuildProfile
    held: int
    channels: Mapping[str, int]
    roles: Mapping[str, int]
    places: Mapping[int, Place]
    ranks: Mapping[int, Rank]
    sights: Mapping[tuple[int, int], int] = field(default_factory=dict)
    viewers: Mapping[int, tuple[Viewer, ...]] = field(default_factory=dict)


def inspect(state: State) -> tuple[Finding, ...]:
    """Return all that is missing or wrong, what matters most first."""
    found = [*_server(state), *_channels(state), *_roles(state), *_profile(state)]
    return tuple(sorted(found, key=lambda finding: finding.weight is Weight.CHOOSE))


def _server(state: State) -> list[Finding]:
    lacks = missing(tuple(dict.fromkeys(need for needs in SERVER_NEEDS.values() for need in needs)), state.held)
    return [Finding("server", Weight.MEND, needs=lacks)] if lacks else []


def _channels(state: State) -> list[Finding]:
    found: list[Finding] = []
    for purpose in CHANNEL_PURPOSES:
        channel_id = state.channels.get(purpose)
        if channel_id is None:
            found.append(Finding("no_channel", Weight.CHOOSE, purpose))
        elif channel_id not in state.places:
            found.append(Finding("channel_gone", Weight.MEND, purpose, channel_id))
        else:
            found += _channel(state, purpose, state.places[channel_id])
    return found


def _channel(state: State, purpose: str, place: Place) -> list[Finding]:
    found: list[Finding] = []
    where = place.channel_id
    fault = channel_fault(purpose, place, state.channels)
    if fault is not None:
        found.append(Finding("channel_unfit", Weight.MEND, purpose, where, fault=fault))
    lacks = missing(CHANNEL_NEEDS[purpose], place.bot)
    if lacks:
        # What is missing in the channel can be seen only where the channel is seen at all.
        blind = (VIEW,) if VIEW in lacks else lacks
        found.append(Finding("channel", Weight.MEND, purpose, where, needs=blind))
    if exposed(purpose, place):
        found.append(Finding("exposed", Weight.MEND, purpose, where))
    elif purpose in PRIVATE_PURPOSES:
        found += _doors(state, purpose, where)
    if purpose == QUIET_ROOMS:
        members = state.sights.get((state.roles.get("member", 0), where), 0)
        found += [Finding(kind, Weight.MEND, purpose, where) for kind in quiet_faults(place, members)]
    return found


def _doors(state: State, purpose: str, channel_id: int) -> list[Finding]:
    """Return team roles that can't see a private channel of theirs, and whoever else can."""
    found: list[Finding] = []
    others = strangers(state.viewers.get(channel_id, ()), state.roles)
    if others:
        found.append(Finding("exposed_to", Weight.MEND, purpose, channel_id, others=others))
    for role in DOORS[purpose]:
        role_id = state.roles.get(role)
        if role_id is None or role_id not in state.ranks:
            continue
        if not state.sights.get((role_id, channel_id), 0) & VIEW.bit:
            found.append(Finding("team_blind", Weight.MEND, purpose, channel_id, role_id, role=role))
    return found


def _roles(state: State) -> list[Finding]:
    found: list[Finding] = []
    for purpose in ROLE_PURPOSES:
        role_id = state.roles.get(purpose)
        if role_id is None:
            found.append(Finding("no_role", Weight.CHOOSE, purpose))
        elif role_id not in state.ranks:
            found.append(Finding("role_gone", Weight.MEND, purpose, role_id=role_id))
        else:
            found += _role(purpose, state.ranks[role_id], state.roles)
            found += _unheard(state, purpose, state.ranks[role_id])
    return found


def _unheard(state: State, purpose: str, rank: Rank) -> list[Finding]:
    """Return that a call for the team pings nobody, where the role of those who are called can't be mentioned.

    One role may serve two purposes: it is told once.
    """
    care = state.places.get(state.channels.get("care", 0))
    called = [one for one in ROLE_PURPOSES if one in PINGED and state.roles.get(one) == rank.role_id]
    if purpose not in called[:1] or rank.mentionable or care is None or not missing((MENTION_EVERYONE,), care.bot):
        return []
    return [Finding("unheard", Weight.MEND, purpose, care.channel_id, rank.role_id)]


def _role(purpose: str, rank: Rank, taken: Mapping[str, int]) -> list[Finding]:
    fault = role_fault(purpose, rank, taken)
    found = [Finding("role_unfit", Weight.MEND, purpose, role_id=rank.role_id, fault=fault)] if fault else []
    if purpose in HANDED_OUT and rank.above_bot:
        found.append(Finding("role_above", Weight.MEND, purpose, role_id=rank.role_id))
    if purpose == "moderator" and missing((MODERATE_MEMBERS,), rank.bits):
        found.append(Finding("moderator_powerless", Weight.MEND, purpose, role_id=rank.role_id))
    return found


def _profile(state: State) -> list[Finding]:
    profile = state.profile
    absent = [name for name in ("timezone", "country", "kind") if getattr(profile, name) is None]
    return [Finding(f"no_{name}", Weight.CHOOSE) for name in absent]

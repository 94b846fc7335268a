"""Every panel within Discord's limits, in the worst case, and every text there."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.countries import country_names
from bot.discordkit import Panel
from bot.discordkit.panels import MOST_CHARACTERS, MOST_COMPONENTS
from bot.guilds import CHANNEL_PURPOSES, RETENTION_MONTHS, ROLE_PURPOSES, GuildProfile
from bot.permissions import CHANNEL_NEEDS, all_needs
from bot.policy import ACTIONS
from bot.text import t
from cogs.setup.rules.check import Finding, State, Weight, inspect
from cogs.setup.rules.fit import Place, Rank, Viewer
from cogs.setup.service.group import Keeping, Overview, Rest
from cogs.setup.service.making import Made, Plan
from cogs.setup.service.parts import ChannelChosen, Empowering, RoleChosen
from cogs.setup.store import Guide
from cogs.setup.ui import check, group, guide, notices, receipts

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
BIG = 2**62
CHANNELS = {purpose: BIG + number for number, purpose in enumerate(CHANNEL_PURPOSES)}
ROLES = {purpose: BIG + 100 + number for number, purpose in enumerate(ROLE_PURPOSES)}
PROFILE = GuildProfile(
    1, "America/Argentina/ComodRivadavia", "GS", "benzodiazepines", 1290, 435, paused_since=NOW, paused_until=None
)
FULL = Overview(PROFILE, CHANNELS, ROLES, dict(RETENTION_MONTHS), Guide(), NOW)
EMPTY = Overview(GuildProfile(1), {}, {}, dict(RETENTION_MONTHS), Guide(), NOW)
INVITE = "https://discord.com/oauth2/authorize?client_id=1"


def all_wrong() -> tuple[Finding, ...]:
    places = {one: Place(one, purpose, "news", "", 1 << 10, (1 << 10) | (1 << 11)) for purpose, one in CHANNELS.items()}
    ranks = {one: Rank(one, purpose, False, True, True, 1 << 5, False) for purpose, one in ROLES.items()}
    sights = {(role, channel): 1 << 10 for role in ROLES.values() for channel in CHANNELS.values()}
    return inspect(State(GuildProfile(1), 0, CHANNELS, ROLES, places, ranks, sights))


def blind() -> tuple[Finding, ...]:
    places = {one: Place(one, purpose, "text", "", 0, 0) for purpose, one in CHANNELS.items()}
    ranks = {one: Rank(one, purpose, False, False, True, 0, False) for purpose, one in ROLES.items()}
    crowd = tuple(Viewer(BIG + number, person=number % 2 == 1, bits=1 << 10) for number in range(500))
    return inspect(State(GuildProfile(1), 0, CHANNELS, ROLES, places, ranks, viewers=dict.fromkeys(places, crowd)))


def gone() -> tuple[Finding, ...]:
    return inspect(State(GuildProfile(1), 0, CHANNELS, ROLES, {}, {}))


def panels() -> Iterator[Panel]:
    note = "n" * 300
    codes = sorted(country_names())
    for overview in (FULL, EMPTY):
        yield guide.group_step(overview, codes, note)
        yield guide.group_alone(overview, codes, note, ("Europe/Berlin", "Europe/Paris"))
        yield guide.roles_step(overview, ROLES["moderator"], note)
        yield guide.channels_step(overview, note)
        yield check.show(overview, frozenset((*CHANNELS.values(), *ROLES.values())))
        yield check.show(overview, frozenset())
        yield receipts.retention(overview, note)
    for findings in (all_wrong(), blind(), gone(), ()):
        yield guide.check_step(findings, INVITE, note)
        yield check.panel(findings, INVITE, note)
    for part, names in (("channels", CHANNEL_PURPOSES), ("roles", ROLE_PURPOSES)):
        yield guide.confirm(part, Plan(names, names, names, without_moderator=part == "channels"))
        yield guide.confirm(part, Plan((), (), ()))
        yield guide.working(part)
        ids = {name: BIG + number for number, name in enumerate(names)}
        for reason in ("forbidden", "full", "gone", "refused", "unreachable"):
            yield guide.stopped(part, Made(new=ids, found=ids, stopped=reason), INVITE)
        yield guide.stopped(part, Made(lacking=all_needs()), INVITE)
    yield guide.power(BIG, note)
    yield guide.power(BIG, note, way=True)
    for purpose in CHANNEL_PURPOSES:
        quiet = ("quiet_hidden", "quiet_open", "quiet_mute")
        yield receipts.channel_receipt(ChannelChosen(purpose, BIG, True, CHANNEL_NEEDS[purpose], quiet))
        yield receipts.channel_receipt(ChannelChosen(purpose, BIG, False, (), ()))
        yield notices.gone("channel", purpose)
    for purpose in ROLE_PURPOSES:
        yield receipts.role_receipt(RoleChosen(purpose, BIG, True, True))
        yield receipts.role_receipt(RoleChosen(purpose, BIG, False, False))
        yield notices.gone("role", purpose)
    for feature in RETENTION_MONTHS:
        yield receipts.retention_sure(Keeping(feature, 1, 12, ask=True))
    for rest in (Rest(False), Rest(True), Rest(True, NOW, in_utc=True)):
        yield receipts.rest(rest)
    yield receipts.reset()


async def test_every_panel_is_within_the_limits() -> None:
    drawn = 0
    for panel in panels():
        view = panel.draw()
        assert view.total_children_count <= MOST_COMPONENTS
        assert view.content_length() <= MOST_CHARACTERS
        drawn += 1
    assert drawn > 60


async def test_every_form_can_be_drawn() -> None:
    import random

    from bot.ids import Ids
    from tests.clock import FakeClock

    ids = Ids(FakeClock(), random.Random(1))
    for part in ("country", "zone", "quiet"):
        for where in ("guide", "alone"):
            assert group.form(part, where).draw(ids).to_dict()
    assert receipts.reset_form().draw(ids).to_dict()


def test_every_finding_has_a_sentence_with_its_mending() -> None:
    kinds = set()
    for finding in (*all_wrong(), *blind(), *gone()):
        if finding.weight is Weight.MEND:
            kinds.add(finding.kind)
            assert len(check.sentence(finding)) > 20
    assert kinds == {
        "server", "channel", "channel_gone", "channel_unfit", "exposed", "team_blind", "exposed_to",
        "quiet_hidden", "quiet_open", "quiet_mute", "role_gone", "role_unfit", "role_above", "moderator_powerless",
        "unheard",
    }  # fmt: skip


def test_strangers_in_a_private_channel_are_mentioned() -> None:
    others = (Viewer(2, person=False, bits=1 << 10), Viewer(3, person=True, bits=1 << 10))
    words = check.sentence(Finding("exposed_to", Weight.MEND, "care", 1, others=others))
    assert "<#1>" in words
    assert "<@&2>, <@3> can see it" in words
    crowd = tuple(Viewer(number, person=True, bits=1 << 10) for number in range(100, 200))
    words = check.sentence(Finding("exposed_to", Weight.MEND, "care", 1, others=crowd))
    shown = words.count("<@")
    assert 10 < shown < 100
    assert t("setup.check.others", count=100 - shown) in words


def test_no_command_is_named_that_there_is_not_yet() -> None:
    words = "\n".join(str(text) for text in texts())
    named = set(re.findall(r"`/([a-z-]+)(?: [a-z-]+)?", words))
    assert "setup" in named
    assert named <= {action.partition(".")[0] for action in ACTIONS} | {"sos", "manage-library"}


def test_nothing_is_said_to_be_deleted_while_nothing_is_kept() -> None:
    panel = receipts.retention(FULL)
    assert t("setup.retention.ask") in [getattr(block, "words", "") for block in panel.blocks]
    words = " ".join(str(text) for text in texts(("retention",)))
    assert "each night" not in words
    assert "From tonight" not in words
    assert "arrive" in t("setup.retention.ask")


def texts(under: tuple[str, ...] = ()) -> Iterator[object]:
    """Return every sentence of the set-up's texts below a table."""
    with (Path(__file__).parents[3] / "data" / "texts" / "setup.toml").open("rb") as file:
        entry: object = tomllib.load(file)
    for name in under:
        assert isinstance(entry, dict)
        entry = entry[name]
    stack = [entry]
    while stack:
        one = stack.pop()
        if isinstance(one, dict):
            stack += one.values()
        else:
            yield one


def test_too_many_findings_are_counted_not_cut_off() -> None:
    many = tuple(Finding("quiet_open", Weight.MEND, "quiet-rooms", BIG + number) for number in range(60))
    words = " ".join(str(getattr(block, "words", "")) for block in check.blocks(many, "alone"))
    shown = words.count("holds private threads")
    assert 5 < shown < 60
    assert t("setup.check.more", count=60 - shown) in words


@pytest.mark.parametrize(
    "reason", ["not_yours", "above", "lacking", "forbidden", "gone", "refused", "full", "unreachable"]
)
def test_every_reason_for_an_unchanged_role_has_its_words(reason: str) -> None:
    assert guide.empowered(Empowering(5, False, reason))


def test_the_zone_chosen_is_marked_and_custom_quiet_hours_are_offered() -> None:
    blocks = group.blocks(FULL, ("GB",), "alone")
    chosen = [option.value for block in blocks for option in getattr(block, "options", ()) if option.chosen]
    assert "America/Argentina/ComodRivadavia" in chosen
    assert "21:30-07:15" in chosen
    asked = group.blocks(FULL, ("GB",), "alone", ("Europe/Berlin", "Europe/Paris"))
    zones = next(block for block in asked if ":zone:" in getattr(block, "custom_id", ""))
    assert [(option.value, option.chosen) for option in zones.options] == [  # type: ignore[union-attr]
        ("Europe/Berlin", False),
        ("Europe/Paris", False),
    ]


def test_a_group_that_rests_says_so() -> None:
    resting = check.show(FULL, frozenset())
    awake = check.show(replace(FULL, profile=replace(PROFILE, paused_since=None)), frozenset())
    assert t("setup.pause.shown") in [getattr(block, "words", "") for block in resting.blocks]
    assert t("setup.pause.shown") not in [getattr(block, "words", "") for block in awake.blocks]


def test_whom_anyone_may_mention_is_said_before_they_are_made() -> None:
    said = str(guide.confirm("roles", Plan(("facilitator", "family"), ("Facilitator", "Family"))))
    assert "Anyone may mention these: **facilitators**." in said
    assert "Anyone may mention" not in str(guide.confirm("roles", Plan(("family",), ("Family",))))

"""Every state of the settings can be drawn within Discord's limits and says the right thing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discordkit import Panel, decode
from bot.guilds import GuildProfile
from bot.members import AUDIENCES, WORDINGS, MemberProfile
from bot.members.store import Avoid
from cogs.me import ui
from cogs.me.cog import Me
from cogs.me.rules import PEOPLE_A_PAGE, Change
from cogs.me.service import Settings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def drawn(panel: Panel) -> Iterator[discord.ui.Item[discord.ui.LayoutView]]:
    """Every component, having held the panel against Discord's limits."""
    view = panel.draw()
    items = list(view.walk_children())
    assert len(items) <= 40
    assert sum(len(item.content) for item in items if isinstance(item, discord.ui.TextDisplay)) <= 4000
    ids = [item.custom_id for item in items if isinstance(item, discord.ui.Button | discord.ui.Select)]
    assert len(ids) == len(set(ids))
    yield from items


def words(panel: Panel) -> str:
    return "\n".join(item.content for item in drawn(panel) if isinstance(item, discord.ui.TextDisplay))


PROFILES = st.builds(
    MemberProfile,
    guild_id=st.just(1),
    user_id=st.just(2),
    timezone=st.sampled_from([None, "Europe/Berlin", "America/Argentina/Buenos_Aires"]),
    country=st.sampled_from([None, "DE", "GB", "XX"]),
    quiet_from=st.sampled_from([None, 1320]),
    quiet_to=st.sampled_from([None, 420]),
    words=st.sampled_from([None, *WORDINGS]),
    default_audience=st.sampled_from(AUDIENCES),
    companion=st.booleans(),
    reminders=st.booleans(),
    break_since=st.sampled_from([None, NOW - timedelta(days=1)]),
    break_until=st.sampled_from([None, NOW + timedelta(days=1), NOW - timedelta(hours=1)]),
)
GROUPS = st.builds(
    GuildProfile,
    guild_id=st.just(1),
    timezone=st.sampled_from([None, "Europe/London"]),
    country=st.sampled_from([None, "GB"]),
)


@given(PROFILES, GROUPS, st.booleans())
async def test_every_state_fits(profile: MemberProfile, group: GuildProfile, companion_role: bool) -> None:
    shown = Settings(profile, group, NOW, companion_role)
    for item in drawn(ui.settings(shown, "Noted.")):
        if isinstance(item, discord.ui.Select):
            assert sum(option.default for option in item.options) == 1
        if isinstance(item, discord.ui.Button | discord.ui.Select):
            read = decode(item.custom_id or "")
            assert read is not None
            assert hasattr(
                Me,
                {"settings": "open_settings", "rest": "rest_now", "back": "back_now", "list": "turn_list"}.get(
                    read.verb, read.verb
                ),
            )


async def test_the_companion_switch_is_there_only_for_who_can_use_it() -> None:
    def ids(profile: MemberProfile, *, role: bool) -> list[str]:
        panel = ui.settings(Settings(profile, GuildProfile(1), NOW, role))
        return [item.custom_id or "" for item in drawn(panel) if isinstance(item, discord.ui.Button)]

    on, off = "ek1:me:switch:companion.1", "ek1:me:switch:companion.0"
    assert not {on, off} & set(ids(MemberProfile(1, 2), role=False))
    assert on in ids(MemberProfile(1, 2), role=True)
    assert off in ids(MemberProfile(1, 2, companion=True), role=True)
    assert off in ids(MemberProfile(1, 2, companion=True), role=False)
    assert on not in ids(MemberProfile(1, 2, companion=True), role=False)


@pytest.mark.parametrize(
    "change",
    [
        *(Change("words", word) for word in (*WORDINGS, "")),
        *(Change("audience", audience) for audience in AUDIENCES),
        *(Change(kind, value) for kind in ("companion", "reminders") for value in "01"),
        *(Change(kind, value) for kind, value in (("timezone", "Europe/Berlin"), ("timezone", ""))),
        *(
            Change(kind, value)
            for kind, value in (("country", "DE"), ("country", ""), ("quiet", "1320-420"), ("quiet", ""))
        ),
        *(Change("rest", value) for value in ("", "1800000000000")),
    ],
)
def test_every_change_has_its_sentence(change: Change) -> None:
    sentence = ui.kept(change, NOW)
    assert sentence
    assert "{" not in sentence


@pytest.mark.parametrize("people", [0, 1, PEOPLE_A_PAGE, PEOPLE_A_PAGE + 1, 200])
async def test_the_avoid_list_fits_however_long(people: int) -> None:
    entries = [Avoid(number << 22, NOW) for number in range(1, people + 1)]
    seen = set()
    for page in range(max(1, -(-people // PEOPLE_A_PAGE))):
        shown = words(ui.avoid_list(entries, page, "Noted."))
        seen |= {entry.other_id for entry in entries if f"<@{entry.other_id}>" in shown}
    assert len(seen) == people


# On 25 October 2026 the clocks of Berlin go back at 3, on 29 March they go forward at 2: the wall clock decides.
@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-03-28T21:30+00:00", True),  # 22:30
        ("2026-03-29T00:59+00:00", True),  # 01:59, then the clock jumps to 03:00
        ("2026-03-29T04:59+00:00", True),  # 06:59 in summer time
        ("2026-03-29T05:00+00:00", False),  # 07:00
        ("2026-10-25T00:30+00:00", True),  # 02:30 for the first time
        ("2026-10-25T01:30+00:00", True),  # 02:30 for the second time
        ("2026-10-25T05:59+00:00", True),  # 06:59 in winter time
        ("2026-10-25T06:00+00:00", False),  # 07:00
    ],
)
def test_quiet_hours_follow_the_wall_clock(moment: str, quiet: bool) -> None:
    profile = MemberProfile(1, 2, quiet_from=22 * 60, quiet_to=7 * 60)
    assert profile.in_quiet_hours(datetime.fromisoformat(moment), ZoneInfo("Europe/Berlin")) is quiet

"""The consent gate: asked once for each version, and nothing is stored before "I agree"."""

from dataclasses import dataclass, field

import pytest

from bot.discordkit import Answer, AnyInteraction, ConsentGate, Router, decode, say
from bot.errors import Refusal
from bot.members import Consents
from bot.policy import Standing
from bot.storage import Database
from bot.text import t
from tests.clock import FakeClock
from tests.unit.platform.desk import ROBIN, SERVER, Desk

ELSEWHERE = 2_000 << 22
WISH = "me.timezone"


@dataclass
class Gate:
    """A gate of one version of the policy, and the wishes it let through."""

    desk: Desk
    database: Database
    version: str
    granted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.consents = Consents(self.database, FakeClock(), self.version)
        self.gate = ConsentGate(self.database, self.consents)
        self.gate.register(WISH, self._grant)
        self.router = Router(self.desk.front)
        self.router.collect(self.gate)

    async def _grant(self, interaction: AnyInteraction, argument: str) -> None:
        self.granted.append(argument)
        await Answer.to(interaction).show(say("Kept."))

    async def wish(self, argument: str) -> None:
        """A member's command that stores something."""
        interaction = self.desk.interaction()
        self.desk.answer(interaction)
        await self.gate.through(interaction, WISH, argument)

    async def press(self, custom_id: str) -> str:
        """Press a button; return what was answered."""
        await self.router.route(self.desk.press(custom_id))
        return self.desk.line.calls[-1].text

    async def stored(self) -> int:
        """Return how many rows there are about anybody's consent."""
        async with self.database.read() as reader:
            return int(await reader.fetch_value("SELECT COUNT(*) FROM consents"))

    def offered(self) -> list[str]:
        """Return the ids of the buttons shown last."""
        [card] = self.desk.line.calls[-1].body["data"]["components"]
        return [button["custom_id"] for row in card["components"] for button in row.get("components", [])]


@pytest.fixture
def first(desk: Desk, sqlite_database: Database) -> Gate:
    return Gate(desk, sqlite_database, "2026-01")


async def test_it_is_asked_once_and_the_wish_is_carried_on(desk: Desk, first: Gate) -> None:
    await first.wish("Europe/London")
    assert t("privacy.consent.agree.label") in desk.line.calls[0].text
    assert desk.line.calls[0].private
    assert (first.granted, await first.stored()) == ([], 0)
    agree, _ = first.offered()
    assert "Kept." in await first.press(agree)
    assert (first.granted, await first.stored()) == (["Europe/London"], 1)
    await first.wish("Europe/Paris")
    assert first.granted == ["Europe/London", "Europe/Paris"]
    assert t("privacy.consent.agree.label") not in desk.line.calls[-1].text


async def test_not_now_stores_nothing_and_it_is_asked_again(first: Gate) -> None:
    await first.wish("Europe/London")
    _, later = first.offered()
    assert "Nothing was stored" in await first.press(later)
    assert (first.granted, await first.stored()) == ([], 0)
    await first.wish("Europe/London")
    assert len(first.offered()) == 2


async def test_another_version_asks_again_and_then_no_more(desk: Desk, first: Gate, sqlite_database: Database) -> None:
    await first.wish("one")
    await first.press(first.offered()[0])
    second = Gate(desk, sqlite_database, "2026-02")
    await second.wish("two")
    assert second.granted == []
    await second.press(second.offered()[0])
    await second.wish("three")
    assert second.granted == ["two", "three"]
    assert await second.stored() == 1


async def test_a_button_of_another_version_is_refused(desk: Desk, first: Gate, sqlite_database: Database) -> None:
    await first.wish("one")
    stale = first.offered()[0]
    second = Gate(desk, sqlite_database, "2026-02")
    assert t("kit.refused.outdated") in await second.press(stale)
    assert (second.granted, await second.stored()) == ([], 0)


@pytest.mark.parametrize("key", ["", "2026-01", "2026-01~", "2026-01~nobody.knows~x", "~me.timezone~x"])
async def test_a_made_up_button_stores_nothing(first: Gate, key: str) -> None:
    assert t("kit.refused.outdated") in await first.press(f"ek1:consent:agree:{key}")
    assert (first.granted, await first.stored()) == ([], 0)


async def test_consent_in_one_server_is_none_in_another(desk: Desk, first: Gate) -> None:
    desk.chair.who = Standing(ROBIN, ELSEWHERE)
    await first.press("ek1:consent:agree:2026-01~me.timezone~x")
    assert await first.consents.agreed(ELSEWHERE, ROBIN)
    assert not await first.consents.agreed(SERVER, ROBIN)
    await first.wish("here")
    assert first.granted == ["x"]


async def test_outside_of_a_server_there_is_nothing_to_agree_to(desk: Desk, first: Gate) -> None:
    desk.chair.who = Standing(ROBIN, None)
    assert t("kit.refused.server_only") in await first.press("ek1:consent:agree:2026-01~me.timezone~x")
    interaction = desk.interaction()
    interaction.guild_id = None
    with pytest.raises(Refusal):
        await first.gate.through(interaction, WISH)
    assert await first.stored() == 0


async def test_an_argument_may_hold_the_separator(first: Gate) -> None:
    await first.wish("a~b~c")
    agree = first.offered()[0]
    item = decode(agree)
    assert item is not None
    await first.press(agree)
    assert first.granted == ["a~b~c"]


def test_a_wish_has_one_name(first: Gate) -> None:
    with pytest.raises(ValueError, match=WISH):
        first.gate.register(WISH, first._grant)

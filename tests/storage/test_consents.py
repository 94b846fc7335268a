"""Nothing of a person's settings is written before they agreed: the write itself depends on it."""

import pytest

from bot.guilds import Guilds
from bot.members import Consents, Members
from bot.storage import ConditionFailed, Database, Vault
from cogs.me.rules import Change
from cogs.me.service import MeService
from tests.clock import FakeClock

SERVER, ELSEWHERE, ROBIN, HAZEL = 1, 2, 11, 12
CHANGES = [
    Change("words", "sober"),
    Change("audience", "team"),
    Change("companion", "1"),
    Change("reminders", "0"),
    Change("timezone", "Europe/Berlin"),
    Change("country", "DE"),
    Change("quiet", "1320-420"),
    Change("rest", ""),
    Change("avoid", "99"),
]
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def me(database: Database, consents: Consents) -> MeService:
    clock = FakeClock()
    return MeService(
        database, Members(database, Vault.from_keys([KEY]), clock), consents, Guilds(database, clock), clock
    )


async def rows(database: Database) -> int:
    async with database.read() as reader:
        members = await reader.fetch_value("SELECT COUNT(*) FROM members")
        return int(members + await reader.fetch_value("SELECT COUNT(*) FROM member_avoids"))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.kind)
async def test_no_setting_is_kept_without_consent(database: Database, change: Change) -> None:
    consents = Consents(database, FakeClock())
    service = me(database, consents)
    async with database.write() as writer:  # neither consent elsewhere nor somebody else's counts
        await consents.agree(writer, ELSEWHERE, ROBIN)
        await consents.agree(writer, SERVER, HAZEL)
        await Consents(database, FakeClock(), "2020-01").agree(writer, SERVER, ROBIN)
    with pytest.raises(ConditionFailed):
        await service.keep(SERVER, ROBIN, change, companion_role=True)
    assert await rows(database) == 0
    async with database.write() as writer:
        await consents.agree(writer, SERVER, ROBIN)
    assert await service.keep(SERVER, ROBIN, change, companion_role=True)
    assert await rows(database) == 1

"""What crosses features: owners of data, and events told after a commit."""

from typing import Any

import pytest

from bot.contracts import DataOwners, Erased, Events, GuildReset, OwnedTables, PersonErased
from bot.storage import Reader, Writer


class Owner(OwnedTables):
    """A feature that keeps something."""

    def __init__(self, name: str, *tables: str) -> None:
        self.name = name
        self.tables = frozenset(tables)

    async def export(self, reader: Reader, guild_id: int, user_id: int) -> dict[str, Any]:
        return {}

    async def erase(self, writer: Writer, guild_id: int, user_id: int) -> Erased:
        return Erased(await self.erase_rows(writer, guild_id, user_id))


def test_owners_are_kept_in_order() -> None:
    owners = DataOwners()
    one, other = Owner("one", "members"), Owner("other", "consents", "member_avoids")
    owners.register(one)
    owners.register(other)
    assert list(owners) == [one, other]


@pytest.mark.parametrize("late", [Owner("one", "elsewhere"), Owner("other", "elsewhere", "members")])
def test_a_name_or_a_table_has_one_owner(late: Owner) -> None:
    owners = DataOwners()
    first = Owner("one", "members")
    owners.register(first)
    with pytest.raises(ValueError, match="owner already"):
        owners.register(late)
    assert list(owners) == [first]


async def test_an_event_reaches_its_own_listeners_in_order() -> None:
    events, heard = Events(), []

    async def first(event: PersonErased) -> None:
        heard.append(("first", event.user_id))

    async def second(event: PersonErased) -> None:
        heard.append(("second", event.user_id))

    async def other(event: GuildReset) -> None:
        heard.append(("other", event.guild_id))

    events.listen(PersonErased, first)
    events.listen(PersonErased, second)
    events.listen(GuildReset, other)
    await events.publish(PersonErased(1, 7))
    await events.publish(object())
    assert heard == [("first", 7), ("second", 7)]
    await events.publish(GuildReset(1))
    assert heard[-1] == ("other", 1)

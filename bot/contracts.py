"""What crosses features: events told after a commit, and every feature's duty towards a person's data."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.storage import Reader, Writer


@dataclass(frozen=True, slots=True)
class Post:
    """A message the bot posted for a person, to be deleted with their data."""

    channel_id: int
    message_id: int


def post_of(channel_id: int | None, message_id: int | None) -> Post | None:
    """Return the message that two columns of a row name; None where nothing stands."""
    return None if channel_id is None or message_id is None else Post(channel_id, message_id)


@dataclass(frozen=True, slots=True)
class Erased:
    """What one feature erased: how many rows, which posts must go from Discord, and what stays (catalogue keys)."""

    rows: int = 0
    posts: tuple[Post, ...] = ()
    remains: tuple[str, ...] = ()


class DataOwner(Protocol):
    """The duty of a feature that stores anything about a person.

    `name` is the feature's name in `/privacy erase`; `tables` are all its tables with a person's id (a test holds
    the union of all owners against the schema). `erase` runs inside the caller's transaction.
    """

    name: str
    tables: frozenset[str]

    async def export(self, reader: Reader, guild_id: int, user_id: int) -> dict[str, Any]:
        """Return all that is stored about the person in this server, opened and readable; empty when nothing is."""
        ...

    async def erase(self, writer: Writer, guild_id: int, user_id: int) -> Erased:
        """Delete all that is stored about the person in this server, but for what the product keeps and names."""
        ...

    async def servers(self, reader: Reader, user_id: int | None = None) -> set[int]:
        """Return the servers in which anything is stored about the person, or about anybody."""
        ...

    async def people(self, reader: Reader, guild_id: int) -> set[int]:
        """Return everybody about whom anything is stored in this server."""
        ...


class OwnedTables:
    """What every owner answers alike, for tables whose rows name `guild_id` and `user_id`. Table names are literals."""

    tables: frozenset[str]

    async def erase_rows(self, writer: Writer, guild_id: int, user_id: int) -> int:
        """Delete the person's rows in this server and return how many they were."""
        rows = 0
        for table in sorted(self.tables):
            rows += await writer.execute(
                f"DELETE FROM {table} WHERE guild_id = $1 AND user_id = $2",  # noqa: S608
                guild_id, user_id,
            )  # fmt: skip
        return rows

    async def servers(self, reader: Reader, user_id: int | None = None) -> set[int]:
        """Return the servers in which there are rows about the person, or about anybody."""
        found: set[int] = set()
        for table in sorted(self.tables):
            where, values = ("", ()) if user_id is None else (" WHERE user_id = $1", (user_id,))
            rows = await reader.fetch_all(f"SELECT DISTINCT guild_id FROM {table}{where}", *values)  # noqa: S608
            found.update(row["guild_id"] for row in rows)
        return found

    async def people(self, reader: Reader, guild_id: int) -> set[int]:
        """Return everybody about whom there are rows in this server."""
        found: set[int] = set()
        for table in sorted(self.tables):
            rows = await reader.fetch_all(
                f"SELECT DISTINCT user_id FROM {table} WHERE guild_id = $1",  # noqa: S608
                guild_id,
            )
            found.update(row["user_id"] for row in rows)
        return found


@dataclass
class DataOwners:
    """The owners that the features have registered."""

    owners: list[DataOwner] = field(default_factory=list)

    def register(self, owner: DataOwner) -> None:
        """Add a feature's owner. Raises `ValueError` where its name or one of its tables has an owner already."""
        for other in self.owners:
            if other.name == owner.name or other.tables & owner.tables:
                raise ValueError(f"{owner.name}: this name or table has an owner already")
        self.owners.append(owner)

    def __iter__(self) -> Iterator[DataOwner]:
        return iter(self.owners)


Listener = Callable[[Any], Awaitable[None]]


@dataclass
class Events:
    """Tells features what another one has committed. Told after the commit, in order, never inside a transaction."""

    _listeners: dict[type, list[Listener]] = field(default_factory=dict)

    def listen(self, kind: type, listener: Listener) -> None:
        """Call `listener` with every published event of `kind`."""
        self._listeners.setdefault(kind, []).append(listener)

    async def publish(self, event: object) -> None:
        """Tell every listener of this kind of event."""
        for listener in self._listeners.get(type(event), ()):
            await listener(event)


@dataclass(frozen=True, slots=True)
class GuildReset:
    """An admin erased the server's whole set-up."""

    guild_id: int


@dataclass(frozen=True, slots=True)
class PersonErased:
    """Somebody's data in a server were erased."""

    guild_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class ClockChanged:
    """A group's time zone or quiet hours are other ones now: what it is promised by its own clock moves."""

    guild_id: int


Look = Callable[[Reader, int], Awaitable[bool]]


@dataclass
class OpenCalls:
    """Whether somebody waits for the team: whoever keeps calls for help registers a look at its own tables."""

    _looks: list[Look] = field(default_factory=list)

    def register(self, look: Look) -> None:
        """Ask `look` (a reader, a server's id) as well from now on."""
        self._looks.append(look)

    async def any(self, reader: Reader, guild_id: int) -> bool:
        """Whether any call for help is open in this server."""
        for look in self._looks:
            if await look(reader, guild_id):
                return True
        return False

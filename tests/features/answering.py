"""What the tests of replies begin with: entries that stand in the simulated Discord, and companions who offered."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import discord
from simcord import ChannelHandle, MemberActor

from bot.client import Evenkeel
from bot.discordkit import Button, Panel, Text, buttons, encode
from bot.members import Consents
from bot.storage import Database
from cogs.checkins.rules import Choice, Place
from cogs.checkins.service.replies import plan_look
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.requests import CompanionRequest, RequestStore
from rehearsal.group import COMPANION
from rehearsal.world import World
from tests.features.setting_up import bot_of

WAIT = timedelta(minutes=45)
SECRET = "canary-rough-night-77"


def made_entry(entry_id: int, guild_id: int, user_id: int, now: datetime, **changes: object) -> Entry:
    """An entry that asks the group for a reply, not posted yet."""
    plain = Entry(
        entry_id, guild_id, user_id, entry_id, "how-am-i-today", date(2026, 11, 23), None, Choice.GROUP_REPLY, 2, None,
        None, (), None, False, None, 1, Place.GROUP, None, None, None, now, None, False, False, now, now,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


async def share(
    world: World, writer: MemberActor, choice: Choice = Choice.GROUP_REPLY, *, channel: ChannelHandle | None = None
) -> Entry:
    """Let somebody's entry stand where its choice says, as the bot's own message with "Write back" below it."""
    bot = bot_of(world)
    rooms, now = bot.rooms, bot.rooms.clock.now()
    guild_id, entry_id = world.group.guild.id, bot.rooms.ids.new()
    where = channel or world.group.channel("care" if choice.place is Place.CARE else "check-ins")
    write = Button("Write back", encode("checkins", "reply_write", str(entry_id)))
    post = Panel((Text(f"{writer.mention}: {SECRET}"), buttons(write)))
    message_id = await bot.sender.post(guild_id, where.id, post, nonce=f"post-{entry_id}"[:25])
    asked_at = now if choice.asks else None
    entry = made_entry(
        entry_id, guild_id, writer.id, now,
        choice=choice, place=choice.place, channel_id=where.id, message_id=message_id, asked_at=asked_at,
    )  # fmt: skip
    async with rooms.database.write() as writer_:
        await EntryStore(rooms.vault).put(writer_, entry)
        if asked_at is not None:
            await plan_look(writer_, rooms.ids, guild_id, entry_id, asked_at, asked_at + WAIT)
    await world.env.settle()
    return entry


async def kept(world: World, entry: Entry) -> Entry:
    """Return the entry as it is kept now."""
    rooms = bot_of(world).rooms
    async with rooms.database.read() as reader:
        found = await EntryStore(rooms.vault).get(reader, entry.guild_id, entry.entry_id)
    assert found is not None
    return found


async def change(world: World, entry: Entry, **changes: object) -> Entry:
    """Keep the entry with some of it changed, as the writer's own edit would."""
    rooms = bot_of(world).rooms
    fresh = replace(await kept(world, entry), **changes)  # type: ignore[arg-type]
    async with rooms.database.write() as writer:
        await EntryStore(rooms.vault).put(writer, fresh)
    return fresh


async def asked(world: World, entry: Entry) -> tuple[CompanionRequest, ...]:
    """Return who was asked about the entry."""
    async with bot_of(world).rooms.database.read() as reader:
        return await RequestStore().of_entry(reader, entry.guild_id, entry.entry_id)


async def offers(world: World, person: MemberActor, **settings: str | int | None) -> None:
    """Let somebody be a companion: the role, the offer, and other settings of theirs."""
    backend = world.env.backend
    member = backend.get_guild(world.group.guild.id).members[person.id]
    role = world.group.roles["companion"].id
    if role not in member.role_ids:
        member.role_ids.append(role)
    rooms = bot_of(world).rooms
    async with rooms.database.write() as writer:
        await rooms.members.set(writer, world.group.guild.id, person.id, companion=1, **settings)


async def agrees(world: World, *people: MemberActor) -> None:
    """Let people have given their consent."""
    rooms = bot_of(world).rooms
    consents: Consents = rooms.consents
    async with rooms.database.write() as writer:
        for person in people:
            await consents.agree(writer, world.group.guild.id, person.id)


def hazel(world: World) -> MemberActor:
    """The group's companion."""
    return world.group.person(COMPANION).actor


def dms(person: MemberActor) -> list[discord.Message]:
    """What the bot wrote to somebody privately, the earliest first."""
    return sorted(person.user.dm_channel.history(), key=lambda message: message.id)


async def rows(bot: Evenkeel, table: str) -> int:
    """Return how many rows a table has."""
    database: Database = bot.rooms.database
    async with database.read() as reader:
        return int(await reader.fetch_value(f"SELECT COUNT(*) FROM {table}"))


def moment(hour: int, minute: int = 0) -> datetime:
    """A moment of the Monday on which the world begins."""
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)

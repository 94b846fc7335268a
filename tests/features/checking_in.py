"""What the tests of the form begin with: a check-in that was asked today, and people who fill it in."""

from datetime import date, timedelta
from typing import Any

import discord
from simcord import InteractionResult, MemberActor

from cogs.checkins.rules import Choice
from cogs.checkins.store.entries import Entry, EntryStore
from rehearsal.world import World
from tests.features.seeing import components_of, shown
from tests.features.setting_up import bot_of

MONDAY = date(2026, 11, 23)
CANARY = "canary-at-the-harbour-41"


async def agree(world: World, *people: MemberActor) -> None:
    """Let people have given their consent."""
    rooms = bot_of(world).rooms
    async with rooms.database.write() as writer:
        for person in people:
            await rooms.consents.agree(writer, world.group.guild.id, person.id)


async def asked_today(
    world: World, *, thread: bool = False, name: str = "Evening", at: str = "18:05"
) -> discord.Message:
    """Let a moderator make a check-in, and time pass until it has asked; return its post."""
    channel = world.group.channel("check-ins")
    await world.group.moderator.slash(
        channel, "manage-checkins create", name=name, channel=channel, time=at, timezone="Europe/London", thread=thread
    )
    await pass_minutes(world, 6)
    posts = [message for message in channel.history() if message.components]
    return max(posts, key=lambda message: message.id)


async def pass_minutes(world: World, minutes: float) -> None:
    """Let time pass, with everything that becomes due meanwhile."""
    await world.advance(timedelta(minutes=minutes))


async def opens(who: MemberActor, post: discord.Message, label: str = "Check in") -> InteractionResult:
    """Press a button of a post."""
    return await who.click(post, label=label)


async def fill(
    who: MemberActor, form: InteractionResult, choice: Choice, line: str = CANARY, **answers: Any
) -> InteractionResult:
    """Submit the form of "How am I today"."""
    assert form.modal is not None, "no form was opened"
    return await who.submit_modal(form, {"who": choice.value, "line": line, **answers})


async def check_in(
    world: World, who: MemberActor, post: discord.Message, choice: Choice, line: str = CANARY, **answers: Any
) -> InteractionResult:
    """Open the form from the post and submit it, and let what follows be delivered."""
    done = await fill(who, await opens(who, post), choice, line, **answers)
    await world.run_due()
    return done


async def entries(world: World, who: MemberActor) -> tuple[Entry, ...]:
    """Everything that is kept of somebody's check-ins."""
    rooms = bot_of(world).rooms
    async with rooms.database.read() as reader:
        return await EntryStore(rooms.vault).page(reader, world.group.guild.id, who.id, None, 99)


async def only_entry(world: World, who: MemberActor) -> Entry:
    """The one entry that is kept of somebody."""
    [entry] = await entries(world, who)
    return entry


async def press(who: MemberActor, on: InteractionResult, label: str) -> InteractionResult:
    """Press a button of a private message."""
    return await who.click(shown(on), label=label)


async def choose(who: MemberActor, on: InteractionResult, verb: str, value: str) -> InteractionResult:
    """Choose in a select of a private message."""
    menu = next(one for one in components_of(on) if f":{verb}:" in one.get("custom_id", ""))
    return await who.select(shown(on), [value], custom_id=menu["custom_id"])


def filled(form: InteractionResult) -> dict[str, Any]:
    """What a form is filled in with when it opens, by field."""
    assert form.modal is not None
    found: dict[str, Any] = {}
    for label in form.modal["components"]:
        field = label["component"]
        chosen = [one["value"] for one in field.get("options", ()) if one.get("default")]
        found[field["custom_id"]] = chosen if "options" in field else field.get("value") or ""
    return found

"""Somebody who tries everything: types every command, presses every button, fills every form with a canary."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import discord
from discord import app_commands
from simcord import ChannelHandle, InteractionResult, MemberActor
from simcord.backend.errors import BackendError, SetupError

from bot.client import Evenkeel
from bot.discordkit import decode
from rehearsal.world import World
from tests.features.seeing import components_of, shown, words_of

CANARY = "canary7f3a9c-written-by-a-person"
READING = f'{{"snippets": [{{"title": "{CANARY}", "topic": "coping", "body": "{CANARY}"}}]}}'
# Presses of one kind for each command, and presses in a row.
MOST_OF_A_KIND = 2
DEEPEST = 4
_BUTTON, _STRING_SELECT, _RADIO_GROUP = 2, 3, 21
_KINDS = discord.AppCommandOptionType


@dataclass
class Crawler:
    """One person of a world; `tried` lists what they did, `public` what everybody could see of it."""

    world: World
    person: MemberActor
    channel: ChannelHandle
    tried: list[str] = field(default_factory=list)
    public: list[str] = field(default_factory=list)
    refused_by_discord: list[str] = field(default_factory=list)

    async def try_everything(self) -> None:
        """Type every command of the tree, then follow what it shows."""
        bot = self.world.bot
        assert isinstance(bot, Evenkeel)
        for command in leaves(bot):
            await self.type(command)

    async def type(self, command: app_commands.Command[Any, ..., Any]) -> None:
        """Type one command with something in every option, and press whatever it shows, from anew each time.

        A press may redraw its message, so each path begins with the command again, as a person would.
        """
        waiting: deque[tuple[str, ...]] = deque([()])
        pressed: Counter[tuple[str, str]] = Counter()
        while waiting:
            path = waiting.popleft()
            result = await self._walk(command, path)
            if result is None:
                continue
            self.tried.append(" > ".join((f"/{command.qualified_name}", *path)))
            for custom_id in self._onward(result):
                item = decode(custom_id)
                assert item is not None, custom_id
                pressed[item.feature, item.verb] += 1
                if pressed[item.feature, item.verb] <= MOST_OF_A_KIND and len(path) < DEEPEST:
                    waiting.append((*path, custom_id))

    async def _walk(
        self, command: app_commands.Command[Any, ..., Any], path: tuple[str, ...]
    ) -> InteractionResult | None:
        """Type the command and press the path; None where Discord itself would not let this person."""
        options = {one.name: self._value(one) for one in command.parameters}
        try:
            result = await self.person.slash(self.channel, command.qualified_name, **options)
        except (SetupError, BackendError):
            self.refused_by_discord.append(command.qualified_name)
            return None
        for custom_id in path:
            result = await self._filled_in(result)
            component = next((one for one in components_of(result) if one.get("custom_id") == custom_id), None)
            if component is None:
                return None  # an earlier path changed what stands here
            result = await self._press(result, component)
        result = await self._filled_in(result)
        assert result.acknowledged, f"/{command.qualified_name} {path}: nothing was answered"
        return result

    async def _filled_in(self, result: InteractionResult) -> InteractionResult:
        assert result.acknowledged
        return await self.person.submit_modal(result, _filled(result.modal)) if result.modal else result

    def _onward(self, result: InteractionResult) -> list[str]:
        if result.response is None and not result.followups:
            return []
        if not shown(result).ephemeral and shown(result).channel_id == self.channel.id:
            self.public.append(words_of(result)[:80])
        return [
            one["custom_id"]
            for one in components_of(result)
            if one["type"] in (_BUTTON, _STRING_SELECT) and "custom_id" in one and not one.get("disabled")
        ]

    def _value(self, option: app_commands.Parameter) -> Any:
        if option.choices:
            return option.choices[0].value
        other = self.world.group.members[3]
        return {
            _KINDS.string: CANARY,
            _KINDS.integer: 1,
            _KINDS.boolean: True,
            _KINDS.user: other,
            _KINDS.channel: self.channel,
            _KINDS.role: next(iter(self.world.group.roles.values())),
            _KINDS.attachment: (f"{CANARY}.json", READING.encode()),
        }[option.type]

    async def _press(self, result: InteractionResult, component: Any) -> InteractionResult:
        if component["type"] == _BUTTON:
            return await self.person.click(shown(result), custom_id=component["custom_id"])
        last = component["options"][-1]["value"]
        return await self.person.select(shown(result), [last], custom_id=component["custom_id"])


def leaves(bot: Evenkeel) -> Iterator[app_commands.Command[Any, ..., Any]]:
    """Yield every command that can be typed."""
    for command in bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            yield command


def _filled(modal: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for label in modal["components"]:
        component = label["component"]
        if "options" in component:
            # The first of a list; the last of what is all in sight: there a check-in goes to the group and asks.
            radio = component["type"] == _RADIO_GROUP
            option = component["options"][-1 if radio else 0]["value"]
            values[component["custom_id"]] = option if radio else [option]
        else:
            values[component["custom_id"]] = CANARY[: component.get("max_length") or 4000]
    return values

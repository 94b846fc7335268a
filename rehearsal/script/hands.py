"""What a person of a scenario can do: type, run commands, press, choose, fill forms.

Only with what is really in front of them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from simcord import ChannelHandle, InteractionResult, MemberActor, ResponseMessage, UserHandle
from simcord.backend.models import Message
from simcord.enums import ComponentType, OptionType
from simcord.interactions import parse_option_input, walk_to_subcommand

from rehearsal.group import Person
from rehearsal.reading import Button, Menu, buttons, menus
from rehearsal.script.forms import Form, StepError
from rehearsal.script.steps import Become, Choose, Command, Place, Value
from rehearsal.world import World

_ENTITY_OPTIONS = {
    OptionType.USER: ComponentType.USER_SELECT,
    OptionType.CHANNEL: ComponentType.CHANNEL_SELECT,
    OptionType.ROLE: ComponentType.ROLE_SELECT,
    OptionType.MENTIONABLE: ComponentType.MENTIONABLE_SELECT,
}


class Hands:
    """Somebody at a place. Raises `StepError` for what a person could not do there."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.person: Person | None = None
        self._place: Place = Place("dm")
        self.form: Form | None = None
        self._touched: int | None = None

    def become(self, step: Become) -> None:
        """Act as somebody else, or elsewhere."""
        everybody = {**self._world.group.people, **self._world.other.people}
        wanted = step.person.casefold()
        person = next((one for one in everybody.values() if wanted in (one.key, one.name.casefold())), None)
        if person is None:
            try:
                person = self._world.group.person(wanted)
            except KeyError:
                raise StepError(f"nobody here is called {step.person}") from None
        if person != self.person:
            self.form = self._touched = None
        self.person = person
        if step.place is not None:
            self._place = step.place

    @property
    def me(self) -> Person:
        """The person who acts."""
        if self.person is None:
            raise StepError("nobody is here yet: begin with as NAME in #channel")
        return self.person

    @property
    def place(self) -> Place:
        """Where they are."""
        return self._place

    @property
    def channel(self) -> ChannelHandle:
        """The channel, thread or direct messages that they are in."""
        return self.find_place(self._place)

    def find_place(self, place: Place) -> ChannelHandle:
        """Return a place's channel."""
        if place.kind == "dm":
            return self.me.actor.user.dm_channel
        channels = list(self.me.actor.guild.channels.values())
        if place.kind == "thread":
            channels = [thread for channel in channels for thread in channel.threads]
        found = [channel for channel in channels if channel.name == place.name]
        if not found:
            raise StepError(f"there is no {place}")
        return found[-1]

    async def say(self, text: str) -> None:
        """Write a message here."""
        if self._place.kind == "dm":
            await self.me.actor.send_dm(text)
        else:
            await self.me.actor.send(self.channel, text)

    async def command(self, step: Command) -> InteractionResult:
        """Run a slash command, with its options read as Discord's client reads them."""
        options = {name: await self._option(step.words, name, value) for name, value in step.options}
        if self._place.kind == "dm":
            result = await self.me.actor.user.slash(step.words, **options)
        else:
            result = await self.me.actor.slash(self.channel, step.words, **options)
        return self._take(result)

    async def press(self, label: str) -> InteractionResult:
        """Press the newest button with this label."""
        seen: list[str] = []
        for message in self.messages():
            for button in buttons(message):
                if _same(button.label, label) and not button.is_link:
                    if button.disabled:
                        raise StepError(f"the button “{label}” can't be pressed now")
                    return await self._click(message, button)
                seen.append(button.label)
        there = ", ".join(f"“{one}”" for one in dict.fromkeys(seen)) or "none at all"
        raise StepError(f"there is no button “{label}” here; there is {there}")

    async def choose(self, step: Choose) -> InteractionResult:
        """Choose from the newest list that offers all of these values."""
        offered: list[str] = []
        for message in self.messages():
            for menu in menus(message):
                if step.hint and not _is_meant(menu, step.hint):
                    continue
                chosen = self._choices(menu, step.values)
                if chosen is not None and not menu.disabled:
                    target = ResponseMessage(self._world.env, message)
                    return self._take(await self._actor.select(target, chosen, custom_id=menu.custom_id))
                offered.extend(menu.options)
        wanted = ", ".join(str(value) for value in step.values)
        there = ", ".join(f"“{one}”" for one in offered[:30]) or "nothing"
        raise StepError(f"no list here offers {wanted}; on offer is {there}")

    def fill(self, label: str, values: Sequence[Value]) -> None:
        """Fill in a field of the open form."""
        self._open_form().fill(label, values, self._entity)

    def clear(self, label: str) -> None:
        """Empty a field of the open form."""
        self._open_form().clear(label)

    async def send(self) -> InteractionResult:
        """Send the open form."""
        form = self._open_form()
        form.check()
        result = await self._actor.submit_modal(form.shown, form.values)
        self.form = None
        return self._take(result)

    def messages(self) -> Iterator[Message]:
        """Yield what this person sees here: what they last had to do with, then from the newest back."""
        stored = self._world.env.backend.messages.get(self.channel.id, {})
        seen = [message for message in stored.values() if message.visible_to(self.me.actor.id)]
        yield from sorted(seen, key=lambda message: (message.id == self._touched, message.id), reverse=True)

    @property
    def _actor(self) -> MemberActor | UserHandle:
        return self.me.actor.user if self._place.kind == "dm" else self.me.actor

    def _open_form(self) -> Form:
        if self.form is None:
            raise StepError("no form is open")
        return self.form

    def _take(self, result: InteractionResult) -> InteractionResult:
        if result.modal is not None:
            self.form = Form(result)
        if result.response is not None:
            self._touched = result.response.id
        return result

    async def _click(self, message: Message, button: Button) -> InteractionResult:
        target = ResponseMessage(self._world.env, message)
        return self._take(await self._actor.click(target, custom_id=button.custom_id))

    def _choices(self, menu: Menu, values: Sequence[Value]) -> list[Any] | None:
        if menu.kind is not ComponentType.STRING_SELECT:
            if any(value.kind == "text" for value in values):
                return None
            return [self._entity(value, menu.kind) for value in values]
        read = {label.casefold(): sent for label, sent in menu.options.items()}
        chosen = [read.get(value.text.casefold()) for value in values]
        return chosen if None not in chosen else None

    async def _option(self, words: str, name: str, value: Value) -> Any:
        spec = self._option_spec(words, name)
        kind = OptionType(spec["type"])
        if kind in _ENTITY_OPTIONS:
            return self._entity(value, _ENTITY_OPTIONS[kind])
        for choice in spec.get("choices") or ():
            if _same(str(choice["name"]), value.text):
                return choice["value"]
        if spec.get("autocomplete"):
            return await self._completed(words, name, value.text)
        if kind is OptionType.BOOLEAN:
            return value.text.casefold() in ("yes", "true")
        return parse_option_input(words, spec, str(value))

    def _option_spec(self, words: str, name: str) -> dict[str, Any]:
        root, *path = words.split()
        guild_id = None if self._place.kind == "dm" else self.me.actor.guild.id
        command = self._world.env.backend.find_command(root, guild_id)
        if command is None:
            raise StepError(f"there is no command /{words}")
        leaf, _nesting = walk_to_subcommand(command, path)
        for option in leaf.get("options") or ():
            if option["name"] == name:
                return dict(option)
        raise StepError(f"/{words} has no option {name}")

    async def _completed(self, words: str, name: str, typed: str) -> Any:
        """Type into an option that suggests; take what says just this, else the first that holds it."""
        if self._place.kind == "dm":
            offered = await self.me.actor.user.autocomplete(words, name, typed)
        else:
            offered = await self.me.actor.autocomplete(self.channel, words, name, typed)
        exact = [choice for choice in offered if _same(str(choice["name"]), typed)]
        near = [choice for choice in offered if typed.casefold() in str(choice["name"]).casefold()]
        return (exact or near)[0]["value"] if exact or near else typed

    def _entity(self, value: Value, kind: int) -> Any:
        guild = self.me.actor.guild
        if kind == ComponentType.CHANNEL_SELECT:
            return self.find_place(Place("channel", value.text))
        roles = {name.casefold(): role for name, role in guild.roles.items()}
        if kind != ComponentType.USER_SELECT and value.text.casefold() in roles:
            return roles[value.text.casefold()]
        if kind != ComponentType.ROLE_SELECT:
            for person in (*self._world.group.people.values(), *self._world.other.people.values()):
                if value.text.casefold() in (person.key, person.name.casefold()):
                    return person.actor
        raise StepError(f"nobody and nothing here is called {value}")


def _is_meant(menu: Menu, hint: str) -> bool:
    """Whether the list shows this hint itself, or has these words in the text over it."""
    return _same(menu.placeholder, hint) or hint.casefold() in menu.above.replace("*", "").casefold()


def _same(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)


def _bare(label: str) -> str:
    """A label without the signs at its ends, because a scenario is typed on a plain keyboard."""
    return re.sub(r"^\W+|\W+$", "", label).casefold() or label

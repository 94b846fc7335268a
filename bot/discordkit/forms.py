"""Forms (Discord's modals) as plain data, and the reading of what was filled in.

Every form shown gets an id of its own: discord.py keys open modals by id alone, so with a fixed one a second member's
form would take the first one's submission. The id also carries what the form is about, so a submission after a restart
is read like any other, and its one-time mark lets a use case count it once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.discordkit.custom_ids import encode
from bot.discordkit.panels import Option, select_options
from bot.ids import Ids

_LABEL = 18
_ACTION_ROW = 1
_RADIO_GROUP = 21


@dataclass(frozen=True, slots=True)
class Write:
    """A text input; `longest` is in characters."""

    name: str
    label: str
    longest: int = 150
    shortest: int = 0
    value: str = ""
    placeholder: str | None = None
    description: str | None = None
    long: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A select inside a form."""

    name: str
    label: str
    options: tuple[Option, ...]
    description: str | None = None
    required: bool = True
    most: int = 1


@dataclass(frozen=True, slots=True)
class One:
    """A radio group: one of two to ten options, all in sight."""

    name: str
    label: str
    options: tuple[Option, ...]
    description: str | None = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class Several:
    """A checkbox group: any of up to ten options, all in sight; `required` asks for at least one."""

    name: str
    label: str
    options: tuple[Option, ...]
    description: str | None = None
    required: bool = False


Field = Write | Tick | One | Several


@dataclass(frozen=True, slots=True)
class Form:
    """A modal: title and at most five fields."""

    feature: str
    verb: str
    title: str
    fields: tuple[Field, ...]
    key: str = ""

    def draw(self, ids: Ids) -> discord.ui.Modal:
        """Return the modal to show, under an id used only this once; finished already, so nothing keeps it."""
        custom_id = encode(self.feature, self.verb, self.key, ids.key())
        modal = discord.ui.Modal(title=self.title, custom_id=custom_id, timeout=None)
        for field in self.fields:
            modal.add_item(discord.ui.Label(text=field.label, description=field.description, component=_draw(field)))
        modal.stop()
        return modal


def _draw(field: Field) -> discord.ui.Item[discord.ui.Modal]:
    match field:
        case Write():
            return _draw_text(field)
        case Tick():
            return _draw_select(field)
        case One():
            return discord.ui.RadioGroup(
                custom_id=field.name,
                required=field.required,
                options=[
                    discord.RadioGroupOption(
                        label=one.label, value=one.value, description=one.description, default=one.chosen
                    )
                    for one in field.options
                ],
            )
        case Several():
            return discord.ui.CheckboxGroup(
                custom_id=field.name,
                required=field.required,
                min_values=1 if field.required else 0,
                max_values=len(field.options),
                options=[
                    discord.CheckboxGroupOption(
                        label=one.label, value=one.value, description=one.description, default=one.chosen
                    )
                    for one in field.options
                ],
            )


def _draw_text(field: Write) -> discord.ui.TextInput[discord.ui.Modal]:
    return discord.ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if field.long else discord.TextStyle.short,
        default=field.value or None,
        placeholder=field.placeholder,
        required=field.shortest > 0,
        min_length=field.shortest or None,
        max_length=field.longest,
    )


def _draw_select(field: Tick) -> discord.ui.Select[discord.ui.Modal]:
    return discord.ui.Select(
        custom_id=field.name,
        required=field.required,
        min_values=1 if field.required else 0,
        max_values=min(field.most, len(field.options)),
        options=select_options(field.options),
    )


def read_fields(components: Iterable[Mapping[str, Any]]) -> dict[str, str | tuple[str, ...]]:
    """Return what was filled in, by field name: the words of a text input, the values of a select or group.

    So what was typed is always a string, and what was chosen a tuple, whatever the form is taken for by now.
    """
    filled: dict[str, str | tuple[str, ...]] = {}
    for component in components:
        kind = component.get("type")
        if kind == _LABEL:
            filled.update(read_fields([component["component"]]))
        elif kind == _ACTION_ROW:
            filled.update(read_fields(component["components"]))
        elif "values" in component:
            filled[component["custom_id"]] = tuple(component["values"])
        elif kind == _RADIO_GROUP:
            filled[component["custom_id"]] = (component["value"],) if component.get("value") else ()
        elif "value" in component:
            filled[component["custom_id"]] = component["value"] or ""
    return filled

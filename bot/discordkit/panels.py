"""Panels: what the bot shows, as plain data, drawn with Discord's layout components (components V2).

A panel's buttons and selects carry ids of the codec and no callback: the `Router` answers every press. The drawn view
is stopped before it is sent, so discord.py keeps none of them in memory and a press after a restart is like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO

import discord

# Discord's limits for a message of layout components.
MOST_COMPONENTS = 40
MOST_CHARACTERS = 4000
# Discord numbers components from 1 where we give no id: marks begin far above.
MARKS = 100_000

CALM = discord.Colour(0x4F8A8B)
CAREFUL = discord.Colour(0xC98B3C)
URGENT = discord.Colour(0xB5483A)

Item = discord.ui.Button[discord.ui.LayoutView] | discord.ui.Select[discord.ui.LayoutView]
Picker = discord.ui.ChannelSelect[discord.ui.LayoutView] | discord.ui.RoleSelect[discord.ui.LayoutView]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph or a heading, in Discord's markdown.

    With a `mark` (1 to 1,000, once in a panel) a later press can read these words from the message again
    (`Press.marked`): so a draft stays in the message that shows it, and nowhere else.
    """

    words: str
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class Aside:
    """Words with one button beside them."""

    words: str
    button: "Button | Link"


@dataclass(frozen=True, slots=True)
class Divider:
    """A thin line."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button; `custom_id` comes from the codec."""

    label: str
    custom_id: str
    style: discord.ButtonStyle = discord.ButtonStyle.secondary
    emoji: str | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a select."""

    label: str
    value: str
    description: str | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Choose:
    """A select of up to 25 options."""

    custom_id: str
    placeholder: str
    options: tuple[Option, ...]
    fewest: int = 1
    most: int = 1


@dataclass(frozen=True, slots=True)
class PickChannel:
    """Discord's own channel picker."""

    custom_id: str
    placeholder: str
    kinds: tuple[discord.ChannelType, ...] = (discord.ChannelType.text,)
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class PickRole:
    """Discord's own role picker."""

    custom_id: str
    placeholder: str
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Up to five buttons or links."""

    items: tuple[Button | Link, ...]


@dataclass(frozen=True, slots=True)
class Download:
    """A file to keep. Discord shows an attachment of a layout message only where a component points at it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture; `described` is what somebody who can't see it is told (at most 1,024 characters)."""

    name: str
    content: bytes
    described: str


Block = Text | Aside | Divider | Row | Choose | PickChannel | PickRole | Download | Picture


@dataclass(frozen=True, slots=True)
class Panel:
    """A message as data: blocks in a card with a coloured edge."""

    blocks: tuple[Block, ...]
    colour: discord.Colour = field(default=CALM)

    def and_then(self, *blocks: Block) -> "Panel":
        """Return this panel with more blocks below."""
        return replace(self, blocks=self.blocks + blocks)

    def files(self) -> list[discord.File]:
        """Return the files to send with the drawn view, fresh for each sending."""
        return [
            discord.File(BytesIO(block.content), block.name)
            for block in self.blocks
            if isinstance(block, Download | Picture)
        ]

    def draw(self) -> discord.ui.LayoutView:
        """Return the view to send. Must run inside the event loop; the view is finished, so nothing keeps it.

        Raises `ValueError` for more than Discord takes: 40 components (counted by discord.py) or 4,000 characters.
        """
        view = discord.ui.LayoutView(timeout=None)
        container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(accent_colour=self.colour)
        for block in self.blocks:
            container.add_item(_draw(block))
        view.add_item(container)
        if view.content_length() > MOST_CHARACTERS:
            raise ValueError(f"a panel has at most {MOST_CHARACTERS} characters")
        view.stop()
        return view


def say(*paragraphs: str, colour: discord.Colour = CALM) -> Panel:
    """Return a panel of words alone."""
    return Panel(tuple(Text(words) for words in paragraphs), colour)


def buttons(*items: Button | Link | None) -> Row:
    """Return a row of the given buttons, leaving out None."""
    return Row(tuple(item for item in items if item is not None))


def _draw(block: Block) -> discord.ui.Item[discord.ui.LayoutView]:
    match block:
        case Text(words, mark):
            return discord.ui.TextDisplay(words, id=None if mark is None else MARKS + mark)
        case Aside(words, button):
            return discord.ui.Section(words, accessory=_draw_button(button))
        case Divider():
            return discord.ui.Separator()
        case Row(items):
            return discord.ui.ActionRow(*(_draw_button(item) for item in items))
        case Download() | Picture():
            return _draw_file(block)
        case Choose() | PickChannel() | PickRole():
            return discord.ui.ActionRow(_draw_select(block) if isinstance(block, Choose) else _draw_picker(block))


def _draw_file(block: Download | Picture) -> discord.ui.Item[discord.ui.LayoutView]:
    address = f"attachment://{block.name}"
    if isinstance(block, Download):
        return discord.ui.File(address)
    return discord.ui.MediaGallery(discord.MediaGalleryItem(address, description=block.described))


def _draw_button(button: Button | Link) -> discord.ui.Button[discord.ui.LayoutView]:
    if isinstance(button, Link):
        return discord.ui.Button(label=button.label, url=button.url)
    return discord.ui.Button(
        label=button.label,
        custom_id=button.custom_id,
        style=button.style,
        emoji=button.emoji,
        disabled=button.disabled,
    )


def _draw_select(block: Choose) -> discord.ui.Select[discord.ui.LayoutView]:
    return discord.ui.Select(
        custom_id=block.custom_id,
        placeholder=block.placeholder,
        min_values=block.fewest,
        max_values=min(block.most, len(block.options)),
        options=select_options(block.options),
    )


def select_options(options: Sequence[Option]) -> list[discord.SelectOption]:
    """Return Discord's form of the options."""
    return [
        discord.SelectOption(
            label=option.label, value=option.value, description=option.description, default=option.chosen
        )
        for option in options
    ]


def _draw_picker(block: PickChannel | PickRole) -> Picker:
    if isinstance(block, PickChannel):
        chosen = [discord.SelectDefaultValue(id=block.chosen or 0, type=discord.SelectDefaultValueType.channel)]
        return discord.ui.ChannelSelect(
            custom_id=block.custom_id,
            placeholder=block.placeholder,
            channel_types=list(block.kinds),
            default_values=chosen if block.chosen else [],
        )
    chosen = [discord.SelectDefaultValue(id=block.chosen or 0, type=discord.SelectDefaultValueType.role)]
    return discord.ui.RoleSelect(
        custom_id=block.custom_id,
        placeholder=block.placeholder,
        default_values=chosen if block.chosen else [],
    )

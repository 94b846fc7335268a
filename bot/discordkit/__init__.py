"""What Evenkeel builds on discord.py: panels, forms, the codec of custom ids, the router, the one way to answer."""

from bot.discordkit.answer import Answer, AnyInteraction
from bot.discordkit.commands import Interaction, root, slash
from bot.discordkit.consent import ConsentGate
from bot.discordkit.custom_ids import ItemId, decode, encode
from bot.discordkit.error_path import ErrorPath
from bot.discordkit.forms import Field, Form, One, Several, Tick, Write
from bot.discordkit.front_desk import FrontDesk
from bot.discordkit.line import NO_LINE
from bot.discordkit.membership import Membership
from bot.discordkit.options import WRITABLE, ChannelId, TextChannelId
from bot.discordkit.panels import (
    CALM,
    CAREFUL,
    URGENT,
    Aside,
    Block,
    Button,
    Choose,
    Divider,
    Download,
    Link,
    Option,
    Panel,
    PickChannel,
    PickRole,
    Picture,
    Row,
    Text,
    buttons,
    say,
)
from bot.discordkit.places import channel_seen, place_fault
from bot.discordkit.router import Press, Router, is_private, pressed
from bot.discordkit.screening import Screening
from bot.discordkit.sender import Sender
from bot.discordkit.standing import Standings
from bot.discordkit.submissions import first_time

__all__ = [
    "CALM",
    "CAREFUL",
    "NO_LINE",
    "URGENT",
    "WRITABLE",
    "Answer",
    "AnyInteraction",
    "Aside",
    "Block",
    "Button",
    "ChannelId",
    "Choose",
    "ConsentGate",
    "Divider",
    "Download",
    "ErrorPath",
    "Field",
    "Form",
    "FrontDesk",
    "Interaction",
    "ItemId",
    "Link",
    "Membership",
    "One",
    "Option",
    "Panel",
    "PickChannel",
    "PickRole",
    "Picture",
    "Press",
    "Router",
    "Row",
    "Screening",
    "Sender",
    "Several",
    "Standings",
    "Text",
    "TextChannelId",
    "Tick",
    "Write",
    "buttons",
    "channel_seen",
    "decode",
    "encode",
    "first_time",
    "is_private",
    "place_fault",
    "pressed",
    "root",
    "say",
    "slash",
]

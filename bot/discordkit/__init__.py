"""What Evenkeel builds on discord.py: panels, forms, the codec of custom ids, the router, the one way to answer."""

from bot.discordkit.answer import Answer, AnyInteraction
from bot.discordkit.commands import Interaction, root, slash
from bot.discordkit.consent import ConsentGate
from bot.discordkit.custom_ids import ItemId, decode, encode
from bot.discordkit.error_path import ErrorPath
from bot.discordkit.forms import Form, Tick, Write
from bot.discordkit.front_desk import FrontDesk
from bot.discordkit.line import NO_LINE
from bot.discordkit.membership import Membership
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
    Row,
    Text,
    buttons,
    say,
)
from bot.discordkit.router import Press, Router, pressed
from bot.discordkit.sender import Sender
from bot.discordkit.standing import Standings
from bot.discordkit.submissions import first_time

__all__ = [
    "CALM",
    "CAREFUL",
    "NO_LINE",
    "URGENT",
    "Answer",
    "AnyInteraction",
    "Aside",
    "Block",
    "Button",
    "Choose",
    "ConsentGate",
    "Divider",
    "Download",
    "ErrorPath",
    "Form",
    "FrontDesk",
    "Interaction",
    "ItemId",
    "Link",
    "Membership",
    "Option",
    "Panel",
    "PickChannel",
    "PickRole",
    "Press",
    "Router",
    "Row",
    "Sender",
    "Standings",
    "Text",
    "Tick",
    "Write",
    "buttons",
    "decode",
    "encode",
    "first_time",
    "pressed",
    "root",
    "say",
    "slash",
]

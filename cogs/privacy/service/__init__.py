"""The use cases of privacy: a copy of everything, erasure, and what follows when somebody has left."""

from cogs.privacy.service.copies import Copies, Copy
from cogs.privacy.service.departures import Departures
from cogs.privacy.service.erasure import Erasure, Receipt
from cogs.privacy.service.ports import Members, Posts

__all__ = ["Copies", "Copy", "Departures", "Erasure", "Members", "Posts", "Receipt"]

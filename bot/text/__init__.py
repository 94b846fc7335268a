"""The words of the bot: one catalogue, read from `data/texts`, asked for by key."""

from bot.text.catalogue import Catalogue, MissingText, load_catalogue, t

__all__ = ["Catalogue", "MissingText", "load_catalogue", "t"]

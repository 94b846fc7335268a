"""A group's own readings as a file: read with every fault named, and written so that reading it gives the same again.

One format in two coats: a ZIP of text files like those of `data/snippets`, or one JSON file.
"""

from bot.content.exchange.model import MOST_BYTES, Bundle, BundleFault, BundleItem, Place
from bot.content.exchange.reading import read_bundle
from bot.content.exchange.writing import write_json, write_zips

__all__ = [
    "MOST_BYTES",
    "Bundle",
    "BundleFault",
    "BundleItem",
    "Place",
    "read_bundle",
    "write_json",
    "write_zips",
]

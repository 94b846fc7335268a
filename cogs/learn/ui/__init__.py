"""How the library looks: a reading, its sources, lists to pick from, and the step before posting."""

from cogs.learn.ui.lists import found_panel, saved_panel, shelf_panel, topics_panel
from cogs.learn.ui.posting import confirm_panel, left_panel, posted_panel
from cogs.learn.ui.reading import (
    SEPARATOR,
    public_mark,
    public_panel,
    reading_panel,
    saved_receipt,
    sources_panel,
    unsaved_receipt,
)

__all__ = [
    "SEPARATOR",
    "confirm_panel",
    "found_panel",
    "left_panel",
    "posted_panel",
    "public_mark",
    "public_panel",
    "reading_panel",
    "saved_panel",
    "saved_receipt",
    "shelf_panel",
    "sources_panel",
    "topics_panel",
    "unsaved_receipt",
]

"""What reading a file of readings gives: the readings, and every fault with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.content.model import Snippet

MOST_BYTES = 1024 * 1024
"""Bytes of an import, packed and unpacked."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file and its line (0 for the whole), or in JSON a reading's number and its field.

    Numbers and lines count from 1. All empty is the import as a whole.
    """

    file: str = ""
    line: int = 0
    reading: int = 0
    field: str = ""


@dataclass(frozen=True, slots=True)
class BundleFault:
    """What stands in the way of an import: a key of the catalogue and what its sentence needs.

    `other` is a second place that the sentence names. The data hold words of the file: for the eyes of whoever sent
    it, never for a log.
    """

    place: Place
    key: str
    data: Mapping[str, str | int] = field(default_factory=dict)
    other: Place | None = None


@dataclass(frozen=True, slots=True)
class BundleItem:
    """One reading of an import; its id is empty unless it has the form of a group's own."""

    snippet: Snippet
    place: Place


@dataclass(frozen=True, slots=True)
class Bundle:
    """The readings of a file. Where there are faults, the readings are not all of them."""

    items: tuple[BundleItem, ...] = ()
    faults: tuple[BundleFault, ...] = ()

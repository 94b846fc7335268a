"""Takes the text files out of a ZIP that anybody may have sent: nothing is written to disk, and little is believed."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from bot.content.exchange.model import MOST_BYTES, BundleFault, Place
from bot.content.group import MOST_OWN

# Entries of an archive, with the crumbs that computers leave in one: one hidden file beside each reading, and folders.
_MOST_ENTRIES = 5 * MOST_OWN
_CRUMBS = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
_LOCKED = 0x1 | 0x40  # encrypted, strongly encrypted
# What the standard library raises for a broken archive, found by feeding it broken ones.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ArithmeticError,
    RuntimeError,
    ValueError,
)


def unpack(content: bytes, faults: list[BundleFault]) -> list[tuple[str, bytes]]:
    """The files of a ZIP that hold readings, by name; what is wrong with it goes to `faults`."""
    found: list[tuple[str, bytes]] = []
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            room = MOST_BYTES
            for name, info in _wanted(archive, faults):
                data = _read(archive, info, room)
                if data is None:
                    faults.append(BundleFault(Place(), "library.import.fault.unpacked_large"))
                    return []
                room -= len(data)
                found.append((name, data))
    except _BROKEN:
        faults.append(BundleFault(Place(), "library.import.fault.zip_broken"))
        return []
    return found


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes | None:
    """The bytes of a file, or None for more than there is room for, whatever size the archive claims."""
    with archive.open(info) as file:
        data = file.read(room + 1)
    return data if len(data) <= room else None


def _wanted(archive: zipfile.ZipFile, faults: list[BundleFault]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """The entries that hold readings, in the order of their names."""
    entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES:
        faults.append(BundleFault(Place(), "library.import.fault.files_many", {"most": MOST_OWN}))
        return
    seen: set[str] = set()
    for info in sorted(entries, key=lambda one: one.filename):
        name = info.filename.replace("\\", "/")
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if name.endswith("/") or (".." not in parts and any(map(_is_crumb, parts))):
            continue
        fault = _fault_of(info, name, parts)
        if not fault and (known := "/".join(parts).casefold()) in seen:
            fault = "library.import.fault.file_twice"
        if fault:
            faults.append(BundleFault(Place(file=name or "?"), fault))
            continue
        seen.add(known)
        yield "/".join(parts), info


def _is_crumb(part: str) -> bool:
    """Whether a part of a path is hidden, or something that computers and packers leave beside the files."""
    small = part.casefold()
    return small.startswith(".") or small in _CRUMBS or small.partition(".")[0] == "readme"


def _fault_of(info: zipfile.ZipInfo, name: str, parts: list[str]) -> str:
    if name.startswith("/") or ".." in parts or name[1:2] == ":":
        return "library.import.fault.file_path"
    if not name.casefold().endswith(".md"):
        return "library.import.fault.file_other"
    if info.flag_bits & _LOCKED:
        return "library.import.fault.file_locked"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "library.import.fault.file_packing"
    return ""

"""The custom-id codec: `ek1:<feature>:<verb>:<key>`.

An id says which handler is meant and which row; it is never an authority. On every press the row is read again and the
policy is asked again, so an id that somebody made up opens nothing.
"""

import re
from dataclasses import dataclass

VERSION = "ek1"
LONGEST = 100  # Discord's limit for a custom id, in characters
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FORM_SEPARATOR = "#"


@dataclass(frozen=True, slots=True)
class ItemId:
    """A decoded id. `submission` is the one-time mark of a form, empty for buttons and selects."""

    feature: str
    verb: str
    key: str = ""
    submission: str = ""


def encode(feature: str, verb: str, key: str = "", submission: str = "") -> str:
    """Return the custom id. Raises `ValueError` for a name out of form, a reserved sign or over 100 characters."""
    if not _NAME.fullmatch(feature) or not _NAME.fullmatch(verb):
        raise ValueError("a feature and a verb are lower-case names")
    if _FORM_SEPARATOR in key or _FORM_SEPARATOR in submission:
        raise ValueError("a key may not hold the form separator")
    tail = f"{_FORM_SEPARATOR}{submission}" if submission else ""
    custom_id = f"{VERSION}:{feature}:{verb}:{key}{tail}"
    if len(custom_id) > LONGEST:
        raise ValueError("a custom id has at most 100 characters")
    return custom_id


def decode(custom_id: str) -> ItemId | None:
    """Return the parts of an id of ours, or None for anything else."""
    parts = custom_id.split(":", 3)
    if len(parts) != 4 or parts[0] != VERSION or not (_NAME.fullmatch(parts[1]) and _NAME.fullmatch(parts[2])):
        return None
    key, _, submission = parts[3].partition(_FORM_SEPARATOR)
    return ItemId(parts[1], parts[2], key, submission)

"""A facilitator's note above a reading: one line, shown as it was typed, whatever signs it holds."""

import re
import unicodedata

from bot.text.escaping import escaped, plain

__all__ = ["LONGEST_NOTE", "as_read", "escaped", "plain", "tidy"]

LONGEST_NOTE = 300
"""Characters of a note."""

# Signs that nobody sees, above all those that turn the reading direction: they make words look like others. The two
# joiners stay; families of pictures and several alphabets are written with them.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
# Letters that are drawn as nothing.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_UNDRAWN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"})


def tidy(note: str) -> str:
    """Return a note as one line without needless spaces and unseen signs, at most `LONGEST_NOTE` characters.

    A note in which nothing can be seen is an empty one.
    """
    line = " ".join(_UNSEEN.sub("", note).split())[:LONGEST_NOTE].rstrip()
    seen = (sign for sign in line if sign not in _BLANK and unicodedata.category(sign) not in _UNDRAWN)
    return line if any(seen) else ""


def as_read(note: str) -> str:
    """Return a note as its reader takes it in, for the no-dose rules: wide letters are plain, nothing hides."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", note) if unicodedata.category(sign) != "Cf")

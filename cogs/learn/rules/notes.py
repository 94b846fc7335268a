"""A facilitator's note above a reading: one line, shown as it was typed, whatever signs it holds."""

import re

LONGEST_NOTE = 300
"""Characters of a note."""

# An address stays whole, or its link would break; it cannot hold a sign that ends a link or begins a mention.
_ADDRESS = r"https?://[^\s\\<>()\[\]|*`]+"
_SIGNS = re.compile(rf"({_ADDRESS})|([\\*_~`|<>\[\]()])|^(#|-|\+)")
_CALLS = re.compile(r"@(?=everyone\b|here\b)")
_BREAK = "\u200b"
_ESCAPED = re.compile(r"\\([\\*_~`|<>\[\]()#+-])")


def tidy(note: str) -> str:
    """Return a note as one line without needless spaces, at most `LONGEST_NOTE` characters."""
    return " ".join(note.replace(_BREAK, "").split())[:LONGEST_NOTE].rstrip()


def escaped(note: str) -> str:
    """Return a tidy note whose signs Discord shows as they are: no format, no mention, no hidden link."""
    return _CALLS.sub(f"@{_BREAK}", _SIGNS.sub(lambda found: found[1] or f"\\{found[2] or found[3]}", note))


def plain(shown: str) -> str:
    """Return the note that was `escaped`."""
    return _ESCAPED.sub(r"\1", shown.replace(_BREAK, ""))

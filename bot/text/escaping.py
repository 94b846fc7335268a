"""Somebody's own words in a post: shown as they were typed, whatever signs they hold.

Nothing in them formats, mentions, hides an address, or turns the reading direction of what stands around them.
"""

import re

# An address stays whole, or its link would break; it cannot hold a sign that ends a link or begins a mention.
_ADDRESS = r"https?://[^\s\\<>()\[\]|*`]+"
# Signs that format wherever they stand; those that do so at the beginning of a line; the point of a numbered list.
_SIGNS = re.compile(rf"({_ADDRESS})|([\\*_~`|<>\[\]()])|(?<=^)([ \t]*)([#+-])|(?<=^)([ \t]*\d+)(\.)", re.MULTILINE)
_CALLS = re.compile(r"@(?=everyone\b|here\b)")
_BREAK = "\u200b"
_ESCAPED = re.compile(r"\\([\\*_~`|<>\[\]()#+.-])")
_FIRST, _LAST = "\u2068", "\u2069"
# The same signs as wide ones: they look alike, mean nothing to Discord, and take no more room.
_WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in "\\*_~`|<>[]()@"}
_AT_START = re.compile(r"^([ \t]*)([#+-]|\d+\.)", re.MULTILINE)


def escaped(words: str) -> str:
    """Return words whose signs Discord shows as they are: no format, no mention, no hidden link."""
    return _CALLS.sub(f"@{_BREAK}", _SIGNS.sub(_behind_a_stroke, words))


def plain(shown: str) -> str:
    """Return the words that were `escaped`, and `isolated` or not."""
    return _ESCAPED.sub(r"\1", re.sub(f"[{_BREAK}{_FIRST}{_LAST}]", "", shown))


def isolated(shown: str) -> str:
    """Return words that keep their own reading direction, line by line, beside words of another script."""
    return "\n".join(f"{_FIRST}{line}{_LAST}" if line else line for line in shown.split("\n"))


def widened(words: str) -> str:
    """Return words with wide signs in the place of those that would format: as safe as `escaped`, and no longer.

    For words that are too many to be escaped; an address in them is read, but leads nowhere.
    """
    return _AT_START.sub(lambda found: found[1] + _wide(found[2]), words.translate(_WIDE))


def fitting(texts: list[str], room: int) -> list[str]:
    """Return all texts `escaped` and `isolated` where they have room together, else `widened`, without a sign more."""
    shown = [isolated(escaped(text)) for text in texts]
    return shown if sum(map(len, shown)) <= room else [widened(text) for text in texts]


def _behind_a_stroke(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    if found[2]:
        return f"\\{found[2]}"
    if found[4]:
        return f"{found[3]}\\{found[4]}"
    return f"{found[5]}\\{found[6]}"


def _wide(sign: str) -> str:
    return sign[:-1] + chr(ord(sign[-1]) + 0xFEE0)

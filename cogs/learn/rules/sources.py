"""Sources as people write them in a form: one a line, `name, year, https address`."""

import re
from collections.abc import Iterable

from bot.content import Claim

# The year may be left out; the address is whatever stands last and holds a dot.
_LINE = re.compile(r"(?P<source>.*?)(?:[,;]\s*(?P<year>\d{4}|n\.d\.))?[,;]?\s*(?P<address>(?=\S*\.\S)\S+)", re.DOTALL)


def sources_written(claims: Iterable[Claim]) -> str:
    """The sources as lines of the form, in which `sources_read` finds them again."""
    return "\n".join(f"{claim.source}, {claim.year}, {claim.address}" for claim in claims)


def sources_read(written: str, before: tuple[Claim, ...] = ()) -> tuple[Claim, ...]:
    """The claims that the lines name, right or wrong: `group_faults` says which can't stand.

    What a source of `before` says stays with its address, wherever the line stands now.
    """
    left = list(before)
    found = []
    for line in (one.strip() for one in written.splitlines()):
        if not line:
            continue
        match = _LINE.fullmatch(line)
        read = Claim("", match["source"], match["year"] or "", match["address"]) if match else Claim("", line, "", "")
        old = next((one for one in left if (one.source, one.address) == (read.source, read.address)), None)
        old = old or next((one for one in left if one.address == read.address), None)
        if old is not None:
            left.remove(old)
        found.append(Claim(old.says if old else "", read.source, read.year, read.address))
    return tuple(found)

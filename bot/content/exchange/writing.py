"""Writes a group's own readings so that reading the file gives the same ones again."""

from __future__ import annotations

import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from bot.content.exchange.model import MOST_BYTES
from bot.content.exchange.reading import LINE_BREAK
from bot.content.model import Snippet

_LONGEST_NAME = 40


def write_json(snippets: Iterable[Snippet]) -> list[bytes]:
    """JSON files that hold all of them, each small enough to be taken in again; one but for very long readings."""
    texts = [("", json.dumps(_told(snippet), ensure_ascii=False, indent=2)) for snippet in snippets]
    return [('{"snippets": [\n' + ",\n".join(text for _, text in part) + "\n]}\n").encode() for part in _parted(texts)]


def write_zips(snippets: Iterable[Snippet]) -> list[bytes]:
    """The same as ZIPs of text files, whose names keep the order."""
    return [
        _zip(part)
        for part in _parted(
            (f"{number:03d}-{_slug(snippet.title)}.md", _markdown(snippet))
            for number, snippet in enumerate(snippets, 1)
        )
    ]


def _zip(files: Iterable[tuple[str, str]]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files:
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _parted(files: Iterable[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """The named texts in as few parts as an import takes, in order."""
    parts: list[list[tuple[str, str]]] = [[]]
    size = 0
    for name, text in files:
        length = len(text.encode()) + 200  # with what a coat adds for each
        if size + length > MOST_BYTES:
            parts.append([])
            size = 0
        parts[-1].append((name, text))
        size += length
    return parts


def _told(snippet: Snippet) -> dict[str, Any]:
    claims = [
        {"says": claim.says, "source": claim.source, "year": claim.year, "address": claim.address}
        for claim in snippet.claims
    ]
    return {
        "id": snippet.id,
        "title": snippet.title,
        "topic": snippet.topic,
        "audience": snippet.audience,
        "tone": snippet.tone,
        "tags": list(snippet.tags),
        "question": snippet.question,
        "claims": claims,
        "body": snippet.body,
    }


def _markdown(snippet: Snippet) -> str:
    told = _told(snippet)
    lines = [f"{key}: {told[key]}" for key in ("id", "topic", "audience", "tone")]
    lines.insert(1, f"title: {_quoted(snippet.title)}")
    lines.append(f"tags: [{', '.join(map(_quoted, snippet.tags))}]")
    lines.append(f"question: {_quoted(snippet.question)}")
    lines.append("claims:" if snippet.claims else "claims: []")
    for claim in told["claims"]:
        fields = [f"{key}: {_quoted(words)}" for key, words in claim.items()]
        lines += (f"  {'- ' if not place else '  '}{field}" for place, field in enumerate(fields))
    body = LINE_BREAK.sub(lambda found: found.group(1) * 2 + "\\\n", snippet.body)
    return "\n".join(("---", *lines, "---", "", body, ""))


def _quoted(words: str) -> str:
    """A text in double quotes, as JSON and YAML both read it."""
    quoted = json.dumps(words, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08X}" for sign in quoted)


def _slug(title: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", title) if not unicodedata.combining(sign)).lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_NAME].strip("-") or "reading"

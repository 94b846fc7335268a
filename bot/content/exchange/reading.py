"""Reads a file of readings that a group wrote in bulk: a ZIP of text files, one text file, or JSON.

Nothing of it is believed, and nothing raises: whatever is wrong comes back as a fault with its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import cast

from bot.content.exchange.fields import Fields
from bot.content.exchange.json_text import JsonReader
from bot.content.exchange.model import MOST_BYTES, Bundle, BundleFault, BundleItem, Place
from bot.content.exchange.unpacking import unpack
from bot.content.group import MOST_OWN, OWN, GroupFault, group_faults, group_snippet, title_key
from bot.content.model import Audience, Claim, Snippet, Tone, Topic
from bot.content.source import Located, Sheet, read_yaml_mapping

_OWN_ID = re.compile(OWN + "[a-z2-7]{12}")
# What a reading of the shipped library has besides: one of them may be taken as a beginning.
_LEFT_ASIDE = frozenset({"code", "reviewed", "reviewed_by", "review_by", "status", "see_also", "formerly"})
_FENCE = "---"
# Where the form and a file want different things, so does the sentence.
_OF_FILES = {rule: f"library.import.fault.{rule}" for rule in ("claim_unnamed", "claim_address")}

LINE_BREAK = re.compile(r"(?<!\\)(\\*)(?<!\n)\n(?!\n|[-*>] |\d+\. )")
"""A line break inside a paragraph: one to keep after a backslash, else only where an editor wrapped a line."""

# A part of a reading, with the texts it is made of and the lines on which they stand.
_Spots = dict[str, list[tuple[str, int]]]


def read_bundle(name: str, content: bytes, topics: Mapping[str, Topic], dialled: frozenset[str], day: date) -> Bundle:
    """The readings of a file and every fault in it: its own, and what the group's rules find. Never raises.

    `name` is the file's name, `dialled` the numbers of the support lines, `day` the day on which it is read.
    """
    if len(content) > MOST_BYTES:
        return Bundle(faults=(BundleFault(Place(), "library.import.fault.large"),))
    reader = _Reader(topics, dialled, day)
    ending = name.casefold().rpartition(".")[2]
    if content.startswith(b"PK") or ending == "zip":
        reader.archive(content)
    elif ending == "md":
        reader.file(name, content)
    elif ending == "json" or content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        reader.json(content)
    else:
        reader.fail("kind")
    return reader.bundle()


class _Reader:
    def __init__(self, topics: Mapping[str, Topic], dialled: frozenset[str], day: date) -> None:
        self._topics = {key: key for key in topics} | {topic.name.casefold(): key for key, topic in topics.items()}
        self._names = ", ".join(topics)
        self._dialled = dialled
        self._day = day
        self._items: list[BundleItem] = []
        self._faults: list[BundleFault] = []

    def fail(self, kind: str, place: Place | None = None, **data: str | int) -> None:
        """Note what is wrong with a file."""
        self._faults.append(BundleFault(place or Place(), f"library.import.fault.{kind}", data))

    def bundle(self) -> Bundle:
        """What was read, with the faults that span several readings."""
        self._compare("title_twice", lambda snippet: title_key(snippet.title))
        self._compare("id_twice", lambda snippet: snippet.id)
        if not self._items and not self._faults:
            self.fail("none")
        # Stable: within a reading of JSON they keep the order in which they were found.
        faults = sorted(self._faults, key=lambda fault: (fault.place.file, fault.place.reading, fault.place.line))
        return Bundle(tuple(self._items), tuple(faults))

    def _compare(self, kind: str, mark: Callable[[Snippet], str]) -> None:
        first: dict[str, BundleItem] = {}
        for item in self._items:
            other = first.setdefault(mark(item.snippet), item)
            if mark(item.snippet) and other is not item:
                self._faults.append(BundleFault(item.place, f"library.import.fault.{kind}", other=other.place))

    def archive(self, content: bytes) -> None:
        """Read a ZIP."""
        files = unpack(content, self._faults)
        if len(files) > MOST_OWN:
            self.fail("many", count=len(files), most=MOST_OWN)
            return
        for name, data in files:
            self.file(name, data)

    def json(self, content: bytes) -> None:
        """Read a JSON file."""
        text = self._text(content, Place())
        source = JsonReader(self._faults)
        for located in source.read(text) if text is not None else ():
            self._reading(located, source.places[located.line], source.places.__getitem__, {})

    def file(self, name: str, content: bytes) -> None:
        """Read a text file: front matter between two lines of dashes, then the words."""
        text = self._text(content, Place(file=name))
        if text is None:
            return
        lines = text.split("\n")
        end = next((place for place, line in enumerate(lines[1:], start=1) if line.rstrip() == _FENCE), None)
        if lines[0].rstrip() != _FENCE or end is None:
            self.fail("front", Place(name, 1))
            return
        sheet = Sheet(name)
        located = read_yaml_mapping("\n".join(lines[1:end]), 2, sheet)
        for fault in sheet.faults:
            self.fail("field_twice" if located else "yaml", Place(name, fault.line))
        if located is None or not isinstance(located.value, dict):
            return
        if "body" in located.value:
            self.fail("body_above", Place(name, located.value["body"].line))
        body = "\n".join(lines[end + 1 :])
        first = end + 2 + len(body) - len(body.lstrip("\n"))
        fields = {**located.value, "body": Located(LINE_BREAK.sub(_joined, body.strip()), first)}
        spots: _Spots = {"body": [(line, end + 2 + place) for place, line in enumerate(body.split("\n"))]}
        self._reading(Located(fields, 1), Place(file=name), lambda line: Place(name, line), spots)

    def _text(self, content: bytes, place: Place) -> str | None:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.fail("not_utf8", Place(place.file, content.count(b"\n", 0, error.start) + 1))
            return None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _reading(self, located: Located, place: Place, at: Callable[[int], Place], spots: _Spots) -> None:
        fields = Fields(located, at, self._faults)
        if not isinstance(located.value, dict):
            return
        written = fields.text("id").strip()
        claims = self._claims(fields, at, spots)
        tags = [(fields.text_in("tags", item), item.line) for item in fields.items("tags")]
        snippet = group_snippet(
            written if _OWN_ID.fullmatch(written) else "",
            title=fields.text("title"),
            topic=self._topic(fields),
            body=fields.text("body"),
            day=self._day,
            audience=cast(Audience, fields.choice("audience", ("everyone", "peers", "family"))),
            tone=cast(Tone, fields.choice("tone", ("calm", "careful"))),
            tags=[words for words, _ in tags],
            question=fields.text("question"),
            claims=claims,
        )
        fields.finish(_LEFT_ASIDE)
        for part in ("title", "question", "body"):
            spots.setdefault(part, [(getattr(snippet, part), fields.line_of(part))])
        spots["tags"] = tags
        for fault in group_faults(snippet, self._dialled):
            if fault.part not in fields.broken:
                line = _line_of(fault, spots[fault.part], fields.line_of(fault.part))
                data = {"part": fault.part, "words": fault.words}
                self._faults.append(
                    BundleFault(at(line), _OF_FILES.get(fault.rule, f"library.fault.{fault.rule}"), data)
                )
        self._items.append(BundleItem(snippet, place))

    def _topic(self, fields: Fields) -> str:
        written = fields.text("topic").strip()
        known = self._topics.get(written.casefold())
        if known is None and "topic" not in fields.broken:
            kind = "topic" if written else "topic_missing"
            fields.fault(fields.line_of("topic"), kind, words=written, topics=self._names)
        return known or ""

    def _claims(self, fields: Fields, at: Callable[[int], Place], spots: _Spots) -> list[Claim]:
        claims: list[Claim] = []
        spots["claims"] = []
        for item in fields.items("claims"):
            claim = Fields(item, at, self._faults)
            if not isinstance(item.value, dict):
                fields.broken.add("claims")
                continue
            parts = {key: claim.text(key) for key in ("says", "source", "year", "address")}
            spots["claims"] += ((words, claim.line_of(key)) for key, words in parts.items())
            claim.finish()
            fields.broken |= {"claims"} if claim.broken else set()
            claims.append(Claim(**parts))
        return claims


def _joined(found: re.Match[str]) -> str:
    slashes = len(found.group(1))
    return "\\" * (slashes // 2) + ("\n" if slashes % 2 else " ")


def _line_of(fault: GroupFault, spots: list[tuple[str, int]], otherwise: int) -> int:
    """The line on which the words of a fault stand; the part's first one where tidying has changed them."""
    words = fault.words.partition(" … ")[0].casefold()
    same = (line for text, line in spots if text.strip().casefold() == words)
    within = (line for text, line in spots if words and words in text.casefold())
    return next(same, next(within, otherwise))

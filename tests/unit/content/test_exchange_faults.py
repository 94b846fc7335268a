"""Every fault of an import is named, with its place; and what only looks odd is taken as it is meant."""

import json
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from bot.content import Snippet, dialled_numbers, load_content
from bot.content.exchange import MOST_BYTES, Bundle, BundleFault, Place, read_bundle

DATA = Path(__file__).resolve().parents[3] / "data"
CONTENT = load_content(DATA)
TOPICS = CONTENT.library.topics
DIALLED = dialled_numbers(CONTENT.support_lines)
BODY = "Out of the door, and round the block."
GOOD = f"---\ntitle: A walk\ntopic: coping\n---\n\n{BODY}\n"
AT = "address: https://example.org"


def read(name: str, content: bytes) -> Bundle:
    return read_bundle(name, content, TOPICS, DIALLED, date(2026, 11, 23))


def packed(files: dict[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text, packing)
    return content.getvalue()


def told(faults: tuple[BundleFault, ...]) -> list[tuple[str, str, int]]:
    return [(fault.key.removeprefix("library."), fault.place.file, fault.place.line) for fault in faults]


def of_file(text: str) -> list[tuple[str, int]]:
    return [(key, line) for key, _, line in told(read("a.md", text.encode()).faults)]


def only(bundle: Bundle) -> Snippet:
    assert bundle.faults == ()
    [item] = bundle.items
    return item.snippet


def with_line(line: str) -> str:
    return GOOD.replace("topic: coping\n", f"topic: coping\n{line}\n")


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("no dashes at all", "front", 1),
        ("---\ntitle: A walk\n", "front", 1),
        ("---\ntitle: [a\n---\nbody", "yaml", 3),
        ("---\n- a\n---\nbody", "yaml", 2),
        ("---\na: &x b\n---\nbody", "yaml", 2),
        ("---\na: [[[[[[b]]]]]]\n---\nbody", "yaml", 2),
        ("---\n" + "a: b\n" * 4000 + "---\nbody", "yaml", 2),
        (with_line("title: Another"), "field_twice", 4),
        (with_line("titel: Another"), "field_unknown", 4),
        (with_line("body: words"), "body_above", 4),
        (with_line("tags: {a: b}"), "not_list", 4),
        (with_line("tags: [[a]]"), "not_text", 4),
        (with_line("tags: [" + "a, " * 60 + "b]"), "list_long", 4),
        (with_line("question: [a]"), "not_text", 4),
        (with_line("question: " + "a" * 5001), "long", 4),
        (with_line("audience: nurses"), "choice", 4),
        (with_line("tone: cheerful"), "choice", 4),
        (with_line("id: [a]"), "not_text", 4),
        (with_line("claims: yes"), "not_fields", 4),
        (with_line("claims: {a: b}"), "not_list", 4),
        (with_line("claims:\n  - source: [a]\n    address: https://example.org"), "not_text", 5),
        (with_line("claims:\n  - source: a\n    adress: b\n    address: https://example.org"), "field_unknown", 6),
        (GOOD.replace("coping", "cooking"), "topic", 3),
        (GOOD.replace("topic: coping\n", ""), "topic_missing", 1),
        (GOOD.replace("coping", "[coping]"), "not_text", 3),
    ],
)
def test_each_fault_of_a_text_file_is_named_with_its_line(text: str, fault: str, line: int) -> None:
    assert of_file(text) == [(f"import.fault.{fault}", line)]


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        (GOOD.replace("title: A walk\n", ""), "title_empty", 1),
        (GOOD.replace("A walk", "A walk " * 10), "title_long", 2),
        (GOOD.replace("Out of", "\n\nOut of " * 140), "body_long", 8),
        (GOOD.partition("Out")[0], "body_empty", 5),
        (with_line("question: " + "a" * 201), "question_long", 4),
        (with_line("tags:\n  - quiet\n  - " + "a" * 31), "tag_long", 6),
        (with_line("tags: [" + ", ".join(map(str, range(13))) + "]"), "tags_many", 4),
        (with_line("tags: [quiet, 5 mg]"), "dose", 4),
        (with_line("question: Who takes 5 mg?"), "dose", 4),
        (GOOD + "\nLine two.\nTake 5 mg of it.\n", "dose", 9),
        (GOOD + "\nAsk @everyone here.\n", "mention", 8),
        (GOOD + "\nStop taking the tablets.\n", "closing_sentence", 8),
        (GOOD + "\nShe had a seizure.\n", "emergency_number", 8),
        (GOOD + "\nRing 020 7946 0018.\n", "phone_number", 8),
        (with_line(f"claims:\n  - source: A book\n    {AT}\n  - {AT}/2"), "claim_unnamed", 7),
        (with_line("claims:\n  - source: A book\n    year: soon\n    address: https://example.org"), "claim_year", 6),
        (with_line("claims:\n  - source: A book\n    address: http://example.org"), "claim_address", 6),
        (with_line("claims:\n" + "  - source: A book\n    address: https://example.org\n" * 9), "claims_many", 4),
    ],
)  # fmt: skip
def test_the_groups_rules_hold_for_what_comes_in_and_point_at_the_line(text: str, rule: str, line: int) -> None:
    kind = "import.fault" if rule in {"claim_unnamed", "claim_address"} else "fault"
    assert of_file(text) == [(f"{kind}.{rule}", line)]


def test_every_fault_is_named_not_only_the_first() -> None:
    text = "---\ntitel: A walk\ntopic: cooking\ntone: loud\n---\n\nTake 5 mg.\n"
    bundle = read("a.zip", packed({"x/one.md": text, "two.md": GOOD, "notes.txt": "a", "three.md": "nothing"}))
    assert told(bundle.faults) == [
        ("import.fault.file_other", "notes.txt", 0),
        ("import.fault.front", "three.md", 1),
        ("fault.title_empty", "x/one.md", 1),
        ("import.fault.field_unknown", "x/one.md", 2),
        ("import.fault.topic", "x/one.md", 3),
        ("import.fault.choice", "x/one.md", 4),
        ("fault.dose", "x/one.md", 7),
    ]


@pytest.mark.parametrize(
    ("files", "fault", "file"),
    [
        ({}, "none", ""),
        ({"README.md": "hello", "a/.hidden.md": "x"}, "none", ""),
        ({"../a.md": GOOD}, "file_path", "../a.md"),
        ({"/etc/a.md": GOOD}, "file_path", "/etc/a.md"),
        ({"C:\\a.md": GOOD}, "file_path", "C:/a.md"),
        ({"../.hidden/a.md": GOOD}, "file_path", "../.hidden/a.md"),
        ({"a.md": GOOD, "A.MD": GOOD.replace("walk", "run")}, "file_twice", "a.md"),
        ({"a.md": GOOD, "./a.md": GOOD.replace("walk", "run")}, "file_twice", "a.md"),
        ({"inner.zip": b"PK"}, "file_other", "inner.zip"),
        ({"a.txt": GOOD}, "file_other", "a.txt"),
        ({"a.md": b"---\ntitle: \xff\n---\n"}, "not_utf8", "a.md"),
        ({"a.md": GOOD.encode("utf-16")}, "not_utf8", "a.md"),
        ({"a.md": "x" * (MOST_BYTES + 1)}, "unpacked_large", ""),
        ({f"{n}.md": "x" * 600_000 for n in range(2)}, "unpacked_large", ""),
        ({f"{n}.md": "" for n in range(201)}, "many", ""),
        ({f"{n}.txt": "" for n in range(1001)}, "files_many", ""),
        ({"a.md": GOOD, "b.md": GOOD.replace("A walk", "a  WALK")}, "title_twice", "b.md"),
        (
            {f"{n}.md": with_line("id: own-aaaaaaaaaaaa").replace("walk", f"walk {n}") for n in "ab"},
            "id_twice",
            "b.md",
        ),
    ],
)
def test_each_fault_of_an_archive_is_named(files: dict[str, str | bytes], fault: str, file: str) -> None:
    [(key, where, _)] = told(read("a.zip", packed(files)).faults)
    assert (key, where) == (f"import.fault.{fault}", file)


@pytest.mark.parametrize(
    ("content", "name", "fault"),
    [
        (b"x" * (MOST_BYTES + 1), "a.json", "large"),
        (b"GIF89a", "a.gif", "kind"),
        (b"", "a", "kind"),
        (b"no archive", "a.zip", "zip_broken"),
        (b"PK\x03\x04", "a.json", "zip_broken"),
        (packed({"a.md": GOOD})[:-8], "a.zip", "zip_broken"),
    ],
)
def test_a_file_that_is_no_import_says_so(content: bytes, name: str, fault: str) -> None:
    assert told(read(name, content).faults) == [(f"import.fault.{fault}", "", 0)]


@pytest.mark.parametrize(("offset", "value", "fault"), [(8, 1, "file_locked"), (10, 12, "file_packing")])
def test_locked_files_and_strange_packing_are_named(offset: int, value: int, fault: str) -> None:
    content = bytearray(packed({"a.md": GOOD}))
    content[content.index(b"PK\1\2") + offset] = value
    assert told(read("a.zip", bytes(content)).faults) == [(f"import.fault.{fault}", "a.md", 0)]


def test_a_size_that_lies_brings_no_flood() -> None:
    content = bytearray(packed({"a.md": "a" * (40 * MOST_BYTES)}))
    entry = content.index(b"PK\1\2")
    content[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    assert told(read("a.zip", bytes(content)).faults) == [("import.fault.zip_broken", "", 0)]


def as_json(*readings: object, **root: object) -> bytes:
    return json.dumps({"snippets": list(readings), **root}).encode()


WALK: dict[str, Any] = {"title": "A walk", "topic": "coping", "body": "Out of the door."}


@pytest.mark.parametrize(
    ("content", "fault", "place"),
    [
        (b'{"snippets": [\n{"title": }]}', "json", Place(line=2)),
        (b'{"snippets": [NaN]}', "number", Place()),
        (b'{"snippets": [-Infinity]}', "number", Place()),
        (b"[" * 100_000, "deep", Place()),
        (b'{"a":' * 50_000, "deep", Place()),
        (b"\xff\xfe{", "not_utf8", Place(line=1)),
        (b"[]", "shape", Place()),
        (b'{"snippets": {}}', "shape", Place()),
        (b'{"snippets": [], "snippets": []}', "shape", Place()),
        (as_json(version="1"), "shape", Place()),
        (as_json(), "none", Place()),
        (as_json(*[WALK] * 201), "many", Place()),
        (as_json("a"), "not_fields", Place(reading=1)),
        (as_json(WALK | {"title": True}), "not_text", Place(reading=1, field="title")),
        (as_json(WALK | {"tags": ["a", ["b"]]}), "not_text", Place(reading=1, field="tags 2")),
        (as_json(WALK | {"claims": [{"source": {}, "address": "https://example.org"}]}), "not_text",
         Place(reading=1, field="claims 1, source")),
        (as_json(WALK | {"retired": True}), "field_unknown", Place(reading=1, field="retired")),
        (b'{"snippets": [{"title": "a", "title": "A walk", "topic": "coping", "body": "Out."}]}', "field_twice",
         Place(reading=1, field="title")),
        (as_json(WALK, WALK), "title_twice", Place(reading=2)),
    ],
)  # fmt: skip
def test_each_fault_of_json_names_the_reading_and_the_field(content: bytes, fault: str, place: Place) -> None:
    bundle = read("a.json", content)
    assert [(one.key, one.place) for one in bundle.faults] == [(f"library.import.fault.{fault}", place)]


def test_the_groups_rules_name_reading_and_field_in_json() -> None:
    claim = {"source": "A book", "address": "https://example.org"}
    bundle = read("a.json", as_json(WALK, WALK | {"title": "Two", "claims": [claim, claim | {"says": "Take 5 mg"}]}))
    assert [(one.key, one.place) for one in bundle.faults] == [
        ("library.fault.dose", Place(reading=2, field="claims 2, says"))
    ]


def test_an_unknown_topic_names_the_topics() -> None:
    [fault] = read("a.json", as_json(WALK | {"topic": "cooking"})).faults
    assert fault.data["words"] == "cooking"
    assert "coping" in str(fault.data["topics"])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", GOOD.encode()),
        ("a.md", b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()),
        ("a.md", GOOD.replace("coping", "Ways to cope").encode()),
        ("a.md", with_line("audience: everyone\nquestion:\ntags: []\nclaims: []\nid: slow-breathing").encode()),
        ("a.md", GOOD.replace("block.", "block\u200b.").encode()),
        ("a.md", GOOD.replace("door, and", "door,\nand").encode()),
        ("renamed.json", packed({"deep/er/a.md": GOOD})),
        ("a.zip", packed({"a.md": GOOD, ".DS_Store": b"", "__MACOSX/._a.md": b"", "README.txt": "hi", "b/": b""})),
        ("a.zip", packed({"a.md": GOOD}, zipfile.ZIP_STORED)),
        ("a.json", b"\xef\xbb\xbf" + as_json(WALK | {"body": BODY, "question": None})),
        ("noname", as_json(WALK | {"body": BODY, "tags": ""})),
    ],
)  # fmt: skip
def test_what_only_looks_odd_is_taken_as_it_is_meant(name: str, content: bytes) -> None:
    snippet = only(read(name, content))
    assert (snippet.id, snippet.title, snippet.topic) == ("", "A walk", "coping")
    assert (snippet.audience, snippet.tone, snippet.own) == ("everyone", "calm", True)
    assert snippet.body == BODY


def test_half_a_character_is_left_out_wherever_it_stands() -> None:
    """Programs that cut words at a fixed length cut pictures in two; JSON can carry the half that is left."""
    halves = (
        b'{"snippets": [{"title": "A walk\\ud83d", "topic": "coping\\udc00", "body": "We.\\ud800", "\\udfffid": "",'
    )
    snippet = only(read("a.json", halves + b'"claims": [{"source": "A\\ud800", "address": "https://example.org"}]}]}'))
    assert (snippet.title, snippet.body, snippet.claims[0].source) == ("A walk", "We.", "A")
    [fault] = read("a.json", b'{"snippets": [{"title": "A", "body": "We.", "topic": "\\ud800cook"}]}').faults
    assert fault.data["words"] == "cook"


def test_an_id_of_the_right_form_is_kept_and_a_year_may_be_a_number() -> None:
    claim = {"source": "A book", "year": 2013, "address": "https://example.org"}
    snippet = only(read("a.json", as_json(WALK | {"id": "own-abcdefgh2345", "claims": [claim]})))
    assert snippet.id == "own-abcdefgh2345"
    assert snippet.claims[0].year == "2013"


@pytest.mark.parametrize("shipped", ["slow-breathing", "awake-at-three", "seizure-first-aid"])
def test_a_reading_of_the_library_can_be_taken_as_a_beginning(shipped: str) -> None:
    text = (DATA / "snippets" / f"{shipped}.md").read_text(encoding="utf-8").replace("http://", "https://")
    snippet = only(read("a.md", text.encode()))
    original = CONTENT.library.snippets[shipped]
    assert snippet.id == ""
    assert (snippet.title, snippet.body, snippet.tone) == (original.title, original.body, original.tone)


@pytest.mark.parametrize(
    "content",
    [
        b'{"snippets": [' + b'\\"' * 500_000,
        b"{" + b'"' * 1_000_000,
        b"---\ntitle: a\n---\n" + b"\\" * 1_000_000,
        as_json(*[WALK | {"title": str(n), "body": "don't " * 800} for n in range(200)]),
        as_json(*[WALK | {"title": str(n), "body": "a (" * 1600} for n in range(200)]),
    ],
)
def test_the_worst_file_is_read_in_seconds_and_not_in_hours(content: bytes) -> None:
    # Two seconds when measured; the suite's own limit ends one that looks back at every sign.
    assert read("a.md" if content.startswith(b"---") else "a.json", content).faults

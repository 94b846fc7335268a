"""Whatever a group has, it takes with it and brings back the same; whatever anybody sends, nothing breaks."""

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content import Claim, Snippet, group_faults, group_snippet, load_content
from bot.content.exchange import MOST_BYTES, Bundle, read_bundle, write_json, write_zips
from bot.content.model import Audience, Tone

CONTENT = load_content(Path(__file__).resolve().parents[3] / "data")
TOPICS = CONTENT.library.topics
DAY = date(2026, 11, 23)

words = st.text(min_size=1, max_size=60).filter(lambda text: any(sign.isalnum() for sign in text))
claims = st.builds(
    Claim,
    says=st.text(max_size=300),
    source=words,
    year=st.sampled_from(["2013", "n.d.", ""]),
    address=st.sampled_from(["https://example.org/a?b=c#d", "https://example.org/x_(y)"]),
)
readings = st.builds(
    group_snippet,
    st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=12, max_size=12).map(lambda key: f"own-{key}"),
    title=words,
    topic=st.sampled_from(list(TOPICS)),
    body=st.lists(words | st.sampled_from(["\\", "\n", "\n\n", "- ", "1. ", "---", "# ", "a\\\nb"]), min_size=1).map(
        "".join
    ),
    day=st.just(DAY),
    audience=st.sampled_from(get_args(Audience)),
    tone=st.sampled_from(get_args(Tone)),
    tags=st.lists(st.text(max_size=20), max_size=5),
    question=st.text(max_size=100),
    claims=st.lists(claims, max_size=2),
).filter(lambda snippet: not group_faults(snippet, frozenset()))


def read(name: str, content: bytes) -> Bundle:
    return read_bundle(name, content, TOPICS, frozenset(), DAY)


def plain(bundle: Bundle) -> list[Snippet]:
    assert not bundle.faults
    return [item.snippet for item in bundle.items]


@given(st.lists(readings, min_size=1, max_size=4, unique_by=lambda one: one.id))
@settings(max_examples=150, deadline=None)
def test_what_goes_out_comes_in_the_same(group: list[Snippet]) -> None:
    group = [replace(one, title=f"{number} {one.title}"[:60].strip()) for number, one in enumerate(group)]
    [packed], [written] = write_zips(group), write_json(group)
    assert plain(read("a.zip", packed)) == group
    assert plain(read("a.json", written)) == group


@pytest.mark.parametrize(
    "body",
    [
        "one\ntwo",
        "one\\\ntwo",
        "one\\\\\ntwo",
        "a\n- b\nc\n\nd",
        "# head\n---\nend",
        "one\\",
        "a\\\n\\\n\\",
        "a\n1. b\n> c\nd",
    ],
)
def test_every_line_break_is_kept(body: str) -> None:
    one = group_snippet("own-aaaaaaaaaaaa", title="Lines", topic="coping", body=body, day=DAY)
    assert plain(read("a.zip", write_zips([one])[0])) == [one]


def test_the_order_is_kept_and_a_big_group_is_parted_into_files_that_come_in_again() -> None:
    claim = Claim("é" * 300, "ü" * 200, "2013", "https://example.org/" + "a" * 380)
    group = [
        group_snippet(
            f"own-{number:0>12}".translate(str.maketrans("0189", "abcd")),
            title=f"w{number} on the way",
            topic="coping",
            body="Word " * 180,
            day=DAY,
            claims=[claim] * 8,
        )
        for number in range(200)
    ]
    for name, parts in (("a.zip", write_zips(group)), ("a.json", write_json(group))):
        assert len(parts) == 3
        assert all(len(part) <= MOST_BYTES for part in parts)
        assert [one for part in parts for one in plain(read(name, part))] == group


def test_the_files_of_an_archive_are_named_after_their_readings() -> None:
    titles = ("Au café, déjà vu", "散歩", "A long one " * 5)
    group = [
        group_snippet(f"own-{'abc'[n]:a<12}", title=title, topic="coping", body="a", day=DAY)
        for n, title in enumerate(titles)
    ]
    with zipfile.ZipFile(BytesIO(write_zips(group)[0])) as archive:
        assert archive.namelist() == [
            "001-au-cafe-deja-vu.md", "002-reading.md", "003-a-long-one-a-long-one-a-long-one-a-long.md"
        ]  # fmt: skip


@given(
    st.binary(max_size=400),
    st.sampled_from(["a.zip", "a.json", "a.md", "a", ""]),
    st.sampled_from([b"", b"PK\3\4", b"{", b"---\n"]),
)
@settings(max_examples=400, deadline=None)
def test_random_bytes_are_faults_and_nothing_worse(noise: bytes, name: str, start: bytes) -> None:
    bundle = read(name, start + noise)
    assert bundle.faults
    assert not bundle.items


def _sound() -> bytes:
    files = {
        "a.md": "---\ntitle: A\ntopic: coping\n---\n\nWords.\n",
        "b/c.md": "---\ntitle: B\ntopic: coping\n---\n\nMore.\n",
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


SOUND = _sound()


@given(
    st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=6),
    st.integers(0, len(SOUND)),
)
@settings(max_examples=600, deadline=None)
def test_a_damaged_archive_is_a_fault_and_nothing_worse(damage: list[tuple[int, int]], kept: int) -> None:
    hurt = bytearray(SOUND)
    for place, value in damage:
        hurt[place] = value
    read("a.zip", bytes(hurt))
    read("a.zip", bytes(hurt[:kept]))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["title", "topic", "body", "tags", "claims", "year", "id"]), inner, max_size=5
        )
    ),
    max_leaves=12,
)


@given(st.lists(json_values, max_size=4))
@settings(max_examples=300, deadline=None)
def test_json_of_any_shape_is_read_without_an_error(values: list[object]) -> None:
    import json

    read("a.json", json.dumps({"snippets": values}).encode())
    read("a.md", b"---\n" + json.dumps(values).encode() + b"\n---\nbody")
    read("a.md", b"---\n" + json.dumps({"title": "a", "claims": values, "tags": values}).encode() + b"\n---\nbody")

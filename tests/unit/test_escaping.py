"""Somebody's words in a post: Discord formats none of their signs, and what was typed can be read back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.escaping import escaped, fitting, isolated, plain, widened

SIGNS = "*_~`|<>#[]()\\@-+:/.1 2abz09é\n\t\u05e9"
# What is never in tidied words.
HIDDEN = "\u200b\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e"
TYPED = st.one_of(st.text(max_size=400), st.text(SIGNS, max_size=80)).map(
    lambda text: "".join(sign for sign in text if sign not in HIDDEN)
)


@given(TYPED)
def test_what_was_typed_comes_back_whole(typed: str) -> None:
    assert plain(escaped(typed)) == typed
    assert plain(isolated(escaped(typed))) == typed


@given(TYPED)
def test_no_sign_is_left_to_discord(typed: str) -> None:
    shown = re.sub(r"https?://[^\s\\<>()\[\]|*`]+", "", escaped(typed))
    bare = re.sub(r"\\[^a-zA-Z0-9\s]", "", shown)
    assert not set(bare) & set("*_~`|<>[]()")
    assert not re.search(r"@(everyone|here)\b", shown)
    for line in shown.split("\n"):
        assert not re.match(r"[ \t]*(#|-|\+|\d+\.)", line)


@given(TYPED)
def test_wide_signs_take_no_more_room_and_format_nothing(typed: str) -> None:
    wide = widened(typed)
    assert len(wide) == len(typed)
    assert not set(wide) & set("\\*_~`|<>[]()@")
    for line in wide.split("\n"):
        assert not re.match(r"[ \t]*(#|-|\+|\d+\.)", line)


@given(st.lists(TYPED, max_size=4), st.integers(0, 4000))
def test_what_has_room_as_typed_has_room_as_shown(texts: list[str], room: int) -> None:
    if sum(map(len, texts)) <= room:
        assert sum(map(len, fitting(texts, room))) <= room


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("# big\n## bigger", "\\# big\n\\## bigger"),
        ("first\n- one\n  - two\n+ three", "first\n\\- one\n  \\- two\n\\+ three"),
        ("1. one\n12. twelve\n1.5 of 2", "1\\. one\n12\\. twelve\n1\\.5 of 2"),
        ("-# small", "\\-# small"),
        ("> quote\n>>> all", "\\> quote\n\\>\\>\\> all"),
        ("a - b # c + d 3. e", "a - b # c + d 3. e"),
        ("<@123> <@&5> @everyone", "\\<@123\\> \\<@&5\\> @\u200beveryone"),
        ("see https://a.example/b_c~d", "see https://a.example/b_c~d"),
        ("```\ncode\n```", "\\`\\`\\`\ncode\n\\`\\`\\`"),
    ],
)
def test_signs_become_letters_on_every_line(typed: str, shown: str) -> None:
    assert escaped(typed) == shown


def test_lines_keep_their_own_direction() -> None:
    assert (
        isolated("\u05e9\u05dc\u05d5\u05dd (a)\n\nplain")
        == "\u2068\u05e9\u05dc\u05d5\u05dd (a)\u2069\n\n\u2068plain\u2069"
    )

"""A note is shown as it was typed: none of its signs formats, mentions, or hides an address."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.learn.rules import LONGEST_NOTE, escaped, plain, tidy

SIGNS = "*_~`|<>#[]()\\@-+:/. abz09é\n\t"
TYPED = st.one_of(st.text(max_size=400), st.text(SIGNS, max_size=60))


@given(TYPED)
def test_what_was_typed_comes_back_whole(typed: str) -> None:
    note = tidy(typed)
    assert plain(escaped(note)) == note
    assert tidy(note) == note
    assert len(note) <= LONGEST_NOTE
    assert "\n" not in note


@given(TYPED)
def test_no_sign_outside_of_an_address_is_left_to_discord(typed: str) -> None:
    shown = re.sub(r"https?://[^\s\\<>()\[\]|*`]+", "", escaped(tidy(typed)))
    bare = re.sub(r"\\[^a-zA-Z0-9\s]", "", shown)
    assert not set(bare) & set("*_~`|<>[]()")
    assert not re.match(r"#|-|\+", bare.strip()) or shown != bare
    assert not re.search(r"@(everyone|here)\b", shown)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("For anyone awake.", "For anyone awake."),
        ("**loud** _and_ ||hidden||", "\\*\\*loud\\*\\* \\_and\\_ \\|\\|hidden\\|\\|"),
        ("<@123> <@&5> <#7> <:x:9>", "\\<@123\\> \\<@&5\\> \\<#7\\> \\<:x:9\\>"),
        ("@everyone @here hello@heretic", "@\u200beveryone @\u200bhere hello@heretic"),
        ("# big", "\\# big"),
        ("-# small", "\\-# small"),
        ("> quote", "\\> quote"),
        ("[safe](https://bad.example) [b](c)", "\\[safe\\]\\(https://bad.example\\) \\[b\\]\\(c\\)"),
        ("see https://a.example/b_c~d", "see https://a.example/b_c~d"),
        ("two\nlines   and\tspaces", "two lines and spaces"),
        ("\u202egnp.evil\u202c and \u2066more\u2069", "gnp.evil and more"),  # turns no reading direction
        ("\u200d \u2800\u3164", ""),  # nothing to see is no note
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
    ],
)
def test_signs_become_letters(typed: str, shown: str) -> None:
    assert escaped(tidy(typed)) == shown


def test_a_long_note_ends_where_the_room_ends() -> None:
    assert len(tidy("word " * 200)) <= LONGEST_NOTE

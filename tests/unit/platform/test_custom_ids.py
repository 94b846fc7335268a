import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discordkit.custom_ids import LONGEST, ItemId, decode, encode

names = st.from_regex(r"[a-z][a-z0-9_]{0,15}", fullmatch=True)
keys = st.text(alphabet=string.ascii_letters + string.digits + ":/~_-+. ", max_size=40)


@given(names, names, keys, st.from_regex(r"([a-z2-7]{12})?", fullmatch=True))
def test_what_goes_in_comes_out(feature: str, verb: str, key: str, submission: str) -> None:
    assert decode(encode(feature, verb, key, submission)) == ItemId(feature, verb, key, submission)


@given(st.text(max_size=120))
def test_anything_else_is_nobodys(words: str) -> None:
    item = decode(words)
    assert item is None or words.startswith("ek1:")


@pytest.mark.parametrize(
    "custom_id", ["", "ek1", "ek1:learn", "ek2:learn:save:x", "ek1:Learn:save:x", "ek1:learn:sa ve:x"]
)
def test_ids_out_of_form_are_not_ours(custom_id: str) -> None:
    assert decode(custom_id) is None


def test_the_platforms_limit_holds() -> None:
    room = LONGEST - len("ek1:a:b:")
    assert len(encode("a", "b", "x" * room)) == LONGEST
    with pytest.raises(ValueError, match="100"):
        encode("a", "b", "x" * (room + 1))


def test_the_form_separator_is_reserved() -> None:
    with pytest.raises(ValueError, match="separator"):
        encode("a", "b", "x#y")

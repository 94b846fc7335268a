"""Sharing with a note: what it may hold, whose it is, and that it is kept with consent only."""

import pytest

from bot.contracts import Post
from bot.errors import Refusal
from bot.members import Consents
from cogs.learn.rules import LONGEST_NOTE, escaped
from cogs.learn.service import Note, SharingService, Visitor
from cogs.learn.ui import Place, unpacked
from tests.unit.learn.conftest import HERE, ROBIN, THERE, WREN, Desk

CALM = "slow-breathing"


@pytest.fixture
def consents(desk: Desk) -> Consents:
    return Consents(desk.database, desk.clock)


@pytest.fixture
def sharing(desk: Desk, consents: Consents) -> SharingService:
    return SharingService(desk.database, desk.clock, consents, desk.store.shared)


async def _agree(desk: Desk, consents: Consents, user_id: int = ROBIN) -> None:
    async with desk.database.write() as writer:
        await consents.agree(writer, HERE, user_id)


async def test_a_mark_is_taken_once(sharing: SharingService) -> None:
    assert await sharing.first_press("abcdefghijkl.1")
    assert not await sharing.first_press("abcdefghijkl.1")
    assert await sharing.first_press("abcdefghijkl.2")


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("I was on 2 mg and it went fine", ("2 mg",)),
        ("Cut 10% every two weeks, like me", True),
        ("take half a tablet", True),
        ("Melatonin helped me", True),
        ("This one got me through last night.", ()),
        ("Two years on, and still breathing slowly.", ()),
        ("", ()),
    ],
)
def test_a_note_names_no_dose_and_no_schedule(sharing: SharingService, note: str, found: object) -> None:
    told = sharing.amounts(note)
    assert told == found if isinstance(found, tuple) else told
    assert all(part in note for words in told for part in words.split(" … "))


async def test_nothing_is_kept_without_consent(desk: Desk, consents: Consents, sharing: SharingService) -> None:
    robin = Visitor(HERE, ROBIN)
    snippet = await desk.service.snippet(HERE, CALM)
    assert not await sharing.agreed(robin)
    assert not await sharing.keep(HERE, ROBIN, CALM, Post(7, 70))
    assert await sharing.last_of(robin, snippet) is None
    await _agree(desk, consents)
    assert await sharing.agreed(robin)
    assert await sharing.keep(HERE, ROBIN, CALM, Post(7, 70))
    kept = await sharing.last_of(robin, snippet)
    assert kept is not None
    assert kept.post == Post(7, 70)


async def test_a_post_is_its_writers_alone(desk: Desk, consents: Consents, sharing: SharingService) -> None:
    await _agree(desk, consents)
    await sharing.keep(HERE, ROBIN, CALM, Post(7, 70))
    mine = await sharing.own(Visitor(HERE, ROBIN), 70)
    assert mine is not None
    assert await sharing.own(Visitor(THERE, ROBIN), 70) is None
    with pytest.raises(Refusal) as refused:
        await sharing.own(Visitor(HERE, WREN), 70)
    assert refused.value.key == "kit.refused.not_yours"
    await sharing.forget(mine)
    assert await sharing.own(Visitor(HERE, ROBIN), 70) is None


def test_ids_stay_short_enough_and_come_back() -> None:
    place = Place("x" * 50, 2**63 - 1, "abcdefghijkl.99")
    assert len(f"ek1:learn:publish:{place.key}") <= 100
    assert Place.of(place.key) == place
    form = Place("x" * 50, 2**63 - 1, "")
    assert len(f"ek1:learn:noted:{form.key}#abcdefghijkl") <= 100
    assert Place.of(form.key) == form


@pytest.mark.parametrize("signs", ["", "-1", "ABC", "1.2", "z" * 14, "é"])
def test_other_signs_are_no_number(signs: str) -> None:
    with pytest.raises(Refusal):
        unpacked(signs)


def test_the_longest_note_fits_above_the_longest_reading() -> None:
    assert len(Note(ROBIN, escaped("*" * LONGEST_NOTE)).shown) == 2 * LONGEST_NOTE

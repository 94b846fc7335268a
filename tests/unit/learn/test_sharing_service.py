"""Sharing with a note: what it may hold, whose it is, and that it is kept with consent only."""

import random
from datetime import timedelta

import pytest

from bot.contracts import Post
from bot.errors import Refusal
from bot.ids import Ids
from bot.members import Consents
from cogs.learn.rules import LONGEST_NOTE, as_read, escaped
from cogs.learn.service import Note, SharingService, Visitor
from cogs.learn.ui import Place, unpacked
from tests.unit.learn.conftest import HERE, ROBIN, THERE, WREN, Desk

CALM, MARK = "slow-breathing", "abcdefghijkl.1"


@pytest.fixture
def consents(desk: Desk) -> Consents:
    return Consents(desk.database, desk.clock)


@pytest.fixture
def sharing(desk: Desk, consents: Consents) -> SharingService:
    return SharingService(desk.database, desk.clock, Ids(desk.clock, random.Random(1)), consents, desk.store.shared)


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
        ("\uff12\uff4d\uff47 was enough", ("2mg",)),  # wide letters
        ("2 m\u200dg was enough", True),  # a joiner in the middle
        ("This one got me through last night.", ()),
        ("Two years on, and still breathing slowly.", ()),
        ("", ()),
    ],
)
def test_a_note_names_no_dose_and_no_schedule(sharing: SharingService, note: str, found: object) -> None:
    told = sharing.amounts(note)
    assert told == found if isinstance(found, tuple) else told
    assert all(part in as_read(note) for words in told for part in words.split(" … "))


async def test_nothing_is_kept_without_consent(desk: Desk, consents: Consents, sharing: SharingService) -> None:
    robin = Visitor(HERE, ROBIN)
    snippet = await desk.service.snippet(HERE, CALM)
    assert not await sharing.agreed(robin)
    assert not await sharing.keep(HERE, ROBIN, CALM, Post(7, 70), MARK)
    assert await sharing.last_of(robin, snippet) is None
    await _agree(desk, consents)
    assert await sharing.agreed(robin)
    assert await sharing.keep(HERE, ROBIN, CALM, Post(7, 70), MARK)
    kept = await sharing.last_of(robin, snippet)
    assert kept is not None
    assert kept.post == Post(7, 70)


async def _waiting(desk: Desk) -> list[tuple[str, str]]:
    async with desk.database.read() as reader:
        rows = await reader.fetch_all("SELECT dedupe_key, payload FROM jobs ORDER BY dedupe_key")
    return [(row["dedupe_key"], row["payload"]) for row in rows]


async def test_a_post_with_a_note_is_doubted_until_it_is_kept(
    desk: Desk, consents: Consents, sharing: SharingService
) -> None:
    await _agree(desk, consents)
    assert await sharing.first_noted_press(MARK, HERE, 7, CALM)
    assert not await sharing.first_noted_press(MARK, HERE, 7, CALM)
    desk.clock.advance(timedelta(seconds=30))
    assert await sharing.first_noted_press("abcdefghijkl.2", HERE, 7, CALM)
    assert await sharing.first_noted_press("mnopqrstuvwx.1", HERE, 7, CALM)
    doubted = await _waiting(desk)
    assert [key for key, _ in doubted] == [
        "learn.unkept:abcdefghijkl.1",
        "learn.unkept:abcdefghijkl.2",
        "learn.unkept:mnopqrstuvwx.1",
    ]
    assert not any(str(ROBIN) in payload for _, payload in doubted)
    assert await sharing.keep(HERE, ROBIN, CALM, Post(7, 70), "abcdefghijkl.2")
    assert [key for key, _ in await _waiting(desk)] == ["learn.unkept:mnopqrstuvwx.1"]


async def test_a_post_is_its_writers_alone(desk: Desk, consents: Consents, sharing: SharingService) -> None:
    await _agree(desk, consents)
    await sharing.keep(HERE, ROBIN, CALM, Post(7, 70), MARK)
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

"""The reply guarantee's small decisions: when to look again, what counts as words, where an answer goes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.checkins.rules import Choice, Companion, Move, Place
from cogs.checkins.rules.replies import LOOK_AGAIN, TEAM_AFTER, WAIT
from cogs.checkins.service.guarantee import ask_of, is_private
from cogs.checkins.service.looks import Wish, next_look
from cogs.checkins.service.replies import LONGEST_REPLY, Sending, tidied
from cogs.checkins.service.team import LOOKED_AT_FOR, Telling
from cogs.checkins.store.replies import Reply
from cogs.checkins.store.requests import CompanionRequest
from cogs.checkins.ui import replies as ui
from tests.features.answering import made_entry

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def wish(
    after: timedelta,
    *,
    people: tuple[int, ...] = (),
    asked: tuple[CompanionRequest, ...] = (),
    **changes: Any,
) -> Wish:
    posted = {"channel_id": 8, "message_id": 9, "asked_at": NOW}
    entry = made_entry(1, 2, 3, NOW, **{**posted, **changes})
    companions = tuple(Companion(one, UTC, opted_in=True, has_role=True, sees=True) for one in people)
    return Wish(entry, ask_of(entry, asked), companions, asked, WAIT, resting=False, role=5, now=NOW + after)


@pytest.mark.parametrize(
    ("after", "told", "next_after"),
    [
        (45 * MINUTE, False, HOUR),
        (170 * MINUTE, False, TEAM_AFTER),
        (TEAM_AFTER, False, TEAM_AFTER + LOOK_AGAIN),
        (5 * HOUR, False, 5 * HOUR + LOOK_AGAIN),
        (5 * HOUR, True, 6 * HOUR),
        (25 * HOUR, True, 49 * HOUR),
        (40 * 24 * HOUR, False, 40 * 24 * HOUR + LOOK_AGAIN),
    ],
)
def test_when_a_wish_is_looked_at_next(after: timedelta, told: bool, next_after: timedelta) -> None:
    assert next_look(NOW, NOW + after, told=told) == NOW + next_after


def test_a_wish_the_team_knows_of_is_let_go_after_a_month() -> None:
    assert next_look(NOW, NOW + LOOKED_AT_FOR, told=True) is None


@given(st.integers(min_value=0, max_value=60 * 24 * 31), st.booleans())
def test_the_next_look_is_ahead_and_never_in_the_same_quarter(minutes: int, told: bool) -> None:
    """Or its key would be that of the look which plans it, and the chain would end."""
    now = NOW + minutes * MINUTE
    at = next_look(NOW, now, told=told)
    if at is not None:
        assert (at - NOW) // LOOK_AGAIN > (now - NOW) // LOOK_AGAIN


def test_without_a_role_a_post_or_discords_word_nobody_is_asked() -> None:
    ready = wish(46 * MINUTE, people=(7,))
    assert ready.step(()).companion_id == 7
    assert ready.step({7}).move is Move.TELL_EARLY
    assert wish(46 * MINUTE, people=(7,), message_id=None).step(()).move is Move.TELL_EARLY
    no_role = Wish(ready.entry, ready.ask, ready.companions, (), WAIT, resting=False, role=None, now=ready.now)
    assert no_role.step(()).move is Move.TELL_EARLY


def test_an_entry_without_a_post_is_told_at_once_and_once() -> None:
    lost: dict[str, Any] = {"place": Place.NOWHERE, "channel_id": None, "message_id": None}
    assert wish(MINUTE, people=(7,), **lost).step(()).move is Move.TELL_EARLY
    assert wish(MINUTE, people=(7,), told_early=True, **lost).step(()).move is Move.WAIT
    assert wish(TEAM_AFTER, told_early=True, **lost).step(()).move is Move.TELL
    assert wish(TEAM_AFTER, told_early=True, told=True, **lost).step(()).move is Move.NOTHING
    assert wish(MINUTE, people=(7,), answered_at=NOW, **lost).step(()).move is Move.NOTHING


def test_a_request_stands_while_its_companion_may_answer() -> None:
    asked = (CompanionRequest(1, 7, 2, NOW),)
    assert wish(HOUR, people=(7, 8), asked=asked).standing() == 7
    assert wish(HOUR, people=(8,), asked=asked).standing() is None
    assert wish(HOUR, people=(7,), asked=(CompanionRequest(1, 7, 2, NOW, fell_through=True),)).standing() is None


@pytest.mark.parametrize(
    ("choice", "place", "private"),
    [
        (Choice.GROUP, Place.GROUP, False),
        (Choice.GROUP_REPLY, Place.GROUP, False),
        (Choice.GROUP_REPLY, Place.CARE, False),  # on its way to the group
        (Choice.GROUP_REPLY, Place.NOWHERE, True),
        (Choice.TEAM, Place.CARE, True),
        (Choice.TEAM_REACH_OUT, Place.GROUP, True),  # on its way to the team
        (Choice.TEAM_REACH_OUT, Place.NOWHERE, True),
    ],
)
def test_where_an_answer_goes(choice: Choice, place: Place, private: bool) -> None:
    assert is_private(made_entry(1, 2, 3, NOW, choice=choice, place=place)) is private


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  Hello \r\n\r\n\r\n\r\nyou  ", "Hello\n\nyou"),
        ("", ""),
        (" \u200b \n", ""),
        ("\u2800\u2800", ""),
        ("\u202eevil", "evil"),
        ("שלום 👩\u200d👧", "שלום 👩\u200d👧"),
        ("x" * LONGEST_REPLY, "x" * LONGEST_REPLY),
        ("x" * (LONGEST_REPLY + 5), "x" * LONGEST_REPLY),
    ],
)
def test_words_are_kept_as_they_are_meant(typed: str, words: str) -> None:
    assert tidied(typed) == words


def test_an_entry_that_asks_for_nothing_has_no_wish() -> None:
    with pytest.raises(ValueError, match="asks for nothing"):
        ask_of(made_entry(1, 2, 3, NOW, asked_at=None))


def test_a_room_is_named_alike_each_time_and_after_nobody() -> None:
    entries = [made_entry(number, 2, 3, NOW) for number in range(500)]
    names = [ui.room_name(entry) for entry in entries]
    assert len(set(names)) == 500
    assert names[7] == ui.room_name(entries[7])
    assert len(names[0]) < 40


async def test_every_panel_fits_at_its_fullest() -> None:
    """`draw` refuses what Discord would refuse."""
    entry = made_entry(2**62, 2**62, 2**62, NOW, channel_id=2**62, message_id=2**62, asked_at=NOW)
    care = made_entry(2**62, 2**62, 2**62, NOW, choice=Choice.TEAM_REACH_OUT, place=Place.CARE, asked_at=NOW)
    reply = Reply(2**62, 2**62, 2**62, 2**62, NOW, "*" * LONGEST_REPLY)
    panels = [
        ui.ask_panel(entry, "*" * 100), ui.ask_panel(care, None), ui.cannot_panel(waits=True),
        ui.told_panel(Telling(entry, early=True), (5, 6)), ui.told_panel(Telling(care, early=False), ()),
        ui.answered_panel(entry), ui.reply_post(Sending(reply, entry, apart=False)),
        ui.reply_post(Sending(reply, care, apart=True)), ui.receipt_panel(reply, entry), ui.receipt_panel(reply, care),
        ui.held_panel((), 2**62, "a" * 12, "*" * LONGEST_REPLY), ui.back_panel(reply), ui.waiting_panel((), 0),
        ui.call_panel(entry, room=True), *(ui.waiting_panel((entry, care) * 20, page) for page in (-1, 0, 2, 99)),
    ]  # fmt: skip
    for panel in panels:
        panel.draw()
    assert "\\*" in str(ui.ask_panel(entry, "*").blocks[0])

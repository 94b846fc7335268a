"""Every transition between the five choices, against a table written by hand and a model of what stands where."""

from itertools import product

import pytest

from cogs.checkins.rules import Act, Asking, Choice, Place, asking, steps
from cogs.checkins.rules.audience import Step

ME, TEAM, REACH, GROUP, REPLY = Choice
ENDS: tuple[Choice | None, ...] = (None, *Choice)
LETTERS = {"-": None, "m": ME, "t": TEAM, "T": REACH, "g": GROUP, "G": REPLY}
STEPS = {
    "+c": Step(Act.MAKE, Place.CARE), "-c": Step(Act.DELETE, Place.CARE), "=c": Step(Act.EDIT, Place.CARE),
    "+g": Step(Act.MAKE, Place.GROUP), "-g": Step(Act.DELETE, Place.GROUP), "=g": Step(Act.EDIT, Place.GROUP),
}  # fmt: skip
# Rows are from, columns to; with the words as they were. `.` is nothing.
WORDS_KEPT = """
      -     m     t       T       g       G
-     .     .     +c      +c      +g      +g
m     .     .     +c      +c      +g      +g
t     -c    -c    .       =c      -c+g    -c+g
T     -c    -c    =c      .       -c+g    -c+g
g     -g    -g    -g+c    -g+c    .       =g
G     -g    -g    -g+c    -g+c    =g      .
"""
# An unanswered wish, then an answered one: n(one) o(pen) k(eep) w(ithdraw).
ASKING = """
      -     m     t     T     g     G
-     nn    nn    nn    oo    nn    oo
m     nn    nn    nn    oo    nn    oo
t     nn    nn    nn    oo    nn    oo
T     ww    ww    ww    kk    ww    ko
g     nn    nn    nn    oo    nn    oo
G     ww    ww    ww    ko    ww    kk
"""
ASKINGS = {"n": Asking.NONE, "o": Asking.OPEN, "k": Asking.KEEP, "w": Asking.WITHDRAW}


def table(drawn: str) -> list[tuple[Choice | None, Choice | None, str]]:
    head, *rows = (line.split() for line in drawn.strip().splitlines())
    return [
        (LETTERS[row[0]], LETTERS[to], cell) for row in rows for to, cell in zip(head, row[1:], strict=True)
    ]  # fmt: skip


def test_the_tables_hold_every_pair() -> None:
    for drawn in (WORDS_KEPT, ASKING):
        assert {(before, after) for before, after, _ in table(drawn)} == set(product(ENDS, ENDS))


@pytest.mark.parametrize(("before", "after", "cell"), table(WORDS_KEPT))
def test_what_is_done_to_the_posts(before: Choice | None, after: Choice | None, cell: str) -> None:
    expected = () if cell == "." else tuple(STEPS[cell[place : place + 2]] for place in range(0, len(cell), 2))
    assert steps(before, after) == expected
    same_place = before is not None and before is after and before is not ME
    with_words = (Step(Act.EDIT, before.place),) if same_place and before is not None else expected
    assert steps(before, after, words_changed=True) == with_words


@pytest.mark.parametrize(("before", "after", "cell"), table(ASKING))
def test_what_becomes_of_the_wish_for_a_reply(before: Choice | None, after: Choice | None, cell: str) -> None:
    assert asking(before, after) is ASKINGS[cell[0]]
    assert asking(before, after, answered=True) is ASKINGS[cell[1]]


@pytest.mark.parametrize(("first", "second", "third"), list(product(Choice, ENDS, ENDS)))
def test_after_any_two_changes_the_post_stands_where_the_last_choice_says_and_nowhere_else(
    first: Choice, second: Choice | None, third: Choice | None
) -> None:
    if second is None and third is not None:
        return  # a deleted entry doesn't come back
    standing: set[Place] = set()
    for before, after, words in ((None, first, False), (first, second, True), (second, third, False)):
        for step in steps(before, after, words_changed=words):
            if step.act is Act.MAKE:
                assert not standing  # never in two places, not even in between
                standing.add(step.place)
            else:
                assert step.place in standing
                if step.act is Act.DELETE:
                    standing.remove(step.place)
    expected = third.place if third else Place.NOWHERE
    assert standing == ({expected} if expected is not Place.NOWHERE else set())


@pytest.mark.parametrize("words_changed", [False, True])
def test_nothing_leaves_just_me_but_by_a_choice_and_going_back_deletes(words_changed: bool) -> None:
    assert steps(None, ME, words_changed=words_changed) == ()
    assert steps(ME, ME, words_changed=words_changed) == ()
    assert steps(ME, None, words_changed=words_changed) == ()
    for choice in set(Choice) - {ME}:
        assert steps(choice, ME, words_changed=words_changed) == (Step(Act.DELETE, choice.place),)
        assert steps(choice, None, words_changed=words_changed) == (Step(Act.DELETE, choice.place),)


def test_what_each_choice_means() -> None:
    meant = {choice: (choice.place, choice.asks) for choice in Choice}
    assert meant == {
        ME: (Place.NOWHERE, False),
        TEAM: (Place.CARE, False),
        REACH: (Place.CARE, True),
        GROUP: (Place.GROUP, False),
        REPLY: (Place.GROUP, True),
    }

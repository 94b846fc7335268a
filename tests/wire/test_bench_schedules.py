"""The rush of check-ins is measured: tiny counts, and never a judgement on time."""

from __future__ import annotations

import dataclasses
import sys

import pytest

from bench import schedules
from bench.rush import FORM, QUICK, TIMEZONE, Phase, Plan, Rush

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the benchmark reads /proc")


def _rush(*moments: int, held: list[tuple[int, int]] | None = None, guilds: int = 2) -> Rush:
    posts = tuple((moment, place % guilds, place) for place, moment in enumerate(moments))
    plan = Plan(guilds=guilds, each=len(moments) // guilds)
    return Rush(plan, 0, posts, Phase(), Phase(held=held or []), 0, len(posts), len(posts), 0)


def test_every_check_in_is_posted_and_people_are_answered() -> None:
    plan = dataclasses.replace(QUICK, guilds=4, each=2, people=2, ahead=6.0, calm=2.0)
    seen = schedules.measure(plan)
    assert len(seen.posts) == seen.kept == seen.tomorrow == 8
    assert seen.twice == 0
    assert len(seen.firsts()) == 4
    assert seen.calm.unopened == seen.rush.unopened == 0
    assert seen.calm.answers[TIMEZONE]
    assert seen.calm.answers[FORM]
    assert "missing 0, twice 0" in str(seen)


def test_the_busiest_second_begins_anywhere() -> None:
    assert _rush(0, 600, 1100, 1599).busiest() == 3
    assert _rush(0, 1000, 2000, 3000).busiest() == 1


def test_seconds_in_which_discord_stood_still_say_nothing() -> None:
    assert _rush(0, 3000, 3001, 3002, held=[(2700, 3000)]).busiest(undisturbed=True) == 1


def test_posts_that_miss_and_posts_that_came_twice_are_told() -> None:
    seen = dataclasses.replace(_rush(0, 22, 44, 66), posts=((0, 1, 1), (22, 1, 1), (44, 2, 3)))
    assert seen.twice == 1
    assert "missing 2, twice 1" in str(seen)
    assert [place for place, _ in seen.firsts()] == [1, 3]


def test_a_rush_without_a_post_is_told() -> None:
    assert "no post came" in str(_rush())

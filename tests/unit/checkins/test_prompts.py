"""The rotation of the group's prompts."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.content import Prompt
from bot.content.prompts import REST_DAYS
from cogs.checkins.rules import next_prompt

MONDAY = date(2026, 1, 5)
DAY = timedelta(days=1)


def made_prompt(name: str, kinds: tuple[str, ...] = (), days: tuple[int, ...] = ()) -> Prompt:
    return Prompt(name, "How is it where you are?", kinds, days)


def some(count: int) -> list[Prompt]:
    return [made_prompt(f"p{place}") for place in range(count)]


def lived(prompts: Sequence[Prompt], dates: Sequence[date], seed: str = "1:1", kind: str = "recovery") -> list[str]:
    used: dict[str, date] = {}
    walked = []
    for day in dates:
        chosen = next_prompt(prompts, used, day, kind=kind, seed=seed)
        assert chosen is not None
        used[chosen.id] = day
        walked.append(chosen.id)
    return walked


def days(count: int) -> list[date]:
    return [MONDAY + step * DAY for step in range(count)]


@given(st.integers(1, 80), st.text(max_size=5))
def test_all_are_used_before_any_comes_again(count: int, seed: str) -> None:
    walked = lived(some(count), days(3 * count), seed)
    for place in range(len(walked) - count + 1):
        assert len(set(walked[place : place + count])) == count


made = st.builds(
    lambda kinds, days: (kinds, days),
    st.sets(st.sampled_from(["recovery", "family"])).map(tuple),
    st.sets(st.integers(0, 6)).map(tuple),
)


@given(st.lists(made, max_size=30), st.integers(31, 60))
def test_where_enough_fit_none_comes_again_within_30_days(
    odd: list[tuple[tuple[str, ...], tuple[int, ...]]], count: int
) -> None:
    prompts = [*some(count), *(made_prompt(f"odd{place}", *one) for place, one in enumerate(odd))]
    walked, known = lived(prompts, days(200)), {one.id: one for one in prompts}
    for place, chosen in enumerate(walked):
        assert chosen not in walked[max(0, place - REST_DAYS) : place]
        assert not known[chosen].kinds or "recovery" in known[chosen].kinds
        assert not known[chosen].days or days(200)[place].weekday() in known[chosen].days


def test_groups_and_schedules_have_orders_of_their_own() -> None:
    prompts = some(60)
    walks = {tuple(lived(prompts, days(60), seed)) for seed in ("1:1", "1:2", "2:1")}
    assert len(walks) == 3
    assert lived(prompts, days(60)) == lived(prompts[::-1], days(60))


def test_a_new_one_comes_first_and_none_where_none_fits() -> None:
    used = {"p0": MONDAY, "p1": MONDAY + DAY}
    chosen = next_prompt([*some(2), made_prompt("new")], used, MONDAY + 2 * DAY, kind="recovery", seed="s")
    assert chosen == made_prompt("new")
    assert next_prompt([made_prompt("tuesdays", days=(1,))], {}, MONDAY, kind="recovery", seed="s") is None
    assert next_prompt([made_prompt("tuesdays", days=(1,))], {}, MONDAY + DAY, kind="recovery", seed="s") is not None
    assert next_prompt([made_prompt("f", kinds=("family",))], {}, MONDAY, kind="recovery", seed="s") is None

"""Whose job is taken next."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.choice import GRACE, PER_GUILD, Waiting, choose, open_from

GRACE_MS = round(GRACE.total_seconds() * 1000)
NOW = 1_800_000_000_000


def _ours(guild_id: int) -> bool:
    return guild_id % 2 == 0


def test_the_grace_is_five_minutes() -> None:
    assert GRACE_MS == 300_000


def test_ours_and_nobodys_are_open_when_ready_others_after_the_grace() -> None:
    assert open_from(2, NOW, _ours) == NOW
    assert open_from(None, NOW, _ours) == NOW
    assert open_from(3, NOW, _ours) == NOW + GRACE_MS


def test_another_process_has_five_minutes_for_its_own() -> None:
    jobs = [Waiting(1, 3, NOW - GRACE_MS + 1), Waiting(2, 3, NOW - GRACE_MS), Waiting(3, 2, NOW), Waiting(4, None, NOW)]
    assert choose(jobs, NOW, _ours, {}, 10) == [2, 3, 4]


def test_running_jobs_count_towards_their_servers_share() -> None:
    jobs = [Waiting(number, 2, NOW) for number in range(10)] + [Waiting(20, 4, NOW)]
    assert choose(jobs, NOW, _ours, {2: PER_GUILD - 1}, 10) == [0, 20]
    assert choose(jobs, NOW, _ours, {2: PER_GUILD}, 10) == [20]


def test_no_more_than_the_free_places() -> None:
    jobs = [Waiting(number, number * 2, NOW) for number in range(10)]
    assert choose(jobs, NOW, _ours, {}, 3) == [0, 1, 2]
    assert choose(jobs, NOW, _ours, {}, 0) == []


_WAITING = st.lists(
    st.builds(
        Waiting,
        st.integers(1, 10_000),
        st.none() | st.integers(1, 6),
        st.integers(NOW - 2 * GRACE_MS, NOW + GRACE_MS),
    ),
    max_size=60,
    unique_by=lambda job: job.id,
)


@given(jobs=_WAITING, busy=st.dictionaries(st.none() | st.integers(1, 6), st.integers(0, 6)), places=st.integers(0, 20))
def test_a_choice_is_fair_allowed_and_as_large_as_it_may_be(
    jobs: list[Waiting], busy: dict[int | None, int], places: int
) -> None:
    chosen = choose(jobs, NOW, _ours, busy, places)
    by_id = {job.id: job for job in jobs}
    taken = Counter(by_id[job_id].guild_id for job_id in chosen)
    assert len(chosen) == len(set(chosen)) <= places
    assert all(open_from(by_id[i].guild_id, by_id[i].ready_at, _ours) <= NOW for i in chosen)
    assert all(count + busy.get(guild_id, 0) <= PER_GUILD for guild_id, count in taken.items())
    if len(chosen) < places:
        for job in jobs:
            is_open = open_from(job.guild_id, job.ready_at, _ours) <= NOW
            full = taken[job.guild_id] + busy.get(job.guild_id, 0) >= PER_GUILD
            assert job.id in chosen or not is_open or full

"""What follows from an attempt: every row of the table in `bot.jobs.verdict`."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import RefusedForGood, TryAgain
from bot.jobs.model import MOST_FAULTS
from bot.jobs.verdict import ATTEMPT_LIMIT, LEASE, Cut, Ending, Finished, Outcome, Standing, Verdict, is_fault, judge

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
FRESH = Standing(0, None)
TELLING = Standing(0, "gave_up:forbidden")


def _judge(ending: Ending, before: Standing = FRESH) -> Verdict:
    return judge(ending, before, NOW, random.Random(7), "7K2M-Q9XD")


def _wait(verdict: Verdict) -> float:
    assert verdict.free_at is not None
    return (verdict.free_at - NOW).total_seconds()


def test_an_attempt_ends_well_before_its_lease() -> None:
    assert timedelta(seconds=ATTEMPT_LIMIT) + timedelta(seconds=30) <= LEASE


class TestRunning:
    def test_what_ran_is_done(self) -> None:
        assert _judge(Finished.RAN, Standing(3, "try_again")) == Verdict(Outcome.DONE, 3, done_at=NOW)

    def test_what_was_skipped_is_over_and_says_so(self) -> None:
        assert _judge(Finished.SKIPPED) == Verdict(Outcome.SKIPPED, 0, "skipped_late", done_at=NOW)

    def test_for_now_is_kept_with_backoff(self) -> None:
        verdict = _judge(TryAgain(), Standing(2, "try_again"))
        assert (verdict.outcome, verdict.attempts, verdict.last_error) == (Outcome.KEPT, 3, "try_again")
        assert 10 <= _wait(verdict) <= 20
        assert not verdict.holds

    def test_the_other_sides_time_is_waited_out(self) -> None:
        assert _wait(_judge(TryAgain(after=300))) == 300
        assert _wait(_judge(TryAgain(after=0.1))) >= 2.5

    def test_out_of_time_is_kept_with_backoff(self) -> None:
        verdict = _judge(Cut.OUT_OF_TIME)
        assert (verdict.outcome, verdict.attempts, verdict.last_error) == (Outcome.KEPT, 1, "timed_out")
        assert _wait(verdict) >= 2.5

    def test_what_our_stop_cut_is_free_at_once_and_counts(self) -> None:
        assert _judge(Cut.STOPPED) == Verdict(Outcome.KEPT, 1, "stopped")

    def test_refused_for_good_goes_on_to_the_telling_under_the_lease(self) -> None:
        verdict = _judge(RefusedForGood("unknown_channel"), Standing(5, "try_again"))
        assert verdict == Verdict(Outcome.GIVING_UP, 0, "gave_up:unknown_channel", free_at=NOW + LEASE, holds=True)

    def test_prose_is_no_reason(self) -> None:
        assert _judge(RefusedForGood("Anna may not post here")).last_error == "gave_up:refused"

    @pytest.mark.parametrize("fault", [ValueError("Anna's words"), asyncio.CancelledError(), TimeoutError()])
    def test_a_defect_is_kept_by_kind_and_reference_without_its_words(self, fault: BaseException) -> None:
        verdict = _judge(fault)
        assert verdict.outcome is Outcome.KEPT
        assert verdict.last_error == f"fault {type(fault).__name__} 7K2M-Q9XD"

    def test_eight_defects_in_a_row_give_up(self) -> None:
        standing = FRESH
        for attempt in range(1, MOST_FAULTS):
            verdict = _judge(ValueError(), standing)
            assert (verdict.outcome, verdict.attempts) == (Outcome.KEPT, attempt)
            standing = Standing(verdict.attempts, verdict.last_error)
        verdict = _judge(ValueError(), standing)
        assert (verdict.outcome, verdict.last_error) == (Outcome.GIVING_UP, "gave_up:fault 7K2M-Q9XD")

    def test_an_outage_does_not_use_up_the_attempts_of_a_defect(self) -> None:
        verdict = _judge(ValueError(), Standing(40, "try_again"))
        assert verdict.outcome is Outcome.KEPT
        assert _judge(ValueError(), Standing(41, verdict.last_error)).outcome is Outcome.GIVING_UP

    @given(attempts=st.integers(0, 10_000), after=st.none() | st.floats(-10, 3600))
    def test_for_now_never_gives_up(self, attempts: int, after: float | None) -> None:
        verdict = _judge(TryAgain(after), Standing(attempts, "try_again"))
        assert verdict.outcome is Outcome.KEPT
        assert _wait(verdict) >= max(2.5, after or 0) - 1e-6


class TestTelling:
    def test_told_is_given_up(self) -> None:
        assert _judge(Finished.TOLD, TELLING) == Verdict(Outcome.GIVEN_UP, 0, "forbidden", failed_at=NOW)

    @pytest.mark.parametrize("ending", [TryAgain(), Cut.OUT_OF_TIME, Cut.STOPPED, ValueError()])
    def test_a_telling_that_failed_is_told_again_and_not_run_again(self, ending: Ending) -> None:
        verdict = _judge(ending, TELLING)
        assert (verdict.outcome, verdict.attempts) == (Outcome.KEPT, 1)
        assert Standing(1, verdict.last_error).reason == "forbidden"

    @pytest.mark.parametrize("before", [TELLING, Standing(7, "gave_up:forbidden")])
    def test_what_cannot_be_told_is_given_up_all_the_same(self, before: Standing) -> None:
        ending = RefusedForGood("forbidden") if before is TELLING else ValueError()
        verdict = _judge(ending, before)
        assert (verdict.outcome, verdict.last_error) == (Outcome.GIVEN_UP, "forbidden")
        assert verdict.failed_at == NOW


@pytest.mark.parametrize(
    ("ending", "fault"),
    [(Finished.RAN, False), (Cut.STOPPED, False), (TryAgain(), False), (RefusedForGood("x"), False),
     (ValueError(), True), (asyncio.CancelledError(), True)],
)  # fmt: skip
def test_only_the_unexpected_is_a_fault(ending: Ending, fault: bool) -> None:
    assert is_fault(ending) is fault


_ENDINGS = st.one_of(
    st.sampled_from([*Finished, *Cut]),
    st.builds(TryAgain, st.none() | st.floats(0, 100)),
    st.builds(RefusedForGood, st.text()),
    st.just(ValueError("words")),
)
_ERRORS = st.none() | st.sampled_from(["try_again", "stopped", "fault ValueError 7K2M-Q9XD", "gave_up:forbidden"])


@given(ending=_ENDINGS, before=st.builds(Standing, st.integers(0, 50), _ERRORS))
def test_a_job_is_over_exactly_when_its_row_says_so(ending: Ending, before: Standing) -> None:
    verdict = _judge(ending, before)
    assert verdict.outcome.final == ((verdict.done_at is None) != (verdict.failed_at is None))
    assert not (verdict.done_at and verdict.failed_at)
    assert verdict.holds == (verdict.outcome is Outcome.GIVING_UP)
    assert not (verdict.outcome.final and verdict.free_at)
    assert verdict.free_at is None or verdict.free_at > NOW

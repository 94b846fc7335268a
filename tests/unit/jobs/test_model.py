"""Late policy, backoff, nonces, payloads, the registry."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs import Job, JobKind, LatePolicy, Registry, backoff, nonce
from bot.jobs.model import FIRST_BACKOFF, LONGEST_BACKOFF, NONCE_LENGTH, check_payload

DUE = datetime(2026, 3, 29, 9, 0, tzinfo=UTC)
JOB_IDS = st.integers(0, 2**63 - 1)
PARTS = st.integers(0, 2**16 - 1)


async def _run(job: Job) -> None:
    """Deliver nothing."""


class TestLatePolicy:
    def test_the_last_moment_of_the_window_still_counts(self) -> None:
        policy = LatePolicy(timedelta(hours=36))
        assert not policy.too_late(DUE, DUE + timedelta(hours=36))
        assert policy.too_late(DUE, DUE + timedelta(hours=36, milliseconds=1))

    def test_without_a_window_it_is_never_too_late(self) -> None:
        assert not LatePolicy(None).too_late(DUE, DUE + timedelta(days=3650))

    def test_an_empty_window_allows_the_very_moment_only(self) -> None:
        assert not LatePolicy(timedelta(0)).too_late(DUE, DUE)
        assert LatePolicy(timedelta(0)).too_late(DUE, DUE + timedelta(milliseconds=1))

    def test_a_negative_window_is_refused(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            LatePolicy(timedelta(seconds=-1))

    @given(
        window=st.timedeltas(timedelta(0), timedelta(days=60)),
        late=st.timedeltas(timedelta(0), timedelta(days=60)),
        later=st.timedeltas(timedelta(0), timedelta(days=60)),
    )
    def test_what_is_too_late_stays_too_late(self, window: timedelta, late: timedelta, later: timedelta) -> None:
        policy = LatePolicy(window)
        assert policy.too_late(DUE, DUE + late) <= policy.too_late(DUE, DUE + late + later)
        assert policy.too_late(DUE, DUE + late) == (late > window)


class TestBackoff:
    @given(attempts=st.integers(1, 10_000), seed=st.integers())
    def test_it_stays_within_half_and_the_whole_of_its_span(self, attempts: int, seed: int) -> None:
        span = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** min(attempts - 1, 100))
        assert span / 2 <= backoff(attempts, random.Random(seed)) <= span <= 900

    def test_the_span_doubles_to_a_quarter_of_an_hour(self) -> None:
        longest = [max(backoff(n, random.Random(seed)) for seed in range(300)) for n in range(1, 11)]
        expected = [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
        assert longest == pytest.approx(expected, rel=0.02)

    def test_it_is_spread(self) -> None:
        source = random.Random(1)
        waits = [backoff(4, source) for _ in range(200)]
        assert min(waits) < 22
        assert max(waits) > 38


class TestNonce:
    @given(job_id=JOB_IDS, part=PARTS)
    def test_it_fits_and_is_always_the_same(self, job_id: int, part: int) -> None:
        made = nonce(job_id, part)
        assert 0 < len(made) <= NONCE_LENGTH == 25
        assert made == nonce(job_id, part)
        assert made.isascii()

    @given(one=st.tuples(JOB_IDS, PARTS), other=st.tuples(JOB_IDS, PARTS))
    def test_two_posts_never_share_one(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        assert (nonce(*one) == nonce(*other)) == (one == other)

    @pytest.mark.parametrize(("job_id", "part"), [(-1, 0), (2**63, 0), (1, -1), (1, 2**16)])
    def test_what_would_not_fit_is_refused(self, job_id: int, part: int) -> None:
        with pytest.raises(ValueError, match="nonce"):
            nonce(job_id, part)


class TestPayload:
    @given(
        st.dictionaries(
            st.from_regex(r"[a-z_]{1,20}", fullmatch=True),
            st.integers() | st.booleans() | st.none() | st.lists(st.integers()),
        )
    )
    def test_ids_pass(self, payload: dict[str, Any]) -> None:
        check_payload(payload)

    @pytest.mark.parametrize("token", ["Europe/Berlin", "2026-03-29T09:00:00+00:00", "care.request", "k7m2q9xd"])
    def test_short_tokens_pass(self, token: str) -> None:
        check_payload({"what": token, "all": [token, 3, None]})

    @given(st.text().filter(lambda text: any(sign.isspace() for sign in text)))
    def test_a_sentence_never_fits_and_is_not_repeated(self, words: str) -> None:
        with pytest.raises(ValueError, match="payload") as refused:
            check_payload({"note": words})
        assert str(refused.value) == "the payload's note is not a short token"

    @pytest.mark.parametrize("value", ["", "x" * 121, 1.5, {"a": 1}, b"x", [["nested"]], ["two words"]])
    def test_other_things_are_refused(self, value: object) -> None:
        with pytest.raises(ValueError, match="payload"):
            check_payload({"value": value})

    def test_a_sentence_as_a_key_is_refused(self) -> None:
        with pytest.raises(ValueError, match="key"):
            check_payload({"I feel low": 1})


class TestRegistry:
    def test_it_finds_a_kind_by_name(self) -> None:
        kinds = Registry()
        call, post = JobKind("call", _run), JobKind("care.post", _run)
        kinds.register(call)
        kinds.register(post)
        assert kinds.names() == ("call", "care.post")
        assert kinds["care.post"] is post

    def test_a_name_is_taken_once(self) -> None:
        kinds = Registry()
        kinds.register(JobKind("call", _run))
        with pytest.raises(ValueError, match="call is registered already"):
            kinds.register(JobKind("call", _run, LatePolicy(timedelta(0))))

    def test_a_name_is_a_token(self) -> None:
        with pytest.raises(ValueError, match="token"):
            Registry().register(JobKind("two words", _run))

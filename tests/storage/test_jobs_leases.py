"""Crashes, several processes and stops: no job is lost and none is delivered twice, on both engines."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import RefusedForGood, TryAgain
from bot.jobs import LEASE, Job, LatePolicy, Outcome, Runner, attempt, cancel, store
from bot.jobs import runner as runner_room
from bot.jobs.choice import GRACE
from bot.storage import Database, open_database
from tests.unit.jobs.workshop import DAY, Gate, Workshop, crash

SECOND = timedelta(seconds=1)


@pytest.fixture
def shop(database: Database) -> Workshop:
    return Workshop(database)


@pytest.fixture
async def other_database(database: Database, url: str) -> AsyncIterator[Database]:
    """The same database as another process sees it, through connections of its own."""
    opened = await open_database(url)
    yield opened
    await opened.close()


def _even(guild_id: int) -> bool:
    return guild_id % 2 == 0


def _odd(guild_id: int) -> bool:
    return guild_id % 2 == 1


async def _begin(shop: Workshop, runner: Runner) -> tuple[Gate, "asyncio.Task[int]"]:
    gate = Gate()
    shop.script.append(gate)
    running = asyncio.create_task(runner.run_due())
    await asyncio.wait_for(gate.begun.wait(), 10)
    return gate, running


class TestCrash:
    async def test_a_crashed_job_is_taken_again_when_its_lease_runs_out(self, shop: Workshop) -> None:
        job_id = await shop.write()
        first = shop.runner("first")
        _, running = await _begin(shop, first)
        await crash(first)
        assert await running == 0
        row = await shop.row(job_id)
        assert (row["lease_owner"], row["attempts"], row["done_at"]) == ("first", 0, None)
        second = shop.runner("second")
        assert await second.run_due() == 0
        shop.clock.advance(LEASE - timedelta(milliseconds=1))
        assert await second.run_due() == 0
        assert await second.next_due() == shop.clock.now() + timedelta(milliseconds=1)
        shop.clock.advance(timedelta(milliseconds=1))
        assert await second.run_due() == 1
        assert [job.attempts for job in shop.told.ran] == [0, 1]

    async def test_an_idle_restart_loses_nothing_and_repeats_nothing(self, shop: Workshop, url: str) -> None:
        done, later = await shop.write(), await shop.write(after=DAY, payload={"id": 5})
        runner = shop.runner("before")
        await runner.run_due()
        await crash(runner)
        await shop.database.close()
        reopened = await open_database(url)
        again = Workshop(reopened, shop.clock)
        assert await again.runner("after").run_due() == 0
        shop.clock.advance(DAY)
        assert await again.runner("after").run_due() == 1
        assert (shop.told.ids, again.told.ids) == ([done], [later])
        assert again.told.ran[0].payload == {"id": 5}
        await reopened.close()

    async def test_a_verdict_after_the_lease_was_lost_changes_nothing(self, shop: Workshop) -> None:
        """A process that slept through its lease must not overwrite what another one made of the job."""
        job_id = await shop.write()
        other = shop.runner("two")

        async def sleep_through(job: Job) -> None:
            shop.clock.advance(LEASE)
            assert await other.run_due() == 1
            raise TryAgain

        shop.script.append(sleep_through)
        assert await shop.runner("one").run_due() == 0
        row = await shop.row(job_id)
        assert row["done_at"] is not None
        assert (row["lease_owner"], row["lease_until"], row["attempts"]) == (None, None, 1)

    async def test_nor_does_it_free_what_another_process_holds_now(self, shop: Workshop) -> None:
        job_id = await shop.write()
        other = shop.runner("two")
        held: list[tuple[Gate, asyncio.Task[int]]] = []

        async def sleep_through(job: Job) -> None:
            shop.clock.advance(LEASE)
            held.append(await _begin(shop, other))

        shop.script.append(sleep_through)
        assert await shop.runner("one").run_due() == 0
        row = await shop.row(job_id)
        assert (row["lease_owner"], row["done_at"]) == ("two", None)
        [(gate, running)] = held
        gate.opened.set()
        assert await running == 1

    async def test_a_delivered_job_whose_row_cannot_be_written_is_tried_to_write_again(
        self, shop: Workshop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        record, failures = store.record, iter([ConnectionError(), ConnectionError()])

        async def failing_record(*args: Any) -> bool:
            if failure := next(failures, None):
                raise failure
            return await record(*args)

        monkeypatch.setattr(store, "record", failing_record)
        job_id = await shop.write()
        assert await shop.runner().run_due() == 1
        assert len(shop.told.ran) == 1
        assert [where for _, where in shop.told.errors] == [f"the row of job {job_id}"] * 2

    async def test_a_row_that_can_never_be_written_is_left_to_its_lease(
        self, shop: Workshop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def failing_record(*_: Any) -> bool:
            raise ConnectionError

        job_id = await shop.write()
        with monkeypatch.context() as patch:
            patch.setattr(store, "record", failing_record)
            runner = shop.runner()
            began = shop.clock.now()
            assert await runner._take() == 1
            [task] = runner._running
            assert await task is False
        assert LEASE <= shop.clock.now() - began < LEASE + 10 * SECOND
        assert (await shop.row(job_id))["done_at"] is None
        assert await runner.run_due() == 1
        assert [job.attempts for job in shop.told.ran] == [0, 1]

    async def test_out_of_time_is_kept_for_later(self, shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
        job_id = await shop.write()
        monkeypatch.setattr(attempt, "ATTEMPT_LIMIT", 0.0)
        shop.script.append(Gate())
        assert await shop.runner().run_due() == 0
        row = await shop.row(job_id)
        assert (row["attempts"], row["last_error"], row["lease_owner"]) == (1, "timed_out", None)
        assert shop.told.errors == []

    async def test_a_timeout_or_cancellation_of_the_handlers_own_is_a_defect(self, shop: Workshop) -> None:
        rows = [await shop.write(), await shop.write()]
        shop.script.extend([TimeoutError(), asyncio.CancelledError()])
        assert await shop.runner().run_due() == 0
        assert sorted(type(error).__name__ for error, _ in shop.told.errors) == ["CancelledError", "TimeoutError"]
        assert [(await shop.row(job_id))["attempts"] for job_id in rows] == [1, 1]


class TestSeveralProcesses:
    async def test_two_runners_at_once_run_each_job_exactly_once(
        self, shop: Workshop, other_database: Database
    ) -> None:
        written = [await shop.write(guild_id=number % 9 or None) for number in range(120)]
        owners: set[str] = set()
        both = asyncio.Event()

        async def wait_for_both(job: Job) -> None:
            owners.add((await shop.row(job.id))["lease_owner"])
            if len(owners) == 2:
                both.set()
            await asyncio.wait_for(both.wait(), 10)

        async def work(runner: Runner) -> int:
            ended = 0
            while await shop.count("done_at IS NULL"):
                ended += await runner.run_due()
            return ended

        shop.script.extend([wait_for_both] * 120)
        one, two = shop.runner("one"), shop.runner("two", database=other_database)
        assert sum(await asyncio.gather(work(one), work(two))) == 120
        assert sorted(shop.told.ids) == sorted(written)
        assert {job.attempts for job in shop.told.ran} == {0}

    async def test_the_same_claim_at_the_same_moment_is_won_once(
        self, shop: Workshop, other_database: Database
    ) -> None:
        now = shop.clock.now()
        for _ in range(20):
            written = [await shop.write() for _ in range(5)]
            won = await asyncio.gather(
                store.lease(shop.database, written, "one", now, now + LEASE),
                store.lease(other_database, written[::-1], "two", now, now + LEASE),
            )
            assert sorted(job.id for jobs in won for job in jobs) == sorted(written)

    async def test_each_takes_its_own_servers_and_anybody_what_belongs_to_none(self, shop: Workshop) -> None:
        for guild_id in (1, 2, 3, 4, None):
            await shop.write(guild_id=guild_id)
        assert await shop.runner("even", _even).run_due() == 3
        assert {job.guild_id for job in shop.told.ran} == {2, 4, None}
        assert await shop.runner("odd", _odd).run_due() == 2
        assert {job.guild_id for job in shop.told.ran} == {1, 2, 3, 4, None}

    async def test_five_minutes_overdue_anybody_takes_it(self, shop: Workshop) -> None:
        await shop.write(guild_id=3)
        even = shop.runner("even", _even)
        assert await even.next_due() == shop.clock.now() + GRACE
        shop.clock.advance(GRACE - timedelta(milliseconds=1))
        assert await even.run_due() == 0
        assert even.lag() == 0
        shop.clock.advance(timedelta(milliseconds=1))
        assert await even.run_due() == 1

    async def test_the_grace_starts_again_when_a_wait_ends(self, shop: Workshop) -> None:
        """An owner that backs off for ten minutes is alive: nobody else may come in between."""
        await shop.write(guild_id=3)
        shop.script.append(TryAgain(after=600))
        await shop.runner("odd", _odd).run_due()
        even = shop.runner("even", _even)
        shop.clock.advance(600 + 299)
        assert await even.run_due() == 0
        shop.clock.advance(1)
        assert await even.run_due() == 1

    async def test_many_jobs_of_others_do_not_hide_ones_own(self, shop: Workshop) -> None:
        async with shop.database.write() as writer:
            await writer.execute_many(
                "INSERT INTO jobs (id, kind, guild_id, due_at, payload) VALUES ($1, $2, $3, $4, $5)",
                [(number, "call", 2 * number + 1, 0, "{}") for number in range(1, 351)],
            )
        shop.clock.set(shop.clock.now().fromtimestamp(60, tz=shop.clock.now().tzinfo))
        mine = await shop.write(guild_id=2)
        assert await shop.runner("even", _even).run_due() == 1
        assert shop.told.ids == [mine]


class TestStop:
    async def test_a_running_job_may_finish_within_the_grace(self, shop: Workshop) -> None:
        job_id = await shop.write()
        runner = shop.runner()
        gate, running = await _begin(shop, runner)
        stopping = asyncio.create_task(runner.stop(60))
        await asyncio.sleep(0)
        assert not stopping.done()
        gate.opened.set()
        await asyncio.wait_for(stopping, 10)
        assert (await shop.row(job_id))["done_at"] is not None
        assert await running == 1

    async def test_after_the_grace_a_job_is_cut_and_free_for_others_at_once(self, shop: Workshop) -> None:
        job_id = await shop.write()
        runner = shop.runner()
        _, running = await _begin(shop, runner)
        await runner.stop(0)
        assert await running == 0
        row = await shop.row(job_id)
        assert (row["lease_owner"], row["lease_until"], row["last_error"]) == (None, None, "stopped")
        assert await shop.runner("two").run_due() == 1
        assert [job.attempts for job in shop.told.ran] == [0, 1]
        assert shop.told.errors == []

    @pytest.mark.parametrize("by_hand", [True, False])
    async def test_leases_of_jobs_that_had_not_begun_are_given_back(
        self, shop: Workshop, monkeypatch: pytest.MonkeyPatch, by_hand: bool
    ) -> None:
        """The stop comes while a claim is under way: it commits, begins nothing, and is given back after that."""
        written = [await shop.write() for _ in range(3)]
        runner = shop.runner()
        lease, release = store.lease, store.release
        order: list[str] = []
        stops: list[asyncio.Task[None]] = []
        claiming = asyncio.Event()

        async def slow_lease(*args: Any) -> Any:
            stops.append(asyncio.create_task(runner.stop(60)))
            claiming.set()
            for _ in range(50):
                await asyncio.sleep(0)
            leased = await lease(*args)
            order.append("leased")
            return leased

        async def noted_release(*args: Any) -> int:
            order.append("given back")
            return await release(*args)

        with monkeypatch.context() as patch:
            patch.setattr(store, "lease", slow_lease)
            patch.setattr(store, "release", noted_release)
            if by_hand:
                assert await runner.run_due() == 0
            else:
                runner.start()
                await asyncio.wait_for(claiming.wait(), 10)
            await asyncio.gather(*stops)
        assert order == ["leased", "given back"]
        assert shop.told.ran == []
        for job_id in written:
            row = await shop.row(job_id)
            assert (row["lease_owner"], row["lease_until"], row["attempts"]) == (None, None, 0)
        assert await shop.runner("two").run_due() == 3

    async def test_a_job_that_was_about_to_begin_does_not_begin(
        self, shop: Workshop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read_again, reached, go_on = store.read_again, asyncio.Event(), asyncio.Event()

        async def slow_read(*args: Any) -> Any:
            reached.set()
            await go_on.wait()
            return await read_again(*args)

        job_id = await shop.write()
        runner = shop.runner()
        monkeypatch.setattr(store, "read_again", slow_read)
        running = asyncio.create_task(runner.run_due())
        await asyncio.wait_for(reached.wait(), 10)
        stopping = asyncio.create_task(runner.stop(0))
        for _ in range(10):
            await asyncio.sleep(0)
        go_on.set()
        await asyncio.wait_for(stopping, 10)
        assert await running == 0
        row = await shop.row(job_id)
        assert (row["lease_owner"], row["attempts"]) == (None, 0)
        assert shop.told.ran == []

    async def test_a_job_that_was_delivered_is_marked_done_whatever_happens(
        self, shop: Workshop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job_id = await shop.write()
        record, reached, go_on = store.record, asyncio.Event(), asyncio.Event()

        async def slow_record(*args: Any) -> bool:
            reached.set()
            await go_on.wait()
            return await record(*args)

        monkeypatch.setattr(store, "record", slow_record)
        runner = shop.runner()
        running = asyncio.create_task(runner.run_due())
        await asyncio.wait_for(reached.wait(), 10)
        stopping = asyncio.create_task(runner.stop(0))
        for _ in range(10):
            await asyncio.sleep(0)
        go_on.set()
        await asyncio.wait_for(stopping, 10)
        assert await running == 1
        row = await shop.row(job_id)
        assert row["done_at"] is not None
        assert row["attempts"] == 0

    async def test_a_telling_that_was_cut_is_told_by_the_next(self, shop: Workshop) -> None:
        job_id = await shop.write()
        runner, gate = shop.runner(), Gate()
        shop.script.append(RefusedForGood("forbidden"))
        shop.telling.append(gate)
        running = asyncio.create_task(runner.run_due())
        await asyncio.wait_for(gate.begun.wait(), 10)
        await runner.stop(0)
        assert await running == 0
        assert await shop.runner("two").run_due() == 1
        assert len(shop.told.ran) == 1
        assert shop.told.gave_up == [(job_id, "forbidden")] * 2

    async def test_a_handler_that_does_not_end_keeps_its_lease(
        self, shop: Workshop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(runner_room, "_CUT_WAIT", 0.0)
        gate = Gate()

        async def stubborn(job: Job) -> None:
            try:
                await gate(job)
            except asyncio.CancelledError:
                await gate.opened.wait()

        job_id = await shop.write()
        shop.script.append(stubborn)
        runner = shop.runner()
        running = asyncio.create_task(runner.run_due())
        await asyncio.wait_for(gate.begun.wait(), 10)
        await runner.stop(0)
        assert f"job {job_id} does not end" in caplog.text
        assert (await shop.row(job_id))["lease_owner"] == "one"
        assert await shop.runner("two").run_due() == 0
        gate.opened.set()
        assert await running == 1

    async def test_nothing_more_is_taken(self, shop: Workshop) -> None:
        runner = shop.runner()
        await runner.stop(0)
        job_id = await shop.write()
        assert await runner.run_due() == 0
        assert (await shop.row(job_id))["lease_owner"] is None
        with pytest.raises(RuntimeError, match="once"):
            runner.start()

    async def test_a_database_that_is_away_does_not_break_the_shutdown(
        self, shop: Workshop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def away(*_: Any) -> int:
            raise ConnectionError

        monkeypatch.setattr(store, "release", away)
        await shop.runner().stop(0)
        assert [type(error) for error, _ in shop.told.errors] == [ConnectionError]

    async def test_a_stop_with_nothing_to_do_leaves_others_leases_alone(self, shop: Workshop) -> None:
        job_id = await shop.write()
        other = shop.runner("other")
        gate, running = await _begin(shop, other)
        await shop.runner("mine").stop(0)
        assert (await shop.row(job_id))["lease_owner"] == "other"
        gate.opened.set()
        assert await running == 1


async def test_a_skip_survives_a_crash(shop: Workshop) -> None:
    job_id = await shop.write()
    shop.clock.advance(DAY)
    gate = Gate()
    shop.skipping.append(gate)
    late = LatePolicy(timedelta(hours=1), shop.skip)
    first = shop.runner("first", late=late)
    running = asyncio.create_task(first.run_due())
    await asyncio.wait_for(gate.begun.wait(), 10)
    await crash(first)
    await running
    shop.clock.advance(LEASE)
    assert await shop.runner("second", late=late).run_due() == 1
    assert shop.told.skipped == [job_id, job_id]
    assert shop.told.observed == [("call", Outcome.SKIPPED)]


async def test_cancelling_during_the_run_does_not_wait_for_it(shop: Workshop) -> None:
    await shop.write(dedupe_key="session/1")
    gate, running = await _begin(shop, shop.runner())
    async with shop.database.write() as writer:
        assert await cancel(writer, "session/1")
    gate.opened.set()
    assert await running == 0
    assert await shop.count() == 0

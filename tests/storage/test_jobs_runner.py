"""What one runner does with what is due: delivery, failure, lateness, giving up."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import from_ms
from bot.errors import RefusedForGood, TryAgain
from bot.jobs import LEASE, Job, JobKind, LatePolicy, Outcome, cancel, enqueue, store
from bot.storage import Database
from tests.unit.jobs.workshop import DAY, Workshop, seconds_after

HOUR = timedelta(hours=1)


async def _all_ended() -> None:
    """Wait for the jobs that run."""
    jobs = [task for task in asyncio.all_tasks() if task.get_name().startswith("job ")]
    await asyncio.gather(*jobs)


@pytest.fixture
def shop(database: Database) -> Workshop:
    return Workshop(database)


class TestDelivery:
    async def test_a_due_job_runs_once_and_is_done_only_then(self, shop: Workshop) -> None:
        job_id = await shop.write(payload={"request_id": 7})
        seen: list[object] = []

        async def look(job: Job) -> None:
            row = await shop.row(job.id)
            seen.append((row["done_at"], row["lease_owner"], job.payload, job.due_at, job.attempts))

        shop.script.append(look)
        runner = shop.runner()
        assert await runner.run_due() == 1
        assert await runner.run_due() == 0
        row = await shop.row(job_id)
        assert seen == [(None, "one", {"request_id": 7}, shop.clock.now(), 0)]
        assert from_ms(row["done_at"]) == shop.clock.now()
        assert (row["lease_owner"], row["lease_until"], row["last_error"]) == (None, None, None)
        assert shop.told.observed == [("call", Outcome.DONE)]

    async def test_nothing_runs_before_it_is_due(self, shop: Workshop) -> None:
        await shop.write(after=timedelta(milliseconds=1))
        runner = shop.runner()
        assert await runner.run_due() == 0
        shop.clock.advance(timedelta(milliseconds=1))
        assert await runner.run_due() == 1

    async def test_more_than_one_claim_holds_all_run(self, shop: Workshop) -> None:
        written = [await shop.write(guild_id=number % 7 or None) for number in range(150)]
        assert await shop.runner().run_due() == 150
        assert sorted(shop.told.ids) == sorted(written)
        assert await shop.count("done_at IS NULL") == 0

    @pytest.mark.parametrize(("servers", "together"), [(30, 16), (1, 4)])
    async def test_sixteen_run_at_a_time_and_four_of_one_server(
        self, shop: Workshop, servers: int, together: int
    ) -> None:
        running: list[int] = []
        full, refilled = asyncio.Event(), asyncio.Event()
        most, first = 0, 0

        async def work(job: Job) -> None:
            """All wait for a full house; one leaves, and the others wait until its place is taken again."""
            nonlocal most, first
            running.append(job.id)
            first = first or job.id
            most = max(most, len(running))
            if len(running) == together:
                (refilled if full.is_set() else full).set()
            await asyncio.wait_for((full if job.id == first else refilled).wait(), 10)
            running.remove(job.id)

        for number in range(30):
            await shop.write(guild_id=1 + number % servers)
        shop.script.extend([work] * 30)
        assert await shop.runner().run_due() == 30
        assert most == together

    async def test_a_job_written_by_a_job_runs_in_the_same_round(self, shop: Workshop) -> None:
        async def follow(job: Job) -> None:
            await shop.write(dedupe_key="next")

        await shop.write()
        shop.script.append(follow)
        assert await shop.runner().run_due() == 2

    @pytest.mark.parametrize(
        "meanwhile",
        [
            "DELETE FROM jobs",
            "UPDATE jobs SET done_at = 1",
            "UPDATE jobs SET failed_at = 1",
            "UPDATE jobs SET lease_owner = 'two'",
            "UPDATE jobs SET lease_owner = NULL",
            "UPDATE jobs SET lease_until = 1",
        ],
    )
    async def test_a_job_reads_its_row_again_before_it_acts(
        self, shop: Workshop, monkeypatch: pytest.MonkeyPatch, meanwhile: str
    ) -> None:
        lease, leases = store.lease, 0

        async def lease_and_lose_it(*args: Any) -> Any:
            nonlocal leases
            leased = await lease(*args)
            leases += 1
            async with shop.database.write() as writer:
                await writer.execute(meanwhile)
            return leased

        await shop.write(dedupe_key="session/1")
        monkeypatch.setattr(store, "lease", lease_and_lose_it)
        assert await shop.runner()._take() == 1
        await _all_ended()
        assert leases == 1
        assert shop.told.ran == []
        assert shop.told.errors == []

    async def test_a_claim_that_another_won_is_made_again(
        self, shop: Workshop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lease, lost = store.lease, [True, True]

        async def lease_too_late(*args: Any) -> Any:
            return [] if lost and lost.pop() else await lease(*args)

        monkeypatch.setattr(store, "lease", lease_too_late)
        await shop.write()
        assert await shop.runner().run_due() == 1

    async def test_a_row_that_cannot_be_read_again_is_left_to_its_lease(
        self, shop: Workshop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def away(*_: Any) -> Any:
            raise ConnectionError

        job_id = await shop.write()
        runner = shop.runner()
        with monkeypatch.context() as patch:
            patch.setattr(store, "read_again", away)
            assert await runner.run_due() == 0
        assert [where for _, where in shop.told.errors] == [f"job {job_id} of call"]
        assert (await shop.row(job_id))["lease_owner"] == "one"
        shop.clock.advance(LEASE)
        assert await runner.run_due() == 1

    async def test_a_job_cancelled_while_it_runs_stays_cancelled(self, shop: Workshop) -> None:
        async def withdraw(job: Job) -> None:
            async with shop.database.write() as writer:
                await cancel(writer, "session/1")

        await shop.write(dedupe_key="session/1")
        shop.script.append(withdraw)
        assert await shop.runner().run_due() == 0
        assert await shop.count() == 0
        assert shop.told.errors == []

    async def test_next_due_and_lag(self, shop: Workshop) -> None:
        runner = shop.runner()
        assert await runner.next_due() is None
        assert runner.lag() == 0
        await shop.write(after=3 * HOUR)
        await shop.write(after=2 * HOUR)
        await shop.write(kind="unknown", after=HOUR)
        assert await runner.next_due() == shop.clock.now() + 2 * HOUR
        await runner.run_due()
        shop.clock.advance(2 * HOUR - timedelta(seconds=10))
        await runner.run_due()
        assert runner.lag() == 0
        shop.clock.advance(timedelta(seconds=40))
        assert runner.lag() == 30
        await runner.run_due()
        assert runner.lag() == 0


class TestUnknownKinds:
    async def test_they_are_left_alone_and_logged_once(self, shop: Workshop, caplog: pytest.LogCaptureFixture) -> None:
        job_id = await shop.write(kind="from_the_future")
        before = await shop.columns(job_id)
        runner = shop.runner()
        for _ in range(3):
            assert await runner.run_due() == 0
            shop.clock.advance(DAY)
        assert await shop.columns(job_id) == before
        said = [record.getMessage() for record in caplog.records if "from_the_future" in record.getMessage()]
        assert said == ["jobs of the unknown kind from_the_future are due and left alone"]
        assert await runner.next_due() is None

    async def test_they_do_not_stand_in_the_way_of_others(self, shop: Workshop) -> None:
        for _ in range(150):
            await shop.write(kind="gone", guild_id=1)
        shop.clock.advance(1)
        known = await shop.write(guild_id=1)
        assert await shop.runner().run_due() == 1
        assert shop.told.ids == [known]

    async def test_they_run_as_soon_as_a_process_knows_them(self, shop: Workshop) -> None:
        job_id = await shop.write(kind="from_the_future")
        await shop.runner().run_due()
        assert await shop.runner("two", kinds=("call", "from_the_future")).run_due() == 1
        assert shop.told.ids == [job_id]

    async def test_a_runner_without_kinds_does_nothing(self, shop: Workshop) -> None:
        await shop.write()
        runner = shop.runner(kinds=())
        assert await runner.run_due() == 0
        assert await runner.next_due() is None


class TestForNow:
    async def test_the_waits_grow_to_a_quarter_of_an_hour_and_never_end(self, shop: Workshop) -> None:
        job_id = await shop.write()
        runner = shop.runner()
        waits = []
        for attempt in range(1, 41):
            shop.script.append(TryAgain())
            assert await runner.run_due() == 0
            row = await shop.row(job_id)
            assert (row["attempts"], row["last_error"], row["lease_owner"]) == (attempt, "try_again", None)
            waits.append(seconds_after(shop.clock.now(), row["lease_until"]))
            assert await runner.run_due() == 0
            shop.clock.set(from_ms(row["lease_until"]))
        spans = [min(900, 5 * 2**n) for n in range(40)]
        assert all(span / 2 - 0.01 <= wait <= span for wait, span in zip(waits, spans, strict=True))
        assert len(set(waits[10:])) > 20
        assert await runner.run_due() == 1
        assert len(shop.told.ran) == 41
        assert shop.told.ran[-1].attempts == 40
        assert shop.told.ran[-1].due_at == shop.told.ran[0].due_at
        assert shop.told.gave_up == []

    async def test_a_named_time_is_waited_out(self, shop: Workshop) -> None:
        await shop.write()
        shop.script.append(TryAgain(after=120))
        runner = shop.runner()
        await runner.run_due()
        assert await runner.next_due() == shop.clock.now() + timedelta(seconds=120)
        shop.clock.advance(119)
        assert await runner.run_due() == 0
        assert runner.lag() == 0
        shop.clock.advance(1)
        assert await runner.run_due() == 1


class TestGivingUp:
    async def test_refused_for_good_is_told_once(self, shop: Workshop) -> None:
        job_id = await shop.write()
        shop.script.append(RefusedForGood("forbidden"))
        runner = shop.runner()
        assert await runner.run_due() == 1
        shop.clock.advance(DAY)
        assert await runner.run_due() == 0
        assert await shop.runner("two").run_due() == 0
        row = await shop.row(job_id)
        assert shop.told.gave_up == [(job_id, "forbidden")]
        assert (from_ms(row["failed_at"]), row["last_error"]) == (shop.clock.now() - DAY, "forbidden")
        assert (row["done_at"], row["lease_owner"]) == (None, None)
        assert shop.told.errors == []

    async def test_eight_defects_give_up_and_are_told_once(self, shop: Workshop) -> None:
        job_id = await shop.write()
        runner = shop.runner()
        ended = []
        for _ in range(12):
            shop.script.append(ValueError("Anna's words"))
            ended.append(await runner.run_due())
            shop.clock.advance(900)
        assert ended == [0] * 7 + [1] + [0] * 4
        assert len(shop.told.ran) == len(shop.told.errors) == 8
        assert {where for _, where in shop.told.errors} == {f"job {job_id} of call"}
        assert shop.told.gave_up == [(job_id, "fault 7K2M-Q9XD")]
        assert "Anna" not in str(await shop.columns(job_id))

    async def test_while_it_cannot_be_told_it_is_told_again_and_never_run_again(self, shop: Workshop) -> None:
        job_id = await shop.write()
        shop.script.append(RefusedForGood("forbidden"))
        shop.telling.extend([TryAgain(), ValueError(), TryAgain()])
        runner = shop.runner()
        for ended in (0, 0, 0, 1, 0):
            assert await runner.run_due() == ended
            shop.clock.advance(900)
        assert len(shop.told.ran) == 1
        assert shop.told.gave_up == [(job_id, "forbidden")] * 4
        assert (await shop.row(job_id))["last_error"] == "forbidden"

    async def test_a_crash_before_the_telling_does_not_swallow_it(self, shop: Workshop) -> None:
        job_id = await shop.write()
        async with shop.database.write() as writer:
            await writer.execute(
                "UPDATE jobs SET last_error = $2, lease_owner = $3, lease_until = $4 WHERE id = $1",
                *(job_id, "gave_up:forbidden", "dead", 0),
            )
        assert await shop.runner().run_due() == 1
        assert shop.told.ran == []
        assert shop.told.gave_up == [(job_id, "forbidden")]

    async def test_when_nobody_can_be_told_the_log_says_so(
        self, shop: Workshop, caplog: pytest.LogCaptureFixture
    ) -> None:
        job_id = await shop.write()
        shop.script.append(RefusedForGood("forbidden"))
        shop.telling.append(RefusedForGood("forbidden"))
        assert await shop.runner().run_due() == 1
        assert f"nobody could be told that job {job_id} of call was given up" in caplog.text
        assert (await shop.row(job_id))["failed_at"] is not None

    async def test_a_spoilt_payload_harms_no_other_job(self, shop: Workshop) -> None:
        spoilt, sound = await shop.write(), await shop.write()
        async with shop.database.write() as writer:
            await writer.execute("UPDATE jobs SET payload = $2 WHERE id = $1", spoilt, "{")
        assert await shop.runner().run_due() == 1
        assert shop.told.ids == [sound]
        assert (await shop.row(spoilt))["last_error"] == "fault JSONDecodeError 7K2M-Q9XD"


class TestLate:
    async def test_a_two_day_outage(self, shop: Workshop) -> None:
        """Of a group's week, what is still within its window runs once, the rest is skipped and said so."""
        start = shop.clock.now()
        window = timedelta(hours=36)
        written = {hours: await shop.write(after=timedelta(hours=hours)) for hours in range(0, 72, 6)}
        shop.clock.advance(2 * DAY)
        runner = shop.runner(late=LatePolicy(window, shop.skip))
        assert await runner.run_due() == 9
        assert set(shop.told.skipped) == {written[0], written[6]}
        assert set(shop.told.ids) == {written[hours] for hours in range(12, 49, 6)}
        skipped = await shop.row(written[0])
        assert (skipped["last_error"], from_ms(skipped["done_at"])) == ("skipped_late", start + 2 * DAY)
        shop.clock.advance(DAY)
        assert await runner.run_due() == 3
        assert len(shop.told.ids) == 10
        assert len(shop.told.skipped) == 2

    async def test_never_too_late_without_a_window(self, shop: Workshop) -> None:
        await shop.write()
        shop.clock.advance(365 * DAY)
        assert await shop.runner().run_due() == 1
        assert len(shop.told.ran) == 1

    async def test_lateness_counts_from_the_promise_not_from_the_last_attempt(self, shop: Workshop) -> None:
        job_id = await shop.write()
        runner = shop.runner(late=LatePolicy(HOUR, shop.skip))
        shop.script.extend([TryAgain()] * 50)
        ended = 0
        while not ended:
            ended = await runner.run_due()
            shop.clock.set(await runner.next_due() or shop.clock.now())
        assert shop.told.skipped == [job_id]
        assert 8 <= len(shop.told.ran) <= 15

    async def test_a_skip_that_could_not_be_told_is_told_again(self, shop: Workshop) -> None:
        job_id = await shop.write()
        shop.clock.advance(2 * HOUR)
        shop.skipping.append(TryAgain())
        runner = shop.runner(late=LatePolicy(HOUR, shop.skip))
        assert await runner.run_due() == 0
        shop.clock.advance(900)
        assert await runner.run_due() == 1
        assert shop.told.skipped == [job_id, job_id]
        assert shop.told.ran == []

    async def test_a_skip_may_tell_nobody(self, shop: Workshop) -> None:
        await shop.write()
        shop.clock.advance(2 * HOUR)
        assert await shop.runner(late=LatePolicy(HOUR)).run_due() == 1
        assert shop.told.observed == [("call", Outcome.SKIPPED)]

    async def test_what_recurs_goes_on_after_an_outage(self, shop: Workshop) -> None:
        """A daily job writes its next day whether it ran or was skipped: one run after the outage, not five."""
        days: list[tuple[str, int]] = []

        def daily(what: str) -> object:
            async def run(job: Job) -> None:
                days.append((what, job.payload["day"]))
                async with shop.database.write() as writer:
                    await enqueue(
                        writer, shop.ids, kind="daily", guild_id=1, due_at=job.due_at + DAY,
                        payload={"day": job.payload["day"] + 1}, dedupe_key=f"daily/{job.payload['day'] + 1}",
                    )  # fmt: skip

            return run

        runner = shop.runner()
        runner.register(JobKind("daily", daily("ran"), LatePolicy(HOUR, daily("skipped"))))  # type: ignore[arg-type]
        await shop.write(kind="daily", payload={"day": 0})
        await runner.run_due()
        shop.clock.advance(4 * DAY)
        await runner.run_due()
        assert days == [("ran", 0), ("skipped", 1), ("skipped", 2), ("skipped", 3), ("ran", 4)]


async def test_no_payload_reaches_the_log(shop: Workshop, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)
    for script in (None, TryAgain(), RefusedForGood("forbidden"), ValueError("canary")):
        await shop.write(payload={"token": "canary"}, dedupe_key=None)
        shop.script.append(script)
    await shop.runner().run_due()
    assert len(shop.told.ran) == 4
    assert "canary" not in caplog.text

"""What is kept of wishes, requests and replies, on both engines: by server, sealed, once, whoever comes at once."""

import asyncio
import json
import random
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from bot.contracts import Post
from bot.errors import Refusal
from bot.guilds import Guilds
from bot.ids import Ids
from bot.jobs import Job
from bot.members import Consents, Members
from bot.storage import ConditionFailed, Database, Vault
from cogs.checkins.rules import Choice, Move, Origin, Place
from cogs.checkins.rules.replies import Step
from cogs.checkins.service.companions import Companions
from cogs.checkins.service.guarantee import LOOK, TIDY
from cogs.checkins.service.hearing import CALL, Heard, Hearing
from cogs.checkins.service.looks import ASK, LookService, Wish
from cogs.checkins.service.replies import REPLY, UNKEPT, ReplyService, Sending, plan_look
from cogs.checkins.service.team import TELL, WATCH, TeamWords
from cogs.checkins.store.entries import Entry, EntryStore
from cogs.checkins.store.groups import GroupStore
from cogs.checkins.store.replies import ANSWERED, TOLD, Note, Reply, ReplyStore
from cogs.checkins.store.requests import CompanionRequest, RequestStore
from tests.clock import FakeClock
from tests.features.answering import made_entry

HERE, THERE = 1_000 << 22, 2_000 << 22
ROBIN, WREN, LARK, MOSS = 11 << 22, 12 << 22, 13 << 22, 14 << 22
KEY = "A" * 43 + "="
CANARY = "canary-19c4"
ROLE, CHANNEL, MESSAGE = 7, 8, 9
MINUTE = timedelta(minutes=1)


@dataclass
class House:
    """The services on one database, with everybody agreed and a companion role set."""

    database: Database
    clock: FakeClock
    ids: Ids
    members: Members
    consents: Consents
    entries: EntryStore
    replies: ReplyStore
    requests: RequestStore
    looks: LookService
    team: TeamWords
    service: ReplyService
    hearing: Hearing

    async def entry(self, entry_id: int = 1, **changes: object) -> Entry:
        now = self.clock.now()
        plain = {"channel_id": CHANNEL, "message_id": MESSAGE + entry_id, "asked_at": now}
        entry = made_entry(entry_id, HERE, ROBIN, now, **{**plain, **changes})
        async with self.database.write() as writer:
            await self.entries.put(writer, entry)
        return entry

    async def fresh(self, entry: Entry) -> Entry:
        async with self.database.read() as reader:
            found = await self.entries.get(reader, entry.guild_id, entry.entry_id)
        assert found is not None
        return found

    async def jobs(self, kind: str) -> int:
        async with self.database.read() as reader:
            return int(await reader.fetch_value("SELECT COUNT(*) FROM jobs WHERE kind = $1", kind))

    async def wish(self, entry: Entry) -> Wish:
        assert entry.asked_at is not None
        found = await self.looks.wish(entry.guild_id, entry.entry_id, entry.asked_at)
        assert found is not None
        return found

    def job(self, entry: Entry, *, guild_id: int = HERE, **payload: object) -> Job:
        assert entry.asked_at is not None
        asked = int(entry.asked_at.timestamp() * 1000)
        told = {"entry": entry.entry_id, "asked": asked, **payload}
        return Job(1, LOOK, guild_id, self.clock.now(), told, 0)


@pytest.fixture
async def house(database: Database) -> House:
    clock, vault = FakeClock(), Vault.from_keys([KEY])
    ids, guilds, members = Ids(clock, random.Random(1)), Guilds(database, clock), Members(database, vault, clock)
    consents, entries, replies, requests = (
        Consents(database, clock),
        EntryStore(vault),
        ReplyStore(vault),
        RequestStore(),
    )
    looks = LookService(database, clock, ids, guilds, Companions(members, requests), entries, requests, GroupStore())
    team = TeamWords(database, clock, ids, entries, replies)
    service = ReplyService(database, clock, ids, guilds, members, consents, entries, replies)
    hearing = Hearing(database, clock, ids, members, entries, replies)
    async with database.write() as writer:
        await guilds.set_role(writer, HERE, "companion", ROLE)
        for person in (WREN, LARK, MOSS):
            await consents.agree(writer, HERE, person)
    return House(
        database, clock, ids, members, consents, entries, replies, requests, looks, team, service, hearing
    )  # fmt: skip


async def offer(house: House, *people: int, guild_id: int = HERE) -> None:
    async with house.database.write() as writer:
        for person in people:
            await house.members.set(writer, guild_id, person, companion=1)


def request(entry_id: int, user_id: int, at: datetime, guild_id: int = HERE) -> CompanionRequest:
    return CompanionRequest(entry_id, user_id, guild_id, at)


async def test_one_request_stands_at_a_time_and_nobody_is_asked_twice(house: House) -> None:
    store, now = house.requests, house.clock.now()
    async with house.database.write() as writer:
        assert await store.ask(writer, request(1, WREN, now))
        assert await store.ask(writer, request(1, LARK, now + MINUTE))
        assert not await store.ask(writer, request(1, LARK, now + MINUTE))
        assert await store.ask(writer, request(2, WREN, now + 2 * MINUTE))
        standing = await store.standing(writer, HERE, 1)
        assert standing is not None
        assert standing.user_id == LARK
        assert await store.standing(writer, THERE, 1) is None
        assert await store.fall_through(writer, 1, LARK)
        assert not await store.fall_through(writer, 1, LARK)
        assert await store.standing(writer, HERE, 1) is None
        assert [one.user_id for one in await store.of_entry(writer, HERE, 1)] == [WREN, LARK]
        assert await store.last_asked(writer, HERE, [WREN, LARK, MOSS]) == {
            WREN: now + 2 * MINUTE, LARK: now + MINUTE
        }  # fmt: skip
        assert await store.last_asked(writer, THERE, [WREN]) == {}
        assert await store.last_asked(writer, HERE, []) == {}
        assert await store.of_companion(writer, 1, MOSS) is None


async def test_words_are_sealed_until_they_are_posted_and_then_kept_no_more(house: House) -> None:
    reply = Reply(5, HERE, WREN, 1, house.clock.now(), CANARY)
    async with house.database.write() as writer:
        await house.replies.add(writer, reply)
        raw = await writer.fetch_value("SELECT words_sealed FROM checkin_replies")
        assert CANARY not in raw
        assert await house.replies.get(writer, HERE, 5) == reply
        assert await house.replies.get(writer, THERE, 5) is None
        assert not await house.replies.any_posted(writer, HERE, 1)
        assert await house.replies.posted(writer, 5, CHANNEL, MESSAGE)
        assert await writer.fetch_value("SELECT words_sealed FROM checkin_replies") is None
        assert await house.replies.any_posted(writer, HERE, 1)
        assert not await house.replies.any_posted(writer, THERE, 1)
        assert await house.replies.author_of(writer, HERE, MESSAGE) == WREN
        assert await house.replies.author_of(writer, THERE, MESSAGE) is None
        [kept] = await house.replies.all_of(writer, HERE, WREN)
        assert kept.post == Post(CHANNEL, MESSAGE)
        assert not await house.replies.remove(writer, THERE, 5)
        assert await house.replies.remove(writer, HERE, 5)
        assert not await house.replies.posted(writer, 5, CHANNEL, MESSAGE)


async def test_notes_are_kept_once_and_by_server(house: House) -> None:
    note = Note(MESSAGE, HERE, 1, TOLD, CHANNEL, house.clock.now())
    async with house.database.write() as writer:
        await house.replies.note(writer, note)
        await house.replies.note(writer, note)
        assert await house.replies.notes(writer, HERE, 1) == (note,)
        assert await house.replies.notes(writer, THERE, 1) == ()
        await house.replies.forget_note(writer, MESSAGE)
        assert await house.replies.notes(writer, HERE, 1) == ()


async def test_who_offered_and_who_keeps_apart(house: House) -> None:
    await offer(house, WREN, LARK)
    await offer(house, MOSS, guild_id=THERE)
    async with house.database.write() as writer:
        await house.members.set(writer, HERE, LARK, companion=0)
        await house.members.set(writer, HERE, MOSS, words="mine")
        await house.members.avoid(writer, HERE, ROBIN, WREN)
        await house.members.avoid(writer, HERE, LARK, ROBIN)
        await house.members.avoid(writer, THERE, MOSS, ROBIN)
        assert [one.user_id for one in await house.members.companions_in(writer, HERE)] == [WREN]
        assert await house.members.all_apart(writer, HERE, ROBIN) == {WREN, LARK}


async def test_a_look_repeated_plans_one_next_look(house: House) -> None:
    entry = await house.entry()
    assert entry.asked_at is not None
    async with house.database.write() as writer:
        for _ in range(2):
            await plan_look(writer, house.ids, HERE, 1, entry.asked_at, entry.asked_at + 45 * MINUTE)
    house.clock.advance(45 * MINUTE)
    assert await house.looks.begin(house.job(entry)) is not None
    house.clock.advance(2 * MINUTE)
    assert await house.looks.begin(house.job(entry)) is not None
    assert await house.jobs(LOOK) == 2
    house.clock.advance(15 * MINUTE)
    assert await house.looks.begin(house.job(entry)) is not None
    assert await house.jobs(LOOK) == 3


async def test_a_look_before_its_time_joins_the_first_one(house: House) -> None:
    entry = await house.entry()
    assert entry.asked_at is not None
    async with house.database.write() as writer:
        await plan_look(writer, house.ids, HERE, 1, entry.asked_at, entry.asked_at + 45 * MINUTE)
    house.clock.advance(MINUTE)
    assert await house.looks.begin(house.job(entry)) is not None
    assert await house.jobs(LOOK) == 1
    assert (await house.wish(entry)).step(()).move is Move.WAIT


async def test_a_look_at_a_wish_that_is_over_only_tidies(house: House) -> None:
    entry = await house.entry()
    stale = house.job(entry)
    async with house.database.write() as writer:
        await house.entries.set_asked(writer, 1, house.clock.now() + MINUTE)
    assert await house.looks.begin(stale) is None
    assert await house.looks.begin(house.job(entry, guild_id=THERE)) is None
    assert (await house.jobs(LOOK), await house.jobs(TIDY)) == (0, 2)


async def test_a_step_is_not_carried_out_on_what_has_changed(house: House) -> None:
    await offer(house, WREN, LARK)
    entry = await house.entry()
    house.clock.advance(46 * MINUTE)
    wish = await house.wish(entry)
    step = wish.step(())
    assert step.move is Move.ASK
    assert await house.looks.carry_out(wish, step) == "done"
    assert await house.looks.carry_out(wish, step) == "changed"
    assert await house.jobs(ASK) == 1
    again = await house.wish(entry)
    assert again.standing() == step.companion_id
    assert again.step(()).move is Move.WAIT
    chosen = step.companion_id or 0
    assert again.step({chosen}).companion_id == ({WREN, LARK} - {chosen}).pop()
    async with house.database.write() as writer:
        await house.entries.answer(writer, 1, house.clock.now())
    assert await house.looks.carry_out(again, Step(Move.TELL)) == "changed"
    assert await house.jobs(TELL) == 0


async def test_two_looks_in_one_moment_ask_a_companion_once(house: House) -> None:
    await offer(house, WREN)
    entries = [await house.entry(number) for number in (1, 2, 3)]
    house.clock.advance(46 * MINUTE)
    wishes = [await house.wish(entry) for entry in entries]
    assert {wish.step(()).companion_id for wish in wishes} == {WREN}
    outcomes: list[Awaitable[str]] = [house.looks.carry_out(wish, wish.step(())) for wish in wishes]
    assert sorted(await asyncio.gather(*outcomes)) == ["done", "taken", "taken"]
    assert await house.jobs(ASK) == 1


async def test_i_cant_now_is_for_whoever_was_asked(house: House) -> None:
    await offer(house, WREN)
    entry = await house.entry()
    house.clock.advance(46 * MINUTE)
    wish = await house.wish(entry)
    await house.looks.carry_out(wish, wish.step(()))
    with pytest.raises(Refusal):
        await house.looks.cannot(1, LARK)
    with pytest.raises(Refusal):
        await house.looks.cannot(2, WREN)
    assert await house.looks.cannot(1, WREN)
    assert await house.looks.cannot(1, WREN)
    assert await house.jobs(LOOK) == 1, "pressed twice, looked at once"
    async with house.database.write() as writer:
        await house.entries.answer(writer, 1, house.clock.now())
    assert not await house.looks.cannot(1, WREN)


async def test_a_request_that_reaches_the_night_falls_through(house: House) -> None:
    await offer(house, WREN)
    entry = await house.entry()
    house.clock.advance(46 * MINUTE)
    wish = await house.wish(entry)
    await house.looks.carry_out(wish, wish.step(()))
    job = house.job(entry, moment=int(house.clock.now().timestamp() * 1000))
    assert await house.looks.asking(job) is not None
    async with house.database.write() as writer:
        await house.members.set(writer, HERE, WREN, quiet_from=720, quiet_to=780)
    assert await house.looks.asking(job) is None
    async with house.database.read() as reader:
        assert await house.requests.standing(reader, HERE, 1) is None


async def test_a_reply_is_kept_once_and_only_with_consent(house: House) -> None:
    await house.entry()
    first = await house.service.write(HERE, 1, WREN, CANARY, "mark-1")
    assert first is not None
    assert await house.service.write(HERE, 1, WREN, CANARY, "mark-1") is None
    assert await house.jobs(REPLY) == 1
    with pytest.raises(ConditionFailed):
        await house.service.write(HERE, 1, ROBIN, CANARY, "mark-2")
    with pytest.raises(Refusal):
        await house.service.write(HERE, 99, WREN, CANARY, "mark-3")
    async with house.database.read() as reader:
        assert len(await house.replies.all_of(reader, HERE, WREN)) == 1
        assert await reader.fetch_value("SELECT COUNT(*) FROM submissions WHERE submission_key = 'mark-3'") == 0


async def sending(house: House, who: int = WREN, mark: str = "mark") -> Sending:
    reply = await house.service.write(HERE, 1, who, CANARY, mark)
    assert reply is not None
    found = await house.service.sending(HERE, reply.reply_id, private=False)
    assert isinstance(found, Sending)
    return found


async def test_two_replies_at_once_settle_it_once(house: House) -> None:
    entry = await house.entry()
    one, other = await sending(house, WREN, "a"), await sending(house, LARK, "b")
    await house.service.secure(one.reply, CHANNEL)
    assert await house.jobs(UNKEPT) == 1
    both = (house.service.posted(one, Post(CHANNEL, 501)), house.service.posted(other, Post(CHANNEL, 502)))
    assert all(await asyncio.gather(*both))
    assert (await house.fresh(entry)).answered_at is not None
    assert (await house.jobs(TIDY), await house.jobs(UNKEPT)) == (1, 0)


async def test_a_reply_taken_back_on_its_way_is_not_posted(house: House) -> None:
    entry = await house.entry()
    one = await sending(house)
    with pytest.raises(Refusal):
        await house.service.take_back(HERE, one.reply.reply_id, LARK)
    with pytest.raises(Refusal):
        await house.service.take_back(THERE, one.reply.reply_id, WREN)
    await house.service.take_back(HERE, one.reply.reply_id, WREN)
    assert await house.service.sending(HERE, one.reply.reply_id, private=False) is None
    assert not await house.service.posted(one, Post(CHANNEL, 501))
    assert (await house.fresh(entry)).answered_at is None


async def test_a_reply_whose_entry_has_moved_goes_back(house: House) -> None:
    entry = await house.entry()
    one = await sending(house)
    async with house.database.write() as writer:
        await house.entries.put(writer, made_entry(1, HERE, ROBIN, entry.written_at, choice=Choice.TEAM_REACH_OUT))
    assert await house.service.sending(HERE, one.reply.reply_id, private=False) == one.reply
    async with house.database.write() as writer:
        await house.entries.delete(writer, 1)
    assert await house.service.sending(HERE, one.reply.reply_id, private=False) == one.reply


async def test_what_is_heard_settles_once_and_calls_once(house: House) -> None:
    entry, now = await house.entry(), house.clock.now()
    heard = Heard(700, WREN, now + MINUTE)
    assert await house.hearing.replied(HERE, MESSAGE + 1, heard)
    assert not await house.hearing.replied(HERE, MESSAGE + 1, heard)
    assert not await house.hearing.replied(THERE, MESSAGE + 1, Heard(701, LARK, now + MINUTE))
    assert not await house.hearing.replied(HERE, MESSAGE + 2, Heard(702, LARK, now + MINUTE))
    assert not await house.hearing.replied(HERE, MESSAGE + 1, Heard(703, ROBIN, now + MINUTE))
    assert (await house.fresh(entry)).answered_at is not None
    assert (await house.jobs(CALL), await house.jobs(TIDY)) == (1, 1)
    assert await house.hearing.replied(HERE, MESSAGE + 1, Heard(704, LARK, now + MINUTE))
    assert await house.jobs(CALL) == 2


async def test_nobody_who_replies_is_remembered(house: House) -> None:
    await house.entry()
    await house.hearing.replied(HERE, MESSAGE + 1, Heard(700, WREN, house.clock.now()))
    async with house.database.read() as reader:
        payloads = await reader.fetch_all("SELECT payload, dedupe_key FROM jobs")
        assert await house.replies.all_of(reader, HERE, WREN) == ()
    assert not [row for row in payloads if str(WREN) in f"{row['payload']}{row['dedupe_key']}"]


async def test_an_earlier_word_settles_no_later_wish(house: House) -> None:
    entry = await house.entry()
    late = Heard(700, WREN, house.clock.now() - MINUTE)
    assert await house.hearing.take_in(entry, late, Origin.REPLY)
    assert (await house.fresh(entry)).answered_at is None


async def test_talk_in_care_is_heard_by_nobody(house: House) -> None:
    entry = await house.entry(choice=Choice.TEAM_REACH_OUT, place=Place.CARE, room_id=31)
    assert not await house.hearing.replied(HERE, MESSAGE + 1, Heard(700, WREN, house.clock.now()))
    assert (await house.fresh(entry)).answered_at is None
    assert not await house.hearing.spoke(THERE, 31, Heard(701, WREN, house.clock.now()))
    assert await house.hearing.spoke(HERE, 31, Heard(702, WREN, house.clock.now()))
    assert (await house.fresh(entry)).answered_at is not None
    assert not await house.hearing.spoke(HERE, 31, Heard(703, LARK, house.clock.now()))


async def watched(house: House, kind: str) -> list[tuple[int, int]]:
    async with house.database.read() as reader:
        rows = await reader.fetch_all(
            "SELECT guild_id, payload FROM jobs WHERE kind = $1 AND dedupe_key LIKE '%:watch:%' ORDER BY id", kind
        )
    return [(row["guild_id"], json.loads(row["payload"])["entry"]) for row in rows]


async def test_the_watch_finds_overdue_wishes_of_which_no_word_stands(house: House) -> None:
    began = house.clock.now()
    await house.entry(1)
    await house.entry(2, told=True)
    await house.entry(3, told=True)
    await house.entry(4, answered_at=began)
    await house.entry(5, asked_at=None)
    elsewhere = await house.entry(6, told_early=True)
    await house.entry(7, asked_at=began + 2 * MINUTE)
    async with house.database.write() as writer:
        await house.entries.delete(writer, 6)
        await house.entries.put(writer, replace(elsewhere, guild_id=THERE))
        await house.replies.note(writer, Note(31, HERE, 3, TOLD, 6, began + 180 * MINUTE))
        await house.replies.note(writer, Note(36, THERE, 6, TOLD, 6, began + 46 * MINUTE))
        await house.replies.note(writer, Note(32, HERE, 2, ANSWERED, 6, began + 180 * MINUTE))
    house.clock.advance(211 * MINUTE)
    for _ in range(2):
        await house.team.watch()
    assert await watched(house, LOOK) == [(HERE, 1), (THERE, 6)]
    assert await watched(house, TELL) == [(HERE, 2)]
    assert await house.jobs(WATCH) == 1
    house.clock.advance(timedelta(days=1))
    await house.team.watch()
    assert len(await watched(house, LOOK)) == 5
    house.clock.advance(timedelta(days=30))
    await house.team.watch()
    assert len(await watched(house, LOOK)) == 5


async def test_the_team_reads_one_word_at_a_time(house: House) -> None:
    entry = await house.entry(told_early=True)
    early, late = house.job(entry, early=True), house.job(entry, early=False)
    assert await house.team.telling(early) is not None
    async with house.database.write() as writer:
        await house.replies.note(writer, Note(31, HERE, 1, TOLD, 6, house.clock.now() + 46 * MINUTE))
    assert await house.team.telling(late) is not None
    assert await house.team.telling(house.job(entry, guild_id=THERE, early=False)) is None
    async with house.database.write() as writer:
        await house.entries.tell(writer, 1, early=False)
        assert entry.asked_at is not None
    assert await house.team.telling(early) is None
    house.clock.advance(181 * MINUTE)
    await house.team.told(entry, Post(6, 32))
    assert await house.team.telling(late) is None
    async with house.database.write() as writer:
        await house.replies.answered(writer, 32)
    assert await house.team.telling(late) is not None


async def test_a_call_that_was_not_kept_is_made_the_next_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = await house.entry()
    heard = Heard(700, WREN, house.clock.now())

    async def broken(*_: object, **__: object) -> int:
        raise ConnectionError

    with monkeypatch.context() as away:
        away.setattr("cogs.checkins.service.hearing.enqueue", broken)
        with pytest.raises(ConnectionError):
            await house.hearing.replied(HERE, MESSAGE + 1, heard)
    assert (await house.fresh(entry)).answered_at is None
    assert await house.hearing.replied(HERE, MESSAGE + 1, heard)
    assert await house.jobs(CALL) == 1


async def test_the_reply_that_settles_a_wish_always_calls(house: House) -> None:
    """Also somebody's second within ten minutes: the first was about an entry that asked for nothing yet."""
    entry = await house.entry(choice=Choice.GROUP, asked_at=None)
    assert await house.hearing.replied(HERE, MESSAGE + 1, Heard(700, WREN, house.clock.now()))
    async with house.database.write() as writer:
        await house.entries.set_asked(writer, 1, house.clock.now())
    house.clock.advance(MINUTE)
    assert await house.hearing.replied(HERE, MESSAGE + 1, Heard(701, WREN, house.clock.now()))
    assert (await house.fresh(entry)).answered_at is not None
    assert await house.jobs(CALL) == 2


async def test_open_wishes_are_found_by_their_own_index(sqlite_database: Database) -> None:
    where = "asked_at IS NOT NULL AND answered_at IS NULL"
    async with sqlite_database.read() as reader:
        plans = [
            await reader.fetch_all(
                f"EXPLAIN QUERY PLAN SELECT * FROM checkin_entries WHERE {cut}{where} ORDER BY asked_at"
            )
            for cut in ("guild_id = 1 AND ", "asked_at > 1 AND ")
        ]
    assert all("checkin_entries_open" in plan[0]["detail"] for plan in plans)

"""A group's own sets of questions, on both engines: sealed, one server's alone, and right with many hands at once."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.content import Question, QuestionSet, dialled_numbers, load_content
from bot.errors import Refusal
from bot.storage import Database, SealBroken, Vault
from bot.storage.address import sqlite_path
from bot.text.catalogue import DATA_DIR
from cogs.checkins.service.set_drafts import Kept, Outcome, Overtaken, Target, Typed, Unfit, stamp_of
from cogs.checkins.service.sets import DEFAULT_SET, MOST_OWN_SETS, SetService
from cogs.checkins.store.schedules import CheckinSchedule, ScheduleStore
from cogs.checkins.store.sets import SetStore
from tests.clock import FakeClock

HERE, THERE = 1_000 << 22, 2_000 << 22
KEY, OTHER_KEY = "A" * 43 + "=", "B" * 42 + "A="
NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
CONTENT = load_content(DATA_DIR)
CANARY = "canary-77c0"
NEW = Target("new", "", "long")
FIRST = Typed(name="Sunday", description="For Sundays", label="How was the week?")
SIGNS = "abcdefghijklmnopqrstuvwxyz"


def mark(number: int) -> str:
    """A form's one-time mark."""
    return f"{SIGNS[number // 26]}{SIGNS[number % 26]}" * 6


def service_of(database: Database) -> SetService:
    vault = Vault.from_keys([KEY])
    dialled = dialled_numbers(CONTENT.support_lines)
    return SetService(
        database, FakeClock(), CONTENT.question_sets, dialled, SetStore(vault), ScheduleStore(vault)
    )  # fmt: skip


@pytest.fixture
def service(database: Database) -> SetService:
    return service_of(database)


def kept_set(outcome: Outcome) -> QuestionSet:
    assert isinstance(outcome, Kept)
    return outcome.question_set


async def added(service: SetService, number: int = 0, typed: Typed = FIRST) -> QuestionSet:
    return kept_set(await service.write(HERE, NEW, typed, mark(number)))


async def asked_by(database: Database, name: str, set_id: str, guild_id: int = HERE) -> None:
    schedule = CheckinSchedule(
        7, guild_id, name, 8, 1200, None, frozenset(range(7)), set_id, thread=False, prompts=True, edition=1,
        settled_day=date(2026, 11, 22),
    )  # fmt: skip
    async with database.write() as writer:
        await ScheduleStore(Vault.from_keys([KEY])).put(writer, schedule, NOW)


def rules(outcome: Outcome) -> set[str]:
    assert isinstance(outcome, Unfit)
    return {fault.rule for fault in outcome.faults}


async def test_a_set_comes_back_as_it_was_kept_and_to_its_own_server_alone(database: Database) -> None:
    store = SetStore(Vault.from_keys([KEY]))
    questions = (
        Question("a", "scale", "Wie?", "Ganz grob.", "urge", required=True, lowest=0, highest=10, words=("0", "ü")),
        Question("b", "choices", "🙂?", options=("Ja", "Nein · doch")),
    )
    kept = QuestionSet("own-a", "Unser Abend", "", questions, own=True)
    async with database.write() as writer:
        await store.put(writer, HERE, kept, NOW)
        await store.put(writer, THERE, replace(kept, name="Theirs"), NOW)
        await store.put(writer, HERE, replace(kept, id="own-0", name="Later"), NOW.replace(hour=19))
        await store.put(writer, HERE, replace(kept, description="Changed"), NOW.replace(hour=20))
    async with database.read() as reader:
        assert await store.get(reader, HERE, "own-a") == replace(kept, description="Changed")
        assert [one.name for one in await store.all_of(reader, HERE)] == ["Unser Abend", "Later"]
        assert [one.name for one in await store.all_of(reader, THERE)] == ["Theirs"]
        assert await store.get(reader, THERE, "own-0") is None
        edition = await reader.fetch_value("SELECT MAX(edition) FROM checkin_question_sets")
        with pytest.raises(SealBroken):
            await SetStore(Vault.from_keys([OTHER_KEY])).get(reader, HERE, "own-a")
    assert edition == 2
    async with database.write() as writer:
        assert not await store.delete(writer, THERE, "own-0")
        assert await store.delete_all(writer, HERE) == 2
        assert len(await store.all_of(writer, THERE)) == 1


async def test_no_word_of_a_set_lies_open_in_the_file(sqlite_database: Database, sqlite_url: str) -> None:
    service = service_of(sqlite_database)
    typed = Typed(f"{CANARY} name", f"{CANARY} why", f"{CANARY} first", "", f"{CANARY} one\n{CANARY} two")
    one = kept_set(await service.write(HERE, Target("new", "", "choice"), typed, mark(1)))
    path: Path = sqlite_path(sqlite_url)
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name))
    assert one.id.encode() in kept  # what is in the clear is found where this test looks
    assert CANARY.encode() not in kept


async def test_presets_and_own_are_found_by_id_and_by_name(service: SetService) -> None:
    one = await added(service)
    assert await service.get(HERE, DEFAULT_SET) is CONTENT.question_sets[DEFAULT_SET]
    assert await service.get(HERE, one.id) == one
    assert await service.get(THERE, one.id) is None
    assert [found.id for found in await service.all_of(HERE)] == [*CONTENT.question_sets, one.id]
    for typed in (one.id, f" {one.id} ", "SUNDAY", " sunday "):
        assert await service.named(HERE, typed) == one
    with pytest.raises(Refusal, match=r"questions\.gone"):
        await service.named(THERE, one.id)
    with pytest.raises(Refusal, match=r"questions\.preset"):
        await service.own(HERE, DEFAULT_SET)


async def test_another_servers_set_can_be_neither_seen_nor_changed(database: Database, service: SetService) -> None:
    one = await added(service)
    question = one.questions[0].id
    for outcome in (
        await service.write(THERE, Target("name", one.id), FIRST, mark(1)),
        await service.write(THERE, Target("ask", one.id, "long"), FIRST, mark(2)),
        await service.write(THERE, Target("words", one.id, question), FIRST, mark(3)),
        await service.add_ready(THERE, one.id, "mood"),
        await service.move(THERE, one.id, question, 0),
        await service.drop(THERE, one.id, question),
    ):
        assert outcome == Overtaken(None)
    for refused in (service.look(THERE, one.id), service.remove(THERE, one.id), service.own(THERE, one.id)):
        with pytest.raises(Refusal, match=r"questions\.gone"):
            await refused
    assert await service.get(HERE, one.id) == one


async def test_a_form_sent_twice_makes_one_set_and_one_question(service: SetService) -> None:
    outcomes = await asyncio.gather(*(service.write(HERE, NEW, FIRST, mark(0)) for _ in range(4)))
    assert sorted(isinstance(one, Kept) and one.already for one in outcomes) == [False, True, True, True]
    one = (await service.all_of(HERE))[-1]
    ask = Target("ask", one.id, "short")
    asked = Typed(label="And now?")
    await asyncio.gather(*(service.write(HERE, ask, asked, mark(1)) for _ in range(4)))
    changed = await service.get(HERE, one.id)
    assert changed is not None
    assert [question.label for question in changed.questions] == ["How was the week?", "And now?"]


async def test_many_hands_at_once_leave_twenty_sets_with_names_of_their_own(service: SetService) -> None:
    typed = [replace(FIRST, name=f"Set {number}") for number in range(MOST_OWN_SETS + 4)]
    outcomes = await asyncio.gather(
        *(service.write(HERE, NEW, one, mark(number)) for number, one in enumerate(typed)),
        *(service.write(HERE, NEW, replace(typed[0], name="SET  0"), mark(30 + number)) for number in range(2)),
    )
    own = [one for one in await service.all_of(HERE) if one.own]
    assert len(own) == len({one.name.lower() for one in own}) == MOST_OWN_SETS
    assert {"full"} <= {rule for one in outcomes if isinstance(one, Unfit) for rule in rules(one)}
    with pytest.raises(Refusal, match=r"questions\.full"):
        await service.check_room(HERE)
    await service.check_room(THERE)
    kept = own[0]
    changed = await service.write(HERE, Target("name", kept.id), replace(FIRST, name="Renamed"), mark(60))
    assert isinstance(changed, Kept)  # a full group can still change what it has


@pytest.mark.parametrize(("name", "rule"), [("sunday", "name_taken"), ("HOW am i today", "name_preset")])
async def test_no_two_sets_look_alike(service: SetService, name: str, rule: str) -> None:
    await added(service)
    other = await added(service, 1, replace(FIRST, name="Other"))
    assert rules(await service.write(HERE, NEW, replace(FIRST, name=name), mark(2))) == {rule}
    assert rules(await service.write(HERE, Target("name", other.id), Typed(name=name), mark(3))) == {rule}
    assert kept_set(await service.write(THERE, NEW, replace(FIRST, name="Sunday"), mark(4))).name == "Sunday"


async def test_two_who_change_the_same_question_are_told_of_each_other(service: SetService) -> None:
    one = await added(service)
    target = Target("words", one.id, one.questions[0].id)
    target = replace(target, stamp=stamp_of(one, target))
    first = await service.write(HERE, target, Typed(label="How was it?"), mark(1))
    assert isinstance(first, Kept)
    second = await service.write(HERE, target, Typed(label="How are you?"), mark(2))
    assert second == Overtaken(first.question_set)
    same = await service.write(HERE, target, Typed(label="How was it?"), mark(3))
    assert same == Kept(first.question_set, already=True)
    named = await service.write(
        HERE, Target("name", one.id, "", stamp_of(one, Target("name", one.id))), Typed(name="Evening"), mark(4)
    )  # fmt: skip
    assert isinstance(named, Kept)  # another part of the set: nobody is in the way
    assert named.question_set.questions == first.question_set.questions


async def test_questions_are_added_moved_and_taken_out(service: SetService) -> None:
    one = await added(service)
    for role in ("mood", "urge"):
        assert isinstance(await service.add_ready(HERE, one.id, role), Kept)
    again = await service.add_ready(HERE, one.id, "mood")
    assert isinstance(again, Kept)
    assert again.already
    first = one.questions[0].id
    moves = await asyncio.gather(*(service.move(HERE, one.id, "urge", 1) for _ in range(2)))  # an impatient thumb
    assert {[question.id for question in kept_set(moved).questions].index("urge") for moved in moves} == {1}
    kept = kept_set(await service.drop(HERE, one.id, first))
    assert [question.id for question in kept.questions] == ["urge", "mood"]
    assert kept_set(await service.drop(HERE, one.id, first)) == kept
    assert isinstance(await service.move(HERE, one.id, first, 0), Overtaken)
    for place in (-1, 2):
        assert isinstance(await service.move(HERE, one.id, "mood", place), Overtaken)
    await service.drop(HERE, one.id, "mood")
    assert rules(await service.drop(HERE, one.id, "urge")) == {"questions_none"}
    with pytest.raises(Refusal):
        await service.add_ready(HERE, one.id, "")


async def test_a_fifth_question_finds_no_room(service: SetService) -> None:
    one = await added(service)
    for number in range(3):
        ask = Target("ask", one.id, "short")
        assert isinstance(await service.write(HERE, ask, Typed(label=f"Number {number}?"), mark(5 + number)), Kept)
    assert rules(await service.add_ready(HERE, one.id, "mood")) == {"questions_many"}
    assert rules(await service.write(HERE, Target("ask", one.id, "long"), FIRST, mark(9))) == {"questions_many"}


async def test_a_copy_of_a_preset_is_the_groups_own(service: SetService) -> None:
    copy = Target("copy", "how-am-i-today")
    made = kept_set(await service.write(HERE, copy, Typed(name="Our day"), mark(0)))
    preset = CONTENT.question_sets["how-am-i-today"]
    assert made.own
    assert [replace(one, id="") for one in made.questions] == [replace(one, id="") for one in preset.questions]
    assert [one.id for one in made.questions] == ["mood", "sleep", "urge", "q4"]
    with pytest.raises(Refusal):
        await service.write(HERE, Target("copy", "nothing"), Typed(name="Ours"), mark(1))


async def test_what_nobody_is_asked_is_not_kept(service: SetService) -> None:
    for label, kind, rule in (
        ("How many pills today?", "short", "dose_asked"),
        ("Your pain", "scale", "symptom_score"),
        ("Did you take your meds?", "choice", "medicine_counted"),
    ):
        typed = Typed("Diary", "", label, "", "None\nA lot", "")
        assert rules(await service.write(HERE, Target("new", "", kind), typed, mark(1))) >= {rule}
    unread = Typed("Diary", "", "How calm?", "", "Tense\nCalm", "many")
    one = await added(service)
    assert rules(await service.write(HERE, Target("ask", one.id, "scale"), unread, mark(2))) == {"numbers_unread"}
    assert await service.get(HERE, one.id) == one
    for submission in ("", "x", "A" * 12):
        with pytest.raises(Refusal):
            await service.write(HERE, NEW, FIRST, submission)


async def test_a_set_in_use_stays_until_nobody_asks_it(database: Database, service: SetService) -> None:
    one = await added(service)
    await asked_by(database, "Evening", one.id)
    (listed,) = [found for found in await service.every(HERE) if found.question_set == one]
    assert listed.used_by == ("Evening",) == (await service.look(HERE, one.id)).used_by
    for refused in (service.removable(HERE, one.id), service.remove(HERE, one.id)):
        with pytest.raises(Refusal) as told:
            await refused
        assert (told.value.key, told.value.data) == ("questions.used", {"names": "Evening"})
    await asked_by(database, "Evening", DEFAULT_SET)
    assert await service.remove(HERE, one.id) == one
    with pytest.raises(Refusal, match=r"questions\.gone"):
        await service.remove(HERE, one.id)
    with pytest.raises(Refusal, match=r"questions\.preset"):
        await service.remove(HERE, DEFAULT_SET)
    assert kept_set(await service.write(HERE, NEW, FIRST, mark(8))).name == "Sunday"

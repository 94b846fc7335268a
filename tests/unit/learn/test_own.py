"""A group's own readings on both engines: kept, changed, overtaken, retired; two at once; two processes."""

import asyncio
import random
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.content import MOST_OWN, Claim, Snippet, group_snippet
from bot.errors import Refusal
from bot.ids import Ids
from bot.storage import SealBroken, Vault
from cogs.learn.service import (
    GroupLibraries,
    Outcome,
    Overtaken,
    OwnDraft,
    OwnService,
    Unfit,
    Visitor,
    Written,
    next_edition,
    sources_stamp,
    words_stamp,
)
from cogs.learn.service.own import LIST_PAGE
from cogs.learn.store import OwnSnippet, OwnStore
from tests.unit.learn.conftest import HERE, ROBIN, THERE, Desk, shipped

WALK = OwnDraft("Our walk", "We walk around the lake.", "peers", "What helps?", "lake, sunday")
OTHER_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
SHIPPED_ID, SHIPPED_TITLE = "slow-breathing", "Slow breathing"


@dataclass
class Process:
    """One process that serves the groups; several share a database."""

    service: OwnService
    libraries: GroupLibraries
    ids: Ids

    async def add(self, draft: OwnDraft = WALK, guild_id: int = HERE) -> OwnSnippet:
        return kept(await self.service.add(guild_id, draft, self.ids.key()))

    async def rewrite(self, own: OwnSnippet, mark: str = "", **words: str) -> Outcome:
        """Send the form that was opened when the reading was like `own`."""
        stamp = words_stamp(own.snippet)
        return await self.service.rewrite(
            HERE, own.snippet.id, replace(WALK, **words), stamp, mark or self.ids.key()
        )  # fmt: skip

    async def source(self, own: OwnSnippet, lines: str) -> Outcome:
        """Send the form of sources that was opened when the reading was like `own`."""
        stamp = sources_stamp(own.snippet)
        return await self.service.set_sources(HERE, own.snippet.id, lines, stamp, self.ids.key())

    async def titles(self, guild_id: int = HERE) -> list[str]:
        return [one.title for one in (await self.libraries.of(guild_id)).library if one.own]


def kept(outcome: Outcome) -> OwnSnippet:
    assert isinstance(outcome, Written), outcome
    return outcome.own


def rules_of(outcome: Outcome) -> list[str]:
    assert isinstance(outcome, Unfit), outcome
    return [one.rule for one in outcome.faults]


def process(desk: Desk, seed: int = 1) -> Process:
    ids = Ids(desk.clock, random.Random(seed))
    libraries = GroupLibraries(desk.database, shipped(), desk.own)
    lines = shipped().support_lines
    service = OwnService(desk.database, desk.clock, ids, desk.guilds, lines, libraries, desk.own)
    return Process(service, libraries, ids)


@pytest.fixture
def here(desk: Desk) -> Process:
    return process(desk)


def many(count: int) -> list[Snippet]:
    like = list(shipped().library)
    return [
        group_snippet(
            f"own-aaaaaaaaaa{one:02x}",
            title=f"Reading {one}",
            topic="peers",
            body=like[one % len(like)].body,
            day=like[0].reviewed,
        )
        for one in range(count)
    ]


async def fill(desk: Desk, count: int = MOST_OWN) -> None:
    async with desk.database.write() as writer:
        for place, one in enumerate(many(count)):
            await desk.own.put(writer, HERE, one, place + 1, desk.clock.now())


async def test_a_new_reading_is_on_the_shelves_at_once_and_only_here(desk: Desk, here: Process) -> None:
    own = await here.add()
    snippet = own.snippet
    assert (snippet.title, snippet.tags, snippet.question) == ("Our walk", ("lake", "sunday"), "What helps?")
    assert (snippet.own, snippet.audience, snippet.tone) == (True, "everyone", "calm")
    assert snippet.reviewed == desk.clock.now().date()
    assert own.created_at == desk.clock.now()
    library = await here.libraries.of(HERE)
    assert library.snippet(snippet.id) == snippet
    assert library.index.search("sundey lake")[0] == snippet.id
    elsewhere = await here.libraries.of(THERE)
    assert elsewhere.library.get(snippet.id) is None
    assert snippet.id not in elsewhere.index.search("sunday lake")


async def test_members_read_find_and_save_it_like_any_other(desk: Desk, here: Process, robin: Visitor) -> None:
    snippet = (await here.add()).snippet
    assert (await desk.service.open(robin, snippet.id)).snippet == snippet
    assert await desk.service.save(robin, snippet.id)
    assert (await desk.service.saved(robin)).items[0].snippet == snippet
    with pytest.raises(Refusal):
        await desk.service.open(Visitor(THERE, ROBIN), snippet.id)
    await here.service.retire(HERE, snippet.id)
    retired = (await desk.service.saved(robin)).items[0]
    assert (retired.snippet, retired.title) == (None, "Our walk")
    await here.service.delete(HERE, snippet.id)
    assert (await desk.service.saved(robin)).items[0].title == ""


async def test_it_names_the_emergency_number_where_it_names_danger(desk: Desk, here: Process, robin: Visitor) -> None:
    await desk.group(country="GB")
    draft = replace(WALK, body="A seizure can't wait. Call your emergency number.")
    own = await here.add(draft)
    reading = await desk.service.open(robin, own.snippet.id)
    assert reading.urgent is not None
    assert reading.urgent.number is not None
    assert reading.urgent.number.number == "999"
    assert await here.service.preview(HERE, own.snippet) == replace(reading, more=False)
    calm = kept(await here.rewrite(own))
    assert (await desk.service.open(robin, calm.snippet.id)).urgent is None
    assert (await here.service.preview(HERE, calm.snippet)).urgent is None


async def test_a_form_that_comes_twice_counts_once(here: Process) -> None:
    mark = here.ids.key()
    first, second = await asyncio.gather(*(here.service.add(HERE, WALK, mark) for _ in range(2)))
    assert kept(first) == kept(second)
    assert isinstance(second, Written)
    assert second.already
    assert await here.titles() == ["Our walk"]
    # Also when it was deleted in between: nobody's press brings it back.
    await here.service.retire(HERE, kept(first).snippet.id)
    await here.service.delete(HERE, kept(first).snippet.id)
    assert await here.service.add(HERE, WALK, mark) == Overtaken(None)
    assert await here.titles() == []


async def test_a_form_that_was_refused_can_be_sent_again(here: Process) -> None:
    mark = here.ids.key()
    for _ in range(2):
        assert rules_of(await here.service.add(HERE, replace(WALK, body="Take 5 mg."), mark)) == ["dose"]
    assert await here.titles() == []


async def test_a_mark_that_nobody_gave_is_refused(here: Process) -> None:
    for mark in ("", "ABC", "a" * 13, "own-aaaaaaaa"):
        with pytest.raises(Refusal):
            await here.service.add(HERE, WALK, mark)


@pytest.mark.parametrize(
    ("draft", "rules"),
    [
        (replace(WALK, title=f" {SHIPPED_TITLE.upper()} "), ["title_shipped"]),
        (replace(WALK, title="OUR  walk"), ["title_taken"]),
        (replace(WALK, title="Out of use"), ["title_retired"]),
        (replace(WALK, title="Another", topic="cooking"), ["topic"]),
        (replace(WALK, title="", body="Take 5 mg."), ["title_empty", "dose"]),
    ],
)
async def test_what_cannot_stand_is_named_and_nothing_is_kept(
    here: Process, draft: OwnDraft, rules: list[str]
) -> None:  # fmt: skip
    await here.add()
    await here.service.retire(HERE, (await here.add(replace(WALK, title="Out of use"))).snippet.id)
    assert rules_of(await here.service.add(HERE, draft, here.ids.key())) == rules
    assert (await here.service.page(HERE)).total == 2
    await here.add(guild_id=THERE)  # another group may have the same title


async def test_two_with_the_same_title_at_once_are_one(desk: Desk, here: Process) -> None:
    other = process(desk, seed=2)
    first, second = await asyncio.gather(
        here.service.add(HERE, WALK, here.ids.key()), other.service.add(HERE, WALK, other.ids.key())
    )
    assert sorted(type(one).__name__ for one in (first, second)) == ["Unfit", "Written"]
    assert await here.titles() == ["Our walk"]


async def test_a_full_group_is_told_before_and_after_the_form(desk: Desk, here: Process) -> None:
    await fill(desk, MOST_OWN - 1)
    await here.service.check_room(HERE)
    last, late = await asyncio.gather(
        here.service.add(HERE, WALK, here.ids.key()),
        here.service.add(HERE, replace(WALK, title="One too many"), here.ids.key()),
    )
    assert {type(last), type(late)} == {Written, Unfit}
    with pytest.raises(Refusal) as full:
        await here.service.check_room(HERE)
    assert full.value.key == "library.own.full"
    assert "full" in rules_of(await here.service.add(HERE, replace(WALK, title="More"), here.ids.key()))
    # What is there can still be changed.
    own = (await here.service.page(HERE)).items[0]
    assert kept(await here.service.set_audience(HERE, own.snippet.id, "family")).snippet.audience == "family"
    await here.service.check_room(THERE)


async def test_other_words_keep_everything_else(desk: Desk, here: Process) -> None:
    own = await here.add()
    identity = own.snippet.id
    own = kept(await here.service.set_audience(HERE, identity, "family"))
    own = kept(await here.service.set_tone(HERE, identity, "careful"))
    line = "NHS, 2024, https://www.nhs.uk/medicines/"
    own = kept(await here.source(own, line))
    desk.clock.advance(timedelta(days=2))
    draft = OwnDraft("Our run", "We run.", "coping")
    own = kept(await here.service.rewrite(HERE, identity, draft, words_stamp(own.snippet), here.ids.key()))
    snippet = own.snippet
    assert (snippet.title, snippet.body, snippet.topic, snippet.question) == ("Our run", "We run.", "coping", "")
    assert (snippet.audience, snippet.tone, snippet.tags) == ("family", "careful", ())
    assert snippet.claims == (Claim("", "NHS", "2024", "https://www.nhs.uk/medicines/"),)
    assert snippet.reviewed == desk.clock.now().date()
    assert own.created_at == desk.clock.now() - timedelta(days=2)
    assert await here.titles() == ["Our run"]


async def test_what_a_source_says_stays_with_its_address(desk: Desk, here: Process) -> None:
    own = await here.add()
    said = Claim("Walking lifts the mood.", "NHS", "2024", "https://www.nhs.uk/walking")
    async with desk.database.write() as writer:
        own = replace(own, snippet=replace(own.snippet, claims=(said,)))
        await desk.own.put(writer, HERE, own.snippet, 1, desk.clock.now())
    lines = "Cochrane https://www.cochrane.org/x\nNHS walking, 2025, https://www.nhs.uk/walking"
    own = kept(await here.source(own, lines))
    assert own.snippet.claims == (
        Claim("", "Cochrane", "n.d.", "https://www.cochrane.org/x"),
        Claim("Walking lifts the mood.", "NHS walking", "2025", "https://www.nhs.uk/walking"),
    )


async def test_an_edit_of_what_changed_meanwhile_loses_nobodys_words(here: Process) -> None:
    own = await here.add()
    mine, theirs = replace(WALK, body="Mine."), replace(WALK, body="Theirs.")
    changed = kept(await here.service.rewrite(HERE, own.snippet.id, theirs, words_stamp(own.snippet), here.ids.key()))
    outcome = await here.service.rewrite(HERE, own.snippet.id, mine, words_stamp(own.snippet), here.ids.key())
    assert outcome == Overtaken(changed)
    assert (await here.service.own(HERE, own.snippet.id)).snippet.body == "Theirs."
    # "Keep mine", pressed twice, is one change.
    for already in (False, True):
        again = await here.service.rewrite(HERE, own.snippet.id, mine, words_stamp(changed.snippet))
        assert isinstance(again, Written)
        assert (again.own.snippet.body, again.already) == ("Mine.", already)


async def test_what_somebody_else_set_beside_the_words_is_no_quarrel(here: Process) -> None:
    own = await here.add()
    identity, stamp = own.snippet.id, words_stamp(own.snippet)
    await here.service.set_tone(HERE, identity, "careful")
    line = "NHS, 2024, https://www.nhs.uk/"
    await here.source(own, line)
    await here.service.retire(HERE, identity)
    changed = kept(await here.service.rewrite(HERE, identity, replace(WALK, body="Mine."), stamp, here.ids.key()))
    assert (changed.snippet.body, changed.snippet.tone, len(changed.snippet.claims)) == ("Mine.", "careful", 1)
    assert changed.retired_at is not None
    late = await here.source(own, "")
    assert late == Overtaken(changed)


async def test_an_edit_delivered_twice_does_not_undo_a_later_one(here: Process) -> None:
    own = await here.add()
    mark = here.ids.key()
    first = kept(await here.rewrite(own, mark, body="One."))
    await here.service.rewrite(
        HERE, own.snippet.id, replace(WALK, body="Two."), words_stamp(first.snippet), here.ids.key()
    )
    again = await here.rewrite(own, mark, body="One.")
    assert isinstance(again, Written)
    assert again.already
    assert (await here.service.own(HERE, own.snippet.id)).snippet.body == "Two."


async def test_an_edit_of_what_was_deleted_brings_the_words_back_to_their_writer(here: Process) -> None:
    own = await here.add()
    await here.service.retire(HERE, own.snippet.id)
    await here.service.delete(HERE, own.snippet.id)
    gone = await here.service.rewrite(
        HERE, own.snippet.id, replace(WALK, body="New."), words_stamp(own.snippet), here.ids.key()
    )
    assert gone == Overtaken(None)
    assert await here.service.set_sources(
        HERE, own.snippet.id, "", sources_stamp(own.snippet), here.ids.key()
    ) == Overtaken(None)
    assert (await here.service.page(HERE)).total == 0


async def test_a_reading_that_names_suicide_stays_careful(here: Process) -> None:
    own = await here.add(replace(WALK, body="After a suicide we talk. Call your emergency number."))
    assert own.snippet.tone == "careful"
    assert kept(await here.service.set_tone(HERE, own.snippet.id, "calm")).snippet.tone == "careful"


async def test_made_up_choices_are_refused(here: Process) -> None:
    own = await here.add()
    for choose in (here.service.set_tone, here.service.set_audience):
        with pytest.raises(Refusal):
            await choose(HERE, own.snippet.id, "loud")


async def test_retired_brought_back_deleted(here: Process) -> None:
    own = await here.add()
    identity = own.snippet.id
    with pytest.raises(Refusal):
        await here.service.delete(HERE, identity)  # only what is retired
    retired = await here.service.retire(HERE, identity)
    assert retired.retired_at is not None
    assert await here.titles() == []
    assert (await here.service.retire(HERE, identity)).retired_at == retired.retired_at
    assert kept(await here.service.set_audience(HERE, identity, "peers")).retired_at is not None
    assert (await here.service.bring_back(HERE, identity)).retired_at is None
    assert await here.titles() == ["Our walk"]
    await here.service.retire(HERE, identity)
    assert await here.service.delete(HERE, identity) == "Our walk"
    assert (await here.service.page(HERE)).total == 0
    with pytest.raises(Refusal):
        await here.service.delete(HERE, identity)


async def test_nobody_reaches_what_is_not_theirs(here: Process) -> None:
    theirs = (await here.add(guild_id=THERE)).snippet
    service = here.service
    for identity, key in ((theirs.id, "gone"), ("own-zzzzzzzzzzzz", "gone"), (SHIPPED_ID, "shipped"), ("", "gone")):
        for way in (service.own, service.retire, service.bring_back, service.delete, service.named):
            with pytest.raises(Refusal) as refusal:
                await way(HERE, identity)
            assert refusal.value.key == f"library.own.{key}"
        assert await service.rewrite(HERE, identity, WALK, "", here.ids.key()) == Overtaken(None)
        assert await service.set_tone(HERE, identity, "careful") == Overtaken(None)
    assert (await service.own(THERE, theirs.id)).snippet == theirs
    assert await here.titles(THERE) == ["Our walk"]


async def test_it_is_named_by_title_too(here: Process) -> None:
    own = await here.add()
    assert await here.service.named(HERE, " our WALK ") == own
    with pytest.raises(Refusal) as refusal:
        await here.service.named(HERE, SHIPPED_TITLE)
    assert refusal.value.key == "library.own.shipped"
    assert [one.id for one in await here.service.titles_like(HERE, "wolk")] == [own.snippet.id]
    assert [one.id for one in await here.service.titles_like(HERE, "")] == [own.snippet.id]
    await here.service.retire(HERE, own.snippet.id)
    assert await here.service.titles_like(HERE, "walk") == ()
    assert await here.service.titles_like(THERE, "walk") == ()


async def test_the_list_has_the_living_first_by_title(desk: Desk, here: Process) -> None:
    for title in ("Birds", "apples", "Clouds"):
        await here.add(replace(WALK, title=title))
    first = (await here.service.page(HERE)).items[0].snippet
    await here.service.retire(HERE, first.id)
    assert [one.snippet.title for one in (await here.service.page(HERE)).items] == ["Birds", "Clouds", "apples"]
    await fill(desk, 30)
    pages = [await here.service.page(HERE, number) for number in range(4)]
    assert [len(page.items) for page in pages[:3]] == [LIST_PAGE, LIST_PAGE, 33 - 2 * LIST_PAGE]
    assert pages[3] == pages[2]
    assert pages[2].items[-1].snippet.title == "apples"


async def test_another_process_sees_every_change_at_once(desk: Desk, here: Process) -> None:
    other = process(desk, seed=2)
    own = await here.add()
    assert await other.titles() == ["Our walk"]
    await other.service.rewrite(
        HERE, own.snippet.id, replace(WALK, title="Our run"), words_stamp(own.snippet), other.ids.key()
    )
    assert await here.titles() == ["Our run"]
    await here.service.retire(HERE, own.snippet.id)
    assert await other.titles() == []
    await other.service.bring_back(HERE, own.snippet.id)
    assert await here.titles() == ["Our run"]
    await here.service.retire(HERE, own.snippet.id)
    await here.service.delete(HERE, own.snippet.id)
    await other.add(replace(WALK, title="Anew"))
    assert await here.titles() == await other.titles() == ["Anew"]


async def test_nothing_is_built_again_while_nothing_changed(here: Process) -> None:
    assert await here.libraries.of(HERE) is await here.libraries.of(THERE)  # the shipped one, for all who wrote nothing
    own = await here.add()
    built = await here.libraries.of(HERE)
    assert await here.libraries.of(HERE) is built
    await here.add(guild_id=THERE)
    assert await here.libraries.of(HERE) is built
    await here.service.set_tone(HERE, own.snippet.id, "careful")
    assert await here.libraries.of(HERE) is not built


def test_an_edition_is_above_every_other_however_clocks_stand(desk: Desk, here: Process) -> None:
    made = [next_edition(here.ids, 0) for _ in range(50)]
    assert len(set(made)) == 50
    ahead = max(made) + (60_000 << 22)
    for _ in range(50):
        assert ahead < next_edition(here.ids, ahead) < 2**63


async def test_two_hundred_of_its_own_are_found_among_the_others(desk: Desk, here: Process) -> None:
    await fill(desk)
    library = await here.libraries.of(HERE)
    assert len(library.library) == len(shipped().library) + MOST_OWN
    assert library.index.complete("reading 17")[0] in {one.id for one in library.library if one.own}
    assert library.index.search("slow breathing")[0] == SHIPPED_ID
    assert len(await here.service.titles_like(HERE, "")) == 25


async def test_a_topic_that_went_with_a_newer_evenkeel_hides_nothing(desk: Desk, here: Process) -> None:
    own = (await here.add()).snippet
    async with desk.database.write() as writer:
        await desk.own.put(writer, HERE, replace(own, topic="once"), next_edition(here.ids, 0) + 9, desk.clock.now())
    shelved = (await here.libraries.of(HERE)).snippet(own.id)
    assert shelved.topic in shipped().library.topics
    assert (await here.service.preview(HERE, replace(own, topic="once"))).topic.key == shelved.topic


async def test_under_a_lost_key_nothing_is_shown_as_if_it_were_empty(desk: Desk, here: Process) -> None:
    await here.add()
    lost = GroupLibraries(desk.database, shipped(), OwnStore(Vault.from_keys([OTHER_KEY])))
    with pytest.raises(SealBroken):
        await lost.of(HERE)
    assert len((await lost.of(THERE)).library) == len(shipped().library)


async def test_a_whole_groups_readings_go_at_once(desk: Desk, here: Process) -> None:
    await here.add()
    await here.add(guild_id=THERE)
    async with desk.database.write() as writer:
        assert await desk.own.delete_all(writer, HERE) == 1
    assert (await here.titles(), await here.titles(THERE)) == ([], ["Our walk"])

"""What the daily post, its preview and its tellings look like, and what their ids carry."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.content.checkins import NAME_LIMIT
from bot.content.prompts import TEXT_LIMIT
from bot.discordkit import Link, Panel, Row, Text, decode
from bot.text import t
from cogs.checkins.rules import LONGEST_NAME
from cogs.checkins.service.asking_now import Preview
from cogs.checkins.service.day_posts import DayView
from cogs.checkins.service.tellings import ENDED, MISSED, THREAD, Telling
from cogs.checkins.store.posts import DayPost
from cogs.checkins.store.schedules import CheckinSchedule
from cogs.checkins.ui import turns as ui

DAY = date(2026, 9, 23)
NOON = datetime(2026, 9, 23, 12, tzinfo=UTC)
LONGEST = 2**63 - 1
VIEW = DayView(LONGEST, "Evening", DAY, "What's the weather inside?")
SCHEDULE = CheckinSchedule(
    LONGEST, 1, "Evening", 77, 1200, None, frozenset({0}), "x", thread=False, prompts=True, edition=1, settled_day=DAY
)
TELLING = Telling(MISSED, "Evening", 77, DAY, DAY, 1, NOON)


def words(panel: Panel) -> str:
    return "\n".join(block.words for block in panel.blocks if isinstance(block, Text))


def items(panel: Panel) -> list:  # type: ignore[type-arg]
    return [item for block in panel.blocks if isinstance(block, Row) for item in block.items]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("**@everyone** <@123>", "## \u2068\\*\\*@\u200beveryone\\*\\* \\<@123\\>\u2069"),
        ("# big", "## \u2068\\# big\u2069"),
        ("[hidden](https://example.org)", "## \u2068\\[hidden\\]\\(https://example.org\\)\u2069"),
        ("صباح الخير", "## \u2068صباح الخير\u2069"),
    ],
)
def test_a_name_formats_nothing_and_calls_nobody(name: str, shown: str) -> None:
    assert words(ui.day_post(replace(VIEW, name=name))).splitlines()[0] == shown


async def test_the_longest_post_of_all_is_drawn() -> None:
    view = replace(VIEW, name="*" * LONGEST_NAME, words="w" * TEXT_LIMIT, count=10**9)
    ui.day_post(view).draw()
    ui.preview_panel(Preview(replace(SCHEDULE, name=view.name, thread=True), view, NOON, rests=True)).draw()
    ui.pick_panel([replace(SCHEDULE, schedule_id=number) for number in range(30)], "ek1:checkins:turn_now:").draw()
    assert len(ui.thread_name(view)) <= 100
    assert LONGEST_NAME <= NAME_LIMIT


def test_nobody_is_greeted_by_a_lonely_nought() -> None:
    assert "0" not in words(ui.day_post(VIEW))
    assert "one person" in words(ui.day_post(replace(VIEW, count=1)))
    assert "12 people" in words(ui.day_post(replace(VIEW, count=12)))


def test_every_button_carries_the_date_and_the_mark_finds_it() -> None:
    ids = [item.custom_id for item in items(ui.day_post(VIEW))]
    decoded = [decode(one) for one in ids]
    assert [one.verb for one in decoded if one] == ["now", "alone", "skip"]
    assert {ui.read_key(one.key) for one in decoded if one} == {(LONGEST, DAY)}
    assert all(one.endswith(ui.post_mark(VIEW)) for one in ids)
    assert not ids[0].endswith(ui.post_mark(replace(VIEW, schedule_id=7)))
    other = ui.day_post(replace(VIEW, schedule_id=17))
    assert not items(other)[0].custom_id.endswith(ui.post_mark(replace(VIEW, schedule_id=7)))


@pytest.mark.parametrize("key", ["", "7", "7.", ".2026-09-23", "7.2026-13-01", f"{2**63}.2026-09-23", "-1.2026-09-23",
                                 "٧.2026-09-23", "7.2026-09-23.x", "x.2026-09-23"])  # fmt: skip
def test_a_made_up_key_is_none(key: str) -> None:
    assert ui.read_key(key) is None


def test_the_ids_of_taking_back_fit() -> None:
    key = ui.post_key(LONGEST, DAY)
    [undo] = items(ui.skip_panel("done", DAY, key))
    assert len(undo.custom_id) <= 100
    assert undo.custom_id.endswith(f"{key}.{DAY.isoformat()}")
    assert items(ui.skip_panel("over", DAY, key)) == []


def test_a_resting_groups_preview_offers_no_post() -> None:
    resting = ui.preview_panel(Preview(SCHEDULE, VIEW, NOON, rests=True))
    assert "turn_now" not in str(resting)
    assert t("checkin_post.preview.rests") in words(resting)
    paused = ui.preview_panel(Preview(SCHEDULE, VIEW, None, rests=False))
    assert t("checkin_post.preview.no_next") in words(paused)


def test_the_way_to_the_post_and_what_is_missing() -> None:
    post = DayPost(LONGEST, 1, DAY, 77, 900, None, None, NOON)
    rests = Preview(replace(SCHEDULE, paused=True), VIEW, None, rests=False)
    panel = ui.posted_panel(rests, post, already=False, thread=False)
    assert [item.url for item in items(panel) if isinstance(item, Link)] == ["https://discord.com/channels/1/77/900"]
    assert t("checkin_post.now.no_thread") in words(panel)
    assert t("checkin_post.now.paused") in words(panel)


@pytest.mark.parametrize(
    ("telling", "said"),
    [
        (TELLING, ("wasn't posted on Wednesday 23 September", "<t:")),
        (replace(TELLING, days=3, last=date(2026, 9, 25)), ("3 days", "to Friday 25 September")),
        (replace(TELLING, next_at=None), (t("checkin_post.team.no_next"),)),
        (replace(TELLING, reason=THREAD), ("Create Public Threads", "<#77>")),
        (replace(TELLING, reason=ENDED), ("resume", "since Wednesday 23 September")),
        (replace(TELLING, reason="no_access"), (t("kit.team.reason.no_access"), "<#77>")),
        (replace(TELLING, reason="http_400"), (t("kit.team.reason.other"),)),
    ],
)
def test_the_team_reads_when_where_and_what_to_do(telling: Telling, said: tuple[str, ...]) -> None:
    told = words(ui.telling_panel([telling]))
    assert all(part in told for part in (*said, "Evening"))
    assert "{" not in told


def test_ten_check_ins_that_were_missed_are_one_message() -> None:
    missed = [replace(TELLING, name="_" * LONGEST_NAME, days=number) for number in range(1, 11)]
    told = words(ui.telling_panel(missed))
    assert told.count("<t:") == 10
    assert told.count("Wednesday 23 September") == 19
    assert "{" not in told
    assert len(told) < 4000

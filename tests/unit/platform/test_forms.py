import random
from typing import Any

import pytest

from bot.discordkit import Form, One, Option, Several, Tick, Write
from bot.discordkit.custom_ids import decode
from bot.discordkit.forms import read_fields
from bot.ids import Ids
from tests.clock import FakeClock

FORM = Form(
    "setup",
    "group",
    "About this group",
    (
        Write("zone", "Time zone", shortest=1),
        Tick("kind", "Kind", (Option("One", "1"), Option("Two", "2")), most=5),
    ),
    key="step-1",
)


async def test_every_form_shown_has_an_id_of_its_own_and_is_kept_by_nobody() -> None:
    ids = Ids(FakeClock(), random.Random(3))
    first, second = FORM.draw(ids), FORM.draw(ids)
    assert first.custom_id != second.custom_id
    item = decode(first.custom_id)
    assert item is not None
    assert (item.feature, item.verb, item.key) == ("setup", "group", "step-1")
    assert item.submission
    assert first.is_finished()


def test_what_was_filled_in_is_read_from_labels_and_rows() -> None:
    components: list[dict[str, Any]] = [
        {"type": 18, "component": {"type": 4, "custom_id": "zone", "value": "Europe/London"}},
        {"type": 18, "component": {"type": 3, "custom_id": "kind", "values": ["1", "2"]}},
        {"type": 1, "components": [{"type": 4, "custom_id": "old", "value": None}]},
    ]
    assert read_fields(components) == {"zone": "Europe/London", "kind": ("1", "2"), "old": ""}


async def test_a_select_never_asks_for_more_than_it_has() -> None:
    modal = FORM.draw(Ids(FakeClock(), random.Random(4)))
    payload = modal.to_dict()
    select = payload["components"][1]["component"]
    assert select["max_values"] == 2


def drawn(*fields: One | Several) -> list[dict[str, Any]]:
    """The labels of a form with these fields, as Discord is told them."""
    form = Form("me", "words", "A form", fields)
    payload = form.draw(Ids(FakeClock(), random.Random(5))).to_dict()
    return list(payload["components"])


OPTIONS = (Option("Low", "1", "a heavy day"), Option("All right", "2", chosen=True), Option("Good", "3"))


async def test_a_radio_group_shows_every_option_with_one_chosen() -> None:
    [label] = drawn(One("mood", "Mood", OPTIONS, "Only you see this."))
    assert (label["label"], label["description"]) == ("Mood", "Only you see this.")
    group = label["component"]
    assert (group["type"], group["custom_id"], group["required"]) == (21, "mood", True)
    assert [(one["label"], one["value"], one.get("description")) for one in group["options"]] == [
        ("Low", "1", "a heavy day"), ("All right", "2", None), ("Good", "3", None),
    ]  # fmt: skip
    assert [bool(one.get("default")) for one in group["options"]] == [False, True, False]


async def test_a_radio_group_may_be_left_out() -> None:
    [label] = drawn(One("mood", "Mood", OPTIONS, required=False))
    assert label["component"]["required"] is False


@pytest.mark.parametrize(("required", "fewest"), [(False, 0), (True, 1)])
async def test_a_checkbox_group_takes_any_number_of_its_options(required: bool, fewest: int) -> None:
    [label] = drawn(Several("helped", "What helped", OPTIONS, required=required))
    group = label["component"]
    assert (group["type"], group["custom_id"], group["required"]) == (22, "helped", required)
    assert (group["min_values"], group["max_values"]) == (fewest, 3)
    assert [bool(one.get("default")) for one in group["options"]] == [False, True, False]
    assert group["options"][0]["description"] == "a heavy day"


def test_a_group_that_nobody_touched_is_read_as_nothing() -> None:
    components: list[dict[str, Any]] = [
        {"type": 18, "component": {"type": 21, "custom_id": "mood", "value": None}},
        {"type": 18, "component": {"type": 22, "custom_id": "helped", "values": []}},
    ]
    assert read_fields(components) == {"mood": (), "helped": ()}


def test_what_was_chosen_is_told_from_what_was_typed() -> None:
    components: list[dict[str, Any]] = [
        {"type": 18, "component": {"type": 21, "custom_id": "mood", "value": "2"}},
        {"type": 18, "component": {"type": 4, "custom_id": "line", "value": "2"}},
    ]
    assert read_fields(components) == {"mood": ("2",), "line": "2"}

import random
from typing import Any

from bot.discordkit import Form, Option, Tick, Write
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

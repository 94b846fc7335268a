"""Panels: plain data drawn as Discord's layout components."""

from typing import Any

import discord
import pytest

from bot.discordkit import (
    CALM,
    CAREFUL,
    Aside,
    Button,
    Choose,
    Divider,
    Download,
    Link,
    Option,
    Panel,
    PickChannel,
    PickRole,
    Picture,
    Row,
    Text,
    buttons,
    say,
)
from bot.discordkit.panels import MOST_CHARACTERS, MOST_COMPONENTS

PRESS = "ek1:me:words:"


def components(panel: Panel) -> list[dict[str, Any]]:
    """Return the drawn view as Discord is told it."""
    told: list[dict[str, Any]] = panel.draw().to_components()  # type: ignore[no-untyped-call]
    return told


def drawn(panel: Panel) -> list[dict[str, Any]]:
    """Return what stands in the card."""
    [card] = components(panel)
    assert card["type"] == discord.ComponentType.container.value
    return list(card["components"])


async def test_every_kind_of_block_is_drawn_as_itself() -> None:
    options = (Option("One", "1", "The first", chosen=True), Option("Two", "2"))
    panel = Panel(
        (
            Text("## A heading"),
            Aside("Words", Button("Go", PRESS)),
            Divider(),
            Row((Button("Stay", PRESS), Link("Out", "https://example.org"))),
            Choose(PRESS, "Pick", options, most=5),
            PickChannel(PRESS, "Where", chosen=7),
            PickRole(PRESS, "Who"),
            Download("copy.json", b"{}"),
        )
    )
    text, aside, divider, row, choose, channel, role, file = drawn(panel)
    assert text["content"] == "## A heading"
    assert (aside["components"][0]["content"], aside["accessory"]["custom_id"]) == ("Words", PRESS)
    assert divider["type"] == discord.ComponentType.separator.value
    assert [one.get("url") for one in row["components"]] == [None, "https://example.org"]
    [select] = choose["components"]
    assert (select["min_values"], select["max_values"]) == (1, 2)
    assert [one.get("default") for one in select["options"]] == [True, False]
    assert channel["components"][0]["default_values"] == [{"id": 7, "type": "channel"}]
    assert channel["components"][0]["channel_types"] == [discord.ChannelType.text.value]
    assert role["components"][0].get("default_values", []) == []
    assert file["file"]["url"] == "attachment://copy.json"


async def test_a_view_is_over_before_it_is_sent_so_that_nothing_keeps_it() -> None:
    assert Panel((Row((Button("Go", PRESS),)),)).draw().is_finished()


async def test_files_are_fresh_for_each_sending() -> None:
    panel = Panel((Download("copy.json", b"{}"),))
    for _ in range(2):
        [file] = panel.files()
        assert (file.filename, file.fp.read()) == ("copy.json", b"{}")
    assert say("Words").files() == []


async def test_a_picture_is_drawn_with_the_words_that_describe_it() -> None:
    panel = Panel((Text("Your week"), Picture("week.png", b"dots", "A line that climbs."), Text("That was it.")))
    _, gallery, _ = drawn(panel)
    assert gallery["type"] == discord.ComponentType.media_gallery.value
    [item] = gallery["items"]
    assert (item["media"]["url"], item["description"]) == ("attachment://week.png", "A line that climbs.")
    for _ in range(2):
        [file] = panel.files()
        assert (file.filename, file.fp.read()) == ("week.png", b"dots")


async def test_a_picture_and_a_download_are_sent_in_their_order() -> None:
    panel = Panel((Download("week.csv", b"1,2"), Text("Words"), Picture("week.png", b"dots", "A line.")))
    assert [file.filename for file in panel.files()] == ["week.csv", "week.png"]


async def test_the_edge_has_its_colour() -> None:
    for panel, colour in ((say("Words"), CALM), (say("Words", colour=CAREFUL), CAREFUL)):
        [card] = components(panel)
        assert card["accent_color"] == colour.value


async def test_a_panel_grows_without_changing() -> None:
    first = say("One", "Two")
    second = first.and_then(Divider(), Text("Three"))
    assert len(drawn(first)) == 2
    assert [one.get("content") for one in drawn(second)] == ["One", "Two", None, "Three"]
    assert second.colour == first.colour


def test_a_row_leaves_out_what_is_not_there() -> None:
    here = Button("Here", PRESS)
    assert buttons(None, here, None).items == (here,)


async def test_discords_limits_hold_or_are_refused_before_anything_is_sent() -> None:
    full = Panel(tuple(Divider() for _ in range(MOST_COMPONENTS - 1)))
    assert len(drawn(full)) == MOST_COMPONENTS - 1
    with pytest.raises(ValueError, match="40"):
        full.and_then(Divider()).draw()
    drawn(say("x" * MOST_CHARACTERS))
    with pytest.raises(ValueError, match="4000"):
        say("x" * MOST_CHARACTERS, "y").draw()


async def test_six_buttons_are_no_row() -> None:
    with pytest.raises(ValueError, match="children exceeded"):
        Panel((Row(tuple(Button("Go", PRESS) for _ in range(6))),)).draw()

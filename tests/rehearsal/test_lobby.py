"""The page's server: who gets in, what each person is shown, and what each button does."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import aiohttp
import pytest

from bot.errors import StartError
from rehearsal.diary import Deed
from rehearsal.lobby import House, serving
from rehearsal.lobby.server import Address
from rehearsal.tour import tour
from tests.rehearsal.conftest import EVENING
from tests.rehearsal.standin import StandInEngine


@dataclass
class Visitor:
    """A browser at the page."""

    house: House
    address: Address
    session: aiohttp.ClientSession

    async def get(self, path: str, **options: Any) -> aiohttp.ClientResponse:
        return await self.session.get(self.address.url + path, allow_redirects=False, **options)

    async def post(self, path: str, **options: Any) -> aiohttp.ClientResponse:
        return await self.session.post(self.address.url + path, allow_redirects=False, **options)

    async def state(self, person: str = "marlow") -> dict[str, Any]:
        answer = await self.get(f"state?person={person}")
        assert answer.status == HTTPStatus.OK
        found: dict[str, Any] = await answer.json()
        return found

    async def open(self, person: str, channel: str) -> str:
        answer = await self.post("room", data={"person": person, "channel": channel})
        assert answer.status == HTTPStatus.SEE_OTHER
        return answer.headers["Location"]


@pytest.fixture
async def visitor(engine: StandInEngine) -> AsyncIterator[Visitor]:
    house = House(lambda: engine, start=lambda _zone: EVENING)
    await house.begin(ready=True)
    try:
        async with serving(house) as address, aiohttp.ClientSession() as session:
            yield Visitor(house, address, session)
    finally:
        await house.close()


def _names(state: dict[str, Any]) -> list[str]:
    return [channel["name"] for channel in state["channels"]]


# ---- the door


@pytest.mark.parametrize("file", ["", "page.css", "page.js"])
async def test_the_page_needs_nothing_from_elsewhere(visitor: Visitor, file: str) -> None:
    answer = await visitor.get(file)
    assert answer.status == HTTPStatus.OK
    text = (await answer.text()).replace("http://www.w3.org/2000/svg", "")
    assert "http://" not in text
    assert "https://" not in text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/state", "/wrong-token/", "/wrong-token/state"])
async def test_without_the_token_there_is_nothing(visitor: Visitor, path: str) -> None:
    answer = await visitor.session.get(f"http://127.0.0.1:{visitor.address.port}{path}")
    assert answer.status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "127.0.0.1"])
async def test_a_name_that_points_here_from_elsewhere_is_refused(visitor: Visitor, host: str) -> None:
    answer = await visitor.get("", headers={"Host": host.format(port=visitor.address.port)})
    assert answer.status == HTTPStatus.FORBIDDEN


async def test_localhost_is_this_machine_too(visitor: Visitor) -> None:
    answer = await visitor.get("", headers={"Host": f"localhost:{visitor.address.port}"})
    assert answer.status == HTTPStatus.OK


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_another_site_can_change_nothing(visitor: Visitor, headers: dict[str, str]) -> None:
    answer = await visitor.post("clock", data={"step": "1h"}, headers=headers)
    assert answer.status == HTTPStatus.FORBIDDEN
    assert visitor.house.world.env.now() == EVENING


async def test_looking_changes_nothing(visitor: Visitor) -> None:
    for path in ("clock", "restart", "begin", "room"):
        assert (await visitor.get(path)).status == HTTPStatus.METHOD_NOT_ALLOWED


async def test_a_taken_port_is_said_plainly(visitor: Visitor) -> None:
    with pytest.raises(StartError, match=f"Port {visitor.address.port} can't be used"):
        async with serving(visitor.house, visitor.address.port):
            pass


# ---- what is shown


async def test_everybody_sees_only_their_own_channels(visitor: Visitor) -> None:
    marlow, robin = await visitor.state("marlow"), await visitor.state("robin")
    assert set(_names(marlow)) - set(_names(robin)) == {"care", "mod-log"}
    assert [one["name"] for one in marlow["channels"] if one["private"]] == ["care", "mod-log"]
    assert _names(await visitor.state("rowan")) == ["welcome", "lounge"]
    assert (await visitor.state("rowan"))["group"] != marlow["group"]


async def test_the_state_tells_time_people_and_tour(visitor: Visitor) -> None:
    state = await visitor.state()
    assert state["time"]["day"] == "Monday 23 November 2026"
    assert (state["time"]["clock"], state["time"]["zone"]) == ("18:00", "London time")
    assert len(state["people"]) == 13
    assert [one["key"] for one in state["people"] if one["elsewhere"]] == ["rowan"]
    assert [step["key"] for step in state["tour"]] == [step.key for step in tour()]
    assert not any(step["done"] for step in state["tour"])


async def test_nobody_and_nowhere_are_said_kindly(visitor: Visitor) -> None:
    assert (await visitor.get("state?person=nobody")).status == HTTPStatus.NOT_FOUND
    for data in ({"person": "nobody", "channel": "dm"}, {"person": "robin", "channel": "care"}, {"person": "robin"}):
        answer = await visitor.post("room", data=data)
        assert answer.status == HTTPStatus.NOT_FOUND
        assert "said" in await answer.json()


async def test_a_tab_is_told_in_words_that_a_place_is_gone(visitor: Visitor) -> None:
    answer = await visitor.post("room", data={"person": "robin", "channel": "care"}, headers={"Accept": "text/html"})
    assert answer.content_type == "text/plain"
    assert "not there any more" in await answer.text()


async def test_the_tour_says_what_is_not_there_yet(visitor: Visitor) -> None:
    assert all(step["there"] for step in (await visitor.state())["tour"] if step["person"])
    await visitor.post("begin", data={"with": "empty"})
    missing = [step["key"] for step in (await visitor.state())["tour"] if step["person"] and not step["there"]]
    assert missing == ["ask", "checkin", "reply", "read", "search", "quiz", "daily", "coming"]


async def test_what_is_new_is_counted_until_the_room_is_opened(visitor: Visitor) -> None:
    group = visitor.house.world.group
    await group.person("wren").actor.send(group.channel("lounge"), "Hello")

    async def new(person: str) -> int:
        return next(int(one["new"]) for one in (await visitor.state(person))["channels"] if one["name"] == "lounge")

    assert (await new("robin"), await new("wren")) == (1, 0)
    await visitor.open("robin", "lounge")
    assert (await new("robin"), await new("clover")) == (0, 1)


async def test_threads_show_to_those_who_are_in_them(visitor: Visitor) -> None:
    group = visitor.house.world.group
    await group.person("robin").actor.slash(group.channel("lounge"), "room")

    async def threads(person: str) -> list[str]:
        return [thread["name"] for one in (await visitor.state(person))["channels"] for thread in one["threads"]]

    assert await threads("robin") == ["A quiet talk"]
    assert await threads("wren") == []


async def test_the_diary_tells_what_happened(visitor: Visitor) -> None:
    group = visitor.house.world.group
    await group.person("robin").actor.slash(group.channel("lounge"), "panel")
    [entry] = (await visitor.state())["diary"]
    assert entry["text"] == "Robin used /panel in #lounge."
    assert entry["answer"] == "Evenkeel answered, only for Robin: Good evening"
    assert entry["clock"] == "18:00"


# ---- rooms


async def test_a_room_opens_as_somebody_and_the_one_before_closes(visitor: Visitor) -> None:
    first = await visitor.open("robin", "lounge")
    assert first.startswith("http://127.0.0.1:")
    assert "#" in first
    assert (await visitor.session.get(first)).status == HTTPStatus.OK
    room = (await visitor.state())["room"]
    assert (room["person"], room["name"], room["who"]) == ("robin", "#lounge", "Robin")
    await visitor.open("wren", "dm")
    assert (await visitor.state())["room"]["channel"] == "dm"
    with pytest.raises(aiohttp.ClientConnectionError):
        await visitor.session.get(first)


async def test_a_room_ended_from_within_is_not_shown_as_open(visitor: Visitor) -> None:
    await visitor.open("robin", "lounge")
    preview = visitor.house.world.env._preview
    assert preview is not None
    await preview.close()
    await asyncio.sleep(0)
    assert (await visitor.state())["room"] is None
    await visitor.open("robin", "lounge")


async def test_what_is_done_in_the_tab_waits_while_time_moves(visitor: Visitor) -> None:
    """Holds against simcord's own version: its preview must still take its turn, and nothing may be lost."""
    url = await visitor.open("robin", "lounge")
    origin, capability = url.split("/#")
    headers = {"X-Simcord-Capability": capability}
    opened = await (await visitor.session.post(f"{origin}/api/pages", json={}, headers=headers)).json()
    headers["X-Simcord-Context"] = opened["context"]["id"]
    body = {
        "protocol_version": 3,
        "sequence": 1,
        "request_id": "one",
        "generation": opened["context"]["generation"],
        "bot_generation": opened["botGeneration"],
        "published_revision": opened["publishedRevision"],
        "kind": "send_message",
        "content": "Still here",
    }
    world = visitor.house.world
    async with world.lock:
        sending = asyncio.create_task(visitor.session.post(f"{origin}/api/action", json=body, headers=headers))
        _done, waiting = await asyncio.wait({sending}, timeout=0.3)
        assert waiting
        with world.env.time_context():
            await world.env.advance_time(60)
    receipt = await (await sending).json()
    assert receipt["settlement"] == "settled"
    posted = world.group.channel("lounge").last_message
    assert posted is not None
    assert posted.content == "Still here"


# ---- time, restarts, beginnings


@pytest.mark.parametrize(
    ("step", "passed"),
    [
        ("10m", timedelta(minutes=10)),
        ("1h", timedelta(hours=1)),
        ("morning", timedelta(hours=14)),
        ("week", timedelta(weeks=1)),
    ],
)
async def test_the_clock_moves(visitor: Visitor, step: str, passed: timedelta) -> None:
    assert (await visitor.post("clock", data={"step": step})).status == HTTPStatus.OK
    assert visitor.house.world.env.now() == EVENING + passed


async def test_an_unknown_step_of_the_clock_is_refused(visitor: Visitor) -> None:
    assert (await visitor.post("clock", data={"step": "back"})).status == HTTPStatus.NOT_FOUND


async def test_a_restart_leaves_the_open_room_usable(visitor: Visitor, engine: StandInEngine) -> None:
    await visitor.open("robin", "lounge")
    assert (await visitor.post("restart")).status == HTTPStatus.OK
    assert engine.memory.starts == 2
    assert (await visitor.state())["room"]["name"] == "#lounge"


async def test_changes_asked_for_at_once_take_turns(visitor: Visitor, engine: StandInEngine) -> None:
    answers = await asyncio.gather(
        visitor.post("clock", data={"step": "1h"}),
        visitor.post("restart"),
        visitor.post("room", data={"person": "robin", "channel": "lounge"}),
        visitor.post("clock", data={"step": "1h"}),
        visitor.get("state?person=robin"),
    )
    assert [answer.status for answer in answers] == [200, 200, 303, 200, 200]
    assert visitor.house.world.env.now() == EVENING + timedelta(hours=2)
    assert engine.memory.starts == 2


async def test_a_new_beginning_forgets_everything(visitor: Visitor, engine: StandInEngine) -> None:
    await visitor.open("robin", "lounge")
    await visitor.post("clock", data={"step": "week"})
    assert (await visitor.post("begin", data={"with": "empty"})).status == HTTPStatus.OK
    state = await visitor.state()
    assert _names(state) == ["welcome", "lounge"]
    assert not state["ready"]
    assert state["room"] is None
    assert state["diary"] == []
    assert state["time"]["clock"] == "18:00"
    assert engine.open_bots == 1


# ---- the tour


@pytest.mark.parametrize(
    ("key", "deed"),
    [
        ("guide", Deed(1, "command", "setup guide")),
        ("sos", Deed(1, "press", "ek1:care:call:k7")),
        ("restart", Deed(0, "restart", "")),
        ("night", Deed(0, "night", "")),
    ],
)
def test_a_step_of_the_tour_ticks_off_by_its_deed_alone(key: str, deed: Deed) -> None:
    ticked = [step.key for step in tour() if step.seen_in([deed])]
    assert ticked == [key]


def test_a_tour_step_can_ask_for_a_button() -> None:
    step = type(tour()[0])("save", "Save", "Press Save", "", "", ({"item": "learn:save"},))
    assert step.seen_in([Deed(1, "press", "ek1:learn:save:k2")])
    assert not step.seen_in([Deed(1, "press", "ek1:learn:saved:k2"), Deed(1, "command", "learn save")])


async def test_every_place_of_the_tour_is_there_for_its_person(visitor: Visitor) -> None:
    for step in tour():
        if step.person:
            await visitor.open(step.person, step.channel)


async def test_done_steps_show_as_done(visitor: Visitor) -> None:
    await visitor.post("clock", data={"step": "1h"})
    assert not [step for step in (await visitor.state())["tour"] if step["done"]]
    await visitor.post("clock", data={"step": "morning"})
    assert [step["key"] for step in (await visitor.state())["tour"] if step["done"]] == ["night"]

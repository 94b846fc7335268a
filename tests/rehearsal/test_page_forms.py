"""The second tab in a real browser: forms with every kind of field, pictures with their words, direct messages."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, Page, expect

from rehearsal.lobby import House
from tests.rehearsal.browser import DESKTOP, launched, page_of
from tests.rehearsal.conftest import EVENING
from tests.rehearsal.standin import StandInEngine

pytestmark = pytest.mark.browser


@dataclass
class Stage:
    """A world with its tab, and what the browser complained of."""

    house: House
    browser: Browser
    troubles: list[str] = field(default_factory=list)

    async def go(self, person: str, channel: str) -> Page:
        """Open a channel as somebody."""
        key = channel if channel == "dm" else str(self.house.world.group.channel(channel).id)
        page = await page_of(self.browser, DESKTOP, "light", self.troubles)
        await page.goto(await self.house.open_room(person, key))
        await expect(page.locator("#channel-composer-input")).to_be_visible()
        return page


@pytest.fixture
async def stage(engine: StandInEngine) -> AsyncIterator[Stage]:
    async with launched() as browser:
        house = House(lambda: engine, start=lambda _zone: EVENING)
        await house.begin(ready=True)
        stage = Stage(house, browser)
        try:
            yield stage
            house.world.env.raise_errors()
            troubles = list(stage.troubles)  # a page that asks on while its house closes is refused, and may be
        finally:
            await house.close()
    assert [told for told in troubles if "404 (Not Found)" not in told] == []  # simcord's page has no icon


async def _command(page: Page, words: str) -> None:
    await page.locator("#channel-composer-input").click()
    await page.keyboard.type(f"/{words}")
    await page.get_by_role("listbox").get_by_role("option").first.wait_for()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")


async def test_every_kind_of_field_is_there_and_can_be_filled_in(stage: Stage, engine: StandInEngine) -> None:
    page = await stage.go("robin", "lounge")
    await _command(page, "survey")
    form = page.get_by_role("dialog")
    await expect(form).to_contain_text("How are you?")
    await expect(form).to_contain_text("a heavy day")
    await expect(form).to_contain_text("Only you see this.")
    await expect(form.get_by_role("radio")).to_have_count(2)
    await expect(form.get_by_role("checkbox", name="Tea")).to_be_checked()
    await form.get_by_role("radio", name="Low").check(force=True)
    await form.get_by_role("checkbox", name="Walk").check(force=True)
    await form.get_by_role("checkbox", name="Tea").uncheck(force=True)
    await form.get_by_role("textbox").fill("slowly")
    await form.get_by_role("button", name="Submit").click()
    await expect(page.locator("#channel-message-list").get_by_text("Thank you.")).to_be_visible()
    assert engine.memory.filled == {"mood": "1", "helped": ["walk"], "urge": [], "line": "slowly", "in": True}


async def test_a_picture_is_drawn_and_has_its_words(stage: Stage) -> None:
    page = await stage.go("robin", "lounge")
    await _command(page, "picture")
    picture = page.locator("#channel-message-list").get_by_role("img", name="A line that climbs from Monday to Sunday.")
    await expect(picture.last).to_be_visible()
    await expect(picture.last).to_have_js_property("naturalWidth", 1)


async def test_a_letter_is_read_and_answered_in_direct_messages(stage: Stage) -> None:
    world = stage.house.world
    async with world.lock:
        await world.group.people["juniper"].actor.slash(
            world.group.channel("lounge"), "letter", who=world.group.people["robin"].actor
        )
    page = await stage.go("robin", "dm")
    messages = page.locator("#channel-message-list")
    await expect(messages.get_by_text("A letter for you.")).to_be_visible()
    await messages.get_by_role("button", name="Thank you").click()
    await expect(messages.get_by_text("You're welcome.")).to_be_visible()
    assert (await stage.house.state("wren"))["direct"]["new"] == 0

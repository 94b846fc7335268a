"""The main job in a real browser with the real bot: set a group up, read a sourced snippet, keep it, ask for help."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from rehearsal.lobby import House, serving
from rehearsal.real import EvenkeelEngine
from tests.rehearsal.browser import DESKTOP, launched, page_of
from tests.rehearsal.conftest import EVENING

pytestmark = pytest.mark.browser


@dataclass
class Visit:
    """The rehearsal's page with an empty server behind it, and the second tab."""

    browser: Browser
    page: Page
    troubles: list[str] = field(default_factory=list)

    async def go(self, person: str, channel: str) -> "Room":
        """Be somebody, open a channel, and return what the second tab shows."""
        await self.page.bring_to_front()
        await self.page.get_by_role("radio", name=person).check(force=True)
        button = self.page.get_by_role("button", name=re.compile(f"^Open {channel}"))
        if len(self.page.context.pages) == 1:
            async with self.page.context.expect_page() as opening:
                await button.click()
            tab = await opening.value
        else:
            tab = self.page.context.pages[1]
            async with tab.expect_navigation():
                await button.click()
        await expect(tab.locator("#viewer-picker")).to_contain_text(person)
        await expect(tab.locator("#channel-composer-input")).to_be_visible()
        return Room(tab)


@dataclass
class Room:
    """A channel as somebody sees it."""

    tab: Page

    @property
    def messages(self) -> Locator:
        return self.tab.locator("#channel-message-list")

    async def command(self, words: str, *typed: str) -> None:
        """Type a command and pick it; then type into its options, each time taking the first suggestion."""
        await self.tab.locator("#channel-composer-input").click()
        await self.tab.keyboard.type(f"/{words}")
        await self._suggestion(words)
        for text in typed:
            await self.tab.keyboard.type(text)
            await self._suggestion(text)
        await self.tab.keyboard.press("Enter")

    async def _suggestion(self, words: str) -> None:
        option = self.tab.get_by_role("listbox").get_by_role("option").filter(has_text=re.compile(words, re.IGNORECASE))
        await option.first.wait_for()
        await self.tab.keyboard.press("Enter")

    async def press(self, label: str) -> None:
        await self.messages.get_by_role("button", name=label, exact=True).last.click()

    async def choose(self, hint: str, option: str) -> None:
        await self.messages.get_by_role("combobox", name=hint).last.click()
        await self.tab.get_by_role("option", name=option).first.click()

    async def sees(self, words: str) -> None:
        await expect(self.messages.get_by_text(words).last).to_be_visible()


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncIterator[Visit]:
    async with launched() as browser:
        house = House(lambda: EvenkeelEngine(tmp_path), start=lambda _zone: EVENING)
        await house.begin(ready=False)
        try:
            async with serving(house) as address:
                troubles: list[str] = []
                page = await page_of(browser, DESKTOP, "light", troubles)
                await page.goto(address.url)
                await expect(page.get_by_role("radio")).to_have_count(13)
                yield Visit(browser, page, troubles)
                house.world.env.raise_errors()
                told_before_closing = list(troubles)
        finally:
            await house.close()
    assert [told for told in told_before_closing if "404 (Not Found)" not in told] == []  # simcord's page has no icon


async def test_a_first_evening_by_hand(visit: Visit) -> None:
    page = visit.page
    await expect(page.get_by_role("button", name="Open care")).to_have_count(0)

    room = await visit.go("Marlow", "welcome")
    await room.command("setup guide")
    await room.sees("step 1 of 4")
    await room.choose("Which country is it in?", "United Kingdom")
    await room.sees("The time zone followed from the country")
    await room.press("Continue")
    await room.sees("step 2 of 4")
    await room.press("Continue")
    await room.press("Make the missing channels")
    await room.press("Make them")
    await room.sees("Made:")

    await page.bring_to_front()
    await expect(page.get_by_role("button", name="Open care")).to_be_visible()
    await expect(page.locator("#diary")).to_contain_text("A new channel is there: #care.")

    room = await visit.go("Robin", "library")
    await room.command("learn read", "Tolerance in plain")
    await room.sees("Think of moving into a house beside a railway")
    await room.press("Sources")
    await room.sees("NICE CKS")
    await room.press("Save")
    await room.press("I agree")

    room = await visit.go("Wren", "lounge")
    await room.command("sos")
    await room.sees("call 999")
    await room.press("Ask the team to come")
    await room.sees("I've told the team")

    await page.bring_to_front()
    await expect(page.locator("#tour")).to_contain_text("3 of 15")
    room = await visit.go("Marlow", "care")
    await room.press("I'm coming")
    await room.sees("is coming.")
    await visit.page.bring_to_front()
    await page.get_by_role("radio", name="Wren").check(force=True)
    await expect(page.get_by_role("button", name=re.compile("^Open Quiet room"))).to_be_visible()

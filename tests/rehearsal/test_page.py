"""The page in a real browser: what it looks like to eyes, keyboards and screen readers, and that it works."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from playwright.async_api import Browser, Page, expect

from rehearsal.lobby import House, serving
from tests.rehearsal.browser import DESKTOP, PHONE, launched, page_of
from tests.rehearsal.conftest import EVENING
from tests.rehearsal.standin import StandInEngine

pytestmark = pytest.mark.browser

# Text whose contrast with what it stands on is below WCAG AA (4.5, or 3 for large text).
PALE = """() => {
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.checkVisibility() || node.closest(".visually-hidden, .skip, noscript, svg")) continue;
    const style = getComputedStyle(node);
    const [one, two] = [light(parse(style.color)), light(ground(node))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (two + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 600);
    if (ratio < (large ? 3 : 4.5)) found.push(`${node.textContent.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""

# Things to press that are lower than 44 pixels or have no name.
SMALL = """() => [...document.querySelectorAll("button, summary, .person, a[href]:not(.skip)")]
  .filter((node) => node.checkVisibility())
  .filter((node) => node.getBoundingClientRect().height < 44 || !(node.ariaLabel || node.textContent).trim())
  .map((node) => `${node.textContent.trim().slice(0, 30)}: ${node.getBoundingClientRect().height}`)"""


@dataclass
class Stage:
    """The page's address, a browser to look at it with, and what the browser complained of."""

    url: str
    browser: Browser
    engine: StandInEngine
    troubles: list[str] = field(default_factory=list)

    async def visit(self, size: tuple[int, int] = DESKTOP, scheme: str = "light", person: str = "") -> Page:
        page = await page_of(self.browser, size, scheme, self.troubles)
        await page.goto(self.url + (f"#{person}" if person else ""))
        await expect(page.get_by_role("radio")).to_have_count(13)
        return page


@pytest.fixture
async def stage(engine: StandInEngine) -> AsyncIterator[Stage]:
    async with launched() as browser:
        house = House(lambda: engine, start=lambda _zone: EVENING)
        await house.begin(ready=True)
        try:
            async with serving(house) as address:
                stage = Stage(address.url, browser, engine)
                yield stage
        finally:
            await house.close()
    assert stage.troubles == []


async def _enter(page: Page, name: str) -> Page:
    async with page.context.expect_page() as opening:
        await page.get_by_role("button", name=f"Open {name}").click()
    tab = await opening.value
    await expect(tab.locator("#channel-composer-input")).to_be_visible()
    return tab


async def _type_command(tab: Page, words: str) -> None:
    await tab.locator("#channel-composer-input").click()
    await tab.keyboard.type(f"/{words}")
    await tab.get_by_role("listbox").get_by_role("option").first.wait_for()
    await tab.keyboard.press("Enter")
    await tab.keyboard.press("Enter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
async def test_the_page_can_be_read_and_pressed(stage: Stage, size: tuple[int, int], scheme: str) -> None:
    page = await stage.visit(size, scheme)
    await page.get_by_role("button", name="+ 10 minutes").click()
    await expect(page.get_by_role("status")).to_contain_text("It is 18:10 on Monday")
    await page.get_by_text("Start over from the beginning").click()
    assert await page.evaluate(PALE) == []
    assert await page.evaluate(SMALL) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    levels = await page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map((one) => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


async def test_a_keyboard_is_enough_to_be_somebody_else(stage: Stage) -> None:
    page = await stage.visit()
    await expect(page.get_by_role("button", name="Open care")).to_be_visible()
    await page.get_by_role("radio", name="Marlow").focus()
    for _ in range(4):
        await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("radio", name="Robin")).to_be_focused()
    await expect(page.get_by_text("Has talked with the prescriber")).to_be_visible()
    await expect(page.get_by_role("button", name="Open care")).to_have_count(0)
    assert page.url.endswith("#robin")


async def test_a_command_a_press_and_a_restart_in_the_second_tab(stage: Stage) -> None:
    page = await stage.visit(person="robin")
    tab = await _enter(page, "lounge")
    await _type_command(tab, "panel")
    await tab.get_by_role("button", name="Say more").click()
    await expect(tab.locator("#channel-message-list").get_by_text("Pressed 1 times")).to_be_visible()

    await page.bring_to_front()
    await expect(page.locator("#diary")).to_contain_text("Robin pressed “Say more →” in #lounge.")
    await expect(page.get_by_text("The second tab shows #lounge as Robin.")).to_be_visible()
    await page.get_by_role("button", name="Restart the bot").click()
    await expect(page.get_by_role("status")).to_contain_text("The bot is back")
    assert stage.engine.memory.starts == 2

    await tab.bring_to_front()
    await tab.wait_for_function("() => window.simcordPreview.botGeneration === 2 && window.simcordPreview.ready")
    await tab.get_by_role("button", name="Say more").click()
    await expect(tab.locator("#channel-message-list").get_by_text("Pressed 2 times")).to_be_visible()
    _forgive_missing_icon(stage)


async def test_what_comes_later_shows_in_the_open_tab(stage: Stage) -> None:
    page = await stage.visit(person="robin")
    tab = await _enter(page, "lounge")
    await _leave_for_later(tab, hours=3)
    assert len(stage.engine.memory.jobs) == 1
    await page.bring_to_front()
    await page.get_by_role("button", name="Next morning").click()
    await expect(page.get_by_role("status")).to_contain_text("08:00 on Tuesday")
    await expect(tab.locator("#channel-message-list").get_by_text("Back at")).to_be_visible()
    _forgive_missing_icon(stage)


async def test_what_a_press_makes_due_at_once_shows_in_the_open_tab(stage: Stage) -> None:
    page = await stage.visit(person="robin")
    tab = await _enter(page, "lounge")
    await _leave_for_later(tab, hours=0)
    await expect(tab.locator("#channel-message-list").get_by_text("Back at")).to_be_visible()
    assert not stage.engine.memory.jobs
    _forgive_missing_icon(stage)


async def _leave_for_later(tab: Page, hours: int) -> None:
    await tab.locator("#channel-composer-input").click()
    await tab.keyboard.type("/later")
    await tab.get_by_role("listbox").get_by_role("option").first.wait_for()
    await tab.keyboard.press("Enter")
    await tab.keyboard.type(str(hours))
    await tab.keyboard.press("Enter")
    await expect(tab.locator("#channel-message-list").get_by_text("I'll come back.")).to_be_visible()


async def test_the_tour_opens_the_right_place_as_the_right_person(stage: Stage) -> None:
    page = await stage.visit(person="finch")
    async with page.context.expect_page() as opening:
        await page.get_by_role("button", name="Open #welcome as Marlow").click()
    tab = await opening.value
    await expect(tab.locator("#channel-name")).to_have_text("welcome")
    await expect(page.get_by_role("radio", name="Marlow")).to_be_checked()

    await page.bring_to_front()
    await page.get_by_text("Let a night pass").click()
    await page.get_by_role("button", name="Next morning").click()
    await expect(page.locator("#tour")).to_contain_text("1 of 15")
    async with tab.expect_navigation():
        await page.get_by_role("button", name="Open Direct messages").click()
    assert len(page.context.pages) == 2
    _forgive_missing_icon(stage)


async def test_starting_over_with_an_empty_server(stage: Stage) -> None:
    page = await stage.visit()
    await page.get_by_text("Start over from the beginning").click()
    await page.get_by_role("button", name="With an empty server").click()
    await expect(page.get_by_role("status")).to_contain_text("A new rehearsal begins")
    await expect(page.get_by_role("button", name="Open care")).to_have_count(0)
    await expect(page.get_by_role("button", name="Open welcome")).to_be_visible()


def _forgive_missing_icon(stage: Stage) -> None:
    """simcord's own page has no icon, and the browser says so."""
    stage.troubles[:] = [told for told in stage.troubles if "404 (Not Found)" not in told]

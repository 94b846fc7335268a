"""A real headless Chromium for the tests of the page."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000  # milliseconds
DESKTOP = (1280, 800)
PHONE = (390, 844)


def chromium() -> str:
    """Return the path of a Chromium; skip the test without one, or fail it where one is required."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    if os.environ.get("EVENKEEL_REQUIRE_BROWSER") == "1":
        pytest.fail("EVENKEEL_REQUIRE_BROWSER=1, and no Chromium is installed here")
    pytest.skip("no Chromium is installed here")


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A running browser; what is expected of its pages may take a while on a busy machine."""
    path = chromium()
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


async def page_of(browser: Browser, size: tuple[int, int], scheme: str, troubles: list[str]) -> Page:
    """Open an empty page of this size and colour scheme; what its console complains of goes to `troubles`."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = await context.new_page()
    page.on("console", lambda told: troubles.append(told.text) if told.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: _outside(request.url, troubles))
    return page


def _outside(url: str, troubles: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:", "about:", "blob:")):
        troubles.append(f"asked for {url}")

"""Serves the page on this machine alone.

Whoever knows the address may act in the rehearsal, so the address holds a token made for this run, requests must name
this very host (a page elsewhere that points its own name here is refused), and changes are POST from the page itself.
"""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.errors import EXIT_SETTINGS, StartError
from rehearsal.lobby.house import House, NotThereError

HOST = "127.0.0.1"
_PAGE = Path(__file__).with_name("page")
_FILES = {"page.css": "text/css", "page.js": "text/javascript"}
_NAMES = (HOST, "localhost")
_OWN_SITES = ("same-origin", "none")
_LONGEST_BODY = 4096  # bytes; the page sends a word or two

_HEADERS = {
    "Cache-Control": "no-store",
    # same-origin, not no-referrer: with that, browsers send Origin "null" even from our own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        # A room opens by a form that is answered with the way to simcord's preview, on a port of its own.
        f"form-action 'self' http://{HOST}:*; base-uri 'none'; frame-ancestors 'none'"
    ),
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Address:
    """Where the page is."""

    port: int
    token: str

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/{self.token}/"


@asynccontextmanager
async def serving(house: House, port: int | None = None) -> AsyncIterator[Address]:
    """Serve the page of this house until the context is left. Raises `StartError` where the port is taken."""
    token = secrets.token_urlsafe(18)
    app = web.Application(middlewares=[_guard(token)], client_max_size=_LONGEST_BODY)
    pages = _Pages(house)
    app.router.add_get(f"/{token}/", pages.index)
    for name in _FILES:
        app.router.add_get(f"/{token}/{name}", pages.file)
    app.router.add_get(f"/{token}/state", pages.state)
    app.router.add_post(f"/{token}/room", pages.room)
    app.router.add_post(f"/{token}/clock", pages.clock)
    app.router.add_post(f"/{token}/restart", pages.restart)
    app.router.add_post(f"/{token}/begin", pages.begin)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await _listen(runner, port)
        yield Address(int(runner.addresses[0][1]), token)
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int | None) -> None:
    try:
        await web.TCPSite(runner, HOST, port or 0).start()
    except OSError as error:
        sentence = f"Port {port} can't be used here: choose another with --port."
        raise StartError(sentence, EXIT_SETTINGS) from error


def _guard(token: str) -> Middleware:
    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        refusal = _refusal(request, token)
        if refusal is not None:
            return web.Response(status=refusal, text="Open the address that was printed in the terminal.")
        try:
            response = await handler(request)
        except NotThereError:
            response = _said(request, "That is not there any more. Go back to the rehearsal's page.", 404)
        except TimeoutError:
            response = _said(request, "The bot took too long. Please try again.", 503)
        response.headers.update(_HEADERS)
        return response

    return guard


def _said(request: web.Request, words: str, status: int) -> web.Response:
    """Say a sentence: plainly to a tab that was to show a room, as data to the page's own calls."""
    if "text/html" in request.headers.get("Accept", ""):
        return web.Response(text=words, status=status)
    return web.json_response({"said": words}, status=status)


def _refusal(request: web.Request, token: str) -> int | None:
    """Return the status with which a request is refused before anything else looks at it."""
    name, _, port = request.host.rpartition(":")
    socket = request.transport.get_extra_info("sockname") if request.transport else None
    if name not in _NAMES or socket is None or port != str(socket[1]):
        return 403
    given = request.path.split("/")[1]
    if not secrets.compare_digest(given.encode(), token.encode()):
        return 404
    if request.method == "POST":
        origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
        if origin not in (None, f"http://{request.host}") or site not in (None, *_OWN_SITES):
            return 403
    return None


class _Pages:
    def __init__(self, house: House) -> None:
        self._house = house

    async def index(self, _request: web.Request) -> web.Response:
        return _file("index.html", "text/html")

    async def file(self, request: web.Request) -> web.Response:
        name = request.path.rsplit("/", 1)[-1]
        return _file(name, _FILES[name])

    async def state(self, request: web.Request) -> web.Response:
        return web.json_response(await self._house.state(request.query.get("person", "")))

    async def room(self, request: web.Request) -> web.Response:
        sent = await request.post()
        url = await self._house.open_room(str(sent.get("person")), str(sent.get("channel")))
        return web.Response(status=303, headers={"Location": url})

    async def clock(self, request: web.Request) -> web.Response:
        sent = await request.post()
        await self._house.advance(str(sent.get("step")))
        return web.json_response({})

    async def restart(self, _request: web.Request) -> web.Response:
        await self._house.restart()
        return web.json_response({})

    async def begin(self, request: web.Request) -> web.Response:
        sent = await request.post()
        await self._house.begin(ready=sent.get("with") != "empty")
        return web.json_response({})


def _file(name: str, content_type: str) -> web.Response:
    return web.Response(text=(_PAGE / name).read_text(encoding="utf-8"), content_type=content_type)

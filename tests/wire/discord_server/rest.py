"""The HTTP half: finds the route, checks token, body and limits, keeps a record, and fails when told to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import orjson
from aiohttp import BodyPartReader, web
from multidict import CIMultiDict

from tests.wire.discord_server import (
    routes_channels,
    routes_guilds,
    routes_identity,
    routes_interactions,
    routes_messages,
)
from tests.wire.discord_server.limits import Fault, RateLimits
from tests.wire.discord_server.openapi import ApiDescription
from tests.wire.discord_server.platform import Platform
from tests.wire.discord_server.values import ApiError, Call, Handler, Json, Problem, Reply

API = "/api/v10"
# Routes whose address is the secret: they carry no bot token.
_OPEN = ("/interactions/", "/webhooks/{webhook_id}/{webhook_token}")
_PARAMETER = re.compile(r"\{([a-z_]+)\}")


class Rest:
    """All routes of the loopback Discord.

    `description` is Discord's own, or None to check nothing; `recording` False keeps no requests.
    """

    def __init__(self, platform: Platform, description: ApiDescription | None, *, recording: bool) -> None:
        self.platform = platform
        self.description = description
        self.recording = recording
        self.requests: list[Call] = []
        self.faults: list[Fault] = []
        self.limits = RateLimits()
        self.changed = asyncio.Condition()
        self._table = _Table(
            (
                *routes_identity.routes(),
                *routes_interactions.routes(),
                *routes_messages.routes(),
                *routes_channels.routes(),
                *routes_guilds.routes(),
            )
        )

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Serves one request."""
        # Ids and tokens are path segments of their own, so they are unquoted after the path is split.
        path = request.rel_url.raw_path.removeprefix(API)
        found = self._table.find(request.method, path)
        body, files, multipart = await _read(request)
        if found is None:
            call = Call(request.method, path, path, {}, request.query, body, files, None)
            self.platform.report(Problem("unknown route", f"{request.method} {path}"))
            return await self._finish(call, _answer(404, {"message": "404: Not Found", "code": 0}))
        template, handler, params = found
        reason = request.headers.get("X-Audit-Log-Reason")
        call = Call(request.method, path, template, params, request.query, body, files, reason and unquote(reason))
        named = request.headers.get("Authorization") == f"Bot {self.platform.world.token}"
        if not named and not template.startswith(_OPEN):
            return await self._finish(call, _answer(401, {"message": "401: Unauthorized", "code": 0}))
        return await self._serve(request, call, handler, multipart)

    async def _serve(
        self, request: web.BaseRequest, call: Call, handler: Handler, multipart: bool
    ) -> web.StreamResponse:
        verdict = self.limits.take(call)
        if verdict.retry_after is not None:
            # discord.py takes a 429 without `Via` for a ban by the proxy in front of Discord.
            return await self._finish(call, _answer(429, verdict.body(), verdict.headers | {"Via": "1.1 loopback"}))
        fault = next((one for one in self.faults if one.meets(call)), None)
        if fault is not None:
            fault.happened += 1
            call.fault = "drop" if fault.drop else f"status {fault.status}"
            if fault.delay:
                await asyncio.sleep(fault.delay)
            if not fault.taken and (fault.drop or fault.status is not None):
                return await self._fail(request, call, fault)
        response = self._run(call, handler, multipart, verdict.headers)
        if fault is not None and (fault.drop or fault.status is not None):
            return await self._fail(request, call, fault)
        return await self._finish(call, response)

    def _run(self, call: Call, handler: Handler, multipart: bool, headers: dict[str, str]) -> web.Response:
        faults = self._check_request(call, multipart)
        if faults:
            for one in faults:
                self.platform.report(Problem("request", one))
            return _answer(400, {"message": "Invalid Form Body", "code": 50035}, headers)
        try:
            reply = handler(self.platform, call)
        except ApiError as error:
            return _answer(error.status, error.body(), _headers_of(error, headers))
        self._check_answer(call, reply)
        return _answer(reply.status, reply.body, headers)

    def _check_request(self, call: Call, multipart: bool) -> list[str]:
        if self.description is None:
            return []
        return self.description.check_request(call.method, call.path, call.query, call.body, multipart=multipart)

    def _check_answer(self, call: Call, reply: Reply) -> None:
        if self.description is None:
            return
        for one in self.description.check_answer(call.method, call.template, reply.status, reply.body):
            self.platform.report(Problem("answer of the loopback server", one))

    async def _fail(self, request: web.BaseRequest, call: Call, fault: Fault) -> web.StreamResponse:
        if fault.drop:
            if request.transport is not None:
                request.transport.abort()
            return await self._finish(call, web.Response(status=499))
        body: Json = {"message": fault.message, "code": fault.code}
        if fault.status == 429:
            body = {
                "message": fault.message,
                "retry_after": float(fault.headers.get("Retry-After", 0.05)),
                "global": False,
            }
        headers = {"Via": "1.1 loopback"} | fault.headers
        return await self._finish(call, _answer(fault.status or 500, body, headers))

    async def _finish(self, call: Call, response: web.Response) -> web.Response:
        call.status = response.status
        if self.recording:
            self.requests.append(call)
            async with self.changed:
                self.changed.notify_all()
        return response


class _Table:
    """Routes by method and number of path segments; a literal segment goes before a parameter."""

    def __init__(self, routes: tuple[tuple[str, str, Handler], ...]) -> None:
        self._by_shape: dict[tuple[str, int], list[tuple[list[str], str, Handler]]] = {}
        for method, template, handler in routes:
            parts = template.split("/")
            self._by_shape.setdefault((method, len(parts)), []).append((parts, template, handler))
        for candidates in self._by_shape.values():
            candidates.sort(key=lambda one: sum(part.startswith("{") for part in one[0]))

    def find(self, method: str, path: str) -> tuple[str, Handler, dict[str, str]] | None:
        """The template, handler and parameters of a path, or None."""
        given = path.split("/")
        for parts, template, handler in self._by_shape.get((method, len(given)), ()):
            params = dict(_match(parts, given))
            if "" not in params:
                return template, handler, params
        return None


def _match(parts: list[str], given: list[str]) -> Iterator[tuple[str, str]]:
    for part, text in zip(parts, given, strict=True):
        name = _PARAMETER.fullmatch(part)
        if name is not None:
            yield name[1], unquote(text)
        elif part != unquote(text):
            # The empty name marks a path that is another one's.
            yield "", text
            return


async def _read(request: web.BaseRequest) -> tuple[Any, tuple[str, ...], bool]:
    """The JSON body, the names of files that came with it, and whether it came as a form."""
    if request.content_type == "multipart/form-data":
        files: list[str] = []
        body: Any = None
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader), "a form inside a form"
            content = await part.read()
            if part.name == "payload_json":
                body = orjson.loads(content)
            elif part.filename:
                files.append(part.filename)
        return body, tuple(files), True
    content = await request.read()
    return (orjson.loads(content) if content else None), (), False


def _headers_of(error: ApiError, headers: dict[str, str]) -> dict[str, str]:
    return headers | {"Via": "1.1 loopback"} if error.status == 429 else headers


def _answer(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    if status == 204:
        return web.Response(status=204, headers=headers)
    # discord.py compares the content type with exactly this text.
    made = CIMultiDict({"Content-Type": "application/json"} | (headers or {}))
    return web.Response(status=status, body=orjson.dumps(body), headers=made)

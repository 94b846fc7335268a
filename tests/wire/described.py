"""Holds the requests that simcord takes against Discord's own description, where the simulation may be laxer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
from simcord.http import router

from tests.wire.discord_server.messages import check_message
from tests.wire.discord_server.openapi import ApiDescription, described
from tests.wire.discord_server.values import ApiError

# The callback types whose data is a message of its own; 7 edits one, which may leave everything out.
_NEW_MESSAGE, _EDIT = 4, 7


@contextmanager
def held_to_description() -> Iterator[list[str]]:
    """Checks every request that simcord is asked inside the block; raises AssertionError at its end for all faults.

    Yields the faults so far. Where Discord's description is absent, only the rules beyond it are checked; the report
    line of the wire tests says so.
    """
    description = described()
    faults: list[str] = []
    dispatch = router.dispatch

    def checked(backend: Any, method: str, path: str, **request: Any) -> Any:
        body = _as_sent(request.get("json"))
        query = {name: str(value) for name, value in (request.get("params") or {}).items()}
        faults.extend(_faults(description, method, path, query, body, files=len(request.get("files") or ())))
        return dispatch(backend, method, path, **request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(router, "dispatch", checked)
        yield faults
    if faults:
        raise AssertionError("Discord would not have taken this:\n" + "\n".join(faults))


def _faults(
    description: ApiDescription | None, method: str, path: str, query: dict[str, str], body: Any, *, files: int
) -> list[str]:
    found = []
    if description is not None:
        found = description.check_request(method, path, query, body, multipart=files > 0)
    message, is_edit = _message_in(method, path, body)
    if message is not None:
        try:
            check_message(message, files=files, edits={"flags": message.get("flags") or 0} if is_edit else None)
        except ApiError as error:
            found.append(f"{method} {path}: {error.message}")
    return found


def _message_in(method: str, path: str, body: Any) -> tuple[dict[str, Any] | None, bool]:
    """The message that a request carries, and whether it edits one."""
    if not isinstance(body, dict):
        return None, False
    if path.endswith("/callback"):
        data = body.get("data") if body.get("type") in {_NEW_MESSAGE, _EDIT} else None
        return data, body.get("type") == _EDIT
    if "/messages/" in path and method == "PATCH":
        return body, True
    posts = method == "POST" and (path.endswith("/messages") or path.startswith("/webhooks/"))
    return (body, False) if posts else (None, False)


def _as_sent(body: Any) -> Any:
    """The body after its way through JSON; simcord is given Python objects."""
    return None if body is None else orjson.loads(orjson.dumps(body))

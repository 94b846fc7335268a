"""Requests to the simulation are held against Discord's own description."""

from __future__ import annotations

from typing import Any

import pytest
from simcord.http import router

from tests.wire.described import held_to_description
from tests.wire.discord_server.openapi import described

CALLBACK = "/interactions/1/token/callback"
TOO_MANY: list[dict[str, Any]] = [{"type": 10, "content": "x"}] * 41
TOO_LONG: list[dict[str, Any]] = [{"type": 10, "content": "x" * 2001}] * 2


@pytest.fixture
def simulation(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A simulation that takes everything; the paths that reached it."""
    reached: list[str] = []

    def dispatch(backend: object, method: str, path: str, **request: object) -> None:
        reached.append(f"{method} {path}")

    monkeypatch.setattr(router, "dispatch", dispatch)
    return reached


def ask(method: str, path: str, **request: Any) -> None:
    """Asks the simulation as its HTTP client does."""
    router.dispatch(None, method, path, **request)  # type: ignore[arg-type]


def test_what_is_right_goes_through(simulation: list[str]) -> None:
    with held_to_description() as faults:
        ask("POST", CALLBACK, json={"type": 4, "data": {"content": "hello"}}, params={"with_response": "1"})
        ask("GET", "/users/@me")
    assert faults == []
    assert simulation == [f"POST {CALLBACK}", "GET /users/@me"]


@pytest.mark.parametrize(
    ("method", "path", "json"),
    [
        ("POST", CALLBACK, {"type": 4, "data": {"flags": 1 << 15, "components": TOO_MANY}}),
        ("POST", CALLBACK, {"type": 7, "data": {"flags": 1 << 15, "components": TOO_LONG}}),
        ("POST", "/channels/1/messages", {"content": ""}),
        ("POST", "/webhooks/1/token", {"content": "x" * 2001}),
        ("PATCH", "/webhooks/1/token/messages/@original", {"flags": 1 << 15, "components": TOO_LONG}),
    ],
    ids=["41 components", "4,002 characters", "nothing to say", "2,001 characters", "4,002 characters edited"],
)
def test_what_the_schema_lets_through_is_found(
    simulation: list[str], method: str, path: str, json: dict[str, Any]
) -> None:
    with pytest.raises(AssertionError, match="would not have taken"), held_to_description():
        ask(method, path, json=json)


def test_what_the_description_forbids_is_found(simulation: list[str]) -> None:
    if described() is None:
        pytest.skip("Discord's description is absent")
    with pytest.raises(AssertionError, match="no such route"), held_to_description():
        ask("POST", "/nowhere", json={})

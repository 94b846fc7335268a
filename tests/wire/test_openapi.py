"""The check against Discord's own description: it is found, it finds faults, and its absence shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wire.discord_server import openapi

TEXT = {"type": 10, "content": "x"}
CALLBACK = "/interactions/1/token/callback"


@pytest.fixture
def description() -> openapi.ApiDescription:
    """Discord's description, where this machine has it."""
    found = openapi.described()
    if found is None:
        pytest.skip("Discord's description is absent")
    return found


def button(custom_id: str) -> dict[str, object]:
    """An action row with one button."""
    return {"type": 1, "components": [{"type": 2, "style": 1, "label": "Press", "custom_id": custom_id}]}


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"type": 4, "data": {"content": "x" * 2001}}, "$.data.content: "),
        ({"type": 4, "data": {"components": [button("x" * 101)]}}, "$.data.components[0].components[0].custom_id: "),
        ({"type": 9, "data": {"custom_id": "a", "title": "t" * 46, "components": [TEXT]}}, "$.data.title: "),
        ({"type": 8, "data": {"choices": [{"name": "x" * 101, "value": "x"}]}}, "$.data.choices[0].name: "),
        ({"type": 99}, "$"),
    ],
)
def test_faults_name_their_place(description: openapi.ApiDescription, body: dict[str, object], fault: str) -> None:
    faults = description.check_request("POST", CALLBACK, {}, body)
    assert faults
    assert fault in faults[0]


def test_what_is_right_has_no_faults(description: openapi.ApiDescription) -> None:
    body = {"type": 4, "data": {"content": "x" * 2000, "components": [button("x" * 100)]}}
    assert description.check_request("POST", CALLBACK, {"with_response": "1"}, body) == []
    assert description.check_request("GET", "/users/@me", {}, None) == []


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("GET", "/nowhere", {}, None),
        ("PUT", "/users/@me", {}, None),
        ("POST", CALLBACK, {}, None),
        ("GET", "/gateway/bot", {"what": "1"}, None),
        ("GET", "/channels/1/messages", {"limit": "101"}, None),
        ("POST", "/users/@me/channels", {}, {"recipient_id": "somebody"}),
    ],
    ids=["unknown path", "unknown method", "no body", "unknown query", "query too large", "no snowflake"],
)
def test_other_faults(
    description: openapi.ApiDescription, method: str, path: str, query: dict[str, str], body: object
) -> None:
    assert len(description.check_request(method, path, query, body)) == 1


def test_snowflakes_are_read_from_numbers_and_text(description: openapi.ApiDescription) -> None:
    for written in (123, "123"):
        assert description.check_request("POST", "/users/@me/channels", {}, {"recipient_id": written}) == []


def test_the_setting_wins_and_must_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "description.json"
    file.write_text("{}")
    monkeypatch.setenv(openapi.SETTING, str(file))
    assert openapi.find_description() == file
    file.unlink()
    with pytest.raises(FileNotFoundError):
        openapi.find_description()


def test_it_is_found_beside_a_parent_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(openapi.SETTING, raising=False)
    inside = tmp_path / "project" / "tests" / "here.py"
    assert openapi.find_description(inside) is None
    (tmp_path / "shared").mkdir()
    file = tmp_path / "shared" / openapi.FILE_NAME
    file.write_text("{}")
    assert openapi.find_description(inside) == file


def test_absence_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openapi, "described", lambda: None)
    assert "ABSENT" in openapi.report_line()

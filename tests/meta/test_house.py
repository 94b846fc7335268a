"""The habits of the house that no linter knows."""

import ast

import pytest

from tests.meta.source import ROOT, calls, modules

MOCKS = ("Mock", "MagicMock", "AsyncMock")
LONGEST_FUNCTION = 40


def _lines(path: str) -> int:
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def test_no_room_has_outgrown_its_walls() -> None:
    too_long = []
    for path, _ in modules("bot", "cogs", "rehearsal", "bench", "tests"):
        limit = 500 if path.parts[0] == "tests" else 250 if path.name == "cog.py" else 300
        if (length := _lines(str(path))) > limit:
            too_long.append(f"{path}: {length} lines, guide {limit}")
    assert not too_long


def test_no_function_is_longer_than_a_screen() -> None:
    too_long = [
        f"{path}:{node.lineno} {node.name}: {length} lines"
        for path, tree in modules("bot", "cogs", "rehearsal")
        if "migrations" not in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not too_long


def test_no_mock_without_a_specification() -> None:
    loose = [
        f"{path}:{call.lineno}"
        for path, tree in modules("tests")
        for name in MOCKS
        for call in calls(tree, name)
        if not any(keyword.arg in {"spec", "spec_set"} for keyword in call.keywords)
    ]
    assert not loose


def test_no_test_waits_in_real_time() -> None:
    # The wire server may be slow on purpose: that is what some of its tests are about.
    naps = [
        f"{path}:{call.lineno}"
        for path, tree in modules("tests")
        if "discord_server" not in path.parts
        for call in calls(tree, "sleep")
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and (
            call.func.value.id == "time"
            or (call.func.value.id == "asyncio" and not _is_zero(call.args[0] if call.args else None))
        )
    ]
    assert not naps


def _is_zero(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0


def test_names_that_say_nothing_are_not_used() -> None:
    banned = {"utils", "helpers", "helper", "manager", "common", "misc"}
    assert not [str(path) for path, _ in modules("bot", "cogs", "rehearsal", "bench", "tests") if path.stem in banned]


@pytest.mark.parametrize("name", ["python" + "hosted", "pypi" + ".org"])
def test_the_locks_name_no_index(name: str) -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert name not in text
        assert "--index-url" not in text
        assert "--find-links" not in text
        assert "--hash=sha256:" in text

"""The whole command tree, as Discord is told it: limits, policy, documents, handlers, and who owns whose data."""

import ast
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from discord import app_commands

from bot.client import Evenkeel
from bot.policy import ACTIONS
from bot.settings import Settings
from rehearsal.world import World
from tests.features.conftest import bare_world, engine, migrated_file, settings, world  # noqa: F401 - fixtures
from tests.meta.source import ROOT, calls, constant, modules

# Discord API reference, "Application Commands".
MOST_COMMANDS = 100
MOST_CHARACTERS = 8000
MOST_OPTIONS = 25


@pytest.fixture
def bot(world: World) -> Evenkeel:  # noqa: F811
    assert isinstance(world.bot, Evenkeel)
    return world.bot


def leaves(bot: Evenkeel) -> Iterator[app_commands.Command[Any, ..., Any]]:
    for command in bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            yield command


def test_the_platforms_limits_hold(bot: Evenkeel) -> None:
    roots = bot.tree.get_commands()
    assert 0 < len(roots) <= MOST_COMMANDS
    for root in roots:
        told = root.to_dict(bot.tree)
        assert _characters(told) <= MOST_CHARACTERS, root.name
        assert len(told.get("options", [])) <= MOST_OPTIONS


def _characters(told: Any) -> int:
    """Discord counts names, descriptions and values, all the way down."""
    own = sum(len(str(told[name])) for name in ("name", "description", "value") if told.get(name))
    return own + sum(_characters(part) for name in ("options", "choices") for part in told.get(name, []))


def test_every_command_is_under_the_policy(bot: Evenkeel) -> None:
    for command in leaves(bot):
        assert command.extras.get("action") in ACTIONS, command.qualified_name


def test_every_action_of_the_policy_is_used(bot: Evenkeel) -> None:
    used = {command.extras["action"] for command in leaves(bot)}
    used |= {route.action for route, _ in bot.rooms.router.routes.values()}
    literals = {text for _, tree in modules("cogs") for node in ast.walk(tree) if (text := constant(node)) in ACTIONS}
    assert set(ACTIONS) <= used | literals


def test_every_button_and_form_has_a_handler(bot: Evenkeel) -> None:
    lost = [
        f"{path}:{call.lineno} {feature}:{verb}"
        for path, tree in modules("bot", "cogs")
        for name in ("encode", "Form")
        for call in calls(tree, name)
        if len(call.args) >= 2
        and (feature := constant(call.args[0])) is not None
        and (verb := constant(call.args[1])) is not None
        and (feature, verb) not in bot.rooms.router.routes
    ]
    assert not lost


def test_every_command_and_setting_is_documented(bot: Evenkeel) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    hosting = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    missing = [f"/{command.qualified_name}" for command in leaves(bot) if f"/{command.qualified_name}" not in readme]
    for name in (one.name for one in fields(Settings)):
        for place, text in ((".env.example", example), ("docs/hosting.md", hosting)):
            if name.upper() not in text:
                missing.append(f"{name.upper()} in {place}")
    assert not missing


def test_every_link_of_the_documents_leads_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", ROOT / "PRIVACY.md", *(ROOT / "docs").glob("*.md")]:
        for target in _targets(page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert not broken


def _targets(text: str) -> Iterator[str]:
    for part in text.split("](")[1:]:
        target = part.split(")", 1)[0].split("#", 1)[0]
        if target and "://" not in target and not target.startswith("mailto:"):
            yield target


async def test_every_table_with_a_persons_id_has_an_owner(bot: Evenkeel) -> None:
    async with bot.rooms.database.read() as reader:
        rows = await reader.fetch_all(
            "SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c "
            "WHERE m.type = 'table' AND c.name = 'user_id'"
        )
    owned = {table for owner in bot.rooms.owners for table in owner.tables}
    assert {row["name"] for row in rows} == owned


def test_the_tree_is_told_again_only_when_it_changed(bot: Evenkeel) -> None:
    assert bot.fingerprint() == bot.fingerprint()
    before = bot.fingerprint()
    bot.tree.remove_command("help")
    assert bot.fingerprint() != before

import discord
import pytest

from bot.guilds import CHANNEL_PURPOSES
from bot.permissions import (
    CHANNEL_NEEDS,
    SERVER_NEEDS,
    VIEW,
    Permission,
    all_needs,
    invite_permissions,
    missing,
    missing_for_invite,
)


@pytest.mark.parametrize("need", all_needs(), ids=lambda need: need.name)
def test_every_bit_is_discords_own(need: Permission) -> None:
    assert discord.Permissions(**{need.name: True}).value == need.bit


def test_the_invite_asks_for_all_of_the_table_and_never_for_administrator() -> None:
    asked = discord.Permissions(invite_permissions())
    assert not asked.administrator
    assert asked.manage_channels
    assert asked.manage_roles
    assert asked.view_channel
    assert missing(all_needs(), asked.value) == ()
    listed = {need for needs in (*CHANNEL_NEEDS.values(), *SERVER_NEEDS.values()) for need in needs}
    assert invite_permissions() == sum(need.bit for need in listed)


def test_every_channel_purpose_has_its_needs() -> None:
    assert set(CHANNEL_NEEDS) == set(CHANNEL_PURPOSES)
    assert all(VIEW in needs for needs in CHANNEL_NEEDS.values())


def test_what_is_missing_is_named_as_the_app_does() -> None:
    held = discord.Permissions(invite_permissions())
    assert missing_for_invite(held) == ()
    held.moderate_members = False
    assert missing_for_invite(held) == ("Timeout Members",)
    assert missing_for_invite(discord.Permissions(administrator=True)) == ()

"""A server as REST and as the gateway tell it."""

from __future__ import annotations

from tests.wire.discord_server.sessions import GUILD_MEMBERS, Session
from tests.wire.discord_server.values import Json
from tests.wire.discord_server.world import Guild


def guild_create(guild: Guild, session: Session, bot_id: int) -> Json:
    """A server as the gateway tells it; without the members intent the bot is the only member in it."""
    seen = guild.members.values() if session.intents & GUILD_MEMBERS else [guild.members[bot_id]]
    return guild_json(guild) | {
        "joined_at": "2020-01-01T00:00:00+00:00",
        "large": False,
        "unavailable": False,
        "member_count": guild.member_count or len(guild.members),
        "members": list(seen),
        "channels": [channel for channel in guild.channels.values() if "thread_metadata" not in channel],
        "threads": guild.threads,
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def guild_json(guild: Guild) -> Json:
    """A server as REST tells it."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "roles": list(guild.roles.values()),
        "emojis": [],
        "stickers": [],
        "features": [],
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "application_id": None,
        "region": "us-east",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 2,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "incidents_data": None,
    }

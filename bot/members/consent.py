"""Consent: asked once for each version of the privacy policy, before anything about a person is stored."""

from bot.clock import Clock, to_ms
from bot.storage import Condition, Database, Writer

# Raise with every change of what is kept, for how long, or who sees it (`data/texts/privacy.toml`): then everybody is
# asked again.
POLICY_VERSION = "2026-11.3"


class Consents:
    """Who agreed to which version, server by server."""

    def __init__(self, database: Database, clock: Clock, version: str = POLICY_VERSION) -> None:
        self._database = database
        self._clock = clock
        self.version = version

    async def agreed(self, guild_id: int, user_id: int) -> bool:
        """Whether the person agreed to the present version."""
        asked = self.condition(guild_id, user_id)
        async with self._database.read() as reader:
            return await reader.fetch_value(asked.sql, *asked.args) is not None

    def condition(self, guild_id: int, user_id: int) -> Condition:
        """Return `agreed` as the condition of a write block: then nothing can come between the look and the write."""
        return Condition(
            "SELECT 1 FROM consents WHERE guild_id = $1 AND user_id = $2 AND policy_version = $3",
            (guild_id, user_id, self.version),
        )

    async def agree(self, writer: Writer, guild_id: int, user_id: int) -> None:
        """Keep that the person agrees to the present version."""
        await writer.execute(
            "INSERT INTO consents (guild_id, user_id, policy_version, agreed_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT (guild_id, user_id) DO UPDATE SET policy_version = excluded.policy_version, "
            "agreed_at = excluded.agreed_at",
            guild_id, user_id, self.version, to_ms(self._clock.now()),
        )  # fmt: skip

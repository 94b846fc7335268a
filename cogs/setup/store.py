"""The table of set-up guides: which step a group is at, and what the bot has made for it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bot.clock import Clock, to_ms
from bot.storage import Database, Reader, Row, Writer
from cogs.setup.rules.fit import STEPS


@dataclass(frozen=True, slots=True)
class Guide:
    """A group's guide.

    `made` holds the ids of what the bot made, by part (`channel:care`, `role:member`). `before` holds, for a part that
    is being made at this moment, the ids of what already had its name: whatever bears it after a crash and is not among
    them was made by the bot. `begun` says whether somebody has opened the guide.
    """

    step: str = STEPS[0]
    made: dict[str, int] = field(default_factory=dict)
    before: dict[str, tuple[int, ...]] = field(default_factory=dict)
    begun: bool = False

    def at(self, step: str) -> "Guide":
        """Return the guide at another step."""
        return replace(self, step=step)

    def making(self, part: str, same_name: tuple[int, ...]) -> "Guide":
        """Return the guide with the mark that a part is about to be made; an earlier mark stands."""
        return self if part in self.before else replace(self, before=self.before | {part: same_name})

    def has_made(self, part: str, made_id: int) -> "Guide":
        """Return the guide with a part made, and its mark taken off."""
        left = {name: ids for name, ids in self.before.items() if name != part}
        return replace(self, made=self.made | {part: made_id}, before=left)

    def not_made(self, part: str) -> "Guide":
        """Return the guide with the mark taken off: Discord surely made nothing."""
        return replace(self, before={name: ids for name, ids in self.before.items() if name != part})


class Guides:
    """Reads and keeps the guides."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def read(self, reader: Reader, guild_id: int) -> Guide:
        """Return the group's guide; a fresh one for a group that never opened it."""
        return _guide(await reader.fetch_one("SELECT state FROM setup_guides WHERE guild_id = $1", guild_id))

    async def change(self, writer: Writer, guild_id: int, change: Callable[[Guide], Guide]) -> Guide:
        """Read the guide, change it and keep it, all in the caller's transaction; return it as it is now."""
        # The row is there before it is read, so that the lock on it holds a second writer back.
        await writer.execute(
            "INSERT INTO setup_guides (guild_id, state, updated_at) VALUES ($1, $2, $3) "
            "ON CONFLICT (guild_id) DO NOTHING",
            guild_id, "{}", to_ms(self._clock.now()),
        )  # fmt: skip
        row = await writer.fetch_one(
            f"SELECT state FROM setup_guides WHERE guild_id = $1 {self._database.row_lock}",  # noqa: S608
            guild_id,
        )
        guide = replace(change(_guide(row)), begun=True)
        await writer.execute(
            "UPDATE setup_guides SET state = $2, updated_at = $3 WHERE guild_id = $1",
            guild_id, _state(guide), to_ms(self._clock.now()),
        )  # fmt: skip
        return guide

    async def delete(self, writer: Writer, guild_id: int) -> None:
        """Forget the guide."""
        await writer.execute("DELETE FROM setup_guides WHERE guild_id = $1", guild_id)


def _guide(row: Row | None) -> Guide:
    if row is None:
        return Guide()
    state: dict[str, Any] = json.loads(row["state"])
    step = state.get("step")
    return Guide(
        step=step if step in STEPS else STEPS[0],
        made=dict(state.get("made", {})),
        before={part: tuple(ids) for part, ids in state.get("before", {}).items()},
        begun=bool(state.get("begun", False)),
    )


def _state(guide: Guide) -> str:
    return json.dumps({"step": guide.step, "made": guide.made, "before": guide.before, "begun": guide.begun})

"""Posts a reading for everyone, once for each question asked, however often "Post it" is pressed."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.discordkit import Sender
from bot.errors import Refusal, RefusedForGood, TryAgain
from bot.ids import Ids
from cogs.learn.service import LearnService
from cogs.learn.ui import public_mark, public_panel

_MARK = re.compile(r"([a-z2-7]{12})\.([1-9][0-9]?)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a press: `again` is the mark of a next try where this one could not deliver."""

    state: Literal["posted", "already", "refused", "later"]
    message_id: int = 0
    again: str = ""


class ReadingPosts:
    """A mark is a key and the number of the try: tries share the key as their nonce, each counts one press."""

    def __init__(self, service: LearnService, sender: Sender, ids: Ids) -> None:
        self._service = service
        self._sender = sender
        self._ids = ids

    def new_mark(self) -> str:
        """Return the mark of a question that is asked for the first time."""
        return f"{self._ids.key()}.1"

    async def publish(self, guild_id: int, channel_id: int, snippet_id: str, mark: str) -> Outcome:
        """Post the reading in the channel. Raises `Refusal` for a reading or a mark that does not exist."""
        read = _MARK.fullmatch(mark)
        if read is None:
            raise Refusal("kit.refused.outdated")
        key, attempt = read[1], int(read[2])
        panel = public_panel(await self._service.for_everyone(guild_id, snippet_id), key)
        if not await self._service.first_press(mark):
            return Outcome("already")
        again = f"{key}.{attempt + 1}"
        try:
            # A try whose answer was lost may have posted: the next one looks for it before it posts again.
            earlier = public_mark(snippet_id, key) if attempt > 1 else None
            message_id = await self._sender.post(guild_id, channel_id, panel, nonce=key, marker=earlier)
        except TryAgain:
            return Outcome("later", again=again)
        except RefusedForGood:
            return Outcome("refused", again=again)
        return Outcome("posted", message_id)

"""Whose turn it is to write to a SQLite file, and which blocks share a commit.

A commit waits for the disk. So a block that ends while others wait for their turn leaves its commit to the last of
them: the blocks run one after the other in one transaction, each in a savepoint of its own, and every one of them
returns only after the commit that holds it. One that fails takes back its own part.

A block on its own (the usual case) is simply BEGIN IMMEDIATE, its statements, COMMIT.

| a block | while others wait | in a shared transaction | what happens |
| --- | --- | --- | --- |
| ends well | no | no | it commits |
| ends well | yes | either | it hands the turn on and returns after the common commit |
| ends well | no | yes | the common commit is made, all return |
| fails | either | no | the transaction is rolled back |
| fails | either | yes | it is rolled back to its savepoint, the others stay |

A common commit that fails fails all who share it. (A deferred constraint would be laid at everybody's door in this
way: the schema has none.)
"""

import asyncio
from collections import deque
from typing import Any

import aiosqlite

from bot.storage.interface import TransactionFailed, Value
from bot.storage.sqlite_connections import BlockState

# Fewer than a crowd, so that not everybody waits for one commit: with 50 at a time, 16 answered the last ones a quarter
# sooner than 64 (`docs/measurements.md`).
SHARE = 16


class WriteQueue:
    """Gives out turns in order of asking, and finishes blocks."""

    def __init__(self, connection: aiosqlite.Connection, state: BlockState) -> None:
        self._connection = connection
        self._state = state
        self._busy = False
        self._closed = False
        self._owner: asyncio.Task[Any] | None = None
        self._waiting: deque[tuple[asyncio.Future[None], bool]] = deque()
        self._sharing: list[asyncio.Future[None]] = []
        self._finishing: asyncio.Task[None] | None = None

    async def take(self, *, alone: bool = False, only_if: tuple[str, dict[str, Value]] | None = None) -> None:
        """Wait for the turn, and if `alone` until nothing is left to commit; `only_if` is the block's condition.

        Raises RuntimeError in a task that has the turn already, and after `close`.
        """
        task = asyncio.current_task()
        if task is self._owner:
            raise RuntimeError("a write block was opened inside another one; it would wait for itself")
        if self._busy:
            ticket = asyncio.get_running_loop().create_future()
            self._waiting.append((ticket, alone))
            try:
                await ticket
            except asyncio.CancelledError:
                if not ticket.cancelled():  # the turn came in the same moment: it goes to somebody else
                    self._hand_on()
                raise
        self._busy = True
        if self._closed:
            self._hand_on()
            raise RuntimeError("the database is closed")
        self._owner = task
        self._state.fresh = True
        self._state.only_if = only_if

    def give_back(self) -> None:
        """End a turn in which nothing was written."""
        self._hand_on()

    def close(self) -> None:
        """End the last turn: whoever waits or comes is refused."""
        self._closed = True
        self._hand_on()

    async def keep(self) -> None:
        """End the turn of a block that went well; returns when it is on the disk."""
        if self._state.fresh:
            self._hand_on()
        elif self._sharing or self._waiting:
            mine = asyncio.get_running_loop().create_future()
            self._sharing.append(mine)
            self._hand_on()
            await mine
        else:
            try:
                await self._connection.commit()
            finally:
                self._hand_on()  # a commit whose wait was cancelled is on its way: the thread takes calls in order

    async def undo(self) -> None:
        """End the turn of a block that failed; what it wrote is taken back, also when this wait is cancelled."""
        self._owner = None
        self._finishing = asyncio.get_running_loop().create_task(self._undo())
        await asyncio.shield(self._finishing)

    async def _undo(self) -> None:
        try:
            await self._connection.rollback()
            if not self._connection.in_transaction:
                self._settle(TransactionFailed("the transaction was lost when another block failed"))
        finally:
            self._hand_on()

    def _hand_on(self) -> None:
        """Pass the turn to the next in line, or commit what is shared, or rest."""
        self._owner = None
        while self._waiting and self._waiting[0][0].done():
            self._waiting.popleft()  # was cancelled
        ticket, alone = self._waiting[0] if self._waiting else (None, False)
        if self._sharing and (ticket is None or alone or len(self._sharing) >= SHARE):
            self._finishing = asyncio.get_running_loop().create_task(self._commit_shared())
        elif ticket is not None:
            self._waiting.popleft()
            ticket.set_result(None)
        else:
            self._busy = False

    async def _commit_shared(self) -> None:
        (outcome,) = await asyncio.gather(self._connection.commit(), return_exceptions=True)
        self._settle(outcome)
        self._hand_on()

    def _settle(self, outcome: BaseException | None) -> None:
        """Tell everybody who shares the transaction how it ended."""
        sharing, self._sharing = self._sharing, []
        for waiting in sharing:
            if waiting.done():
                continue
            if outcome is None:
                waiting.set_result(None)
            else:
                waiting.set_exception(outcome)

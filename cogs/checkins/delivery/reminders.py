"""Delivers reminders, each once, and takes note of closed doors."""

from collections.abc import Callable

from bot.discordkit import Sender
from bot.errors import RefusedForGood
from bot.jobs import Job, JobKind, nonce
from cogs.checkins.service.reminders import REMIND, ReminderService
from cogs.checkins.ui.reminders import mark_of, reminder_message


class ReminderDelivery:
    """Whether a reminder comes, and how late it may, the service decides itself.

    `name_of` gives a server's name, or None where this process doesn't know it.
    """

    def __init__(self, service: ReminderService, sender: Sender, name_of: Callable[[int], str | None]) -> None:
        self._service = service
        self._sender = sender
        self._name_of = name_of

    def kinds(self) -> tuple[JobKind, ...]:
        """Return the kinds of jobs that reminders are made of."""
        return (JobKind(REMIND, self._remind),)

    async def _remind(self, job: Job) -> None:
        due = await self._service.begin(job)
        if due is None:
            return
        message = reminder_message(due, self._name_of(due.guild_id))
        try:
            await self._sender.whisper(
                due.user_id, message, nonce=nonce(job.id), marker=mark_of(due) if job.attempts else None
            )
        except RefusedForGood:
            await self._service.refused(due)
        else:
            await self._service.reached(due)

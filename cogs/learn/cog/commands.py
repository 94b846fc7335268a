"""`/learn`: what members and facilitators type."""

from discord import app_commands
from discord.ext import commands

from bot.discordkit import Answer, ChannelId, Interaction, root, slash
from cogs.learn import ui
from cogs.learn.cog.quiz import QuizDesk
from cogs.learn.cog.sharing import SharingDesk
from cogs.learn.cog.visitors import Visitors
from cogs.learn.rules import LONGEST_NOTE
from cogs.learn.service import Found, LearnService


class LearnCog(commands.Cog):
    """Reading, searching, browsing. What somebody looks for is answered to them alone and never kept."""

    learn = root("learn")

    def __init__(self, service: LearnService, visitors: Visitors, quiz_desk: QuizDesk, sharing: SharingDesk) -> None:
        self._service = service
        self._visitors = visitors
        self._quiz = quiz_desk
        self._sharing = sharing

    async def titles(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest readings by title and words."""
        found = await self._service.complete(await self._visitors.of(interaction), typed)
        return [app_commands.Choice(name=snippet.title, value=snippet.id) for snippet in found]

    @app_commands.autocomplete(snippet=titles)
    @slash(learn, "learn.read", action="learn.read")
    async def read(self, interaction: Interaction, snippet: str) -> None:
        """Open a reading, or offer what comes near to the words."""
        visitor = await self._visitors.of(interaction)
        found = await self._service.find(visitor, snippet)
        if isinstance(found, Found):
            panel = ui.found_panel(found, await self._service.shelves(visitor.guild_id), near=True)
        else:
            panel = ui.reading_panel(found)
        await Answer.to(interaction).show(panel)

    @slash(learn, "learn.search", action="learn.search")
    async def search(self, interaction: Interaction, words: str) -> None:
        """Show what matches."""
        visitor = await self._visitors.of(interaction)
        found = await self._service.search(visitor, words)
        await Answer.to(interaction).show(ui.found_panel(found, await self._service.shelves(visitor.guild_id)))

    @slash(learn, "learn.topics", action="learn.topics")
    async def topics(self, interaction: Interaction) -> None:
        """Show the topics."""
        visitor = await self._visitors.of(interaction)
        await Answer.to(interaction).show(ui.topics_panel(await self._service.shelves(visitor.guild_id)))

    @slash(learn, "learn.today", action="learn.today")
    async def today(self, interaction: Interaction) -> None:
        """Open the group's reading of the day."""
        reading = await self._service.today(await self._visitors.of(interaction))
        await Answer.to(interaction).show(ui.reading_panel(reading))

    @slash(learn, "learn.saved", action="learn.saved")
    async def saved(self, interaction: Interaction) -> None:
        """Show the person's list."""
        visitor = await self._visitors.of(interaction)
        page = await self._service.saved(visitor)
        await Answer.to(interaction).show(ui.saved_panel(page, await self._service.shelves(visitor.guild_id)))

    async def quiz_topics(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest topics."""
        return [app_commands.Choice(name=name, value=key) for key, name in self._quiz.topics_like(typed)]

    @app_commands.autocomplete(topic=quiz_topics)
    @slash(learn, "learn.quiz", action="learn.quiz")
    async def quiz(self, interaction: Interaction, topic: str | None = None) -> None:
        """Begin with the first of five statements."""
        await self._quiz.begin(interaction, topic)

    @app_commands.autocomplete(snippet=titles)
    @slash(learn, "learn.share", action="learn.share")
    async def share(
        self,
        interaction: Interaction,
        snippet: str,
        channel: app_commands.Transform[int, ChannelId] | None = None,
        note: app_commands.Range[str, 1, LONGEST_NOTE] | None = None,
    ) -> None:
        """Show what would be posted for everyone, and ask."""
        await self._sharing.offer(interaction, snippet, channel, note)

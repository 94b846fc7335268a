"""How the people of the fortnight answer each other, and that nobody who asked was left without an answer."""

import random
from collections.abc import Sequence
from datetime import datetime
from itertools import cycle

from simcord import MemberActor
from simcord.backend.models import Message
from simcord.results import to_discord_message

from bot.text import t
from cogs.checkins.rules import Place
from rehearsal.world import World
from tests.features.answering import dms
from tests.features.checking_in import press
from tests.features.fortnight import ALONE, HOUR, MINUTE, Plan, Said, at, holding, messages, text_of
from tests.features.fortnight_life import COMPANIONS, WRITE, Life
from tests.features.seeing import buttons_of, words_of

WAITS, STILL = "Somebody waits for a reply", "Somebody still waits for a reply"
TOLD_WITHIN = 3 * HOUR + 5 * MINUTE
"""A job whose worker was killed is free again after two minutes."""


class Fortnight(Life):
    """The whole of it. Each wish for a reply goes its own way, one kind after the other."""

    def __init__(self, world: World, plans: Sequence[Plan], source: random.Random) -> None:
        super().__init__(world, plans, source)
        self.group_ways = cycle(("reply", "companion", "nobody", "write", "cannot"))
        self.team_ways = cycle(("nobody", "write"))

    def plan_answer(self, said: Said, *, renewed: bool) -> None:
        """Plan what becomes of a wish: answered in one of the ways, or by nobody."""
        self.wishes.append(said)
        asked_at = self.now
        if said.choice.place is Place.CARE:
            way = "write" if renewed else next(self.team_ways)
        else:
            way = "nobody" if asked_at.date() == ALONE else next(self.group_ways)
        wait = {"reply": 20, "write": 25, "companion": 60, "cannot": 52}.get(way)
        if wait is not None:
            self.when(asked_at + wait * MINUTE, lambda: self._answer(said, way))
        if renewed:
            self.when(asked_at + 110 * MINUTE, lambda: self._talk(said))
        self.when(asked_at + 47 * MINUTE, lambda: self._soon(said, asked_at))
        self.when(asked_at + TOLD_WITHIN, lambda: self._late(said, asked_at))

    async def _answer(self, said: Said, way: str) -> None:
        post = self.standing(said)
        if said.asked_at is None or post is None:
            return
        if way in ("companion", "cannot"):
            asked = next((who for who in self.companions() if self.asked_about(who, post)), None)
            if asked is not None and way == "companion":
                await self._write(said, post, asked)
            elif asked is not None:
                await self._cannot(asked, post)
        elif said.choice.place is Place.CARE:
            await self._write(said, post, self.world.group.facilitators[0])
        elif way == "write":
            await self._write(said, post, self._another(said))
        else:
            await self._reply(said, post, self._another(said))

    def companions(self) -> list[MemberActor]:
        """Those who may be asked to answer."""
        return [self.people[key].actor for key in COMPANIONS if key in self.people]

    def asked_about(self, who: MemberActor, post: Message) -> Message | None:
        """The word to a companion about a post."""
        link = f"/{post.channel_id}/{post.id}"
        talk = self.world.env.backend.messages.get(who.user.dm_channel.id, {}).values()
        return next((one for one in talk if link in text_of(one)), None)

    def _another(self, said: Said) -> MemberActor:
        """Somebody else of the group whom nothing keeps from the writer."""
        apart = {"hazel", "wren"} if said.writer.id in self._ids("hazel", "wren") else set()
        others = [one.actor for key, one in self.people.items() if one.actor is not said.writer and key not in apart]
        return self.source.choice(others)

    def _ids(self, *keys: str) -> set[int]:
        return {self.people[key].actor.id for key in keys if key in self.people}

    def _words(self, said: Said, who: MemberActor) -> Said:
        room = said.choice.place is Place.CARE
        words = Said(self.new_mark(), who, said.choice, said.label, room=room, changed_at=self.now)
        self.replies.append((words, said))
        return words

    async def _reply(self, said: Said, post: Message, who: MemberActor) -> None:
        words = self._words(said, who)
        where = self.channel_of(post)
        await who.send(where, f"I read you. {words.mark}", reply_to=to_discord_message(self.world.env, post))
        said.answered = True
        await self.deliver()

    async def _write(self, said: Said, post: Message, who: MemberActor) -> None:
        pressed = await who.click(to_discord_message(self.world.env, post), label=WRITE)
        form = await self.agreed(who, pressed)
        assert form.modal is not None, words_of(form)
        words = self._words(said, who)
        receipt = await who.submit_modal(form, {"words": f"Glad that you are here. {words.mark}"})
        key = "private" if words.room else "group"
        assert t(f"checkin_reply.receipt.{key}") in words_of(receipt)
        said.answered = True
        await self.deliver()

    async def _cannot(self, who: MemberActor, post: Message) -> None:
        asking = next(one for one in dms(who) if f"/{post.channel_id}/{post.id}" in str(one.components))
        answer = await who.user.click(asking, label=t("checkin_reply.ask.cannot.label"))
        assert t("checkin_reply.cannot.words") in words_of(answer)
        await self.deliver()

    async def _talk(self, said: Said) -> None:
        """Somebody of the team writes in the private thread: that answers the wish that was renewed."""
        rooms = [one for words, whose in self.replies if whose is said for one in holding(self.world, words.mark)]
        if said.asked_at is None or said.answered or not rooms:
            return
        who = self.world.group.facilitators[0]
        words = self._words(said, who)
        await who.send(self.channel_of(rooms[0]), f"Still here. {words.mark}")
        said.answered = True
        await self.deliver()

    # What is held against the promise.

    def _away(self, since: datetime, until: datetime) -> bool:
        return any(begun <= until and ended >= since for begun, ended in self.outages)

    def cards(self, post: Message, beginning: str = "") -> list[Message]:
        """What the team is told of a post that waits, as it stands now."""
        care, link = self.world.group.channel("care").id, f"/{post.channel_id}/{post.id}"
        found = [one for one in messages(self.world) if one.channel_id == care and link in text_of(one)]
        return [one for one in found if beginning in text_of(one)]

    async def _soon(self, said: Said, asked_at: datetime) -> None:
        """After the wait a companion has been asked, or the team knows that there is nobody to ask."""
        post = self.standing(said)
        if said.asked_at != asked_at or said.answered or self._away(asked_at - 5 * MINUTE, self.now):
            return
        assert post is not None
        asked = [who for who in self.companions() if self.asked_about(who, post)]
        assert (len(asked), len(self.cards(post, WAITS))) in {(1, 0), (0, 1)}, (said, asked)

    async def _waiting(self) -> str:
        """Everything that the list of those who wait says, page after page."""
        who = self.world.group.facilitators[1]
        page = await self.type(who, "checkin waiting")
        words, later = words_of(page), t("checkin_reply.waiting.later.label")
        while later in buttons_of(page):
            page = await press(who, page, later)
            words += words_of(page)
        return words

    async def _late(self, said: Said, asked_at: datetime) -> None:
        """After three hours a human has answered, or the team knows, also after an outage."""
        if said.asked_at != asked_at:
            return
        post = self.standing(said)
        assert post is not None
        listed = await self._waiting()
        waits = f"{said.writer.mention}, to the {'team' if said.choice.place is Place.CARE else 'group'}, since"
        if said.answered:
            assert self.cards(post) == [], said
            return
        assert waits in listed, said
        [card] = self.cards(post, STILL)
        self.told.append((said.mark, at(card) - asked_at))
        if not self._away(asked_at, self.now):
            assert at(card) <= asked_at + 3 * HOUR + MINUTE

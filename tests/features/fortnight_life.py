"""How the people of the fortnight live it: they check in, change their minds, ask for a reply, answer each other."""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import discord
from simcord import ChannelHandle, InteractionResult, MemberActor
from simcord.backend.models import Message
from simcord.results import to_discord_message

from bot.text import t
from cogs.checkins.rules import Choice, Place
from rehearsal.world import World
from tests.features.checking_in import choose, filled, press
from tests.features.fortnight import (
    CHOICES,
    DAY,
    EVENING,
    FIRST,
    HOUR,
    MINUTE,
    MORNING,
    START,
    Member,
    Plan,
    Said,
    at,
    holding,
    posts,
)
from tests.features.fortnight_time import Time
from tests.features.seeing import buttons_of, components_of, words_of

AGREE = t("privacy.consent.agree.label")
WRITE = t("checkin_entry.post.write_back.label")
COMPANIONS = ("hazel", "sam", "kei")


class Life(Time):
    """The group's life in one world, in the order of time, and what it has said. Who answers whom: `Fortnight`."""

    def __init__(self, world: World, plans: Sequence[Plan], source: random.Random) -> None:
        super().__init__(world, source)
        self.lounge = world.group.channel("lounge")
        self.people = {plan.key: self._moved_in(plan) for plan in plans}
        self.said: list[Said] = []
        self.wishes: list[Said] = []
        self.replies: list[tuple[Said, Said]] = []  # the words of each, and what they answer
        self.told: list[tuple[str, timedelta]] = []
        self.stood: dict[int, Said] = {}

    def _moved_in(self, plan: Plan) -> Member:
        group, env = self.world.group, self.world.env
        if plan.key in group.people:
            actor = group.person(plan.key).actor
        else:
            user = env.create_user(plan.key, global_name=plan.key.title())
            actor = group.guild.add_member(user, roles=[group.roles["member"]])
        return Member(plan, actor, [(START, ZoneInfo(plan.zone or group.zone))])

    # What people type and press.

    async def agreed(self, who: MemberActor, done: InteractionResult) -> InteractionResult:
        """Agree to the policy where that is asked."""
        has_form = done.modal is not None
        return done if has_form or AGREE not in buttons_of(done) else await press(who, done, AGREE)

    async def type(self, who: MemberActor, command: str, **options: Any) -> InteractionResult:
        """Type a command, and agree where that is asked first."""
        return await self.agreed(who, await who.slash(self.lounge, command, **options))

    async def set_up(self) -> None:
        """Let a moderator make the check-ins, and people say where they live and what they are ready for."""
        mod, channel = self.world.group.moderator, self.world.group.channel("check-ins")
        evening = {"name": EVENING, "channel": channel, "time": "20:00", "thread": True}
        morning = {"name": MORNING, "channel": self.lounge, "time": "07:30", "days": "weekdays"}
        for options in (evening, {**morning, "timezone": "New York"}):
            assert t("checkins.panel.started") in words_of(await self.type(mod, "manage-checkins create", **options))
        for one in self.people.values():
            if one.plan.zone is not None:
                await self.type(one.actor, "me timezone", zone=one.plan.zone)
        backend, role = self.world.env.backend, self.world.group.roles["companion"].id
        for one in (self.people[key] for key in COMPANIONS if key in self.people):
            held = backend.get_guild(self.world.group.guild.id).members[one.actor.id].role_ids
            backend.edit_member(self.world.group.guild.id, one.actor.id, {"role_ids": [*{*held, role}]})
            await self.world.env.settle()
            settings = await self.type(one.actor, "me settings")
            on = await press(one.actor, settings, t("me.companion.on_button.label"))
            assert t("me.companion.on") in words_of(await self.agreed(one.actor, on))
        hazel, wren, sam = (self.people.get(key) for key in ("hazel", "wren", "sam"))
        if hazel is not None:
            await self.type(hazel.actor, "me quiet", **{"from": "01:00", "to": "09:00"})
        if hazel is not None and wren is not None:
            await self.type(wren.actor, "me avoid", member=hazel.actor)
        if sam is not None:
            self.when(sam.moment(3) - HOUR, lambda: self._break(sam, "me break"))
            self.when(sam.moment(6), lambda: self._break(sam, "me back"))

    async def _break(self, who: Member, command: str) -> None:
        done = await self.type(who.actor, command)
        assert t("me.kept.rest" if command == "me break" else "me.back.done") in words_of(done)
        self._rest(who, begins=command == "me break")

    def _rest(self, who: Member, *, begins: bool) -> None:
        if begins:
            who.rests.append((self.now, None))
        else:
            who.rests[-1] = (who.rests[-1][0], self.now)

    def plan_days(self, afterwards: Callable[[str, int], str]) -> None:
        """Bring the diaries into the order of time."""
        for one in self.people.values():
            for number, sign in enumerate(one.plan.diary):
                moment, before = one.moment(number), one.plan.diary[number - 1 : number]
                if sign == "p" and before != "p":
                    self.when(moment, lambda one=one: self._pause(one))  # type: ignore[misc]
                if before == "p" and sign != "p":
                    self.when(moment - 20 * MINUTE, lambda one=one: self._resume(one))  # type: ignore[misc]
                if before == "y":
                    self.when(moment - 15 * MINUTE, lambda one=one, number=number - 1: self._fill(one, number))  # type: ignore[misc]
                if sign == "x":
                    self.when(moment, lambda one=one: self._skip(one))  # type: ignore[misc]
                if sign in CHOICES:
                    wish = CHOICES[sign], afterwards(one.plan.key, number)
                    self.when(moment, lambda one=one, number=number, wish=wish: self._day(one, number, *wish))  # type: ignore[misc]
            if one.plan.flight is not None:
                self.when(one.plan.flight[0], lambda one=one: self._land(one))  # type: ignore[misc]

    async def _pause(self, who: Member) -> None:
        assert t("checkin_rhythm.pause.done") in words_of(await self.type(who.actor, "checkin pause"))
        self._rest(who, begins=True)

    async def _resume(self, who: Member) -> None:
        assert t("checkin_rhythm.resume.done") in words_of(await self.type(who.actor, "checkin resume"))
        self._rest(who, begins=False)

    async def _land(self, who: Member) -> None:
        assert who.plan.flight is not None
        await self.type(who.actor, "me timezone", zone=who.plan.flight[1])
        who.stays.append((self.now, ZoneInfo(who.plan.flight[1])))

    async def _skip(self, who: Member) -> None:
        post = self.newest(EVENING)
        done = await self.agreed(who.actor, await who.actor.click(post, label=t("checkin_post.post.skip.label")))
        day = who.label(post.created_at)
        assert t("checkin_post.skip.done", day=f"{day:%A} {day.day} {day:%B}") in words_of(done)
        who.skipped.add(day)

    def newest(self, name: str) -> discord.Message:
        """The post of a check-in that was asked last."""
        found = [one for whose, one in posts(self.world) if whose == name]
        return to_discord_message(self.world.env, found[-1])

    async def _day(self, who: Member, number: int, choice: Choice, afterwards: str) -> None:
        asked = self.newest(MORNING if who.plan.by == MORNING else EVENING)
        if who.plan.by == "button":
            form = await self.agreed(who.actor, await who.actor.click(asked, label="Check in"))
        else:
            named = {} if who.plan.by == "now" else {"schedule": who.plan.by}
            form = await self.type(who.actor, "checkin now", **named)
        day = FIRST + number * DAY
        assert (who.label(self.now), who.label(asked.created_at)) == (day, day), who.plan
        schedule = MORNING if who.plan.by == MORNING else EVENING
        said = Said(self.new_mark(), who.actor, choice, day, schedule, asked.id)
        await self._submit(who, form, said)
        if said.choice.asks and afterwards != "back":
            self.plan_answer(said, renewed=afterwards == "again")
        if afterwards:
            self.when(
                self.now + (100 if afterwards == "again" else 25) * MINUTE, lambda: self._later(who, said, afterwards)
            )

    def new_mark(self) -> str:
        """Words that nobody has said before."""
        return f"quill{next(self.numbers):04d}"

    async def _fill(self, who: Member, number: int) -> None:
        panel = await self.type(who.actor, "checkin today")
        form = await self.agreed(who.actor, await press(who.actor, panel, t("checkin_entry.today.fill.label")))
        said = Said(self.new_mark(), who.actor, Choice.ME, FIRST + number * DAY)
        receipt = await self._submit(who, form, said)
        assert t("checkin_entry.receipt.yesterday") in words_of(receipt)

    async def _submit(self, who: Member, form: InteractionResult, said: Said) -> InteractionResult:
        assert form.modal is not None, words_of(form)
        if self.armed == "open":
            self.armed = ""
            await self.kill("open")
        fields = {"who": said.choice.value, "line": f"A slow walk by the water. {said.mark}", "mood": "3", "sleep": "4"}
        receipt = await who.actor.submit_modal(form, fields)
        assert t(f"checkin_entry.who.{said.choice.value}") in words_of(receipt)
        who.entries[said.label] = said
        self.said.append(said)
        said.changed_at, said.asked_at = self.now, self.now if said.choice.asks else None
        self.check_rhythm(who, receipt)
        await self.deliver(posts=said.choice is not Choice.ME)
        self.standing(said)
        return receipt

    def check_rhythm(self, who: Member, seen: InteractionResult) -> None:
        """What the bot shows its owner of their rhythm is what it must be."""
        words, asked = words_of(seen), [(name, at(one)) for name, one in posts(self.world)]
        total, run = who.worth(asked, self.outages, self.now)
        assert t("checkin_rhythm.total", count=total) in words, (who.plan.key, self.now, total, words)
        if run:
            shown = {t(f"checkin_rhythm.{key}", count=run) for key in ("run", "run_open")}
            assert any(one in words.splitlines() for one in shown), (who.plan.key, self.now, run, words)
        else:
            assert "in a row" not in words, (who.plan.key, self.now, words)
            assert "in this run" not in words, (who.plan.key, self.now, words)

    def plan_answer(self, said: Said, *, renewed: bool) -> None:
        """Plan what becomes of a wish for a reply."""
        raise NotImplementedError

    # What becomes of an entry.

    async def _later(self, who: Member, said: Said, what: str) -> None:
        act = {"edit": self._edit, "delete": self._delete, "again": self._renew}.get(what)
        if act is not None:
            await act(who, said)
        else:
            choice = {"back": Choice.ME, "share": Choice.GROUP, "team": Choice.TEAM}[what]
            await self._move(who, said, choice)
        said.changed_at = self.now
        await self.deliver(posts=what in ("share", "team"))

    async def sheet(self, who: Member, said: Said) -> InteractionResult:
        """Open the panel of an entry: today's, or yesterday's from there, where the night is over by now."""
        panel = await self.type(who.actor, "checkin today")
        if who.label(self.now) == said.label:
            return panel
        menu = next(one for one in components_of(panel) if ":entry_show:" in one.get("custom_id", ""))
        yesterday = t("checkin_entry.today.others.yesterday.choice")
        [value] = [one["value"] for one in menu["options"] if one["label"].startswith(yesterday)]
        return await choose(who.actor, panel, "entry_show", value)

    async def _edit(self, who: Member, said: Said) -> None:
        form = await press(who.actor, await self.sheet(who, said), t("checkin_entry.change.label"))
        if form.modal is None:  # the words were not read in time on a busy machine: the panel shows them now
            form = await press(who.actor, form, t("checkin_entry.change.label"))
        assert said.mark in filled(form)["line"]
        said.marks.append(said.mark)
        said.mark = self.new_mark()
        fields = {"who": said.choice.value, "line": f"A slow walk by the sea. {said.mark}", "mood": "4"}
        receipt = await who.actor.submit_modal(form, fields)
        assert t("checkin_entry.receipt.changed") in words_of(receipt)
        self.check_rhythm(who, receipt)

    async def _delete(self, who: Member, said: Said) -> None:
        asked = await press(who.actor, await self.sheet(who, said), t("checkin_entry.delete.button.label"))
        gone = await press(who.actor, asked, t("checkin_entry.delete.yes.label"))
        assert words_of(gone) == t("checkin_entry.receipt.deleted")
        said.deleted, said.asked_at = True, None

    async def _move(self, who: Member, said: Said, choice: Choice) -> None:
        shown = await choose(who.actor, await self.sheet(who, said), "entry_who", choice.value)
        if choice.place is not Place.NOWHERE and choice.place is not said.choice.place:
            assert said.mark in words_of(shown)
            shown = await press(who.actor, shown, t("checkin_entry.preview.yes.label"))
        assert t(f"checkin_entry.who.{choice.value}") in words_of(shown)
        if not choice.asks:
            said.asked_at = None
        elif not said.choice.asks:
            said.asked_at, said.answered = self.now, False
        said.choice = choice
        said.places.add(choice.place)

    async def _renew(self, who: Member, said: Said) -> None:
        """Wish for another ear after an answer: first no wish, then a new one."""
        await self._move(who, said, Choice.TEAM)
        await self._move(who, said, Choice.TEAM_REACH_OUT)

    # Where things stand.

    def standing(self, said: Said) -> Message | None:
        """The one post of an entry or a reply, where it stands."""
        found = [one for one in holding(self.world, said.mark) if one.author_id == self.world.env.backend.bot_user.id]
        assert len(found) < 2, [one.channel_id for one in found]
        if found:
            self.stood[found[0].id] = said
        return found[0] if found else None

    def channel_of(self, message: Message) -> ChannelHandle:
        """The channel or thread of a message."""
        return ChannelHandle(
            self.world.env, self.world.group.guild, self.world.env.backend.channels[message.channel_id]
        )

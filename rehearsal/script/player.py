"""Plays a written scenario through the real bot and tells what happened."""

from datetime import datetime
from zoneinfo import ZoneInfo

from simcord import BackendError, SetupError
from simcord.backend.access import channel_accessible
from simcord.backend.models import Message

from rehearsal.engine import Engine
from rehearsal.reading import Names, buttons, lines
from rehearsal.script.forms import StepError
from rehearsal.script.hands import Hands
from rehearsal.script.parser import Script, ScriptError
from rehearsal.script.steps import (
    Advance,
    Become,
    Choose,
    Clear,
    Command,
    Expect,
    Fill,
    Place,
    Press,
    Restart,
    Say,
    Scene,
    Send,
    Step,
)
from rehearsal.script.transcript import Tell, Transcript
from rehearsal.script.watch import Watch
from rehearsal.world import World, opened_world

# A scenario that names no moment begins on this one, so that its transcript is the same every day.
USUAL_START = datetime(2026, 11, 23, 18, 0)  # noqa: DTZ001 - a wall clock; the group's zone is added below


async def play(script: Script, engine: Engine, tell: Tell, zone: ZoneInfo) -> int:
    """Play a scenario in a world of its own and return how many steps it had.

    `tell` gets the transcript by lines; `zone` is the one in which the scenario's start is read. Raises
    `ScriptError` at the first step that can't be done, makes the bot fail, or brings something unexpected.
    """
    start = (script.start or USUAL_START).replace(tzinfo=zone)
    async with opened_world(engine, ready=script.ready, start=start) as world:
        player = _Player(world, Transcript(world.env, Names(world.env, zone), tell), zone)
        for line in script.lines:
            try:
                await player.take(line.step)
            except (StepError, SetupError, BackendError, TimeoutError) as problem:
                raise ScriptError(line.number, str(problem).splitlines()[0]) from problem
    return len(script.lines)


class _Player:
    def __init__(self, world: World, transcript: Transcript, zone: ZoneInfo) -> None:
        self._world = world
        self._env = world.env
        self._hands = Hands(world)
        self._watch = Watch(world.env)
        self._watch.mark()
        self._transcript = transcript
        self._names = Names(world.env, zone)

    async def take(self, step: Step) -> None:
        """Do one step, tell it, and fail where the bot itself failed in it."""
        if isinstance(step, Become):
            self._hands.become(step)
        elif isinstance(step, Scene):
            self._transcript.scene(step.title)
        elif isinstance(step, Fill):
            self._hands.fill(step.label, step.values)
            self._transcript.step(await self._world.local_time(), self._speaker(), step)
        elif isinstance(step, Clear):
            self._hands.clear(step.label)
            self._transcript.step(await self._world.local_time(), self._speaker(), step)
        elif isinstance(step, Expect):
            self._check(step)
        else:
            await self._act(step)

    async def _act(self, step: Step) -> None:
        self._transcript.step(await self._world.local_time(), self._speaker(), step)
        self._watch.mark()
        cursor, open_form = self._env.error_cursor, self._hands.form
        await self._do(step)
        failures = self._env.errors_since(cursor)
        author = self._hands.me.actor.id if isinstance(step, Say) else None
        self._transcript.messages(self._watch.changes(), author)
        if self._hands.form is not None and self._hands.form is not open_form:
            self._transcript.form(self._hands.form, self._hands.me.name)
        if failures:
            kinds = ", ".join(sorted({type(failure).__name__ for failure in failures}))
            raise StepError(f"the bot failed in this step ({kinds})")

    async def _do(self, step: Step) -> None:
        if isinstance(step, Advance):
            await (self._world.advance_to_morning() if step.span is None else self._world.advance(step.span))
            return
        if isinstance(step, Restart):
            await self._world.restart(step.after)
            return
        async with self._world.lock:
            with self._env.time_context():
                await self._use_hands(step)
                await self._world.run_due()

    async def _use_hands(self, step: Step) -> None:
        match step:
            case Command():
                await self._hands.command(step)
            case Say(text):
                await self._hands.say(text)
            case Press(label):
                await self._hands.press(label)
            case Choose():
                await self._hands.choose(step)
            case Send():
                await self._hands.send()

    def _speaker(self) -> str:
        if self._hands.person is None:
            return ""
        return f"{self._hands.person.name}, in {self._hands.place}"

    def _check(self, step: Expect) -> None:
        found = self._holds(step)
        if found == step.absent:
            what = f"{step.what} “{step.text}”" + (f" in {step.place}" if step.place else "")
            told = "expected no" if step.absent else "expected"
            raise StepError(f"{told} {what}; there was {self._seen(step)}")

    def _holds(self, step: Expect) -> bool:
        if step.what == "channel":
            return self._sees_channel(step.text)
        if step.what == "form":
            form = self._hands.form
            return form is not None and _within(step.text, form.words())
        if step.what == "button":
            shown = [button.label for message in self._hands.messages() for button in buttons(message)]
            return any(_plain(step.text) == _plain(label) for label in shown)
        return any(_within(step.text, self._words(message)) for message in self._matching(step))

    def _matching(self, step: Expect) -> list[Message]:
        """Return what the last step brought of the kind that is expected."""
        me, changes = self._hands.me.actor.id, self._watch.changes()
        if step.what == "public":
            channel = self._hands.find_place(step.place).id if step.place else None
            shown = [one for one in changes if self._watch.is_public(one) and self._watch.visible(one, me)]
            return [one for one in shown if channel in (None, one.channel_id)]
        found = [one for one in changes if self._watch.is_private(one, me)]
        if step.what == "dm":
            direct = self._hands.find_place(Place("dm")).id
            return [one for one in found if one.channel_id == direct]
        return found

    def _sees_channel(self, name: str) -> bool:
        channel = self._hands.me.actor.guild.channels.get(name)
        return channel is not None and channel_accessible(self._env.backend, channel.id, self._hands.me.actor.id)

    def _words(self, message: Message) -> str:
        return "\n".join(lines(message, self._names))

    def _seen(self, step: Expect) -> str:
        if step.what == "form":
            return f"the form “{self._hands.form.title}”" if self._hands.form else "no form"
        if step.what in ("button", "channel"):
            return "none for this person here" if not step.absent else "one"
        words = [self._words(message) for message in self._matching(step)]
        return " and ".join(f"“{_plain(one)[:200]}”" for one in words) or "nothing of the kind"


def _within(wanted: str, text: str) -> bool:
    return _plain(wanted) in _plain(text)


def _plain(text: str) -> str:
    """Text without its line breaks and with plain quotes, because a scenario is typed on a plain keyboard."""
    for curly, straight in (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"')):
        text = text.replace(curly, straight)
    return " ".join(text.split()).casefold()

"""How a rhythm is told to its owner, what a rest answers, and the offer after low days."""

import discord

from bot.discordkit import Block, Button, Panel, Text, buttons, encode, say
from bot.text import t
from cogs.checkins.service.rests import Paused, Resumed
from cogs.checkins.service.rhythm import RhythmView


def rhythm_text(view: RhythmView) -> str:
    """The total first, the strength second, the run third; what is broken is never told."""
    rhythm = view.rhythm
    if not rhythm.total:
        return t("checkin_rhythm.none")
    lines = [t("checkin_rhythm.total", count=rhythm.total), t(f"checkin_rhythm.strength.{rhythm.strength.value}")]
    still_open = rhythm.open_today and not view.rests
    if rhythm.run_days:
        lines.append(t("checkin_rhythm.run_open" if still_open else "checkin_rhythm.run", count=rhythm.run_days))
    elif still_open:
        lines.append(t("checkin_rhythm.open_today"))
    if view.rests:
        lines.append(t("checkin_rhythm.resting"))
    return "\n".join(lines)


def offer_blocks() -> tuple[Block, ...]:
    """The offer after low days, to be shown to the writer alone: who to call, and somebody from the team."""
    return (
        Text(t("checkin_rhythm.offer.words")),
        buttons(
            Button(t("checkin_rhythm.offer.support.label"), encode("care", "now"), discord.ButtonStyle.danger),
            Button(t("checkin_rhythm.offer.team.label"), encode("care", "call", "beside")),
        ),
    )


def paused_panel(paused: Paused) -> Panel:
    """What waits during a rest, and what doesn't."""
    until = paused.until
    words = (
        t("checkin_rhythm.pause.done_until", until=discord.utils.format_dt(until, "F"))
        if until
        else t("checkin_rhythm.pause.done")
    )
    also = [t("checkin_rhythm.pause.also_break")] if paused.on_break else []
    return say(words, t("checkin_rhythm.pause.open"), *also)


def resumed_panel(resumed: Resumed) -> Panel:
    """That the rest is over, and what else still rests."""
    words = t("checkin_rhythm.resume.done" if resumed.rested else "checkin_rhythm.resume.not_resting")
    if not resumed.on_break:
        return say(words)
    first = [words] if resumed.rested else []
    return say(*first, t("checkin_rhythm.resume.on_break")).and_then(
        buttons(Button(t("checkin_rhythm.resume.back.label"), encode("me", "back")))
    )

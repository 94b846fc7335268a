"""How the screens of a bad night look: big words, few buttons, the number first."""

from datetime import datetime

import discord
from discord.utils import format_dt

from bot.content import EmergencyNumber, SupportLine, SupportLines
from bot.discordkit import (
    CALM,
    CAREFUL,
    URGENT,
    Block,
    Button,
    Choose,
    Option,
    Panel,
    Text,
    buttons,
    encode,
    say,
)
from bot.text import t
from cogs.care.rules import GroundStep
from cogs.care.service import Called, Screen
from cogs.care.store import CareRequest

ELSEWHERE = "elsewhere"
# Key of a call for the team on somebody else's message: that one stays as it is.
BESIDE = "beside"


def screen_panel(screen: Screen) -> Panel:
    """Draw who to call, and the three ways on."""
    return Panel(
        (
            Text(f"## {t('care.now.title')}\n{t('care.now.lead')}"),
            *numbers(screen),
            buttons(
                Button(t("care.now.team.label"), encode("care", "call"), discord.ButtonStyle.danger)
                if screen.team
                else None,
                Button(t("care.now.ground.label"), encode("care", "ground", "1"), discord.ButtonStyle.primary),
                Button(_where(screen), encode("care", "countries")),
            ),
            Text(t("care.now.honest")),
        ),
        CAREFUL,
    )


def held_blocks(screen: Screen) -> tuple[Block, ...]:
    """Draw what the writer of a text that shows signs of danger sees first; its buttons answer beside it."""
    return (
        Text(f"## {t('care.screening.title')}\n{t('care.screening.lead')}"),
        *numbers(screen),
        buttons(
            Button(t("care.now.team.label"), encode("care", "call", BESIDE), discord.ButtonStyle.danger)
            if screen.team
            else None,
            Button(t("care.screening.now.label"), encode("care", "now"), discord.ButtonStyle.primary),
        ),
        Text(f"{t('care.screening.mine')}\n{t('care.now.honest')}"),
    )


def _where(screen: Screen) -> str:
    return t("care.now.elsewhere.label") if screen.emergency else t("care.now.where.label")


def numbers(screen: Screen) -> tuple[Block, ...]:
    """Draw the emergency number and one line, each with its country's name; without a country, the directory."""
    directory = {"service": screen.directory.service, "address": screen.directory.address}
    if screen.emergency is None:
        return (Text(t("care.now.anywhere", **directory)),)
    words = [_emergency(screen.emergency)]
    if screen.line is not None:
        words.append(_line(screen.line))
    else:
        words.append(t("care.now.no_line", country=screen.emergency.country_name, **directory))
    return (Text("\n".join(words)),)


def _emergency(number: EmergencyNumber) -> str:
    country, first = number.country_name, _with_reach(number.number, number.reach)
    if not number.also:
        return t("care.now.emergency", country=country, number=first)
    also = "; ".join(_with_reach(other.number, other.reach) for other in number.also)
    return t("care.now.emergency_also", country=country, number=first, also=also)


def _with_reach(number: str, reach: str) -> str:
    return t("care.now.number_reach", number=number, reach=reach) if reach else number


def _line(line: SupportLine) -> str:
    ways = []
    if line.call:
        ways.append(t("care.now.way.call", number=line.call))
    if line.text and line.text_word:
        ways.append(t("care.now.way.text_word", word=line.text_word, number=line.text))
    elif line.text:
        ways.append(t("care.now.way.text", number=line.text))
    if line.chat.startswith("https://"):
        ways.append(t("care.now.way.chat", address=line.chat))
    joined = ways[0] if len(ways) == 1 else t("care.now.way.joined", first=", ".join(ways[:-1]), last=ways[-1])
    told = ", ".join(part for part in (joined, line.hours, line.cost) if part)
    return t("care.now.line", country=line.country_name, service=line.service, ways=f"{told}.")


def countries_panel(lines: SupportLines) -> Panel:
    """Draw the choice of where somebody is."""
    countries = [Option(name, code) for code, name in lines.countries().items()]
    return Panel(
        (
            Text(f"## {t('care.now.title')}"),
            Choose(
                encode("care", "country"),
                t("care.now.elsewhere.placeholder"),
                (*countries, Option(t("care.now.elsewhere.other.label"), ELSEWHERE)),
            ),
        ),
        CAREFUL,
    )


def called_panel(called: Called, screen: Screen) -> Panel:
    """Draw that the team knows, and keep the numbers in sight."""
    when = format_dt(called.since, "R")
    told = t("care.called.new") if called.new else t("care.called.again", when=when)
    return Panel(
        (
            Text(told),
            Text(t("care.called.meanwhile")),
            *numbers(screen),
            buttons(Button(t("care.now.ground.label"), encode("care", "ground", "1"), discord.ButtonStyle.primary)),
        ),
        CAREFUL,
    )


def card_panel(request: CareRequest, *, team_role: int | None, message_id: int | None = None) -> Panel:
    """Draw the team's card in the state the request is in; on another message than the card's it only leads there."""
    on_card = message_id is None or request.message_id in (None, message_id)
    person = _named(request) if on_card else whose(request)
    data = {"person": person, "when": _ago(request.created_at), "helper": request.claimed_by}
    if request.settled:
        return say(t("care.card.settled", **data), colour=CALM)
    settle = Button(t("care.card.settle.label"), encode("care", "settle", str(request.request_id)))
    if request.claimed_by is not None:
        return Panel((Text(t("care.card.claimed", **data)), buttons(settle)), CALM)
    who = (f"<@&{team_role}> " if team_role else "") + t("care.card.everyone")
    claim = Button(t("care.card.claim.label"), claim_id(request), discord.ButtonStyle.success)
    return Panel((Text(t("care.card.waiting", who=who, **data)), buttons(claim, settle)), URGENT)


def whose(request: CareRequest) -> str:
    """Return whose call it is by way of the card: with the card goes the last message that names the person."""
    if request.channel_id is None or request.message_id is None:
        return _named(request)
    address = f"https://discord.com/channels/{request.guild_id}/{request.channel_id}/{request.message_id}"
    return t("care.card.who.card", address=address)


def _named(request: CareRequest) -> str:
    return t("care.card.who.person", user=request.user_id)


def claim_id(request: CareRequest) -> str:
    """Return the custom id by which a card is found again after a lost answer."""
    return encode("care", "claim", str(request.request_id))


def room_panel(request: CareRequest) -> Panel:
    """Draw the first words in a quiet room that a helper has come to."""
    return say(t("care.room.helper", user=request.user_id, helper=request.claimed_by))


def waiting_panel(request: CareRequest, screen: Screen, *, called: bool) -> Panel:
    """Draw that nobody has come yet and whether the team was called again, with the numbers."""
    words = t(f"care.room.{'waiting' if called else 'waiting_uncalled'}", user=request.user_id)
    return Panel((Text(words), *numbers(screen)), CAREFUL)


def _ago(moment: datetime) -> str:
    return format_dt(moment, "R")


def ground_panel(step: GroundStep) -> Panel:
    """Draw one step of the five-senses exercise."""
    words = t(f"care.ground.step{step.number}")
    last = t("care.ground.done") if step.last else t("care.ground.adapt")
    onward = Button(
        t("care.ground.next.label"), encode("care", "ground", str(step.number + 1)), discord.ButtonStyle.primary
    )
    return Panel(
        (
            Text(f"## {t('care.ground.title')}\n{words}"),
            Text(last),
            buttons(
                None if step.last else onward,
                None if step.last else Button(t("care.ground.stop_button.label"), encode("care", "stop")),
                Button(t("care.now.again.label"), encode("care", "now")),
            ),
        )
    )


def stopped_panel() -> Panel:
    """Draw the end of an exercise that somebody stopped."""
    return Panel((Text(t("care.ground.stop")), buttons(Button(t("care.now.again.label"), encode("care", "now")))))

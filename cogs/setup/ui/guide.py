"""The guide's four steps, and the confirmations before anything is made."""

from collections.abc import Iterable

import discord

from bot.discordkit import (
    CAREFUL,
    Aside,
    Block,
    Button,
    Link,
    Panel,
    PickChannel,
    PickRole,
    Text,
    buttons,
    encode,
    say,
)
from bot.guilds import CHANNEL_PURPOSES, ROLE_PURPOSES
from bot.text import t
from cogs.setup.rules.check import Finding
from cogs.setup.rules.fit import PINGED, STEPS
from cogs.setup.service.group import Overview
from cogs.setup.service.making import Made, Plan
from cogs.setup.service.parts import Empowering
from cogs.setup.ui import check, group
from cogs.setup.ui.words import ALONE, GUIDE, channel, needs, notes, role


def group_step(
    overview: Overview, countries: Iterable[str], note: str | None = None, zones: tuple[str, ...] = ()
) -> Panel:
    """Step 1: what this group is."""
    return _step("group", group.blocks(overview, countries, GUIDE, zones), note)


def group_alone(
    overview: Overview, countries: Iterable[str], note: str | None = None, zones: tuple[str, ...] = ()
) -> Panel:
    """The same without the guide around it, for `/setup group`."""
    head = [Text(t("setup.group.title")), *notes(note)]
    return Panel((*head, *group.blocks(overview, countries, ALONE, zones)))


def roles_step(overview: Overview, powerless: int | None, note: str | None = None) -> Panel:
    """Step 2: who is who. `powerless` is the moderator role while it lacks Timeout Members."""
    blocks: list[Block] = [Text(t("setup.roles.ask"))]
    for purpose in ROLE_PURPOSES:
        chosen = overview.roles.get(purpose)
        blocks.append(Text(t(f"setup.roles.about.{purpose}")))
        blocks.append(PickRole(encode("setup", "role", purpose), t("setup.roles.select.placeholder"), chosen))
    if powerless is not None:
        blocks.append(Aside(t("setup.power.about", role=role(powerless)), power_button(powerless)))
    missing = any(purpose not in overview.roles for purpose in ROLE_PURPOSES)
    return _step("roles", blocks, note, make="roles" if missing else None)


def channels_step(overview: Overview, note: str | None = None) -> Panel:
    """Step 3: where things happen."""
    blocks: list[Block] = [Text(t("setup.channels.ask"))]
    for purpose in CHANNEL_PURPOSES:
        chosen = overview.channels.get(purpose)
        blocks.append(Text(t(f"setup.channels.about.{purpose}")))
        blocks.append(
            PickChannel(encode("setup", "channel", purpose), t("setup.channels.select.placeholder"), chosen=chosen)
        )
    missing = any(purpose not in overview.channels for purpose in CHANNEL_PURPOSES)
    return _step("channels", blocks, note, make="channels" if missing else None)


def check_step(findings: tuple[Finding, ...], invite: str | None, note: str | None = None) -> Panel:
    """Step 4: what is missing, and what to do next."""
    blocks = (*check.blocks(findings, GUIDE), Text(t("setup.check.next")))
    return _step("check", blocks, note, link=check.invite_button(findings, invite))


def confirm(part: str, plan: Plan) -> Panel:
    """What would be made, before it is. `part` is `channels` or `roles`."""
    if not (plan.purposes or plan.found):
        return Panel((Text(t(f"setup.{part}.nothing")), buttons(_back_to(part, "setup.guide.back.label"))))
    blocks: list[Block] = []
    if plan.purposes and part == "channels":
        words = "\n".join(f"- {t(f'setup.channels.plan.{purpose}')}" for purpose in plan.purposes)
        blocks.append(Text(t("setup.channels.confirm", lines=words)))
    elif plan.purposes:
        blocks.append(Text(t("setup.roles.confirm", names=_listed(plan.names))))
        pinged = [t(f"setup.roles.purpose.{purpose}") for purpose in plan.purposes if purpose in PINGED]
        if pinged:
            blocks.append(Text(t("setup.roles.pinged", names=_listed(pinged))))
    if plan.found:
        names = _listed(t(f"setup.{part}.purpose.{purpose}") for purpose in plan.found)
        blocks.append(Text(t("setup.guide.found_again", names=names)))
    if plan.without_moderator:
        blocks.append(Text(t("setup.channels.no_moderator")))
    if plan.same_name:
        blocks.append(Text(t(f"setup.{part}.same_name", names=_listed(plan.same_name))))
    make = t("setup.guide.use_again.label") if not plan.purposes else t(f"setup.{part}.make_now.label")
    adopt = Button(t(f"setup.{part}.adopt.label"), encode("setup", "adopt", part), discord.ButtonStyle.primary)
    return Panel(
        (
            *blocks,
            buttons(
                adopt if plan.same_name else None,
                Button(make, encode("setup", "make", part), discord.ButtonStyle.success),
                _back_to(part, f"setup.{part}.not_now.label"),
            ),
        )
    )


def adopted(part: str, found: dict[str, int]) -> str:
    """Return what of the group's own is used now."""
    mention = channel if part == "channels" else role
    if not found:
        return t(f"setup.{part}.adopted_none")
    return t(f"setup.{part}.adopted", names=", ".join(mention(one) for one in found.values()))


def working(part: str) -> Panel:
    """The word that the work has begun."""
    return say(t(f"setup.{part}.working"))


def made(part: str, result: Made) -> str | None:
    """Return what was made and found again, or None for nothing."""
    mention = channel if part == "channels" else role
    parts = [
        t(f"setup.{part}.{kind}", names=", ".join(mention(one) for one in ids.values()))
        for kind, ids in (("made", result.new), ("found", result.found))
        if ids
    ]
    if not parts and result.stopped is None and not result.lacking:
        return t(f"setup.{part}.nothing")
    return "\n".join(parts) or None


def stopped(part: str, result: Made, invite: str | None) -> Panel:
    """Why the making stopped, and how to mend it."""
    reason = "lacking" if result.lacking else result.stopped
    done = made(part, result)
    return Panel(
        (
            *notes(done),
            Text(t(f"setup.stopped.{reason}", needs=needs(result.lacking))),
            buttons(
                Button(t(f"setup.{part}.make_now.label"), encode("setup", "make", part), discord.ButtonStyle.primary),
                Button(t("setup.guide.back.label"), encode("setup", "step", part)),
                Link(t("setup.stopped.invite.label"), invite)
                if invite and reason in ("lacking", "forbidden")
                else None,
            ),
        ),
        CAREFUL,
    )


def power_button(role_id: int) -> Button:
    """The way to the moderators' permission."""
    return Button(t("setup.power.button.label"), encode("setup", "power", str(role_id)))


def power(role_id: int, note: str | None = None, *, way: bool = False) -> Panel:
    """The moderators' permission: what it means, and the other way."""
    give = Button(t("setup.power.give.label"), encode("setup", "empower", str(role_id)), discord.ButtonStyle.primary)
    steps = Button(t("setup.power.steps.label"), encode("setup", "power_way", str(role_id)))
    return Panel(
        (
            *notes(note),
            Text(t("setup.power.way" if way else "setup.power.explain", role=role(role_id))),
            buttons(
                give, None if way else steps, Button(t("setup.power.back.label"), encode("setup", "step", "roles"))
            ),
        )
    )


def empowered(result: Empowering) -> str:
    """Return whether the moderator role has its permission now, and if not, why and what to do."""
    return t(
        f"setup.power.{'done' if result.done else result.reason}",
        role=role(result.role_id),
        needs=needs(result.lacking),
    )


def _back_to(part: str, label: str) -> Button:
    return Button(t(label), encode("setup", "step", part))


def _step(
    step: str, blocks: Iterable[Block], note: str | None, *, make: str | None = None, link: Link | None = None
) -> Panel:
    number = STEPS.index(step)
    heading = t("setup.guide.heading", number=number + 1, name=t(f"setup.guide.step.{step}"))
    make_button = (
        Button(t(f"setup.{make}.make.label"), encode("setup", "plan", make), discord.ButtonStyle.primary)
        if make
        else None
    )
    back = Button(t("setup.guide.back.label"), encode("setup", "step", STEPS[number - 1])) if number else None
    onward = (
        Button(t("setup.guide.next.label"), encode("setup", "step", STEPS[number + 1]), discord.ButtonStyle.success)
        if number + 1 < len(STEPS)
        else Button(t("setup.check.again.label"), encode("setup", "step", step))
    )
    return Panel((Text(heading), *notes(note), *blocks, buttons(back, make_button, onward, link)))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"**{name}**" for name in names)

"""What is said after a choice: a channel, a role, a time to keep, a rest, a reset."""

import discord

from bot.discordkit import (
    CAREFUL,
    Block,
    Button,
    Choose,
    Form,
    Option,
    Panel,
    Text,
    Write,
    buttons,
    encode,
    say,
)
from bot.guilds import RETENTION_MONTHS
from bot.text import t
from cogs.setup.rules.fit import month_choices
from cogs.setup.service.group import Keeping, Overview, Rest
from cogs.setup.service.parts import ChannelChosen, RoleChosen
from cogs.setup.ui.guide import power_button
from cogs.setup.ui.words import channel, moment, months, needs, notes, role, span


def channel_chosen(chosen: ChannelChosen) -> str:
    """Return what was kept, and what to look at."""
    where = channel(chosen.channel_id)
    purpose = t(f"setup.channels.purpose.{chosen.purpose}")
    found = [t("setup.channel.kept", channel=where, purpose=purpose)]
    if chosen.exposed:
        found.append(t("setup.channel.exposed", channel=where, purpose=purpose))
    if chosen.lacking:
        found.append(t("setup.channel.lacking", channel=where, needs=needs(chosen.lacking)))
    found += [t(f"setup.check.{kind}", channel=where) for kind in chosen.quiet]
    return "\n".join(found)


def channel_receipt(chosen: ChannelChosen) -> Panel:
    """The answer to `/setup channel`."""
    well = not (chosen.exposed or chosen.lacking or chosen.quiet)
    words = channel_chosen(chosen)
    return say(f"{words}\n{t('setup.channel.all_well')}") if well else say(words, colour=CAREFUL)


def role_chosen(chosen: RoleChosen) -> str:
    """Return what was kept, and what to look at."""
    who = role(chosen.role_id)
    found = [t("setup.role.kept", role=who, purpose=t(f"setup.roles.purpose.{chosen.purpose}"))]
    if chosen.out_of_reach:
        found.append(t("setup.check.role_above", role=who))
    return "\n".join(found)


def role_receipt(chosen: RoleChosen) -> Panel:
    """The answer to `/setup role`."""
    panel = say(role_chosen(chosen), colour=CAREFUL) if chosen.out_of_reach else say(role_chosen(chosen))
    if not chosen.powerless:
        return panel
    return panel.and_then(
        Text(t("setup.power.about", role=role(chosen.role_id))), buttons(power_button(chosen.role_id))
    )


def retention(overview: Overview, note: str | None = None) -> Panel:
    """The panel of `/setup retention`."""
    blocks: list[Block] = [Text(t("setup.retention.title")), *notes(note), Text(t("setup.retention.ask"))]
    for feature in RETENTION_MONTHS:
        kept = overview.months[feature]
        blocks.append(
            Text(
                t(
                    "setup.retention.line",
                    feature=t(f"setup.retention.feature.{feature}"),
                    months=months(kept),
                )
            )
        )
        options = tuple(
            Option(months(count), str(count), chosen=count == kept)
            for count in sorted({*month_choices(feature), kept}, reverse=True)
        )
        blocks.append(Choose(encode("setup", "keep", feature), t("setup.retention.select.placeholder"), options))
    return Panel(tuple(blocks))


def retention_sure(keeping: Keeping) -> Panel:
    """Ask before a shorter time, because it deletes."""
    feature = t(f"setup.retention.feature.{keeping.feature}").lower()
    return Panel(
        (
            Text(t("setup.retention.confirm", feature=feature, months=months(keeping.months))),
            buttons(
                Button(
                    t("setup.retention.yes.label"),
                    encode("setup", "keep_sure", f"{keeping.feature}.{keeping.months}"),
                    discord.ButtonStyle.danger,
                ),
                Button(t("setup.retention.no.label"), encode("setup", "keep_not")),
            ),
        ),
        CAREFUL,
    )


def retention_kept(keeping: Keeping) -> str:
    """Return the sentence for a time that was kept."""
    feature = t(f"setup.retention.feature.{keeping.feature}")
    return t("setup.retention.kept", feature=feature, months=months(keeping.months))


def rest(state: Rest) -> Panel:
    """The answer to `/setup pause`."""
    if not state.resting:
        return say(t("setup.pause.awake"))
    if state.until is None:
        words = t("setup.pause.resting")
    else:
        words = t("setup.pause.resting_until", until=moment(state.until), span=span(state.until))
    panel = say(words, t("setup.pause.in_utc")) if state.in_utc else say(words)
    return panel.and_then(buttons(Button(t("setup.pause.wake.label"), encode("setup", "wake"))))


def reset() -> Panel:
    """What a reset erases and what stays, before anything is asked."""
    return Panel(
        (
            Text(t("setup.reset.explain")),
            buttons(
                Button(t("setup.reset.ask.label"), encode("setup", "reset_ask"), discord.ButtonStyle.danger),
                Button(t("setup.reset.never.label"), encode("setup", "reset_not")),
            ),
        ),
        CAREFUL,
    )


def reset_form() -> Form:
    """The form that wants the server's name."""
    field = Write(
        "name", t("setup.reset.name.label"), longest=100, shortest=1, description=t("setup.reset.name.description")
    )
    return Form("setup", "reset_sure", t("setup.reset.title"), (field,))

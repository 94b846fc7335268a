"""What `/setup check` and `/setup show` say."""

import discord

from bot.discordkit import CALM, CAREFUL, Aside, Block, Button, Link, Panel, Text, buttons, encode
from bot.guilds import CHANNEL_PURPOSES, RETENTION_MONTHS, ROLE_PURPOSES
from bot.text import t
from cogs.setup.rules.check import Finding, Weight
from cogs.setup.rules.fit import Viewer
from cogs.setup.service.group import Overview
from cogs.setup.ui import group
from cogs.setup.ui.words import ALONE, channel, moment, months, needs, notes, role, who

# Of the 4,000 characters that a message may have, what is left for findings beside headings and the next steps.
_MOST_CHARACTERS = 2800
# Findings with a button of their own; each takes three of the 40 components.
_MOST_BUTTONS = 5
# Roles and people mentioned in one finding: 24 characters each.
_MOST_NAMES = 30


def panel(findings: tuple[Finding, ...], invite: str | None, note: str | None = None) -> Panel:
    """The check alone, for `/setup check`."""
    return Panel(
        (
            Text(t("setup.check.title")),
            *notes(note),
            *blocks(findings, ALONE),
            buttons(
                Button(t("setup.check.again.label"), encode("setup", "look", ALONE)),
                Button(t("setup.check.guide.label"), encode("setup", "open")),
                invite_button(findings, invite),
            ),
        ),
        CAREFUL if any(finding.weight is Weight.MEND for finding in findings) else CALM,
    )


def blocks(findings: tuple[Finding, ...], where: str) -> tuple[Block, ...]:
    """Return what is to mend, each with how, and what is not chosen yet."""
    mend = [finding for finding in findings if finding.weight is Weight.MEND]
    shown: list[Block] = [Text(t("setup.check.mend"))] if mend else [Text(t("setup.check.well"))]
    left = _MOST_CHARACTERS
    plain: list[str] = []
    doors = 0
    for number, finding in enumerate(mend):
        words = f"- {sentence(finding)}"
        left -= len(words)
        if left < 0:
            plain.append(t("setup.check.more", count=len(mend) - number))
            break
        button = _button(finding, where) if doors < _MOST_BUTTONS else None
        if button is None:
            plain.append(words)
        else:
            doors += 1
            shown += [*_paragraph(plain), Aside(words, button)]
            plain = []
    shown += _paragraph(plain)
    absent = _absent(findings)
    return (*shown, *([Text(t("setup.check.choose", what=absent))] if absent else []))


def invite_button(findings: tuple[Finding, ...], invite: str | None) -> Link | None:
    """The link that invites the bot again, where it lacks something in the whole server."""
    lacks = any(finding.kind == "server" for finding in findings)
    return Link(t("setup.stopped.invite.label"), invite) if lacks and invite else None


def sentence(finding: Finding) -> str:
    """Return what is wrong and how to mend it."""
    kind, purpose = finding.kind, finding.purpose
    named = _purpose(finding) if purpose else ""
    if finding.fault:
        part = "channel" if kind == "channel_unfit" else "role"
        why = t(f"setup.{part}.refused.{finding.fault}")
        return t(
            f"setup.check.{kind}",
            channel=channel(finding.channel_id), role=role(finding.role_id), purpose=named, why=why,
        )  # fmt: skip
    return t(
        f"setup.check.{kind}",
        channel=channel(finding.channel_id), role=role(finding.role_id), purpose=named, needs=needs(finding.needs),
        who=_named(finding.others),
    )  # fmt: skip


def show(overview: Overview, living: frozenset[int]) -> Panel:
    """The whole set-up, for `/setup show`; `living` are the ids of channels and roles that still exist."""
    return Panel(
        (
            Text(t("setup.show.title")),
            *_resting(overview),
            Text(group.lines(overview)),
            Text(f"{t('setup.show.channels')}\n{_list(CHANNEL_PURPOSES, 'channels', overview.channels, living)}"),
            Text(f"{t('setup.show.roles')}\n{_list(ROLE_PURPOSES, 'roles', overview.roles, living)}"),
            Text(f"{t('setup.show.kept')}\n{kept_for(overview)}"),
            buttons(
                Button(t("setup.show.open.label"), encode("setup", "open"), discord.ButtonStyle.primary),
                Button(t("setup.show.check.label"), encode("setup", "look", ALONE)),
            ),
        )
    )


def kept_for(overview: Overview) -> str:
    """Return how long each feature's things are kept, a line each."""
    return "\n".join(
        f"- {t(f'setup.retention.feature.{feature}')}: {months(overview.months[feature])}"
        for feature in RETENTION_MONTHS
    )


def _resting(overview: Overview) -> tuple[Text, ...]:
    profile = overview.profile
    if not profile.rests(overview.now):
        return ()
    if profile.paused_until is None:
        return (Text(t("setup.pause.shown")),)
    return (Text(t("setup.pause.shown_until", until=moment(profile.paused_until))),)


def _list(purposes: tuple[str, ...], part: str, kept: dict[str, int], living: frozenset[int]) -> str:
    mention = channel if part == "channels" else role
    found = []
    for purpose in purposes:
        kept_id = kept.get(purpose)
        if kept_id is None:
            words = t("setup.show.none")
        else:
            words = mention(kept_id) if kept_id in living else t("setup.show.gone")
        found.append(f"- {t(f'setup.{part}.purpose.{purpose}')}: {words}")
    return "\n".join(found)


def _button(finding: Finding, where: str) -> Button | None:
    if finding.kind == "team_blind":
        return Button(t("setup.door.open.label"), encode("setup", "door", f"{finding.purpose}.{finding.role}.{where}"))
    if finding.kind == "moderator_powerless":
        return Button(t("setup.power.button.label"), encode("setup", "power", str(finding.role_id)))
    return None


def _named(others: tuple[Viewer, ...]) -> str:
    names = ", ".join(who(one) for one in others[:_MOST_NAMES])
    rest = len(others) - _MOST_NAMES
    return f"{names} {t('setup.check.others', count=rest)}" if rest > 0 else names


def _purpose(finding: Finding) -> str:
    part = "channels" if finding.purpose in CHANNEL_PURPOSES else "roles"
    return t(f"setup.{part}.purpose.{finding.purpose}")


def _absent(findings: tuple[Finding, ...]) -> str:
    found = [t(f"setup.check.{one.kind}") for one in findings if one.kind in ("no_timezone", "no_country", "no_kind")]
    for part, kind in (("channels", "no_channel"), ("roles", "no_role")):
        names = [_purpose(finding) for finding in findings if finding.kind == kind]
        if names:
            found.append(t(f"setup.check.{part}", names=", ".join(names)))
    return "; ".join(found)


def _paragraph(lines: list[str]) -> list[Block]:
    return [Text("\n".join(lines))] if lines else []

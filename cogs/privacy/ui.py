"""What privacy looks like: the policy in five short pages, the copy, the choice what to erase, the receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import discord
from discord.utils import escape_markdown, escape_mentions

from bot.contracts import DataOwners, Post
from bot.discordkit import Button, Choose, Download, Form, Option, Panel, Text, Write, buttons, encode, say
from bot.housekeeping import BACKUPS_KEPT_DAYS
from bot.storage import Dialect
from bot.text import t
from cogs.privacy.rules import EVERYTHING, KEPT_AFTER_LEAVING, PAGES, as_csv, as_json
from cogs.privacy.service import Copy, Receipt

# Discord shows 25 options in a select.
_SERVERS_A_PAGE = 25
# Links to posts that fit on a phone screen; the rest goes into a file.
_MOST_LINKS = 8


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """What the policy's sentences take from the running bot, so that they can't say anything else."""

    version: str
    dialect: Dialect
    owners: DataOwners


def policy(page: str, facts: PolicyFacts) -> Panel:
    """One page of the policy; the first is the whole in short."""
    words = {
        "front": lambda: [t("privacy.policy.front", days=KEPT_AFTER_LEAVING.days)],
        "kept": lambda: [*_of_owners("kept", facts), t("privacy.policy.kept_never")],
        "long": lambda: [
            *_of_owners("long", facts),
            t(
                "privacy.policy.long_rest",
                days=KEPT_AFTER_LEAVING.days,
                copies=t(f"privacy.policy.copies.{facts.dialect}", days=BACKUPS_KEPT_DAYS),
            ),
        ],
        "seen": lambda: [*_of_owners("seen", facts), t("privacy.policy.seen_rest")],
        "limits": lambda: [t("privacy.policy.limits")],
    }[page]()
    return Panel(
        (
            Text("\n".join(words)),
            Text(t("privacy.policy.version", version=facts.version)),
            buttons(
                *(
                    Button(t(f"privacy.policy.page.{other}.label"), encode("privacy", "page", other))
                    for other in PAGES
                    if other != page
                )
            ),
            buttons(
                Button(t("privacy.policy.copy.label"), encode("privacy", "copy"), discord.ButtonStyle.primary),
                Button(t("privacy.policy.erase.label"), encode("privacy", "begin"), discord.ButtonStyle.danger),
            ),
        )
    )


def _of_owners(what: str, facts: PolicyFacts) -> list[str]:
    return [
        t(f"privacy.policy.{what}"),
        *(f"- {t(f'privacy.owner.{owner.name}.{what}')}" for owner in facts.owners),
    ]


def copy_of(copy: Copy, server: str, version: str) -> Panel:
    """The copy as two files, or that nothing is kept."""
    if not copy.parts:
        return nothing_here(server)
    day = copy.made_at.date().isoformat()
    whole = {
        "about": t("privacy.export.about"),
        "server_id": str(copy.guild_id),
        "your_id": str(copy.user_id),
        "made_at": copy.made_at.isoformat(timespec="seconds"),
        "policy_version": version,
        "data": copy.parts,
    }
    return Panel(
        (
            Text(t("privacy.export.ready", server=_name(server))),
            Download(f"evenkeel-{day}.json", as_json(whole)),
            Download(f"evenkeel-{day}.csv", as_csv(copy.parts)),
            Text(t("privacy.export.after")),
        )
    )


def nothing_here(server: str) -> Panel:
    """That nothing is kept in this server."""
    return say(t("privacy.export.nothing", server=_name(server)))


def nothing_anywhere() -> Panel:
    """That nothing is kept in any server."""
    return say(t("privacy.where.none"))


def server_page(servers: Sequence[int], page: int) -> tuple[int, ...]:
    """The servers on a page of the choice, counted from 0."""
    return tuple(servers[page * _SERVERS_A_PAGE : (page + 1) * _SERVERS_A_PAGE])


def which_server(purpose: str, names: Mapping[int, str | None], page: int, more: bool) -> Panel:
    """The choice of a server in a direct message; `purpose` is `export` or `erase`."""
    options = tuple(
        Option((name or t("privacy.where.gone", id=guild_id))[:100], str(guild_id)) for guild_id, name in names.items()
    )
    choose = Choose(encode("privacy", f"{purpose}_in"), t("privacy.where.placeholder"), options)
    panel = Panel((Text(t(f"privacy.where.{purpose}")), choose))
    if not more:
        return panel
    return panel.and_then(
        buttons(Button(t("privacy.where.more.label"), encode("privacy", "servers", f"{purpose}.{page + 1}")))
    )


def what_to_erase(guild_id: int, server: str, parts: Sequence[str]) -> Panel:
    """The choice what to erase in one server."""
    if not parts:
        return nothing_here(server)
    options = (
        Option(t("privacy.erase.all.choice"), EVERYTHING, t("privacy.erase.all.description")),
        *(Option(t(f"privacy.owner.{part}.choice"), part, t(f"privacy.owner.{part}.description")) for part in parts),
    )
    return Panel(
        (
            Text(t("privacy.erase.ask", server=_name(server))),
            Choose(encode("privacy", "choose", str(guild_id)), t("privacy.erase.placeholder"), options),
            Text(t("privacy.erase.hint")),
        )
    )


def confirmation(guild_id: int, choice: str) -> Form:
    """The form in which one word is typed."""
    title = "everything" if choice == EVERYTHING else "part"
    return Form(
        "privacy",
        "confirm",
        t(f"privacy.erase.{title}.title"),
        (
            Write(
                "word",
                t("privacy.erase.word.label"),
                longest=20,
                shortest=1,
                placeholder=t("privacy.erase.word.placeholder"),
                description=t("privacy.erase.word.description"),
            ),
        ),
        key=f"{guild_id}.{choice}",
    )


def receipt(given: Receipt, guild_id: int, server: str, dialect: Dialect, *, everything: bool) -> Panel:
    """What was erased, what stays and why, which posts are still there.

    `guild_id` makes the posts' links; they open only for whoever can see the channel.
    """
    if given.repeated:
        return say(t("privacy.receipt.repeated"))
    if not given.parts and not given.remains:
        return say(t("privacy.receipt.nothing", server=_name(server)))
    lines = []
    if given.parts:
        names = ", ".join(t(f"privacy.owner.{part}.choice") for part in given.parts)
        lines.append(t("privacy.receipt.done", server=_name(server), parts=names))
        lines.append(t(f"privacy.receipt.{_trace(given, dialect)}"))
        # Copies are made and deleted once a day: the last one from before goes up to a day after its time.
        lines.append(t(f"privacy.receipt.copies.{dialect}", days=BACKUPS_KEPT_DAYS + 1))
    if given.deleted:
        lines.append(t("privacy.receipt.all_posts", count=given.deleted))
    lines += _links("stuck", given.stuck, guild_id)
    lines += _links("waiting", given.waiting, guild_id)
    if given.remains:
        lines.append("\n".join((t("privacy.receipt.remains"), *(f"- {t(key)}" for key in given.remains))))
    lines.append(t("privacy.receipt.others"))
    if everything:
        lines.append(t("privacy.receipt.consent"))
    return Panel((Text("\n\n".join(lines)), *_rest(given, guild_id)))


def _trace(given: Receipt, dialect: Dialect) -> str:
    if dialect == "postgresql":
        return "scrub_postgresql"
    return "scrubbed" if given.scrubbed else "scrub_later"


def _links(what: str, posts: Sequence[Post], guild_id: int) -> list[str]:
    if not posts:
        return []
    links = [t("privacy.receipt.link", address=_address(post, guild_id)) for post in posts[:_MOST_LINKS]]
    if len(posts) > _MOST_LINKS:
        links.append(t("privacy.receipt.more", count=len(posts) - _MOST_LINKS))
    return ["\n".join((t(f"privacy.receipt.{what}"), ", ".join(links)))]


def _rest(given: Receipt, guild_id: int) -> tuple[Download, ...]:
    """Every post that is still there, as a file, where the message has no room for all of them."""
    if max(len(given.stuck), len(given.waiting)) <= _MOST_LINKS:
        return ()
    lines = [_address(post, guild_id) for post in (*given.stuck, *given.waiting)]
    return (Download("messages-still-there.txt", "\n".join(lines).encode()),)


def _address(post: Post, guild_id: int) -> str:
    return f"https://discord.com/channels/{guild_id}/{post.channel_id}/{post.message_id}"


def _name(server: str) -> str:
    return escape_markdown(escape_mentions(server))

"""Which pages of help somebody sees, by who they are."""

from bot.policy import Standing

EVERYBODY = ("start", "support", "checkin", "learn", "me", "privacy")


def topics_for(who: Standing) -> tuple[str, ...]:
    """Return the pages for somebody, the first one to open in front."""
    more = []
    if who.team or who.admin:
        more.append("facilitate")
    if who.moderator or who.admin:
        more.append("moderate")
    if who.admin:
        more.append("setup")
    return (*EVERYBODY, *more)


def chosen_topic(wanted: str | None, offered: tuple[str, ...]) -> str:
    """Return the page asked for when it is offered, else the first."""
    return wanted if wanted in offered else offered[0]

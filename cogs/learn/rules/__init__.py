"""Pure decisions of the library: searching, ordering, and today's reading."""

from cogs.learn.rules.order import eligible_for_today, in_reading_order, next_in_topic, todays_reading
from cogs.learn.rules.search import Reader, SearchIndex
from cogs.learn.rules.words import Wordbook

__all__ = [
    "Reader",
    "SearchIndex",
    "Wordbook",
    "eligible_for_today",
    "in_reading_order",
    "next_in_topic",
    "todays_reading",
]

"""Pure decisions of the library: searching, ordering, and today's reading."""

from cogs.learn.rules.notes import LONGEST_NOTE, as_read, escaped, plain, tidy
from cogs.learn.rules.order import Shown, eligible_for_today, in_reading_order, next_days_reading, next_in_topic
from cogs.learn.rules.search import Reader, SearchIndex
from cogs.learn.rules.sources import sources_read, sources_written
from cogs.learn.rules.words import Wordbook

__all__ = [
    "LONGEST_NOTE",
    "Reader",
    "SearchIndex",
    "Shown",
    "Wordbook",
    "as_read",
    "eligible_for_today",
    "escaped",
    "in_reading_order",
    "next_days_reading",
    "next_in_topic",
    "plain",
    "sources_read",
    "sources_written",
    "tidy",
]

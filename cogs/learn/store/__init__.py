"""The tables of the library: what people saved, what groups wrote for themselves, what each day brought."""

from cogs.learn.store.daily import Schedule, ScheduleStore
from cogs.learn.store.days import DaysReading, DaysStore
from cogs.learn.store.own import OwnSnippet, OwnStore
from cogs.learn.store.saved import LearnStore, Saved
from cogs.learn.store.shared import Shared, SharedStore

__all__ = [
    "DaysReading",
    "DaysStore",
    "LearnStore",
    "OwnSnippet",
    "OwnStore",
    "Saved",
    "Schedule",
    "ScheduleStore",
    "Shared",
    "SharedStore",
]

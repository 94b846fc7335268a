"""Use cases of the library."""

from cogs.learn.service.daily import CALL, DAILY, THREAD, DailyService, DailyStatus, Plan
from cogs.learn.service.days import DaysReadings
from cogs.learn.service.drafts import (
    Outcome,
    Overtaken,
    OwnDraft,
    Unfit,
    Written,
    draft_of,
    sources_stamp,
    words_stamp,
)
from cogs.learn.service.exchange import ExchangeService, GivenOut, NotTakenIn, TakenIn
from cogs.learn.service.model import Found, Kept, Page, Reading, Shelf, ShelfPage, Urgent, Visitor, page_of
from cogs.learn.service.own import OwnService, next_edition
from cogs.learn.service.quiz import Asked, Course, Ended, QuizService, Said, Told
from cogs.learn.service.reading import LearnService
from cogs.learn.service.sharing import UNKEPT, Draft, Note, SharingService
from cogs.learn.service.shelves import GroupLibraries, GroupLibrary
from cogs.learn.service.turns import ENDED, MISSED, TELL, DailyTurns, Telling, Turn

__all__ = [
    "CALL",
    "DAILY",
    "ENDED",
    "MISSED",
    "TELL",
    "THREAD",
    "UNKEPT",
    "Asked",
    "Course",
    "DailyService",
    "DailyStatus",
    "DailyTurns",
    "DaysReadings",
    "Draft",
    "Ended",
    "ExchangeService",
    "Found",
    "GivenOut",
    "GroupLibraries",
    "GroupLibrary",
    "Kept",
    "LearnService",
    "NotTakenIn",
    "Note",
    "Outcome",
    "Overtaken",
    "OwnDraft",
    "OwnService",
    "Page",
    "Plan",
    "QuizService",
    "Reading",
    "Said",
    "SharingService",
    "Shelf",
    "ShelfPage",
    "TakenIn",
    "Telling",
    "Told",
    "Turn",
    "Unfit",
    "Urgent",
    "Visitor",
    "Written",
    "draft_of",
    "next_edition",
    "page_of",
    "sources_stamp",
    "words_stamp",
]

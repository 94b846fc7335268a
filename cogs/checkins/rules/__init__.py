"""Pure decisions of the check-ins: days, rhythm, when and what is asked, who may see it, who answers, what is told.

Each module says what it decides, its limits and where each figure comes from.
"""

from cogs.checkins.rules.audience import Act, Asking, Choice, Place, asking, steps
from cogs.checkins.rules.companions import Companion, choose_companion
from cogs.checkins.rules.days import Stay, Stays, day_of, day_then, days_touched, days_travelled, may_write, yesterday
from cogs.checkins.rules.low_days import MoodDay, offer_is_due
from cogs.checkins.rules.names import LONGEST_NAME
from cogs.checkins.rules.prompts import next_prompt
from cogs.checkins.rules.replies import Answer, Ask, Move, Origin, Request, carried_out, is_reply, next_step
from cogs.checkins.rules.rhythm import Rhythm, Run, Strength, rhythm_of
from cogs.checkins.rules.schedule import MOST_SCHEDULES, Schedule, next_count_edit
from cogs.checkins.rules.states import DayState, Lived, day_states, days_out
from cogs.checkins.rules.summary import Average, Panel, Summary, WeekEntry, weekly_summary

__all__ = [
    "LONGEST_NAME", "MOST_SCHEDULES", "Act", "Answer", "Ask", "Asking", "Average", "Choice", "Companion", "DayState",
    "Lived", "MoodDay", "Move", "Origin", "Panel", "Place", "Request", "Rhythm", "Run", "Schedule", "Stay", "Stays",
    "Strength", "Summary", "WeekEntry", "asking", "carried_out", "choose_companion", "day_of", "day_states",
    "day_then", "days_out", "days_touched", "days_travelled", "is_reply", "may_write", "next_count_edit",
    "next_prompt", "next_step", "offer_is_due", "rhythm_of", "steps", "weekly_summary", "yesterday",
]  # fmt: skip

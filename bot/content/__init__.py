"""What people read and are asked: library, quiz, prompts, questions, support lines; the rules that every text obeys.

`load_content` is for the bot; `check_content` and `needs_check` are for whoever writes.
"""

from bot.content.checking import check_content, needs_check
from bot.content.checkins import Prompt, Question, QuestionKind, QuestionSet, Role
from bot.content.dangers import DangerCategory, DangerFamily, DangerGuard, ScreeningRules
from bot.content.group import MOST_OWN, OWN, GroupFault, group_faults, group_snippet, tags_of, tidied, title_key
from bot.content.loading import dialled_numbers, load_content
from bot.content.model import (
    ELSEWHERE,
    Audience,
    Claim,
    Content,
    ContentFaults,
    Directory,
    EmergencyNumber,
    Fault,
    Library,
    OtherNumber,
    Quiz,
    SearchWords,
    Snippet,
    Statement,
    SupportLine,
    SupportLines,
    Topic,
)
from bot.content.phrases import Phrase
from bot.content.questions import QuestionFault, check_question_set, tidied_set
from bot.content.safety.judging import amounts_in, danger_in, mentions_danger
from bot.content.screening import read_screening

__all__ = [
    "ELSEWHERE",
    "MOST_OWN",
    "OWN",
    "Audience",
    "Claim",
    "Content",
    "ContentFaults",
    "DangerCategory",
    "DangerFamily",
    "DangerGuard",
    "Directory",
    "EmergencyNumber",
    "Fault",
    "GroupFault",
    "Library",
    "OtherNumber",
    "Phrase",
    "Prompt",
    "Question",
    "QuestionFault",
    "QuestionKind",
    "QuestionSet",
    "Quiz",
    "Role",
    "ScreeningRules",
    "SearchWords",
    "Snippet",
    "Statement",
    "SupportLine",
    "SupportLines",
    "Topic",
    "amounts_in",
    "check_content",
    "check_question_set",
    "danger_in",
    "dialled_numbers",
    "group_faults",
    "group_snippet",
    "load_content",
    "mentions_danger",
    "needs_check",
    "read_screening",
    "tags_of",
    "tidied",
    "tidied_set",
    "title_key",
]

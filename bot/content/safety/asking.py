"""What nobody is asked: doses, symptom scores, danger in a form; and how the house's own prompts and questions sound.

Source of the rules: the product's fourth principle (no dose, schedule or symptom score is asked for) and the sentence
that presets ask nothing about medicine or symptoms. The first half also binds what a group writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.content.safety.danger import danger_sign, speaks_of_change
from bot.content.safety.language import LANGUAGE_RULES, MENTIONS, abuse
from bot.content.safety.medicine import CALENDAR, NO_DOSE_RULES
from bot.content.safety.passages import MEDICINE, PhraseRule, TextRule, compiled, folded
from bot.content.safety.readings import Setting, phone_numbers

_MEDICINES = compiled(MEDICINE)
_DOSES = compiled(r"dos(?:e|es|age|ages|ing)")
_MUCH = compiled(
    r"how (?:much|many|often|far|long|fast|high|low|big|strong)|what time|when (?:did|do|will|was|is)|schedules?",
    r"amounts?|numbers? of|counts? of|levels?|sizes?|strength|percent\w*|times a",
)
_REDUCING = compiled(
    r"how (?:much|many|far|long|fast)(?: [\w']+){0,6} (?:cut|reduc\w+|taper\w*|com(?:e|ing) (?:down|off)|withdrawals?)",
    r"(?:size|speed|pace|rate|percent\w*) of (?:[\w']+ )?(?:cuts?|reductions?|tapers?|steps? down)",
)
# In a group like these "How much did you take?" needs no medicine beside it; "How much did you take on?" is another.
_TAKEN = compiled(
    r"how (?:much|many)(?: of (?:it|them|those))? (?:(?:did|do|have) you (?:take|taken)|are you (?:taking|on))"
    r"(?: (?:today|to-?night|yesterday|last night|so far|(?:right )?now|daily|(?:a|per|this|each) \w+))*"
    r"(?=\s*(?:[?.!,;:]|$))",
)
_SYMPTOMS = compiled(
    r"symptoms?|side[- ]effects?|withdrawals?|pains?|aches?|nausea|dizz(?:y|iness)|tremors?|shakes|cramps?",
    r"headaches?|palpitations?|insomnia|anxiety|panic(?: attacks?)?|depression|tinnitus|tingling|brain fog|akathisia",
)
_SUITING = compiled(
    r"(?:what|whatever|that|which|it|this|ones?|words?|options?|answers?)(?: best| just)? fits",
    r"fits (?:you|me|us|best|most|the|your)",
)


def asks_for_amount(text: str) -> str:
    """The words by which a question asks how much of a medicine, or how fast less of it; empty when it doesn't.

    A question needs no number to be medicine arithmetic: its answer has one.
    """
    text = folded(text)
    if found := _DOSES.search(text) or _REDUCING.search(text) or _TAKEN.search(text):
        return found.group()
    medicine, much = _MEDICINES.search(text), _MUCH.search(text)
    return f"{much.group()} … {medicine.group()}" if medicine and much else ""


def names_medicine(text: str) -> str:
    """The first word for a medicine in a text, or an empty one."""
    found = _MEDICINES.search(folded(text))
    return found.group() if found else ""


def names_symptom(text: str) -> str:
    """The first word for a symptom in a text, or an empty one; feelings ("anxious", "low", "tense") are none."""
    found = _SYMPTOMS.search(folded(text))
    return found.group() if found else ""


def danger_asked(text: str) -> str:
    """The first danger sign that a question names, or an empty text; "pick what fits" is none."""
    return danger_sign(_SUITING.sub("suits", folded(text)))


MEDICINE_NAMED = PhraseRule("medicine", "no medicine in what every group is asked", _MEDICINES)
SYMPTOM_NAMED = PhraseRule("symptom", "no symptoms in what every group is asked", _SYMPTOMS)

CHEER = PhraseRule(
    "cheerleading",
    "no cheering on; it leaves a bad day out in the cold",
    re.compile(
        r"!|(?<!\w)(?:you(?:'ve| have) got this|you can do (?:it|this)|stay strong|keep (?:going|fighting|it up)"
        r"|well done|congrat\w+|proud|amazing|awesome|fantastic|wonderful|warriors?|crush(?:ed|ing)? it|rock(?:ed)? it"
        r"|shine|smile|stay positive|positive vibes|never give up|one day at a time)(?!\w)"
    ),
)
"""Exclamation marks and pep talk."""

RELIGION = PhraseRule(
    "religion",
    "no religion; groups hold people of every faith and of none",
    compiled(
        r"gods?|lord|pray(?:s|ed|ing|ers?)?|bless\w*|faith\w*|church\w*|mosques?|temples?|synagogues?|heaven\w*|hell",
        r"holy|sacred|souls?|spirit(?:ual\w*)?|higher power|miracles?|angels?|amen|sins?|worship\w*|salvation",
    ),
)

SCORE = PhraseRule(
    "score",
    "no scores and no figures; a prompt is answered in words",
    compiled(r"\d+", r"scores?|scored|scale|rat(?:e|es|ed|ing)|rank\w*|grades?|points?|out of (?:five|ten)|percent"),
)

TIME_OF_DAY = PhraseRule(
    "time of day",
    "groups post at any hour",
    compiled(
        r"good (?:morning|afternoon|evening|day|night)|this (?:morning|afternoon|evening)|to-?night|last night",
        r"(?:before|when) you (?:go to bed|get up|wake up)|rise and shine|happy (?:\w+day|weekend)|bedtime|breakfast",
    ),
)

NAMED_DAY = compiled(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|weekdays?|mid-?week|(?:start|middle|end) of the week"
)
"""Words that tie a prompt to a weekday: it has to say which in `days`."""

_HOUSE: tuple[TextRule, ...] = (*LANGUAGE_RULES, CALENDAR, MEDICINE_NAMED, SYMPTOM_NAMED, RELIGION, abuse)
_PROMPT: tuple[TextRule, ...] = (*_HOUSE, *NO_DOSE_RULES, MENTIONS, CHEER, SCORE, TIME_OF_DAY)


def prompt_messages(text: str, setting: Setting) -> Iterator[str]:
    """What is wrong with the words of a prompt of ours."""
    for rule in _PROMPT:
        yield from (f"{finding.rule}: {finding.message}" for finding in rule(text))
    for number, _ in phone_numbers(text, setting):
        yield f"phone number: '{number}' belongs in support_lines.toml"
    if words := speaks_of_change(text):
        yield f"medicine: it speaks of changing one ('{words}')"
    if words := danger_asked(text):
        yield f"danger: a post can't answer for what it stirs up ('{words}')"


def preset_messages(text: str) -> Iterator[str]:
    """What is wrong with the words of a preset's question, beside the rules that bind a group's own."""
    for rule in _HOUSE:
        yield from (f"{finding.rule}: {finding.message}" for finding in rule(text))

"""What a reading has to say when it speaks of stopping a medicine or of danger, and what it may not leave to guesses.

Source of the rules: the house rules of the clinical facts (section 0.2) and their list of emergencies (3.4).
"""

from __future__ import annotations

import re

from bot.content.safety.passages import MEDICINE, compiled, folded

CLOSING_SENTENCE = "Don't stop suddenly; talk to your prescriber."
"""How a reading ends that mentions stopping, cutting, skipping or changing a medicine."""

EMERGENCY_SENTENCE = "Call your emergency number."
"""The shortest form of what a reading says that mentions a danger sign; any "call your emergency number" will do."""

_CLOSING = re.compile(
    r"(?:^|[.!?:\"”]\s+|\n)(?:please )?(?:don't|do not) stop"
    r"(?: (?:it|them|(?:a|any|the|this|your|their) medicine))? suddenly[;,:.]\s+(?:please )?(?:first )?"
    r"talk (?:to|with) (?:your|the|a|their) prescriber(?: or (?:a|your|the|their) pharmacist)?"
    r"(?: (?:first|today|soon))?\.\Z"
)
_EMERGENCY = compiled(
    r"(?:call|ring|phone|dial)(?:s|ing)? (?:(?:your|the|their) )?(?:local |country's )?emergency (?:number|services)"
)

_CHANGE = (
    r"(?:stop(?:s|ped|ping)?|quit(?:s|ting)?|halt(?:s|ed|ing)?|reduc(?:e|es|ed|ing)|lower(?:s|ed|ing)?|cut(?:s|ting)?"
    r"|rais(?:e|es|ed|ing)|skip(?:s|ped|ping)?|miss(?:es|ed|ing)?|paus(?:e|es|ed|ing)|halv(?:e|es|ed|ing)"
    r"|doubl(?:e|es|ed|ing)|chang(?:e|es|ed|ing)|switch(?:es|ed|ing)?|swap(?:s|ped|ping)?|drop(?:s|ped|ping)?"
    r"|decreas(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|restart(?:s|ed|ing)?|adjust(?:s|ed|ing)?"
    r"|r[au]n(?:s|ning)? out of|smaller|reduced|higher|without|giv(?:e|es|ing) up)"
)
_CHANGED = (
    r"(?:stopped|reduced|lowered|cut|raised|skipped|missed|paused|halved|doubled|changed|switched|dropped"
    r"|increased|adjusted|taken away)"
)
_CHANGING_A_MEDICINE = compiled(
    rf"{_CHANGE}(?: (?!(?:and|but|or|if|when)\b)[\w'-]+){{0,3}}? {MEDICINE}",
    rf"{MEDICINE}(?: [\w'-]+)? (?:is|are|was|were|be|been|being|gets?|got|goes) (?:\w+ )?{_CHANGED}",
    r"taper(?:s|ed|ing)?|withdrawals?(?! of consent)|cold turkey|wean(?:s|ed|ing)?|deprescrib\w+|discontinu\w+",
    r"(?:com(?:e|es|ing)|came|get(?:s|ting)?|got) off(?! (?:the|this) (?:call|phone|chat|stage|bus|train))",
    r"(?:stop|stops|stopped|stopping|quit|quitting) (?:taking|suddenly|abruptly|cold|all at once|too fast|it all)",
    r"(?:last|missed|skipped|next) (?:dose|tablet|pill)s?|last one was|ran out|running out|run out",
    r"(?:sudden|fast|abrupt) (?:end|stop|gap|cut|reduction)s?|(?:each|every|small|smaller) (?:cut|reduction)s?",
)

_SEIZURE_AS_ILLNESS = (
    r"(?:anti-?seizure|seizure (?:disorders?|medicines?|types?|control)"
    r"|(?:kinds?|types?|forms?) of (?:epilepsy|seizures?)|(?:against|prevents?|controls?|treats?|hold) seizures?"
    r"|seizures? back)"
)
_SEIZURE_AS_ILLNESS_PATTERN = compiled(_SEIZURE_AS_ILLNESS)
_DANGER = compiled(
    r"seizures?|convulsions?|having a fit|fits",
    r"(?:can't|cannot|can not|trouble|difficulty|struggl\w+ to|stops?|stopped) (?:breathe|breathing)",
    r"hallucinat\w+|(?:hear|hears|hearing) voices",
    r"(?:see|sees|seeing|hear|hears|hearing)(?: or (?:see|hear)\w*)? things(?=[.,;]| that| which| no ?(?:one|body))",
    r"suicid\w+|self-harm\w*|(?:end|ending|take|taking) (?:your|their|my|his|her) (?:own )?life",
    r"(?:hurt|harm|kill)(?:ing)? (?:yourself|themselves|myself|himself|herself)|want(?:s|ing)? to die",
    r"psychosis|psychotic|delirium|paranoi\w+|catatoni\w+|(?:deep|severe|sudden) confusion|very confused",
    r"chest pains?|faint(?:s|ed|ing)|(?:feel|feels|feeling|felt) faint|collaps\w+|unconscious|pass(?:es|ed|ing)? out",
    r"(?:can't|cannot|won't) (?:be woken|wake|be woken up)|blue or grey lips|(?:blue|grey|gray) lips",
    r"overdos\w+|(?:took|taken|taking|take) too (?:much|many)",
)


def ends_with_closing_sentence(body: str) -> bool:
    """Whether a body ends with the closing sentence or one of its variants.

    Variants: "Do not" for "Don't"; "it", "them" or "your medicine" after "stop"; a comma, colon or full stop for the
    semicolon; "the", "a" or "their" for "your"; "or a pharmacist" after "prescriber"; a last "first", "today" or
    "soon"; "Please" in front.
    """
    return _CLOSING.search(folded(body)) is not None


def speaks_of_change(text: str) -> str:
    """The first words that speak of stopping, cutting, skipping or changing a medicine; empty when there are none."""
    found = _CHANGING_A_MEDICINE.search(_CLOSING.sub(".", folded(text)))
    return found.group() if found else ""


def names_emergency_number(text: str) -> bool:
    """Whether a text tells the reader to call the emergency number (or emergency services)."""
    return _EMERGENCY.search(folded(text)) is not None


def danger_sign(text: str) -> str:
    """The first danger sign that a text mentions; empty when there is none.

    An illness or its treatment is no sign of danger: "seizure disorders", "a medicine against seizures" don't count.
    """
    text = folded(text)
    calm = [match.span() for match in _SEIZURE_AS_ILLNESS_PATTERN.finditer(text)]
    for match in _DANGER.finditer(text):
        if not any(start <= match.start() < end for start, end in calm):
            return match.group()
    return ""


SELF_HARM = compiled(r"suicid\w+|self-harm\w*|overdos\w+")
"""Subjects that make a reading `careful`: it is never posted to a group automatically."""

_SAFETY_NUMBER = compiled(
    r"\d[\d ()-]{1,}\d(?!\w)",
    r"\d+(?:[.,]\d+)?\s*(?:%|percent\b|per cent\b)",
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty)(?:\s*(?:-|–|to|or)\s*\w+)?"
    r"[ -](?:hours?|days?|weeks?|months?|years?)",
    r"(?:longer|more|less) than (?:\d+|a|one|two|three|four|five|ten)(?: \w+)? minutes?",
)
_YEAR = re.compile(r"(?:in|since|from|until|of|the) (?:19|20)\d{2}(?!\w)")


def unchecked_number(text: str) -> str:
    """The first number that somebody's safety could hang on; empty when there is none.

    Numbers of three digits and more, percentages, stretches of hours to years in digits or words, and "longer
    than five minutes". A year after "in" or "since", counts of up to nine, and minutes of an exercise are none.
    """
    text = _YEAR.sub(lambda match: " " * len(match.group()), folded(text))
    found = _SAFETY_NUMBER.search(text)
    return found.group() if found else ""

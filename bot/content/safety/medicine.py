"""No medicine arithmetic: rules against doses, schedules, equivalents, switching and added substances.

Source of the rules: the house rules of the clinical facts (section 0.2) and the product's fourth principle. They
hold for snippets, for the text catalogue and, but for `CALENDAR`, for whatever a group writes for its members.
"""

from __future__ import annotations

from bot.content.safety.passages import GAP, MEDICINE, NUMBER, PhraseRule, SentenceRule, compiled

_TO_NUMBER = rf"(?:\s*(?:-|–|to|or)\s*{NUMBER})?"
_FEW_WORDS = rf"{GAP}(?:\w+{GAP}){{0,4}}?"
_CUT = (
    r"(?:reduc\w+|taper\w*|decreas\w+|step\w* down|com(?:e|es|ing) off|wean\w*|cut\w* (?:down|back|by|it)"
    r"|(?:lower|drop)\w* (?:it|(?:by|to) (?:\d|half|an? (?:bit|little|small|tiny)))"
    rf"|(?:cut|cuts|cutting|lower\w*|drop\w*){_FEW_WORDS}{MEDICINE})"
)
_FRACTION = r"(?:an?|one) (?:tenth|eighth|fifth|quarter|third)(?! of the way)"
_PERCENT = rf"(?:{NUMBER}{_TO_NUMBER}\s*(?:%|percent\b|per cent\b)|{_FRACTION})"
_UNIT = r"(?:tablets?|pills?|capsules?|wafers?|doses?)"
_WHOSE = r"(?:the|your|a|an|their|my|this|that|each|one)"
_PERIOD = r"(?:days?|nights?|weeks?|fortnights?|months?)"

AMOUNT = PhraseRule(
    "dose",
    "no amounts of a medicine",
    compiled(
        r"\d+(?:[.,/]\d+)?\s*(?:mgs?|mcg|[µμ]g|ug|ml)",
        r"mg|mcg|[µμ]g|milligram(?:me)?s?|microgram(?:me)?s?|millilit(?:er|re)s?",
    ),
)
"""Amounts in milligrams, micrograms or millilitres, with or without a number."""

COUNT = PhraseRule(
    "dose",
    "no counts or parts of tablets",
    compiled(
        rf"(?:half|quarter|third|three[- ]quarters|½|¼|¾|⅓)(?:[- ]an?| of)?(?: {_WHOSE})?(?: \w+)? ?{_UNIT}",
        rf"(?:\d+(?:[./]\d+)?|two|three|four|five|six|eight|ten)(?: and a half)?(?: \w+)? {_UNIT}",
        rf"(?:take|taking) one(?: \w+)? {_UNIT}",
        rf"one {_UNIT}(?: \w+){{0,2}} (?:a|per|each|every|twice|daily|nightly|at (?:night|bedtime)|in the morning)",
        rf"(?:halve|halving|half|twice|triple|quarter)(?: of)? {_WHOSE}(?: \w+)? {_UNIT}",
        r"split(?:ting)? (?:the |your |a )?(?:tablets?|pills?)",
        rf"(?:doubl|tripl)\w+(?: up)?(?: on)?(?: (?:{_WHOSE}|next|last|missed)){{0,2}} {_UNIT}",
    ),
    # "Don't double the next dose" keeps people safe and is the one amount that may be spoken of.
    compiled(r"(?:don't|do not|never|not|instead of) (?:take or )?doubl\w+(?: up)?(?: on)?(?: \w+){0,3}"),
)
"""Counts, halves and multiples of tablets or doses; "don't double the next dose" is allowed."""

FREQUENCY = SentenceRule(
    "dose",
    "no times of taking a medicine",
    (
        compiled(
            rf"(?:once|twice|{NUMBER} times) (?:a|per|each|every) day|(?:once|twice) daily",
            rf"every {NUMBER} hours|every other day",
        ),
        compiled(MEDICINE),
    ),
)
"""How often a medicine is taken: "twice a day", "every eight hours", "every other day"."""

EQUIVALENT = SentenceRule(
    "equivalent",
    "no dose equivalents or conversions",
    (
        compiled(
            r"equivalen(?:t|ts|ce|cy)|equals|equal to|convert\w*|conversions?|(?:same|similar) strength",
            r"as strong as|times (?:as strong|stronger)",
        ),
        compiled(MEDICINE, r"amounts?"),
    ),
)
"""Comparing the strength of medicines; needs a word for a medicine in the same sentence."""

PERCENT_CUT = PhraseRule(
    "schedule",
    "no sizes of a reduction",
    compiled(
        rf"{_CUT}{_FEW_WORDS}{_PERCENT}",
        rf"(?:cuts?|reductions?|drops?|decreases?|steps?|lower\w*) (?:of|by)(?: \w+)? {_PERCENT}",
        rf"{_PERCENT}{GAP}(?:\w+{GAP}){{0,3}}?(?:cuts?|reductions?|drops?|decreases?|steps?|tapers?)",
        rf"{_PERCENT}{GAP}(?:\w+{GAP}){{0,2}}?of {_WHOSE}{GAP}(?:\w+{GAP}){{0,2}}?(?:dos\w+|tablets?|amount)",
        rf"{_PERCENT}{GAP}(?:a|per|each|every){GAP}(?:\w+{GAP})?{_PERIOD}",
    ),
)
"""A share of the dose to cut, in percent or as a fraction, or a share for each stretch of time."""

_EVERY = (
    rf"(?:every|each|once an?|per) (?:(?:{NUMBER}|other|second|third|couple of|few){_TO_NUMBER} )?{_PERIOD}"
    r"|weekly|fortnightly|monthly"
)
_REVIEW = compiled(r"review\w*|check(?:s|ed|ing)?|visit\w*|appointments?|meet\w*|talk(?:s|ed|ing)?|sees?|seeing|calls?")
INTERVAL = SentenceRule(
    "schedule",
    "no pace of a reduction",
    (
        compiled(
            _EVERY,
            rf"(?:over|within|in|for) (?:about |around )?{NUMBER}{_TO_NUMBER} {_PERIOD}",
            rf"{NUMBER}[- ](?:day|week|month)[- ](?:\w+ )?(?:taper\w*|reduction|plan|schedule)",
        ),
        compiled(_CUT),
    ),
    # "Your prescriber checks in every month while you taper" is about care, not about a pace.
    _REVIEW,
)
"""A stretch of time in the sentence of a word for reducing, unless the sentence is about visits or reviews."""

PACE = PhraseRule(
    "schedule",
    "no pace of a reduction",
    compiled(
        rf"(?:reduc\w+|cut|cuts|cutting|lower\w* (?:it|the|your)|drop\w*|decreas\w+)(?: \w+){{0,4}}? (?:{_EVERY})",
        rf"(?:{_EVERY}),?(?: (?!while|as|when|if)\w+){{0,2}}? (?:reduc\w+|cut|decreas\w+|taper)",
        rf"(?:{_EVERY}),?(?: (?!while|as|when|if)\w+){{0,2}}? lower\w* (?:it|the|your)",
    ),
    compiled(r"(?:cut|cuts|cutting|lower\w*|drop\w*) (?:in|by|out)(?: \w+){0,5}"),
)
"""A cut right beside its rhythm ("reduce every two weeks"), whatever else the sentence says."""

CALENDAR = PhraseRule(
    "schedule",
    "no calendar of steps or of symptoms",
    compiled(
        rf"(?:by|around|about|on|from|until|at) (?:day|week|month)s? (?!one\b){NUMBER}",
        rf"(?:day|week|month)s? {NUMBER}(?:\s*(?:-|–|to)\s*{NUMBER}|\s*:)",
    ),
)
"""Numbered days or weeks (facts section 4.2: no timeline is shipped); "day one" alone is allowed."""

_OTHER_MEDICINE = (
    r"(?:diazepam|valium|lorazepam|ativan|alprazolam|xanax|chlordiazepoxide|librium|oxazepam|temazepam"
    r"|clonazepam|klonopin|rivotril|generics?|brands?|(?:long|short)(?:er)?[- ]acting)"
)
SWITCHING = SentenceRule(
    "switching",
    "no advice on switching between medicines or brands",
    (
        compiled(
            rf"(?:switch|swap|convert|cross(?:ing)? over)\w*(?:{GAP}\w+){{0,5}}?{GAP}{_OTHER_MEDICINE}",
            rf"(?:chang|mov)\w*{GAP}(?:\w+{GAP}){{0,3}}?(?:to|from|between){GAP}(?:\w+{GAP}){{0,2}}?{_OTHER_MEDICINE}",
            r"chang\w* (?:\w+ )?brands?",
        ),
    ),
    # Sending the reader to the person who knows is not advice on a switch.
    compiled(r"(?:only|asks?|asking|tell|talk to|without(?: asking)?) (?:your|the|their|a) (?:prescriber|pharmacist)"),
)
"""Switching to a named medicine, brand or long-acting one; "ask your pharmacist before ..." is allowed."""

_ADDED = (
    r"(?:melatonin|magnesium|valerian|kava|cbd|cannabidiol|ashwagandha|l-theanine|theanine|phenibut|kratom"
    r"|passionflower|st\.? john'?s wort|herbal \w+|supplements?|gabapentin|pregabalin|propranolol|clonidine"
    r"|hydroxyzine|trazodone|mirtazapine|quetiapine|carbamazepine|buspirone|baclofen|flumazenil"
    r"|antihistamines?|beta-?blockers?|gaba (?:pills?|capsules?|tablets?))"
)
ADDED_SUBSTANCE = SentenceRule(
    "added substance",
    "no recommending of other medicines or supplements",
    (
        compiled(_ADDED),
        compiled(
            r"try|trying|consider\w*|add|adding|start\w*|helps?|helped|helpful|eas(?:e|es|ed|ing)|soothes?",
            r"calms?|instead|recommend\w*|ask (?:for|about)|worth|works?|good for|better",
            r"(?:can|could|may|might) (?:also )?take",
        ),
    ),
    compiled(
        r"(?:don't|do not|never|no) (?:\w+ ){0,2}(?:try|consider|add|start|use|take|recommend\w*)",
        r"before you (?:add|try|start|use|take)",
    ),
)
"""A named medicine or supplement beside a recommending word; "before you add", "don't take" are allowed."""

NO_DOSE_RULES = (
    AMOUNT,
    COUNT,
    FREQUENCY,
    EQUIVALENT,
    PERCENT_CUT,
    INTERVAL,
    PACE,
    SWITCHING,
    ADDED_SUBSTANCE,
)
"""The rules that also bind what a group writes: prompts, questions, snippets, ladders."""

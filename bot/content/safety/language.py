"""Person-first words, and no scare, no promise, no "should": what a sentence of ours never says.

Source of the rules: the language table of the clinical facts (section 9, after NIDA's Words Matter), their
corrections (0.1) and house rules (0.2), and the notes on safe messaging (5.6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.content.safety.passages import Finding, PhraseRule, SentenceRule, compiled, folded

LABELS = PhraseRule(
    "label",
    "name the person first: 'a person with a substance use disorder', 'a person taking clonazepam'",
    compiled(
        r"addicts?|addicted|junk(?:ie|y|ies)|druggies?|benzo[- ]?heads?|pill[- ]?(?:head|popper)s?",
        r"alcoholics|crackheads?|dope ?fiends?|(?:drug|substance|benzo|pill|opioid)[- ]users?",
    ),
    compiled(r"alcoholics anonymous"),
    quotable=True,
)
"""Words that make a person a label; the name Alcoholics Anonymous is allowed."""

ABUSE_WORD = "abuse"
_ABUSE = compiled(r"abus(?:e|es|ed|er|ers|ing)")
_QUOTED_ABUSE = re.compile(r"[\"“'‘][^\"”'’]*\babus(?:e|es|ed|er|ers|ing)\b[^\"”'’]*[\"”'’]")
_BOXED = compiled(r"boxed warning")


def abuse(text: str, *, of_label: bool = False) -> Iterator[Finding]:
    """Objects to "abuse": say "used differently from prescribed".

    The boxed warning itself uses the word. A claim whose source is a label or boxed warning (`of_label`) may
    repeat it, and so may a text that names the boxed warning and puts the word in quotation marks.
    """
    if of_label:
        return
    text = folded(text)
    quoted = [match.span() for match in _QUOTED_ABUSE.finditer(text)] if _BOXED.search(text) else []
    for match in _ABUSE.finditer(text):
        if not any(start <= match.start() and match.end() <= end for start, end in quoted):
            yield Finding(ABUSE_WORD, f"say 'used differently from prescribed' ('{match.group()}')", match.start())


_CLEAN_THINGS = r"clean (?:water|cloths?|clothes|air|sheets?|bed|towels?|room|kitchen|house|glass|up|out|the|your|a)"
CLEAN = PhraseRule(
    "clean or dirty",
    "say 'in recovery', 'finished tapering', 'negative test'; a test or a person is not clean or dirty",
    compiled(r"clean|dirty"),
    compiled(_CLEAN_THINGS),
    quotable=True,
)
"""`clean` and `dirty`; everyday things may be clean ("clean water", "clean the cup")."""

RELAPSE = PhraseRule(
    "relapse",
    "say 'setback' or 'return to use'",
    compiled(
        r"relaps\w*|(?:fell|fall|falls|fallen|falling) off the wagon|(?:back (?:to|at)|at) square one",
        r"you (?:have |had |'ve )?failed|your failure|slip(?:ped)? up",
    ),
    compiled(r"relapse prevention", r"(?:rather than|instead of|not) [\"“]?relapse"),
    quotable=True,
)
"""Relapse as failure; advising against the word, and the name of a method, are allowed."""

SUICIDE_WORDS = PhraseRule(
    "suicide words",
    "say 'died by suicide'",
    compiled(
        r"commit(?:s|ted|ting)? suicide",
        r"(?:successful|unsuccessful|failed|completed?) (?:suicides?|suicide attempts?)",
        r"(?:successful|unsuccessful|failed) attempts? (?:at|of) suicide",
        r"(?:succeeded|failed) (?:at|in) suicide",
    ),
    quotable=True,
)
"""Words that judge a death or an attempt (safe messaging, facts 5.6)."""

HABIT = PhraseRule(
    "habit",
    "dependence comes at prescribed doses too; say 'physical dependence'",
    compiled(r"habit[- ]forming|drug habits?|kick(?:ed|ing)? (?:the|a|your) habit|hooked on|off the poison"),
    quotable=True,
)
"""Words that make physical dependence a vice (facts 0.1, first correction)."""

JUST_WITHDRAWAL = PhraseRule(
    "just withdrawal",
    "new or severe symptoms get checked; never call one just withdrawal",
    compiled(
        r"(?:just|only|merely|simply|nothing but|no more than) (?:your |the |a |part of |normal )?withdrawal",
        r"(?:it's|it is|that's|this is) (?:all )?(?:just|only) (?:in your head|anxiety|your nerves|nerves)",
    ),
    quotable=True,
)
"""Explaining a symptom away."""

SHOULD = PhraseRule(
    "should",
    "say 'you could', 'it can help to', or leave it out",
    compiled(r"should(?:n't|a|'ve)?|ought to"),
    quotable=True,
)
"""House rule: nobody is told what they should do."""

PROMISE = PhraseRule(
    "promise",
    "no promise of an outcome",
    compiled(
        r"you(?:'ll| will| are going to) (?:\w+ )?(?:recover|heal|get (?:better|well|through)|sleep again)",
        r"you(?:'ll| will| are going to) (?:\w+ )?be (?:fine|ok|okay|cured|free(?! to)|well|yourself again)",
        r"you(?:'ll| will| are going to) (?:\w+ )?feel (?:better|well|fine|like yourself)",
        r"guarante\w+|cur(?:e|es|ed)|promise (?:you |that )*(?:you|it|things)|(?:it|this) will (?:pass|get better)",
    ),
    compiled(r"(?:no|not|isn't|never|can't|cannot|without)(?: \w+){0,3} (?:cur(?:e|es|ed)|guarante\w+|promise)"),
)
"""A promise that a person gets better; saying that nothing is guaranteed or no cure is allowed."""

SCARE = PhraseRule(
    "scare",
    "no scare language",
    compiled(
        r"brain damage|permanent(?:ly)? (?:damaged?|broken|harm\w*|changed)",
        r"you(?:'ll| will| could| may| might) die|poison(?:ed|s)? (?:your|the) (?:body|brain)",
        r"living hell|hell on earth|pure hell|torture|horrif\w+|terrifying",
        r"ruin(?:s|ed)? (?:your|their) (?:life|lives|brain|body)|deadly",
    ),
)
"""Words that frighten without helping; "can be life-threatening" is the label's own measure and allowed."""

SUDDEN_MILD = SentenceRule(
    "sudden and mild",
    "no sentence pairs a sudden stop with mild symptoms",
    (
        compiled(r"sudden(?:ly)?|abrupt(?:ly)?|all at once|overnight|cold turkey"),
        compiled(r"mild(?:er|est|ly)?|minor|harmless|slight(?:ly)?|not (?:so |very |that )?(?:bad|dangerous|serious)"),
    ),
)
"""Facts 0.1, second correction: a sudden stop is never to sound harmless."""

LANGUAGE_RULES = (
    LABELS,
    CLEAN,
    RELAPSE,
    SUICIDE_WORDS,
    HABIT,
    JUST_WITHDRAWAL,
    SHOULD,
    PROMISE,
    SCARE,
    SUDDEN_MILD,
)
"""Every rule on words except `abuse`, which has to know where a text comes from."""

MENTIONS = PhraseRule(
    "mention",
    "no mentions or server-bound marks",
    re.compile(r"@everyone|@here|<@[!&]?\d+>|<#\d+>"),
)
"""Marks that would ring people or point into one server; texts of the catalogue may name the role @everyone."""

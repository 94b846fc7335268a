"""Person-first words: what each rule finds, and what stays sayable."""

import pytest

from bot.content.safety import language
from bot.content.safety.passages import TextRule


def found(rule: TextRule, text: str) -> list[str]:
    return [finding.message for finding in rule(text)]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (language.LABELS, "He is an addict."),
        (language.LABELS, "Addicts and their families."),
        (language.LABELS, "She was addicted to it."),
        (language.LABELS, "Only a junkie does that."),
        (language.LABELS, "Other benzo-heads know."),
        (language.LABELS, "Help for drug users."),
        (language.LABELS, "Alcoholics in recovery."),
        (language.CLEAN, "I have been clean for a year."),
        (language.CLEAN, "Getting clean and sober."),
        (language.CLEAN, "A dirty test."),
        (language.RELAPSE, "A relapse is a failure."),
        (language.RELAPSE, "If you relapsed, start again."),
        (language.RELAPSE, "She fell off the wagon."),
        (language.RELAPSE, "You are back at square one."),
        (language.RELAPSE, "Then you have failed."),
        (language.SUICIDE_WORDS, "He committed suicide."),
        (language.SUICIDE_WORDS, "A failed suicide attempt."),
        (language.SUICIDE_WORDS, "A successful suicide."),
        (language.HABIT, "These pills are habit-forming."),
        (language.HABIT, "People get hooked on them."),
        (language.JUST_WITHDRAWAL, "Don't worry, it's just withdrawal."),
        (language.JUST_WITHDRAWAL, "It is only your withdrawal."),
        (language.JUST_WITHDRAWAL, "This is nothing but withdrawal."),
        (language.JUST_WITHDRAWAL, "It's all just in your head."),
        (language.SHOULD, "You should call."),
        (language.SHOULD, "You shouldn't worry."),
        (language.SHOULD, "You ought to rest."),
        (language.PROMISE, "You will recover."),
        (language.PROMISE, "You'll soon feel better."),
        (language.PROMISE, "You're going to be fine: you are going to be okay."),
        (language.PROMISE, "This will pass."),
        (language.PROMISE, "A guaranteed way."),
        (language.PROMISE, "It cured me."),
        (language.SCARE, "It causes brain damage."),
        (language.SCARE, "You could die."),
        (language.SCARE, "Withdrawal is pure hell."),
        (language.SCARE, "It ruins your life."),
        (language.SUDDEN_MILD, "Stopping suddenly at a low dose gives mild symptoms."),
        (language.SUDDEN_MILD, "An abrupt end is mostly harmless."),
        (language.SUDDEN_MILD, "Cold turkey is not so bad."),
        (language.MENTIONS, "Hello @everyone."),
        (language.MENTIONS, "See <#12345>."),
    ],
)
def test_a_harmful_wording_is_found(rule: TextRule, text: str) -> None:
    assert found(rule, text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (language.LABELS, "A person with a substance use disorder."),
        (language.LABELS, "Alcoholics Anonymous says that no member plays doctor."),
        (language.LABELS, "Dependence is not addiction."),
        (language.LABELS, 'Say "a person who uses drugs" instead of "addict".'),
        (language.CLEAN, "A glass of clean water."),
        (language.CLEAN, "Clean the cup and put it away."),
        (language.CLEAN, 'Avoid "clean" and "dirty" for a test.'),
        (language.RELAPSE, "Setback rather than relapse."),
        (language.RELAPSE, "Mindfulness-based relapse prevention."),
        (language.RELAPSE, "You have not failed anyone: a setback is information."),
        (language.SUICIDE_WORDS, "He died by suicide."),
        (language.SUICIDE_WORDS, 'We don\'t say "committed suicide".'),
        (language.HABIT, "A kind habit for the evening."),
        (language.JUST_WITHDRAWAL, "Anything new or strong deserves a proper look."),
        (language.JUST_WITHDRAWAL, 'Never tell someone "it\'s just withdrawal".'),
        (language.SHOULD, "Put it on your shoulder."),
        (language.PROMISE, "We can't offer you a guarantee."),
        (language.PROMISE, "There is no quick cure."),
        (language.PROMISE, "You will be free to leave."),
        (language.PROMISE, "This will end the session for everyone."),
        (language.SCARE, "A sudden stop can be life-threatening."),
        (language.SUDDEN_MILD, "Some symptoms are mild. A sudden stop is another matter."),
        (language.MENTIONS, "Everyone is welcome here."),
    ],
)
def test_what_the_house_rules_permit_stays_sayable(rule: TextRule, text: str) -> None:
    assert not found(rule, text)


@pytest.mark.parametrize(
    "text", ["You never should.", 'He said "you should", and it stung.', 'Not every day. She said "I am an addict".']
)
def test_quotation_marks_alone_excuse_nothing(text: str) -> None:
    assert found(language.SHOULD, text) or found(language.LABELS, text)


def test_abuse_is_for_the_boxed_warning_alone() -> None:
    assert list(language.abuse("Drug abuse is common."))
    assert list(language.abuse("The abuser."))
    assert list(language.abuse('He spoke of "abuse".'))
    assert list(language.abuse("The boxed warning speaks of abuse."))
    assert not list(language.abuse('The boxed warning speaks of "abuse" and "misuse".'))
    assert not list(language.abuse("Abuse, misuse and addiction.", of_label=True))
    assert not list(language.abuse("Used differently from prescribed."))


def test_a_finding_points_at_its_place() -> None:
    text = "One line.\nYou should rest."
    [finding] = language.SHOULD(text)
    assert text[finding.start :].startswith("should")
    [pair] = language.SUDDEN_MILD("Fine. It's mild after a sudden stop.")
    assert pair.start == len("Fine. It's mild after a ")

"""No medicine arithmetic: what each rule finds, and what stays sayable."""

import pytest

from bot.content import amounts_in
from bot.content.safety import medicine
from bot.content.safety.passages import TextRule


def found(rule: TextRule, text: str) -> list[str]:
    return [finding.message for finding in rule(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Take 2 mg at night.",
        "Take 0.5mg at night.",
        "It was 500 mcg.",
        "It was 250 µg.",
        "So many milligrams a day.",
        "How many MG are you on?",
        "Count the milligrammes.",
        "Put 5 ml on a spoon.",
    ],
)
def test_amounts_are_found(text: str) -> None:
    assert found(medicine.AMOUNT, text)


@pytest.mark.parametrize("text", ["A program for families.", "Five million people.", "Read the html page."])
def test_other_words_are_no_amounts(text: str) -> None:
    assert not found(medicine.AMOUNT, text)


@pytest.mark.parametrize(
    "text",
    [
        "Take half a tablet.",
        "Half of your tablet is enough.",
        "Try ½ tablet.",
        "A quarter of a pill.",
        "Take two tablets.",
        "Take 2 small pills.",
        "Take 1.5 tablets.",
        "Take two and a half tablets.",
        "Take one tablet and wait.",
        "One tablet a day is usual.",
        "One pill at night.",
        "Try half the dose.",
        "Halve your dose.",
        "Take twice the usual dose.",
        "You can split the tablets.",
        "Double the next dose.",
        "Doubling up on your dose can work.",
    ],
)
def test_counts_and_parts_of_tablets_are_found(text: str) -> None:
    assert found(medicine.COUNT, text)


@pytest.mark.parametrize(
    "text",
    [
        "Don't double the next dose.",
        "Never double up on a missed dose.",
        "It happens to people who never took one tablet more than agreed.",
        "You feel ill between one tablet and the next.",
        "If tablets were missed, call.",
        "You missed several doses.",
        "Half of the group came.",
        "Two people who take tablets.",
        "A half-life is a measure.",
    ],
)
def test_what_keeps_people_safe_about_tablets_may_be_said(text: str) -> None:
    assert not found(medicine.COUNT, text)


@pytest.mark.parametrize(
    "text",
    [
        "Take your medicine twice a day.",
        "A pill every 8 hours.",
        "The tablet is taken once daily.",
        "A dose every other day.",
    ],
)
def test_times_of_taking_are_found(text: str) -> None:
    assert found(medicine.FREQUENCY, text)


@pytest.mark.parametrize("text", ["Breathe slowly twice a day.", "Call twice a day if you like. Medicine can wait."])
def test_times_of_other_things_are_not(text: str) -> None:
    assert not found(medicine.FREQUENCY, text)


@pytest.mark.parametrize(
    "text",
    [
        "This is equivalent to diazepam.",
        "The equivalent dose is lower.",
        "One clonazepam equals some Valium.",
        "You can convert the dose.",
        "It is twenty times as strong as other benzodiazepines.",
        "Tablets of the same strength.",
    ],
)
def test_equivalents_are_found(text: str) -> None:
    assert found(medicine.EQUIVALENT, text)


@pytest.mark.parametrize(
    "text", ["All members are equal, and none of us hands out medicine.", "Times are converted to your zone."]
)
def test_equality_of_other_things_is_not(text: str) -> None:
    assert not found(medicine.EQUIVALENT, text)


@pytest.mark.parametrize(
    "text",
    [
        "Reduce it by 10 percent.",
        "Cuts of about 5-10% are usual.",
        "Cut your dose by ten per cent.",
        "A 10% cut is small.",
        "Go down 25 % every two weeks.",
        "Take off a tenth of your current dose.",
        "Lower the dose by an eighth, or by a quarter.",
        "Taper by one fifth.",
    ],
)
def test_sizes_of_a_reduction_are_found(text: str) -> None:
    assert found(medicine.PERCENT_CUT, text)


@pytest.mark.parametrize(
    "text",
    [
        "About 1.5 percent of people who use benzodiazepines meet the criteria.",
        "Up to about 30 % of people lost some effect.",
        "You are a quarter of the way through your taper.",
        "You can taper with help. A third of people came back.",
    ],
)
def test_shares_of_people_and_of_the_way_are_not(text: str) -> None:
    assert not found(medicine.PERCENT_CUT, text)


@pytest.mark.parametrize(
    "text",
    [
        "Every two weeks reduce a little.",
        "Reduce it every 2-4 weeks.",
        "Cut your dose each month.",
        "You could taper over ten weeks.",
        "Come off within 6 months.",
        "A ten-week taper is common.",
        "Lower your dose weekly.",
        "A fortnightly reduction.",
    ],
)
def test_a_pace_of_reducing_is_found(text: str) -> None:
    assert found(medicine.INTERVAL, text)


@pytest.mark.parametrize(
    "text",
    [
        "Your prescriber looks at it again every three months.",
        "Your prescriber checks in every month while you taper.",
        "Small steps, with time between them, are the usual way to taper.",
        "My lower back hurts every day.",
        "We drop by the garden every week.",
        "It may last weeks or months. A taper takes time.",
    ],
)
def test_care_and_everyday_rhythms_are_not(text: str) -> None:
    assert not found(medicine.INTERVAL, text)
    assert not found(medicine.PACE, text)


def test_a_pace_hidden_beside_a_visit_is_found() -> None:
    text = "Reduce it every two weeks and see your prescriber."
    assert not found(medicine.INTERVAL, text)
    assert found(medicine.PACE, text)
    assert found(medicine.PACE, "Each week, cut a bit more, then check how you feel.")
    assert not found(medicine.PACE, "People drop in every week.")


@pytest.mark.parametrize(
    "text", ["By week 3 it eases.", "Around day ten it peaks.", "Weeks 2-4 are hard.", "Day 5: rest."]
)
def test_a_calendar_is_found(text: str) -> None:
    assert found(medicine.CALENDAR, text)


@pytest.mark.parametrize("text", ["On day one I was afraid.", "After about a month.", "One day at a time."])
def test_days_without_a_calendar_are_not(text: str) -> None:
    assert not found(medicine.CALENDAR, text)


@pytest.mark.parametrize(
    "text",
    [
        "You could switch to diazepam.",
        "Some people swap their brand.",
        "Ask to change to a longer-acting one.",
        "Moving from Klonopin to a generic is easy.",
        "Changing brands can help.",
        "A crossover to Valium is common: cross over to Valium.",
    ],
)
def test_switching_is_found(text: str) -> None:
    assert found(medicine.SWITCHING, text)


@pytest.mark.parametrize(
    "text",
    [
        "Ask your pharmacist before you change brands.",
        "Klonopin is a brand in the United States.",
        "Alcohol changes how clonazepam works.",
        "That changes the whole talk about coming off.",
    ],
)
def test_names_and_sending_to_the_pharmacist_are_not(text: str) -> None:
    assert not found(medicine.SWITCHING, text)


@pytest.mark.parametrize(
    "text",
    [
        "Melatonin can help with sleep.",
        "Try magnesium before bed.",
        "Ask about gabapentin.",
        "You could take propranolol.",
        "Some supplements ease it.",
        "St John's wort is worth a try.",
    ],
)
def test_recommending_a_substance_is_found(text: str) -> None:
    assert found(medicine.ADDED_SUBSTANCE, text)


@pytest.mark.parametrize(
    "text",
    [
        "People who also take gabapentin need extra care.",
        "Don't add supplements on your own.",
        "Ask a pharmacist before you take melatonin or anything else that helps you sleep.",
        "Naloxone can reverse an opioid overdose.",
    ],
)
def test_warning_of_a_substance_is_not(text: str) -> None:
    assert not found(medicine.ADDED_SUBSTANCE, text)


def test_a_groups_own_text_is_held_to_the_same_rules() -> None:
    findings = amounts_in("What helped this week?\nHow many mg are you on? Reduce it every two weeks.")
    assert {finding.rule for finding in findings} == {"dose", "schedule"}
    assert min(finding.start for finding in findings) > 22
    assert amounts_in("On day one, what did you hope for? And how is it a month later?") == ()


def test_letter_case_and_curly_apostrophes_make_no_difference() -> None:
    assert found(medicine.AMOUNT, "2 MG")
    assert not found(medicine.COUNT, "Don’t double the next dose.")

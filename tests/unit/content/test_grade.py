"""The reading grade: syllables against known counts, sentences, names, and where it is asked for."""

from pathlib import Path

import pytest

from bot.content import check_content
from bot.content.reading import HIGHEST_GRADE, NAMES, count_syllables, grade, longest_sentence
from tests.unit.content.made import PLAIN_BODY, TODAY, line_of, make_data, snippet_text

COUNTED = {
    1: (
        "asked bed brain breathe call can't chair changed cramps don't eye facts friend group helped hour "
        "house light months night notes once one pause plan real sleep soup tea use used walk we've weeks "
        "won't writes you're"
    ),
    2: (
        "able action adapts agreed alone ancient being bodies body brother calming careful cautious coffee "
        "conscious couldn't create danger decide diet dizzy doctor doesn't doing driving feeling fluid garden "
        "gently going headache holding hopeless isn't journal kitchen likely lion listen little lonely lying "
        "minutes morning movement muscle muscles needed nervous noticed number panic patient pausing people "
        "person pieces places poem poet poison prescribed private question questions quiet react reason "
        "research restless reviewed rhythm ringing rises safely safety science seeing seizure seizures simple "
        "sister social someone something sometimes special statement steady stomach stories story studies "
        "study support symptom symptoms table tablet taken taking tapers timeline tingling trial trouble "
        "trying using voices wanted wasn't window worries worry"
    ),
    3: (
        "actual addiction afternoon afterwards alcohol anything area benefits celebrates confusion dangerous "
        "decided dependence difference different evidence exercise family holiday hospital idea limited "
        "medicine messenger museum obvious period pharmacist prescriber prescription previous privacy radio "
        "reaction realise sedative sensitive serious somebody specialist suddenly suicide tapering theatre "
        "together tolerance unreal usual video withdrawal"
    ),
    4: (
        "anxiety comfortable communities community emergency exercises information medication neurologist "
        "psychiatrist recovery suicidal usually vegetable"
    ),
    5: ("hallucinations uncomfortable"),
}


def test_syllables_come_close_to_known_counts() -> None:
    known = {word: count for count, words in COUNTED.items() for word in words.split()}
    wrong = {word: (count_syllables(word), count) for word, count in known.items() if count_syllables(word) != count}
    assert len(known) > 200
    assert len(wrong) <= len(known) // 20, wrong
    assert abs(sum(map(count_syllables, known)) / sum(known.values()) - 1) < 0.01


def test_the_grade_is_flesch_kincaid() -> None:
    # 6 words, 1 sentence, 6 syllables; then 8 words, 2 sentences, 13 syllables.
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)
    assert grade("Emergency! Call the doctor, he is patient today.") == pytest.approx(0.39 * 4 + 11.8 * 14 / 8 - 15.59)
    assert grade("") == 0.0
    assert grade("— … !") == 0.0


def test_names_count_two_and_plain_long_words_count_in_full() -> None:
    assert {count_syllables(name) for name in NAMES} == {2}
    assert count_syllables("Clonazepam") == count_syllables("benzodiazepine's") == 2
    assert count_syllables("medication") == 4
    assert count_syllables("discontinuation") == 6
    assert count_syllables("protracted") == 3


def test_markdown_places_commands_and_addresses_do_not_count() -> None:
    plain = grade("Open it now.")
    assert grade("Open **it** now.") == plain
    assert grade("Open `/manage-library daily` now.") == plain
    assert grade("Open /sos now.") == plain
    assert grade("Open {extraordinarily_long_placeholder} now.") == plain
    assert grade("Open [it](https://example.org/unintelligibility) now.") == plain
    assert grade("- Open it now") == plain


def test_lists_and_abbreviations_end_sentences_where_readers_do() -> None:
    assert longest_sentence("One two three\n- four five\n- six") == 3
    assert longest_sentence("At 3 a.m. the house is dark. Rest.") == 8
    assert longest_sentence("It rose by 2.5 points there") == 6


HARD = (
    "Notwithstanding considerable individual variability, benzodiazepine discontinuation necessitates comprehensive "
    "multidisciplinary consideration, particularly regarding neuropsychiatric comorbidities and polypharmacological "
    "interactions throughout extended treatment."
)


def test_a_hard_text_is_a_fault_and_a_plain_one_is_not(tmp_path: Path) -> None:
    assert grade(PLAIN_BODY) < HIGHEST_GRADE < grade(HARD)
    body = "\n\n".join([HARD, HARD, HARD]) + "\n\n" + "Please take good care. " * 3
    found = check_content(make_data(tmp_path, snippet_text(body.strip())), TODAY)
    line = line_of(snippet_text(body), "Notwith")
    assert any(fault.line == line and fault.message.startswith("reading grade ") for fault in found), found


def test_one_endless_sentence_is_a_fault_even_among_short_ones(tmp_path: Path) -> None:
    endless = " and ".join(["you sit"] * 11) + "."
    body = "Sit. Rest. Go on. " * 12 + "So " + endless.removeprefix("you ")
    [fault] = check_content(make_data(tmp_path, snippet_text(body)), TODAY)
    assert fault.message == "a sentence of 32 words; at most 30"

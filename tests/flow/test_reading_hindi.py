"""What only Hindi has: the month that is a period, questions and verbs at the end, whose story."""

import pytest

from tests.flow.reader import read


def test_a_month_beside_a_date_is_the_last_period():
    assert read("आखिरी महीना 6 सितंबर को आया था", "weeks", "hi").answer == 11
    assert read("10 october ko aakhri mahina aaya tha", "weeks", "hi").answer == 6


def test_do_is_two_only_before_weeks_and_months():
    assert read("do mahine", "weeks", "hi").answer == 8
    assert read("main paanch mahine ki hu, khoon aaya", None, "hi").told["weeks"] == 21
    assert read("doctor ka number do", "pain", "hi").answer is None


def test_what_a_question_names_is_denied_by_the_no_after_it():
    found = read("khud ko nuksan? nahi ji bilkul nahi, main khush hu", None, "hi")
    assert not found.dangers | found.possible
    assert "dizzy_faint" in read("behosh? nahi. bahut chakkar aa rahe hain", None, "hi").dangers


@pytest.mark.parametrize(
    "text",
    [
        "मेरे गांव की एक गर्भवती को सुबह से बहुत अधिक रक्तस्राव हो रहा है",
        "मेरी सहेली के साथ हूं, मुझे बहुत खून आ रहा है",
        "pados ki aurat 7 mahine pregnant hai, bahut khoon beh raha hai",
    ],
)
def test_a_pregnant_neighbour_is_the_patient_and_she_herself_ends_anothers_story(text):
    assert "heavy_bleeding" in read(text, None, "hi").dangers


@pytest.mark.parametrize(
    "text",
    [
        "पानी की थैली फटने पर कैसा लगता है",
        "chakkar aaye to baith jana",
        "पहली जचगी में पानी घर पे ही छूटा था, इस बार क्या ध्यान रखूं",
        "मैं ठीक हूं, मरने का कोई ख्याल नहीं आता",
    ],
)
def test_what_is_general_past_or_not_thought_of_is_no_danger(text):
    assert read(text, None, "hi").dangers == frozenset()


def test_me_is_in_and_says_nothing_of_her():
    found = read("devar ki bike accident me toot gayi, wo bach gaya", None, "hi")
    assert not found.dangers | found.possible


def test_a_denial_behind_a_comma_is_no_part_of_what_stands_before_it():
    found = read("आंखों से सब साफ दिखता है, सिरदर्द भी नहीं", None, "hi")
    assert not found.dangers
    assert "headache_vision" in read("aankho se saaf nahi dikhta", None, "hi").dangers


def test_several_short_questions_in_a_row_are_asked_in_passing():
    assert not read(
        "nurse ne poocha: behoshi? tez dard? bukhar? bas ek daag hai", None, "hi"
    ).dangers
    assert "severe_pain" in read("pet me bahut tez dard hai, kya karu?", None, "hi").dangers


def test_another_womans_trouble_of_today_is_told_for_her():
    assert "heavy_bleeding" in read("meri behen ko aaj bahut khoon aaya", None, "hi").dangers
    assert not read("meri behen ko bahut khoon aaya tha shaadi se pehle", None, "hi").dangers

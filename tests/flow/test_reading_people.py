"""Whose story a text tells, and how wide nets, small amounts and lists denied after them count."""

import pytest

from tests.flow.reader import read


@pytest.mark.parametrize(
    "text",
    [
        "my dad collapsed at the match",
        "the dog had a fit last night",
        "a woman at work fainted yesterday",
        "my husband fainted at the scan",
        "he passed out when he saw the scan",
        "my mum has terrible headaches",
        "the neighbour's kids have fevers",
        "in a documentary she was bleeding heavily",
        "my phone fell down the toilet",
        "the boiler is leaking all over the kitchen",
    ],
)
def test_what_happens_to_others_and_to_things_is_no_danger_of_hers(text):
    found = read(text)
    assert not found.dangers | found.possible, found


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("my sister is bleeding heavily", "heavy_bleeding"),
        ("my mum is 20 weeks pregnant and bleeding heavily", "heavy_bleeding"),
        ("my husband pushed me down the stairs", "assault"),
        ("my dad punched me", "assault"),
        ("my toddler jumped on my belly hard", "trauma"),
        ("my husband found me collapsed on the floor", "collapse"),
        ("my son is at school, i fainted", "collapse"),
        ("my sister told me to text, blood is pouring out of me", "heavy_bleeding"),
        ("was watching a film and started bleeding heavily", "heavy_bleeding"),
    ],
)
def test_a_story_with_others_in_it_can_be_hers(text, danger):
    assert danger in read(text).dangers


def test_after_a_comma_in_anothers_story_she_is_asked():
    found = read("my son is a handful, bleeding heavily")
    assert "heavy_bleeding" in found.dangers | found.possible


def test_blood_of_a_cut_finger_is_no_heavy_bleeding():
    assert not read("cut my finger, blood everywhere").dangers
    assert "heavy_bleeding" in read("cut my finger. blood pouring out of me").dangers


def test_a_list_is_denied_by_what_stands_after_it():
    found = read("heavy bleeding, fever, fits, none of that")
    assert not found.dangers | found.possible
    assert "heavy_bleeding" in read("im soaking pads, none of them hold").dangers


def test_a_drop_of_blood_is_asked_about_at_most():
    assert "heavy_bleeding" not in read("a drop of blood ran down my leg").dangers
    assert "heavy_bleeding" in read("blood ran down my legs").dangers


def test_a_net_leads_to_the_question_and_ends_no_denial():
    assert "heavy_bleeding" in read("there is blood and the mattress is a mess, terrified").possible
    assert "heavy_bleeding" in read("no clots soaking pads").dangers


@pytest.mark.parametrize(
    "text",
    [
        "what would happen if i had a fall",
        "i'm scared it will turn into heavy bleeding",
        "does sex really bring on contractions",
        "worried i wont know when contractions start",
    ],
)
def test_what_is_asked_or_feared_is_not_told(text):
    assert not read(text).dangers


def test_an_idiom_reaches_into_no_new_clause():
    assert "assault" in read("no one knows but he punches me").dangers


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("12 weeks on wednesday", 11),
        ("i was 16 weeks on thursday gone", 16),
        ("no not 15, 14", 14),
        ("scan put me back to 9+3, i thought i was 11", 9),
        ("im due this thursday", 39),
        ("a week overdue", 41),
        ("just under 14", 13),
    ],
)
def test_weeks_ahead_denied_and_once_thought(text, weeks):
    assert read(text, "weeks").answer == weeks


def test_weeks_of_now_count_before_weeks_of_then():
    assert read("bled at 6 weeks and now bleeding again, im 9+1").told["weeks"] == 9
    assert read("due on christmas day and some blood").told["weeks"] == 35


@pytest.mark.parametrize("text", ["what do you mean", "who is this", "hang on, kid is crying"])
def test_a_question_back_is_no_answer(text):
    assert read(text, "collapse").answer is None


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("fever", "only hot cos the heatings on, temp is 36.6", "no"),
        ("fever", "hot and shivery, temp is 36.6", "yes"),
        ("pain", "0/10", "none"),
        ("pain", "3 out of 10 maybe", "mild"),
        ("pain", "8/10", "severe"),
        ("heavy", "it was heavy on sunday but now nothing", None),
        ("collapse", "i am perfectly fine", "no"),
    ],
)
def test_numbers_and_turns_in_answers(question, text, value):
    assert read(text, question).answer in (value, "not_sure" if value is None else value)


def test_a_hyphen_within_a_word_parts_nothing():
    assert not read("my mother-in-law fainted").dangers
    assert "dizzy_faint" in read("light-headed and bleeding").dangers


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("the goat is bleeding heavily", "heavy_bleeding"),
        ("spurs collapsed again", "collapse"),
        ("the tyre burst on the motorway", "fluid_leak"),
    ],
)
def test_a_subject_that_is_none_of_hers_is_asked_about_at_most(text, danger):
    assert danger not in read(text).dangers


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("this morning fell down the stairs", "trauma"),
        ("just collapsed in the kitchen", "collapse"),
        ("20 weeks pregnant bleeding heavily", "heavy_bleeding"),
        ("my legs are soaked in blood", "heavy_bleeding"),
    ],
)
def test_a_subject_of_hers_or_none_at_all_is_heard_at_once(text, danger):
    assert danger in read(text).dangers


def test_a_question_in_general_is_asked_about_up_to_where_she_tells_of_herself():
    assert "tissue" not in read("does the placenta come out by itself").dangers
    assert "heavy_bleeding" in read("is it bad, im soaking a pad an hour").dangers
    assert "heavy_bleeding" in read("what do i do blood is pouring out of me").dangers
    assert "suicidal" in read("whats the point of living").dangers

"""How English texts are read: a "no" outweighed, questions disclaimed, weeks told in passing."""

import pytest

from tests.flow.reader import read


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("heavy", "no its much worse than that"),
        ("heavy", "no, im past that now"),
        ("pain", "not a cramp, worse"),
        ("collapse", "not that, but i cannot think anymore"),
    ],
)
def test_a_no_beside_words_of_more_is_asked_again(question, text):
    assert read(text, question, "en").answer is None


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("heavy", "no, no more than a spot", "no"),
        ("pain", "no pain and no tearing", "none"),
        ("collapse", "no but im worried", "no"),
    ],
)
def test_a_no_that_denies_the_words_of_more_is_a_no(question, text, answer):
    assert read(text, question, "en").answer == answer


@pytest.mark.parametrize("added", ["", " just asking", ". im only curious"])
def test_who_only_asks_is_not_asked_about_it(added):
    heard = read(f"is a headache normal?{added}", None, "en")
    assert not heard.dangers
    assert bool(heard.possible) is not bool(added)


def test_who_says_that_she_is_only_asking_is_heard_when_she_tells_of_herself():
    assert read("just asking, im soaking a pad an hour", None, "en").dangers == {"heavy_bleeding"}
    assert read("is it bad that i want to die? just asking", None, "en").dangers == {"suicidal"}


def test_no_wide_net_is_heard_among_words_of_another_subject():
    """Unless she speaks of herself there."""
    assert not read("england got a knock on the road to the final", None, "en").possible
    assert read("a football hit my belly at the match", None, "en").possible == {"trauma"}


def test_a_neither_that_begins_a_text_denies_what_follows():
    heard = read("neither contractions nor leaking", None, "en")
    assert not heard.dangers | heard.possible


def test_one_word_of_another_language_that_is_english_too_tells_nothing():
    assert "heavy" not in read("is it normal to spot at 8 weeks", None, "en").told


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("9/40, light spotting", 9),
        ("belly keeps going tight, 29 weeks", 29),
        ("im 5 months and its like a light period", 21),
        ("no test yet but my period is 2 weeks late", "no_test"),
        ("dont know how many weeks i am", "unknown"),
    ],
)
def test_how_far_along_she_is_is_told_beside_anything_else(text, weeks):
    assert read(text, None, "en").told["weeks"] == weeks


def test_a_refusal_that_begins_a_clause_is_no_answer():
    assert read("i cant leave the sofa", "heavy", "en").answer is None
    assert read("i dont", "heavy", "en").answer == "no"


def test_a_thing_named_within_a_general_question_is_not_asked_about():
    """Unless she speaks of herself in it."""
    assert not read("how do contractions feel", None, "en").possible
    assert read("do my clots mean a miscarriage", None, "en").possible == {"heavy_bleeding"}

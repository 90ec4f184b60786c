"""Spanish as it is typed: by ear, with endings, in short forms; lists denied, others' stories."""

import pytest

from hotline.flow.danger.ear import Ear
from tests.flow.reader import read


def understood(text, question=None):
    return read(text, question, "es")


@pytest.mark.parametrize(
    "text",
    [
        "zangro muxo",
        "me kambio la toaya kada 15 minutos",
        "stoy sangrando dmasiado xfa",
        "salen cuagulos grandes",
        "sangro un chorrazo d sangre",
    ],
)
def test_words_written_by_ear_or_in_short_are_heard(text):
    assert "heavy_bleeding" in understood(text).dangers


def test_an_ending_of_its_own_is_heard_as_the_plain_word():
    ear = Ear({"v": "b"}, {"ito": "o", "andome": "ando"}, ["punto", "mareando", "vaca"])
    assert ear.word("puntito") == "punto"
    assert ear.word("mareandome") == "mareando"
    assert ear.word("baca") == "vaca"
    assert ear.word("ito") is None


def test_a_short_form_is_none_after_a_number_or_alone():
    assert read("28s6d", "weeks", "es").answer == 28
    assert read("d", "heavy", "es").answer is None


@pytest.mark.parametrize(
    "text",
    [
        "dolor fuerte, fiebre, coágulos: de eso nada",
        "fiebre no, mareos no, desmayos tampoco",
        "ni fiebre, ni mareos, ni dolor fuerte",
        "no tengo fiebre, mareos ni dolor fuerte",
    ],
)
def test_a_list_is_denied_before_and_after(text):
    found = understood(text)
    assert found.dangers | found.possible == frozenset()


def test_a_tag_question_denies_nothing():
    assert "severe_pain" in understood("es un dolor muy fuerte, no?").dangers


def test_a_bystanders_story_ends_where_she_speaks_of_herself():
    assert understood("mi perro se cayó por las escaleras").dangers == frozenset()
    assert "trauma" in understood("mi perro me tiró al suelo y caí sobre la panza").dangers


def test_a_little_is_no_danger_but_an_answer():
    found = understood("sangro un poquito y tengo mucho miedo")
    assert found.dangers | found.possible == frozenset()
    assert understood("cólicos leves").told["pain"] == "mild"


@pytest.mark.parametrize("text", ["¿cómo dice? no entendí", "a qué se refiere?", "quién es?"])
def test_asking_back_answers_nothing(text):
    for question in ("heavy", "collapse", "pain"):
        assert understood(text, question).answer is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [("36.7 me la acabo de tomar", "no"), ("38,5", "yes")],
)
def test_a_temperature_is_read_wherever_it_stands(text, answer):
    assert understood(text, "fever").answer == answer


def test_a_small_word_of_hers_means_nothing_in_another_language():
    assert understood("me basta y sobra", "heavy").answer is None  # "y" is no English yes


def test_a_comma_parts_no_from_only():
    assert understood("dolor fuerte no, solo un tironcito", "pain").answer == "mild"


def test_a_small_amount_says_no_to_heavy_bleeding():
    assert understood("solo una rayita al limpiarme", "heavy").answer == "no"


def test_what_only_looks_like_a_denial_is_no_answer_no():
    assert understood("no para", "heavy").answer != "no"


def test_a_light_word_of_another_language_is_none_in_hers():
    assert understood("y si sangro mucho").dangers == frozenset()  # "si" is light in Hindi


def test_two_days_ago_answers_what_was_before():
    assert understood("tuvimos sexo hace dos días", "before").answer == "sex"

"""A lone known word is read once and remembered; nothing else she writes ever is."""

from datetime import date, timedelta

import pytest

from hotline.flow import reading
from hotline.flow.reading import understand
from hotline.flow.tokens import normalise
from tests.flow.reader import LANGUAGES, read, scorer
from tests.flow.scoring import TODAY

WORDS = (
    "1",
    "2",
    "0",
    "99",
    "no",
    "yes",
    "oui",
    "si",
    "nahi",
    "help",
    "stop",
    "blood",
    "due",
    "hi",
)
SHAPES = ("{}", " {} ", "{}  ")


@pytest.fixture(autouse=True)
def forgotten():
    """Each test begins with nothing remembered."""
    scorer().lexicons.readings.clear()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_read_the_same_the_second_time(word, language):
    for question in (None, *scorer().questions):
        once = read(word, question, language)
        for shape in SHAPES:
            assert read(shape.format(word.upper()), question, language) == once
        scorer().lexicons.readings.clear()
        assert read(word, question, language) == once


def test_the_labels_and_the_day_are_part_of_what_is_remembered():
    asked = scorer().questions["pain"]
    lexicons = scorer().lexicons

    def answer(labels: dict[str, str], today: date) -> object:
        read = understand(
            lexicons, "period", question=asked, labels=labels, language="en", today=today
        )
        return read.answer

    assert answer({}, TODAY) is None
    assert answer({"mild": "Period"}, TODAY) == "mild"
    assert answer({"severe": "Period"}, TODAY + timedelta(days=1)) == "severe"
    assert answer({}, TODAY) is None


def test_two_questions_of_the_same_name_are_kept_apart():
    flow_one, other = scorer().questions["heavy"], scorer().questions["pain"]
    renamed = type(other)(flow_one.id, other.kind, other.options, other.silence, other.line)
    lexicons = scorer().lexicons

    def answer(question: object) -> object:
        return understand(
            lexicons, "1", question=question, labels={}, language="en", today=TODAY
        ).answer

    assert (answer(flow_one), answer(renamed), answer(flow_one)) == ("yes", "severe", "yes")


def test_only_words_of_the_lists_and_short_numbers_are_remembered():
    for text in ("my name is ann", "ann", "07700900123", "123", "no pain", "no!", "ann no"):
        read(text, "heavy")
    kept = scorer().lexicons.readings
    assert list(kept) == []
    read("No ", "heavy")
    assert list(kept) == [("no", "en", "heavy")]


def test_what_is_remembered_is_bounded():
    for word in sorted(scorer().lexicons.known)[: reading.REMEMBERED + 100]:
        read(word, "heavy")
    kept = len(scorer().lexicons.readings)
    assert 0 < kept <= reading.REMEMBERED


def test_every_known_word_is_in_its_normal_form():
    assert [word for word in scorer().lexicons.known if normalise(word) != word] == []

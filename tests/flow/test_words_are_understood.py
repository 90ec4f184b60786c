"""What we tell her to write is understood when she writes it, in every language."""

import re
from datetime import date

import pytest

from hotline.flow.lexicon_load import load_lexicons
from hotline.flow.load import load_flow
from hotline.flow.reading import understand
from hotline.flow.sms_text import fold_to_gsm
from hotline.flow.words import labels_of
from hotline.flow.words_load import load_words

TODAY = date(2026, 11, 22)

COMMANDS = {
    "en": {
        "MENU": "menu",
        "BACK": "back",
        "AGAIN": "again",
        "NURSE": "nurse",
        "PAUSE": "pause",
        "RESUME": "resume",
        "DELETE": "delete",
        "STOP": "stop",
        "START": "start",
        "ENGLISH": "language:en",
    },
    "es": {
        "MENU": "menu",
        "ATRAS": "back",
        "REPETIR": "again",
        "ENFERMERA": "nurse",
        "PAUSA": "pause",
        "SEGUIR": "resume",
        "BORRAR": "delete",
        "STOP": "stop",
        "START": "start",
        "ESPAÑOL": "language:es",
    },
    "fr": {
        "MENU": "menu",
        "RETOUR": "back",
        "REPETER": "again",
        "INFIRMIERE": "nurse",
        "PAUSE": "pause",
        "REPRENDRE": "resume",
        "EFFACER": "delete",
        "STOP": "stop",
        "START": "start",
        "FRANCAIS": "language:fr",
    },
    "hi": {
        "MENU": "menu",
        "BACK": "back",
        "AGAIN": "again",
        "NURSE": "nurse",
        "PAUSE": "pause",
        "RESUME": "resume",
        "DELETE": "delete",
        "STOP": "stop",
        "START": "start",
        "HINDI": "language:hi",
    },
}
SHOUTED = {
    "en": {"CALL", "NOW"},
    "es": {"LLAMA", "YA"},
    "fr": {"APPELEZ", "VITE", "SMS", "TOUT", "SUITE"},
    "hi": set(),
}


@pytest.fixture(scope="module")
def words(repository):
    return load_words(repository / "flows" / "bleeding", repository / "flows")


@pytest.fixture(scope="module")
def flow(repository):
    return load_flow(repository / "flows" / "bleeding" / "flow.yaml")


@pytest.fixture(scope="module")
def read(repository):
    """Reads a text; a function, because pytest takes minutes to show the word lists themselves."""
    lexicons = load_lexicons(repository / "flows" / "understanding")

    def reading(text, language, question=None, labels=None):
        return understand(
            lexicons, text, question=question, labels=labels or {}, language=language, today=TODAY
        )

    return reading


@pytest.mark.parametrize("language", list(COMMANDS))
def test_the_words_to_write_are_the_commands_listed_here(words, language):
    """Whoever writes a new word in capitals into a phrase lists it here."""
    written = set()
    for saying in words.texts(language).phrases.values():
        text = " ".join(saying.sms.parts[::2])
        written |= set(re.findall(r"[A-ZÑ]{3,}", text))
    assert written - SHOUTED[language] == set(COMMANDS[language])


@pytest.mark.parametrize(
    ("language", "word", "command"),
    [(one, word, command) for one, listed in COMMANDS.items() for word, command in listed.items()],
)
def test_a_command_is_understood_as_it_is_told(read, language, word, command):
    assert read(word, language).command == command


@pytest.mark.parametrize("language", list(COMMANDS))
def test_a_label_sent_back_is_the_answer_it_stands_for(words, flow, read, language):
    wrong = {}
    for question in flow.questions:
        labels = labels_of(words.texts(language), question)
        for value, label in labels.items():
            heard = read(fold_to_gsm(label), language, question, labels)
            answer = heard.answer
            if isinstance(answer, frozenset) and len(answer) == 1:
                (answer,) = answer
            if answer != value:
                wrong[question.id, label] = (value, answer, heard.command)
    assert wrong == {}


@pytest.mark.parametrize("language", list(COMMANDS))
def test_a_label_sent_back_says_what_its_number_says_and_no_more(words, flow, read, language):
    """Blood thinners is an answer about risks, no word of heavy bleeding."""
    wrong = {}
    for question in flow.questions:
        labels = labels_of(words.texts(language), question)
        for label in labels.values():
            for sent in (label, fold_to_gsm(label).lower()):
                heard = read(sent, language, question, labels)
                if heard.dangers or heard.possible or heard.told:
                    wrong[question.id, sent] = (heard.dangers, heard.possible, heard.told)
    assert wrong == {}

"""Every voice text, spoken: no prompt over 20 seconds, the action of a level within 4.

To hear one:  espeak-ng -v en-gb "Hang up and call 9 9 9 now."     (docs/voice.md)
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hotline.flow.events import Form
from hotline.flow.levels import LEVELS, Level
from hotline.flow.model import Kind, Question
from hotline.flow.texts import phrase
from hotline.flow.words import (
    render_advice,
    render_aside,
    render_exit,
    render_level,
    render_question,
    render_topic,
    spoken_keys,
    spoken_options,
)
from tests.carrier import LETTERS_A_SECOND
from tests.channels.voice.scene import COUNTRY, languages, library, voices
from tests.channels.voice.speaking import (
    first_clause,
    first_sentence,
    need_espeak,
    seconds,
)

LONGEST = 20.0
FIRST_ACTION = 4.0
FILLING = frozenset({"number", "then_press", "silent_call", "press_key"})

pytestmark = pytest.mark.slow
every_language = pytest.mark.parametrize("language", languages())


@pytest.fixture(autouse=True)
def _espeak() -> None:
    need_espeak()


def prompts_of(language: str, country: str | None) -> Iterator[tuple[str, str]]:
    """What is said in one breath before she can answer, with a name for it."""
    words = library().words
    texts, place = words.texts(language), words.place(country, language)
    for question in library().flow.questions:
        for form in (Form.ASK, Form.SIMPLER):
            put = render_question(texts, question, form, place, voice=True)
            yield f"questions.{question.id}.{form}", f"{put} {_keys(language, country, question)}"
    for one in texts.exits:
        yield f"exits.{one}", render_exit(texts, one, place, voice=True)
    for one in texts.asides:
        yield f"asides.{one}", render_aside(texts, one, place, voice=True)
    for one in texts.topics:
        yield f"topics.{one}", render_topic(texts, one, place, voice=True)
    for one in texts.advice:
        yield f"advice.{one}", render_advice(texts, one, place, voice=True)
    for one, saying in texts.phrases.items():
        if one not in FILLING and saying.voice is not saying.sms:
            yield f"phrases.{one}", phrase(texts, one, place, voice=True)
    for one in voices().of(language).sayings:
        yield f"voices.{one}", voices().say(language, one, place, key="1")


def _keys(language: str, country: str | None, question: Question) -> str:
    words = library().words
    texts, place = words.texts(language), words.place(country, language)
    if question.kind is not Kind.CHOICES:
        return spoken_keys(texts, question, place)
    label = max((label for _, label in spoken_options(texts, question)), key=len)
    return f"{label}? {voices().say(language, 'phone_part', place)}"


@every_language
@pytest.mark.parametrize("known", [True, False], ids=["her country", "no country"])
@pytest.mark.timeout(300)
def test_no_prompt_takes_longer_than_20_seconds(language: str, known: bool):  # noqa: FBT001
    country = COUNTRY[language] if known else None
    found = {name: seconds(said, language) for name, said in prompts_of(language, country)}

    long = {name: round(took, 1) for name, took in found.items() if took > LONGEST}
    assert not long


@every_language
@pytest.mark.parametrize("level", LEVELS)
def test_the_action_of_a_level_comes_within_4_seconds(language: str, level: Level):
    words = library().words
    for country in (COUNTRY[language], None):
        place = words.place(country, language)
        told = render_level(words.texts(language), level, place, voice=True)
        first = first_sentence(told) if level is Level.EMERGENCY and country else first_clause(told)

        assert seconds(first, language, slow=True) <= FIRST_ACTION, first
        assert seconds(told, language, slow=True) <= LONGEST, told


@every_language
def test_the_language_menu_with_the_danger_line_takes_no_longer_than_20_seconds(language: str):
    words = library().words
    place = words.place(COUNTRY[language], language)
    took = seconds(voices().say(language, "phone_danger", place), language)
    for key, one in enumerate(languages(), 1):
        took += seconds(voices().say(one, "phone_language", place, key=str(key)), one)

    assert took <= LONGEST


@every_language
def test_the_carrier_of_the_tests_speaks_no_faster_than_a_voice_does(language: str):
    texts = library().words.texts(language)
    place = library().words.place(COUNTRY[language], language)
    said = [
        render_question(texts, one, Form.ASK, place, voice=True)
        for one in library().flow.questions[-12:]
    ]
    real = sum(seconds(one, language) for one in said)

    assert sum(map(len, said)) / LETTERS_A_SECOND[language] >= real * 0.92

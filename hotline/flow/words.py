"""The words: what is said to anyone, by text and by voice, filled for her country.

Everything here is a lookup in texts that were read and cut at start (words_load.py); filled
questions and places are remembered, so a reply costs microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hotline.errors import FlowError
from hotline.flow.countries import Countries
from hotline.flow.events import Form
from hotline.flow.levels import Level
from hotline.flow.model import Kind, Question, Value
from hotline.flow.places import place_of
from hotline.flow.texts import Place, QuestionWords, Saying, Texts, phrase

__all__ = [
    "LAST_WORDS",
    "Place",
    "Texts",
    "Words",
    "labels_of",
    "phrase",
    "render_advice",
    "render_aside",
    "render_disposition",
    "render_exit",
    "render_level",
    "render_noted",
    "render_question",
    "render_topic",
    "safe_reply",
    "spoken_keys",
    "spoken_options",
    "topic_menu",
    "written_options",
]

DEFAULT_LANGUAGE = "en"

LAST_WORDS = (
    "CALL your local emergency number now if you bleed a lot, faint, have bad pain or are in "
    "danger (112 works on most mobile networks). Sorry, we cannot answer by text right now."
)
"""Said when not even the texts could be loaded."""

_MAX_FACTS = 5
_ASKS_NUMBER = frozenset({Kind.WEEKS, Kind.NUMBER})


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Words:
    """Every language's texts and the countries: all that is needed to say anything to anyone."""

    languages: Mapping[str, Texts]
    countries: Countries
    _places: dict[tuple[str, str | None], Place] = field(
        default_factory=dict, init=False, repr=False
    )

    def texts(self, language: str | None) -> Texts:
        """The texts of a language, English where we do not speak it."""
        return self.languages.get(language or "") or self.languages[DEFAULT_LANGUAGE]

    def place(self, country: str | None, language: str | None) -> Place:
        """The words for a country (ISO code; None or one not in the file: unknown)."""
        texts = self.texts(language)
        found = self.countries.get(country)
        key = (texts.language, found.code if found else None)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = place_of(texts, found)
        return place

    def first_language(self, country: str | None) -> str:
        """The language to begin in: the first one of the country that we have, else English."""
        found = self.countries.get(country)
        spoken = found.languages if found else ()
        return next((one for one in spoken if one in self.languages), DEFAULT_LANGUAGE)


def render_question(
    texts: Texts, question: Question, form: Form, place: Place, *, voice: bool = False
) -> str:
    """A question as it is put to her.

    A text carries its options, one a line ("1 Yes"); spoken words do not (see spoken_options). A
    second misunderstanding (`Form.DIGITS`) asks for one number and nothing else.
    """
    key = (question.id, question.options, form, place.code, voice)
    said = texts.memo.get(key)
    if said is None:
        said = _question(texts, question, form, place, voice=voice)
        texts.memo[key] = said
    return said


def _question(texts: Texts, question: Question, form: Form, place: Place, *, voice: bool) -> str:
    words = _words_of(texts, question)
    if voice:
        spoken = words.voice if form is Form.ASK else words.voice_simpler
        return spoken.fill(place.voice)
    asked = (words.ask if form is Form.ASK else words.simpler).fill(place.sms)
    lines = [asked]
    if form is Form.DIGITS:
        if words.digits is not None:
            return words.digits.fill(place.sms)
        several = question.kind is Kind.CHOICES
        lines.append(phrase(texts, "digits_several" if several else "digits_only", place))
    lines += [f"{key} {label}" for key, label in written_options(texts, question)]
    return "\n".join(lines)


def _words_of(texts: Texts, question: Question) -> QuestionWords:
    words = texts.questions.get(question.id)
    if words is None:
        raise texts.lacks("questions", question.id)
    return words


def written_options(texts: Texts, question: Question) -> tuple[tuple[str, str], ...]:
    """The digits and labels of a question's options, as a text lists them.

    A question for a number has no list: its words say which numbers to send.
    """
    if question.kind in _ASKS_NUMBER:
        return ()
    labels = labels_of(texts, question)
    return tuple((one.key, labels[one.value]) for one in question.options)


def spoken_options(texts: Texts, question: Question) -> tuple[tuple[str, str], ...]:
    """The digits and labels of a question's options as they are said; none for a number."""
    if question.kind in _ASKS_NUMBER:
        return ()
    own = _words_of(texts, question).voice_options
    return tuple(
        (one.key, _label(texts, own, texts.spoken_labels, one.value)) for one in question.options
    )


def labels_of(texts: Texts, question: Question) -> dict[str, str]:
    """The written label of each value, for the option list and for the reader of free words."""
    known = texts.labelled.get(question.id)
    if known is not None and known[0] is question:
        return known[1]
    own = _words_of(texts, question).options
    labels = {one.value: _label(texts, own, texts.labels, one.value) for one in question.options}
    texts.labelled[question.id] = (question, labels)
    return labels


def _label(texts: Texts, own: Mapping[str, str], common: Mapping[str, str], value: str) -> str:
    label = own.get(value) or common.get(value)
    if label is None:
        raise texts.lacks("labels", value)
    return label


def spoken_keys(texts: Texts, question: Question, place: Place) -> str:
    """The key list for the telephone: For yes, press 1. For no, press 2."""
    return " ".join(
        phrase(texts, "press_key", place, {"key": key, "label": label}, voice=True)
        for key, label in spoken_options(texts, question)
    )


def render_level(texts: Texts, level: Level, place: Place, *, voice: bool = False) -> str:
    """What is said with a level: the action first."""
    return _say(texts, "levels", level.value, place, voice=voice)


def render_advice(texts: Texts, say: str, place: Place, *, voice: bool = False) -> str:
    """One piece of advice that goes with a level."""
    return _say(texts, "advice", say, place, voice=voice)


def render_exit(texts: Texts, say: str, place: Place, *, voice: bool = False) -> str:
    """What is said when the questions rest for a reason that is not a level."""
    return _say(texts, "exits", say, place, voice=voice)


def render_aside(texts: Texts, say: str, place: Place, *, voice: bool = False) -> str:
    """What is said once before the next question."""
    return _say(texts, "asides", say, place, voice=voice)


def render_topic(texts: Texts, topic: str, place: Place, *, voice: bool = False) -> str:
    """The short answer to a common question, with the way back."""
    if topic not in texts.topics:
        raise texts.lacks("topics", topic)
    return texts.topics[topic].saying.fill(place, voice=voice)


def render_disposition(
    texts: Texts, level: Level, advice: Iterable[str], place: Place, *, voice: bool = False
) -> str:
    """A level and its advice as one body, in the order given (the flow's: worst first)."""
    said = [render_level(texts, level, place, voice=voice)]
    said += [render_advice(texts, one, place, voice=voice) for one in advice]
    return (" " if voice else "\n").join(said)


def render_noted(texts: Texts, told: Mapping[str, Value], place: Place) -> str:
    """One short line that shows what she told unasked, "" when there is nothing to show.

    Only what has words under `noted.facts` is shown: what could harm her when someone else reads
    it has none.
    """
    facts = list(dict.fromkeys(_facts(texts, told)))
    if not facts:
        return ""
    return texts.noted.fill({**place.sms, "facts": ", ".join(facts[:_MAX_FACTS])})


def _facts(texts: Texts, told: Mapping[str, Value]) -> Iterator[str]:
    """The facts in the order of the author's list, so that the weeks stand first."""
    for fact, template in texts.facts.items():
        question, _, wanted = fact.partition(".")
        value = told.get(question)
        if isinstance(value, int):
            if not wanted:
                yield template.fill({question: str(value)})
        elif value is not None and wanted in ({value} if isinstance(value, str) else value):
            yield template.fill({})


def _say(texts: Texts, section: str, one: str, place: Place, *, voice: bool) -> str:
    sayings: Mapping[str, Saying] = getattr(texts, section)
    saying = sayings.get(one)
    if saying is None:
        raise texts.lacks(section, one)
    return saying.fill(place, voice=voice)


def topic_menu(texts: Texts) -> tuple[tuple[str, str], ...]:
    """The topics as a numbered list: the digits to send and the title."""
    titles = (topic.title for topic in texts.topics.values())
    return tuple((str(number), title) for number, title in enumerate(titles, start=1))


def safe_reply(
    words: Words | None, country: str | None, language: str | None, *, voice: bool = False
) -> str:
    """What is said when everything else fails: the emergency action for her country, first.

    Needs no store and never raises: without texts it is LAST_WORDS.
    """
    if words is None:
        return LAST_WORDS
    try:
        return phrase(words.texts(language), "sorry", words.place(country, language), voice=voice)
    except (KeyError, FlowError):
        return LAST_WORDS

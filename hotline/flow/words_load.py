"""Reading the words: texts, phrases and topics of every language, into Words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from hotline.errors import FlowError, FlowErrors
from hotline.flow.countries_load import load_countries
from hotline.flow.levels import Level
from hotline.flow.sms_text import fold_to_gsm
from hotline.flow.template import Template, cut
from hotline.flow.texts import PLACEHOLDERS, QuestionWords, Saying, Texts, Topic
from hotline.flow.words import DEFAULT_LANGUAGE, Words
from hotline.flow.yaml_text import Marks, read_yaml, validate

_Text = Annotated[str, Field(min_length=1, max_length=1200)]
_Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
_FactId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$")]
_Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]

OWN_PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "number": frozenset({"number"}),
    "then_press": frozenset({"number", "press"}),
    "silent_call": frozenset({"press"}),
    "press_key": frozenset({"key", "label"}),
}
"""Phrases that are filled with something besides the place."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Saying(_Strict):
    sms: _Text
    voice: _Text | None = None


class _Question(_Strict):
    ask: _Text
    simpler: _Text | None = None
    digits: _Text | None = None
    voice: _Text | None = None
    voice_simpler: _Text | None = None
    options: Mapping[_Id, _Text] = Field(default_factory=dict)
    voice_options: Mapping[_Id, _Text] = Field(default_factory=dict)


class _Noted(_Strict):
    line: _Text
    facts: Mapping[_FactId, _Text]


class _File(_Strict):
    language: _Language
    reviewed_by: str | None
    letters: Literal["gsm", "all"] = "gsm"


class _TextFile(_File):
    labels: Mapping[_Id, _Text]
    questions: Mapping[_Id, _Question]
    levels: Mapping[Level, _Saying]
    advice: Mapping[_Id, _Saying]
    exits: Mapping[_Id, _Saying]
    asides: Mapping[_Id, _Saying] = Field(default_factory=dict)
    noted: _Noted


class _PhraseFile(_File):
    phrases: Mapping[_Id, _Saying]


class _Topic(_Saying):
    title: _Text
    sources: Annotated[tuple[str, ...], Field(min_length=1)]


class _TopicFile(_File):
    topics: Mapping[_Id, _Topic]


class _Reader:
    """Cuts the texts of one file and gathers what is wrong with them."""

    def __init__(self, file: _File, marks: Marks) -> None:
        self.marks = marks
        self.faults: list[FlowError] = []
        self._fold: Callable[[str], str] = fold_to_gsm if file.letters == "gsm" else str

    def written(self, text: str) -> str:
        """A text as it goes on the air."""
        return self._fold(text)

    def template(self, text: str, *path: str, own: frozenset[str] = frozenset()) -> Template:
        """Cut a text; a wrong placeholder is kept as a fault."""
        try:
            template = cut(text)
        except ValueError as error:
            self.faults.append(self.marks.error(path, str(error), "take the brace out"))
            return Template((text,))
        for name in template.names:
            if name not in PLACEHOLDERS | own:
                known = ", ".join(sorted(PLACEHOLDERS | own))
                problem = f"unknown placeholder {{{name}}}"
                self.faults.append(self.marks.error(path, problem, f"known are: {known}"))
        return template

    def saying(self, raw: _Saying, *path: str, own: frozenset[str] = frozenset()) -> Saying:
        """A saying: written for the alphabet of the file, spoken as it stands."""
        voice = raw.voice or raw.sms
        return Saying(
            sms=self.template(self.written(raw.sms), *path, "sms", own=own),
            voice=self.template(voice, *path, "voice" if raw.voice else "sms", own=own),
        )

    def sayings(self, section: str, raw: Mapping[str, _Saying]) -> dict[str, Saying]:
        """All sayings of a section."""
        return {
            one: self.saying(said, section, one, own=OWN_PLACEHOLDERS.get(one, frozenset()))
            for one, said in raw.items()
        }

    def question(self, one: str, raw: _Question) -> QuestionWords:
        """The words of one question; what is not given comes from `ask`."""
        path = ("questions", one)
        simpler = raw.simpler or raw.ask
        voice = raw.voice or raw.ask
        return QuestionWords(
            ask=self.template(self.written(raw.ask), *path, "ask"),
            simpler=self.template(self.written(simpler), *path, "simpler"),
            digits=self.template(self.written(raw.digits), *path, "digits") if raw.digits else None,
            voice=self.template(voice, *path, "voice"),
            voice_simpler=self.template(raw.voice_simpler or raw.simpler or voice, *path, "voice"),
            options={value: self.written(label) for value, label in raw.options.items()},
            voice_options={**_spoken(raw.options), **raw.voice_options},
        )


def load_words(flow_folder: Path, flows: Path) -> Words:
    """Read every language that has a text.<language>.yaml in the flow's folder.

    `flows` holds phrases/, topics/ and countries.yaml. Raises FlowError or FlowErrors with the
    file, the line and the mend; a language without phrases or topics is such an error.
    """
    languages: dict[str, Texts] = {}
    faults: list[FlowError] = []
    for path in sorted(flow_folder.glob("text.*.yaml")):
        name = path.name.split(".")[1]
        try:
            languages[name] = load_texts(
                path, flows / "phrases" / f"{name}.yaml", flows / "topics" / f"{name}.yaml"
            )
        except FlowErrors as error:
            faults.extend(error.errors)
        except FlowError as error:
            faults.append(error)
    if faults:
        raise FlowErrors(faults)
    if DEFAULT_LANGUAGE not in languages:
        file = flow_folder / f"text.{DEFAULT_LANGUAGE}.yaml"
        raise FlowError(file, None, "is missing", "every flow needs its English texts")
    return Words(languages, load_countries(flows / "countries.yaml"))


def load_texts(texts_path: Path, phrases_path: Path, topics_path: Path) -> Texts:
    """Read one language's three files. Raises FlowError or FlowErrors."""
    tree, marks = read_yaml(texts_path)
    file = validate(_TextFile, tree, marks)
    reader = _Reader(file, marks)
    phrases, phrase_faults = _phrases(phrases_path, file.language)
    topics, topic_faults = _topics(topics_path, file.language)
    texts = Texts(
        language=file.language,
        file=str(texts_path),
        reviewed_by=file.reviewed_by,
        labels={value: reader.written(label) for value, label in file.labels.items()},
        spoken_labels=_spoken(file.labels),
        questions={one: reader.question(one, raw) for one, raw in file.questions.items()},
        levels=reader.sayings("levels", {level.value: raw for level, raw in file.levels.items()}),
        advice=reader.sayings("advice", file.advice),
        exits=reader.sayings("exits", file.exits),
        asides=reader.sayings("asides", file.asides),
        noted=reader.template(
            reader.written(file.noted.line), "noted", "line", own=frozenset({"facts"})
        ),
        facts={
            one: reader.template(
                reader.written(fact), "noted", "facts", one, own=frozenset({one.split(".")[0]})
            )
            for one, fact in file.noted.facts.items()
        },
        phrases=phrases,
        topics=topics,
    )
    expected = texts_path.name.split(".")[1]
    faults = [*reader.faults, *phrase_faults, *topic_faults]
    if file.language != expected:
        problem = f"says it is {file.language!r}"
        faults.append(marks.error(("language",), problem, f"write language: {expected}"))
    if faults:
        raise FlowErrors(faults)
    return texts


def _spoken(labels: Mapping[str, str]) -> dict[str, str]:
    """Labels as they are said inside a sentence: "For not sure, press 3"."""
    return {value: label[0].lower() + label[1:] for value, label in labels.items()}


def _phrases(path: Path, language: str) -> tuple[dict[str, Saying], list[FlowError]]:
    tree, marks = read_yaml(path)
    file = validate(_PhraseFile, tree, marks)
    reader = _Reader(file, marks)
    phrases = reader.sayings("phrases", file.phrases)
    return phrases, [*reader.faults, *_other_language(file, language, marks)]


def _topics(path: Path, language: str) -> tuple[dict[str, Topic], list[FlowError]]:
    tree, marks = read_yaml(path)
    file = validate(_TopicFile, tree, marks)
    reader = _Reader(file, marks)
    topics = {
        one: Topic(reader.written(raw.title), reader.saying(raw, "topics", one), raw.sources)
        for one, raw in file.topics.items()
    }
    return topics, [*reader.faults, *_other_language(file, language, marks)]


def _other_language(file: _File, language: str, marks: Marks) -> list[FlowError]:
    if file.language == language:
        return []
    problem = f"says it is {file.language!r}"
    return [marks.error(("language",), problem, f"write language: {language}")]


def missing_words(reference: Texts, other: Texts) -> tuple[str, ...]:
    """The ids ("advice.log") that have words in the reference language and none in the other."""
    return tuple(sorted(reference.ids() - other.ids()))

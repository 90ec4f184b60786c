"""The texts of one language, as they were read: what can be said, and filling it for a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.errors import FlowError
from hotline.flow.model import Question
from hotline.flow.template import Template

PLACEHOLDERS = frozenset(
    {
        *("emergency", "emergency_again", "or_hospital", "silent_call"),
        *("urgent_line", "violence", "crisis", "child", "hospital", "unit"),
        "way_back",
    }
)
"""The placeholders any text may use; a Place fills them. Some sayings have more of their own."""


@dataclass(frozen=True, slots=True)
class Place:
    """The words for the placeholders in one country and one language, written and spoken."""

    code: str | None
    sms: Mapping[str, str]
    voice: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing to say: as a text message and as spoken words."""

    sms: Template
    voice: Template

    def fill(self, place: Place, extra: Mapping[str, str] | None = None, *, voice: bool) -> str:
        """The words for this place; `extra` fills placeholders of this one saying."""
        words = place.voice if voice else place.sms
        return (self.voice if voice else self.sms).fill({**words, **extra} if extra else words)


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """The words of one question: first, simpler and by digits; labels differ by question."""

    ask: Template
    simpler: Template
    digits: Template | None
    voice: Template
    voice_simpler: Template
    options: Mapping[str, str] = field(default_factory=dict)
    voice_options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topic:
    """A short answer to a common question: its title in the menu, its words, its sources."""

    title: str
    saying: Saying
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Texts:
    """All words of one language. Ids are those of the flow, the phrases and the topics."""

    language: str
    file: str
    reviewed_by: str | None
    labels: Mapping[str, str]
    spoken_labels: Mapping[str, str]
    questions: Mapping[str, QuestionWords]
    levels: Mapping[str, Saying]
    advice: Mapping[str, Saying]
    exits: Mapping[str, Saying]
    asides: Mapping[str, Saying]
    noted: Template
    facts: Mapping[str, Template]
    phrases: Mapping[str, Saying]
    topics: Mapping[str, Topic]
    memo: dict[tuple[object, ...], str] = field(default_factory=dict, init=False, repr=False)
    labelled: dict[str, tuple[Question, dict[str, str]]] = field(
        default_factory=dict, init=False, repr=False
    )

    def ids(self) -> frozenset[str]:
        """Every id that has words, with its section: "questions.heavy", "advice.log", ..."""
        sections: dict[str, Mapping[str, object]] = {
            "labels": self.labels,
            "questions": self.questions,
            "levels": self.levels,
            "advice": self.advice,
            "exits": self.exits,
            "asides": self.asides,
            "facts": self.facts,
            "phrases": self.phrases,
            "topics": self.topics,
        }
        return frozenset(f"{name}.{one}" for name, section in sections.items() for one in section)

    def lacks(self, section: str, one: str) -> FlowError:
        """The error for words that are not there."""
        mend = f"add {section}.{one} to the texts of {self.language}"
        return FlowError(self.file, None, f"there are no words for {one!r}", mend)


def phrase(
    texts: Texts,
    one: str,
    place: Place,
    extra: Mapping[str, str] | None = None,
    *,
    voice: bool = False,
) -> str:
    """A fixed saying; `extra` fills the placeholders that only this saying has."""
    saying = texts.phrases.get(one)
    if saying is None:
        raise texts.lacks("phrases", one)
    return saying.fill(place, extra, voice=voice)

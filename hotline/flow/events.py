"""What a step decided, in order: the events that are logged, rendered to words, and acted on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hotline.flow.levels import Level
from hotline.flow.model import Value


class Source(StrEnum):
    """Where an answer came from."""

    ASKED = "asked"
    TOLD = "told"
    IMPLIED = "implied"
    SILENCE = "silence"
    NONSENSE = "nonsense"
    STAFF = "staff"


class Form(StrEnum):
    """How a question is put: first, in simpler words, or by its digits alone."""

    ASK = "ask"
    SIMPLER = "simpler"
    DIGITS = "digits"


@dataclass(frozen=True, slots=True)
class Answered:
    """A question has this value now."""

    question: str
    value: Value
    source: Source


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """The text was no answer to the open question; `tries` counts from 1."""

    question: str
    tries: int


@dataclass(frozen=True, slots=True)
class DangerHeard:
    """Dangers heard in free words, or confirmed by their check question."""

    dangers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DangerPossible:
    """Dangers that may have been meant: each gets its check question next."""

    dangers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """What she told unasked, to be shown back in one short line."""

    told: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AsideSaid:
    """A saying of the flow before the next question."""

    say: str


@dataclass(frozen=True, slots=True)
class PersonOffered:
    """A red-flag question was not understood twice: a person is offered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that is open now."""

    question: str
    form: Form


@dataclass(frozen=True, slots=True)
class LevelGiven:
    """The level told, why, and what is said with it. `repeated`: said again, nothing new."""

    level: Level
    rules: tuple[str, ...]
    advice: tuple[str, ...]
    alerts: tuple[str, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class AdviceGiven:
    """Advice or alerts that an extra question added after the level was told."""

    advice: tuple[str, ...]
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exited:
    """A way on that is not a level; the questions rest."""

    say: str


@dataclass(frozen=True, slots=True)
class Ended:
    """No question is left."""


Event = (
    Answered
    | Misunderstood
    | DangerHeard
    | DangerPossible
    | Noted
    | AsideSaid
    | PersonOffered
    | Asked
    | LevelGiven
    | AdviceGiven
    | Exited
    | Ended
)

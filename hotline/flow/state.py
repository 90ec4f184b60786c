"""Where a person stands in a flow, and what came in: the values the engine steps between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from hotline.flow.levels import Level
from hotline.flow.model import Value

Told = tuple[tuple[str, Value], ...]


class State(NamedTuple):
    """One person's place in a flow; nothing else is needed to go on.

    A named tuple because the engine makes several in a step, and `_replace` costs a fifth of what
    `dataclasses.replace` does on a slotted class (measured: 2 against 12 microseconds).

    `answers` are given answers in the order they were settled; `told` are values said unasked
    that count (they raise) while their question is still to be asked, or that contradict an
    answer. `trail` are the questions asked and answered, for BACK. `dangers` were heard,
    `possible` wait for their check question; `hints` are questions that must be asked because a
    value was told that counts only when asked for. `level` is the highest told so far. `said`
    are asides, `advised` advice and alerts that were given already. `last_level` is the level
    of a session about the same bleed in the last 24 hours.
    """

    answers: Mapping[str, Value] = MappingProxyType({})
    told: Told = ()
    trail: tuple[str, ...] = ()
    dangers: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()
    hints: frozenset[str] = frozenset()
    question: str | None = None
    tries: int = 0
    level: Level | None = None
    said: frozenset[str] = frozenset()
    advised: frozenset[str] = frozenset()
    last_level: Level | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text, a key or spoken words were understood to say.

    `answer` is for the open question (None: not understood, or none was open); `told` answers other
    questions unasked.
    """

    answer: Value | None = None
    told: Mapping[str, Value] = field(default_factory=dict)
    dangers: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody answered the open question: what the question says silence counts as."""


@dataclass(frozen=True, slots=True)
class Back:
    """Ask the question before again, its answer taken back."""


@dataclass(frozen=True, slots=True)
class Again:
    """Say the open question, or the last level, once more."""


@dataclass(frozen=True, slots=True)
class Correct:
    """Staff set the answer to a question; the level told is never lowered by it."""

    question: str
    value: Value


Input = Heard | Silence | Back | Again | Correct

"""What a flow is made of: questions, options, rules, advice, and the values an answer can take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hotline.flow.conditions import Condition
from hotline.flow.levels import Level

Value = str | int | frozenset[str]
"""An answer as the flow sees it.

`str` for yes_no, choice and text questions (an option's value, e.g. "not_sure"); `int` for a known
number (completed weeks, or a count); `frozenset[str]` for choices. A weeks question may also hold
"unknown" or "no_test".
"""

NOT_SURE = "not_sure"


class Kind(StrEnum):
    """The kinds of question."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    WEEKS = "weeks"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be picked: `key` is the digits to send, `value` what it means."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a flow.

    `unsure` is the value recorded for "not sure", `silence` the one for silence and repeated
    nonsense. `clarifier` is the question asked after "not sure", which then counts as
    `clarifier_then` unless the clarifier is a plain no; `clarifies` is its inverse. `counts_as`
    says which further values hold with a value. `exclusive` are the values of a choices question
    that stand alone; besides others only "not sure" still counts. `checks` names the danger that
    this question makes sure of. `confirm` are values that count only when they were asked for,
    never when told unasked (the "no" of a red flag). `implies` gives answers to other questions
    that come with a value ("known": any number).
    """

    id: str
    kind: Kind
    options: tuple[Option, ...]
    silence: Value
    line: int
    unsure: Value = ""
    red_flag: bool = False
    extra: bool = False
    checks: str | None = None
    confirm: frozenset[str] = frozenset()
    ask_when: Condition | None = None
    clarifier: str | None = None
    clarifies: str | None = None
    clarifier_then: str | None = None
    counts_as: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    implies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    exclusive: frozenset[str] = frozenset({"none", "not_sure"})
    low: int = 0
    high: int = 44

    @property
    def values(self) -> tuple[str, ...]:
        """The options' values in the order shown."""
        return tuple(option.value for option in self.options)

    def value_of(self, key: str) -> str | None:
        """The value behind a digit, None when no option has it."""
        return next((o.value for o in self.options if o.key == key), None)


@dataclass(frozen=True, slots=True)
class Rule:
    """When the condition holds, the level is at least this one."""

    id: str
    when: Condition
    level: Level
    sources: tuple[str, ...]
    line: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """A saying sent with the level when its condition holds; it adds and never lowers."""

    say: str
    when: Condition
    line: int
    levels: frozenset[Level] = frozenset(Level)


@dataclass(frozen=True, slots=True)
class Exit:
    """A way on that is no level: she is told `say`, questions rest, `forget` is asked anew."""

    say: str
    when: Condition
    line: int
    forget: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aside:
    """A saying said once, before the next question, as soon as its condition holds."""

    say: str
    when: Condition
    line: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A line of `prove:`: wherever `when` holds, the level is between the two, both included.

    `at_once`: emergency, told in the very turn in which the condition comes to hold.
    """

    when: Condition
    at_least: Level
    at_most: Level
    line: int
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Meta:
    """Who reviewed the flow and until when; dates are ISO strings as written."""

    status: str
    reviewed_by: str | None = None
    review_due: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """A named reason to tell staff, raised with the level when its condition holds."""

    alert: str
    when: Condition
    line: int

"""What an answer makes true: the atoms each value of each variable settles, as bit masks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hotline.flow.conditions import Atoms
from hotline.flow.model import NOT_SURE, Kind, Question, Value
from hotline.flow.state import State

DANGER = "danger"
MENTION = "mention"
LAST_LEVEL = "last_level"
UNSURE = "unsure"
SPECIAL = (DANGER, MENTION, LAST_LEVEL, UNSURE)


@dataclass(frozen=True, slots=True)
class Settled:
    """The atoms that are true, and those that are decided either way."""

    true: int
    decided: int


class Truth:
    """The masks of one flow. `of(state)` says what is true and what is decided."""

    def __init__(self, questions: Iterable[Question], atoms: Atoms) -> None:
        """Work out every value's masks once."""
        self._questions = {question.id: question for question in questions}
        self._atoms = atoms
        self.own: dict[str, int] = {name: atoms.of(name) for name in (*self._questions, *SPECIAL)}
        self.everything = sum(self.own.values())
        self._table: dict[str, dict[Value, Settled]] = {
            question.id: {value: self._settled(question, value) for value in _known(question)}
            for question in self._questions.values()
        }
        self._special: dict[str, dict[str, int]] = {name: {} for name in SPECIAL}
        for atom in atoms:
            if atom.variable in SPECIAL and atom.test == "is":
                self._special[atom.variable][atom.value] = atoms.bit(atom)
        self._always = self.own[DANGER] | self.own[MENTION] | self.own[LAST_LEVEL]
        self.answered = {name: atoms.find(name, "answered", "") for name in self._questions}
        self._any_answered = sum(self.answered.values())
        self._unsure = [
            (int(atom.value), atoms.bit(atom)) for atom in atoms if atom.variable == UNSURE
        ]
        self._red_flags = tuple(
            q.id for q in self._questions.values() if q.red_flag and q.clarifies is None
        )

    def of(self, state: State) -> Settled:
        """True and decided atoms for the answers, what was told, heard and came before."""
        true, decided = 0, self._always
        answers = state.answers
        for name, value in answers.items():
            settled = self.value(name, value)
            true |= settled.true
            decided |= settled.decided
        for name, value in state.told:
            true |= self.value(name, value).true & ~self._any_answered
        for variable, names in ((DANGER, state.dangers), (MENTION, state.mentions)):
            if names:
                bits = self._special[variable]
                for name in names:
                    true |= bits.get(name, 0)
        if state.last_level is not None:
            true |= self._special[LAST_LEVEL].get(state.last_level.value, 0)
        if self._unsure:
            true, decided = self._count_unsure(answers, true, decided)
        return Settled(true, decided | true)

    def is_answered(self, question: Question, true: int) -> bool:
        """Whether the question has an answer, by the true atoms."""
        return bool(self.answered[question.id] & true)

    def is_unsure(self, name: str, true: int) -> bool:
        """Whether "not sure" was the answer to this question, by the true atoms."""
        return bool(self._atoms.find(name, "is", NOT_SURE) & true)

    def value(self, name: str, value: Value) -> Settled:
        """The masks of one value. Raises KeyError for an unknown question."""
        table = self._table[name]
        settled = table.get(value)
        if settled is None:
            settled = table[value] = self._settled(self._questions[name], value)
        return settled

    def _count_unsure(
        self, answers: Mapping[str, Value], true: int, decided: int
    ) -> tuple[int, int]:
        unsure = open_ones = 0
        for name in self._red_flags:
            value = answers.get(name)
            unsure += value == NOT_SURE
            open_ones += value is None
        for wanted, bit in self._unsure:
            if unsure >= wanted:
                true |= bit
                decided |= bit
            elif unsure + open_ones < wanted:
                decided |= bit
        return true, decided

    def _settled(self, question: Question, value: Value) -> Settled:
        true = self._atoms.find(question.id, "answered", "")
        decided = self.own[question.id]
        members = value if isinstance(value, frozenset) else (value,)
        for member in members:
            if isinstance(member, int):
                true |= self._number(question.id, member)
                continue
            for held in (member, *question.counts_as.get(member, ())):
                true |= self._atoms.find(question.id, "is", held)
        if question.clarifier and value == NOT_SURE and question.clarifier_then:
            decided &= ~self._atoms.find(question.id, "is", question.clarifier_then)
        if question.clarifies:
            true, decided = self._clarified(question, value, true, decided)
        return Settled(true, decided)

    def _clarified(
        self, question: Question, value: Value, true: int, decided: int
    ) -> tuple[int, int]:
        parent = self._questions[str(question.clarifies)]
        then = self._atoms.find(parent.id, "is", str(parent.clarifier_then))
        if value in (parent.clarifier_then, NOT_SURE):
            true |= then
        return true, decided | then

    def _number(self, name: str, number: int) -> int:
        mask = 0
        for atom in self._atoms:
            if atom.variable != name or atom.test not in ("at_least", "below"):
                continue
            limit = int(atom.value)
            reached = number >= limit
            if reached == (atom.test == "at_least"):
                mask |= self._atoms.bit(atom)
        return mask


def thresholds(atoms: Atoms, name: str) -> list[int]:
    """The numbers at which some condition on this variable changes, ascending."""
    tests = ("at_least", "below")
    found = {int(a.value) for a in atoms if a.variable == name and a.test in tests}
    return sorted(found)


def _known(question: Question) -> list[Value]:
    if question.kind is Kind.CHOICES:
        return [frozenset({value}) for value in question.values]
    values: list[Value] = list(question.values)
    if question.kind in (Kind.WEEKS, Kind.NUMBER):
        values += range(question.low, question.high + 1)
    return values

"""What an answer makes true: the atoms each value of each variable settles, as bit masks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hotline.flow.conditions import Atoms
from hotline.flow.model import NOT_SURE, Kind, Question, Value
from hotline.flow.state import State

DANGER = "danger"
MENTION = "mention"
LAST_LEVEL = "last_level"
UNSURE = "unsure"
SPECIAL = (DANGER, MENTION, LAST_LEVEL, UNSURE)


class Settled(NamedTuple):
    """The atoms that are true and those that are false; one that she said both ways is in both."""

    true: int
    false: int


class Truth:
    """The masks of one flow. `of(state)` says what is true and what is false."""

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
        self._not_sure = {name: atoms.find(name, "is", NOT_SURE) for name in self._questions}
        self._unsure = [
            (int(atom.value), atoms.bit(atom)) for atom in atoms if atom.variable == UNSURE
        ]
        self._red_flags = tuple(
            q.id for q in self._questions.values() if q.red_flag and q.clarifies is None
        )

    def of(self, state: State) -> Settled:
        """True and false atoms for the answers, what was told, heard and came before.

        What she told besides an answer counts with it: its atoms are true as well, and those that
        it denies are false as well.
        """
        true = false = 0
        answers = state.answers
        table = self._table
        for name, value in answers.items():
            settled = table[name].get(value) or self.value(name, value)
            true |= settled[0]
            false |= settled[1]
        for name, value in state.told:
            if name in answers:
                told_true, told_false = self.value(name, value)
                true |= told_true & ~self._any_answered
                false |= told_false
        for variable, names in ((DANGER, state.dangers), (MENTION, state.mentions)):
            if names:
                bits = self._special[variable]
                for name in names:
                    true |= bits.get(name, 0)
        if state.last_level is not None:
            true |= self._special[LAST_LEVEL].get(state.last_level.value, 0)
        if self._unsure:
            true, false = self._count_unsure(answers, true, false)
        return Settled(true, false | self._always & ~true)

    def is_answered(self, question: Question, true: int) -> bool:
        """Whether the question has an answer, by the true atoms."""
        return bool(self.answered[question.id] & true)

    def is_unsure(self, name: str, true: int) -> bool:
        """Whether "not sure" was the answer to this question, by the true atoms."""
        return bool(self._not_sure[name] & true)

    def can_be(self, name: str, value: Value) -> bool:
        """Whether this is an answer the question knows. Raises KeyError for an unknown question."""
        known = self._table[name]
        if isinstance(value, frozenset):
            one_kind = self._questions[name].kind is Kind.CHOICES
            return one_kind and bool(value) and all(frozenset({one}) in known for one in value)
        return value in known or self._questions[name].kind is Kind.TEXT

    def value(self, name: str, value: Value) -> Settled:
        """The masks of one value. Raises KeyError for an unknown question."""
        table = self._table[name]
        settled = table.get(value)
        if settled is None:
            settled = self._settled(self._questions[name], value)
            if isinstance(value, frozenset):
                table[value] = settled
        return settled

    def _count_unsure(self, answers: Mapping[str, Value], true: int, false: int) -> tuple[int, int]:
        unsure = open_ones = 0
        for name in self._red_flags:
            value = answers.get(name)
            unsure += value == NOT_SURE
            open_ones += value is None
        for wanted, bit in self._unsure:
            if unsure >= wanted:
                true |= bit
            elif unsure + open_ones < wanted:
                false |= bit
        return true, false

    def _settled(self, question: Question, value: Value) -> Settled:
        true = self._atoms.find(question.id, "answered", "")
        members = value if isinstance(value, frozenset) else (value,)
        for member in members:
            if isinstance(member, int):
                true |= self._number(question.id, member)
                continue
            for held in (member, *question.counts_as.get(member, ())):
                true |= self._atoms.find(question.id, "is", held)
        false = self.own[question.id] & ~true
        if question.clarifier and value == NOT_SURE and question.clarifier_then:
            false &= ~self._atoms.find(question.id, "is", question.clarifier_then)
        if question.clarifies:
            true, false = self._clarified(question, value, true, false)
        return Settled(true, false)

    def _clarified(self, question: Question, value: Value, true: int, false: int) -> Settled:
        parent = self._questions[str(question.clarifies)]
        then = self._atoms.find(parent.id, "is", str(parent.clarifier_then))
        if value in (parent.clarifier_then, NOT_SURE):
            return Settled(true | then, false)
        return Settled(true, false | then)

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

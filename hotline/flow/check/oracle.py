"""A second opinion: conditions decided on plain answers, without masks, plans or memory.

The engine decides conditions by bit masks. The proof reads the same conditions off the answers
themselves, in the plainest way, and compares. Slow, small, and independent on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping

from hotline.flow.conditions import All, AnyOf, Atom, Expression, Not
from hotline.flow.flow import Flow
from hotline.flow.levels import LEVELS, Level
from hotline.flow.model import NOT_SURE, Value
from hotline.flow.state import State

Truth = bool | None


class Oracle:
    """Decides conditions of one flow on a state's plain answers."""

    def __init__(self, flow: Flow) -> None:
        """Keep the flow; nothing is remembered."""
        self._flow = flow

    def level(self, state: State) -> Level | None:
        """The level when nothing more is asked: what is not known is not so."""
        for level in reversed(LEVELS):
            for rule in self._flow.rules:
                if rule.level is level and self.holds(rule.when.expression, state):
                    return level
        return None

    def holds(self, expression: Expression, state: State) -> bool:
        """Whether the condition holds, when what is not known is not so."""
        return bool(self.decide(expression, state, closed=True))

    def surely(self, expression: Expression, state: State) -> bool:
        """Whether it holds whatever the questions not asked yet would bring."""
        return self.decide(expression, state, closed=False) is True

    def decide(self, expression: Expression, state: State, *, closed: bool) -> Truth:
        """True, False, or None when it is not known yet (never None when `closed`)."""
        match expression:
            case Atom():
                return self._atom(expression, state, closed=closed)
            case Not(part):
                found = self.decide(part, state, closed=closed)
                return None if found is None else not found
            case All(parts):
                return self._several(parts, state, closed=closed, ends=False)
            case AnyOf(parts):
                return self._several(parts, state, closed=closed, ends=True)

    def _several(
        self, parts: tuple[Expression, ...], state: State, *, closed: bool, ends: bool
    ) -> Truth:
        """One part that is `ends` decides; one that is not known leaves it open."""
        unknown = False
        for part in parts:
            found = self.decide(part, state, closed=closed)
            if found is ends:
                return ends
            unknown = unknown or found is None
        return None if unknown else not ends

    def _atom(self, atom: Atom, state: State, *, closed: bool) -> Truth:
        match atom.variable:
            case "danger":
                return atom.value in state.dangers
            case "mention":
                return atom.value in state.mentions
            case "last_level":
                return state.last_level is not None and state.last_level.value == atom.value
            case "unsure":
                return self._unsure(int(atom.value), state, closed=closed)
            case _:
                return self._answer(atom, state.answers, closed=closed)

    def _unsure(self, wanted: int, state: State, *, closed: bool) -> Truth:
        flags = [q.id for q in self._flow.questions if q.red_flag and q.clarifies is None]
        if sum(state.answers.get(name) == NOT_SURE for name in flags) >= wanted:
            return True
        return False if closed or all(name in state.answers for name in flags) else None

    def _answer(self, atom: Atom, answers: Mapping[str, Value], *, closed: bool) -> Truth:
        unknown: Truth = False if closed else None
        if atom.variable not in answers:
            return unknown
        value = answers[atom.variable]
        question = self._flow.by_id[atom.variable]
        if isinstance(value, int):
            limit = int(atom.value) if atom.test in ("at_least", "below") else 0
            return {"at_least": value >= limit, "below": value < limit}.get(atom.test, False)
        said = value if isinstance(value, frozenset) else frozenset({value})
        if atom.value in said or any(atom.value in question.counts_as.get(one, ()) for one in said):
            return atom.test == "is"
        if question.clarifier and value == NOT_SURE and atom.value == question.clarifier_then:
            if question.clarifier not in answers:
                return unknown
            return answers[question.clarifier] in (question.clarifier_then, NOT_SURE)
        return False

"""What follows from what is settled: the level so far, ways on, and which question comes next."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hotline.flow.conditions import HOLDS
from hotline.flow.events import LevelGiven
from hotline.flow.levels import LEVELS, Level
from hotline.flow.truth import Settled

if TYPE_CHECKING:
    from hotline.flow.conditions import Condition
    from hotline.flow.flow import Flow
    from hotline.flow.model import Exit, Question

REMEMBERED = 60_000
"""How many settled states are remembered with what follows from them (some 300 bytes each)."""


class Outlook(NamedTuple):
    """What follows from a settled state.

    `level` already holds whatever is answered next. `way_on` is the exit that holds, `asides` are
    the sayings that hold. `question` is the next one to ask, None when none can change anything
    (or none is needed, in an emergency); `extra` the next one after the level was told.
    """

    settled: Settled
    level: Level | None
    way_on: Exit | None
    asides: tuple[str, ...]
    question: Question | None
    extra: Question | None


class Plan:
    """The order of questions of one flow, remembered by what is settled."""

    def __init__(self, flow: Flow) -> None:
        """Remember nothing yet."""
        self._flow = flow
        self.outlook = lru_cache(REMEMBERED)(self._outlook)
        self.given = lru_cache(REMEMBERED)(self._given)
        self.final = lru_cache(REMEMBERED)(flow.final)
        self.closed = lru_cache(REMEMBERED)(self._closed)
        self._sayings = _sayings(flow)
        self._rules = tuple(
            (level, tuple(rule.when for rule in flow.rules if rule.level is level))
            for level in reversed(LEVELS)
        )
        self._main = tuple(q for q in flow.asked_in_order if not q.extra)
        self._extras = tuple(q for q in flow.asked_in_order if q.extra)
        own = flow.truth.own
        self._main_atoms = sum(own[q.id] for q in flow.questions if not q.extra)
        self._conditional = tuple(
            (own[q.id], q.ask_when) for q in reversed(flow.asked_in_order) if q.ask_when is not None
        )

    def _closed(self, true: int, false: int, hints: frozenset[str]) -> Settled:
        """With the atoms of questions that can never be asked any more decided as not so."""
        truth = self._flow.truth
        for question in self._flow.asked_in_order:
            if truth.is_answered(question, true):
                continue
            if question.clarifies is not None:
                parent = self._flow.by_id[question.clarifies]
                if truth.is_answered(parent, true) and not truth.is_unsure(parent.id, true):
                    false |= truth.own[question.id]
            elif (
                question.ask_when is not None
                and question.id not in hints
                and question.ask_when.dead(true, false)
            ):
                false |= truth.own[question.id] & ~true
        return Settled(true, false)

    def _outlook(self, true: int, false: int, hints: frozenset[str], told: bool) -> Outlook:  # noqa: FBT001 lru_cache is quicker by place
        flow = self._flow
        settled = self._closed(true, false, hints)
        level, urgent = self._level(settled)
        asides = tuple(one.say for one in flow.asides if one.when.holds(*settled))
        way_on = next((one for one in flow.exits if one.when.holds(*settled)), None)
        if level is not None and level.rank == _TOP:
            return Outlook(settled, level, way_on, asides, None, None)
        question = self._find(settled, hints, told=told, urgent=urgent)
        extra = None if question else self._find_extra(settled, hints)
        return Outlook(settled, level, way_on, asides, question, extra)

    def _given(self, settled: Settled, level: Level) -> LevelGiven:
        """The level as it is told, with its rules, advice and alerts; open atoms are not so."""
        flow = self._flow
        final = flow.at_last(settled)
        return LevelGiven(
            level=level,
            rules=flow.judge(final).rules,
            advice=tuple(
                one.say for one in flow.advice if level in one.levels and one.when.holds(*final)
            ),
            alerts=tuple(one.alert for one in flow.alerts if one.when.holds(*final)),
        )

    def _level(self, settled: Settled) -> tuple[Level | None, int]:
        """The level that holds, and the open atoms of what is above it or said with it."""
        true, false = settled
        level: Level | None = None
        needed = 0
        for at, rules in self._rules:
            open_here = 0
            for rule in rules:
                found = rule.standing(true, false)
                if found == HOLDS:
                    level = at
                    break
                open_here |= found
            if level is not None:
                break
            needed |= open_here
        floor = -1 if level is None else level.rank
        for rank, condition in self._sayings:
            if rank > floor:
                needed |= condition.open_atoms(true, false)
        return level, needed

    def _find(
        self, settled: Settled, hints: frozenset[str], *, told: bool, urgent: int
    ) -> Question | None:
        candidates = [q for q in self._main if self._askable(q, settled.true, hints)]
        if not candidates:
            return None
        if candidates[0].red_flag and not told:
            return candidates[0]
        needed = self._reached(settled, urgent)
        for question in candidates:
            if self._matters(question) & needed or (question.red_flag and not told):
                return question
        return None

    def _find_extra(self, settled: Settled, hints: frozenset[str]) -> Question | None:
        """As _find among the extras, when no other question will be asked any more."""
        true, false = settled
        rested = Settled(true, false | self._main_atoms & ~true)
        needed = self._reached(rested, self._level(rested)[1])
        for question in self._extras:
            if self._matters(question) & needed and self._askable(question, true, hints):
                return question
        return None

    def _matters(self, question: Question) -> int:
        """The atoms that an answer to the question can settle."""
        own = self._flow.truth.own
        return own[question.id] | (own[question.clarifies] if question.clarifies else 0)

    def _askable(self, question: Question, true: int, hints: frozenset[str]) -> bool:
        truth = self._flow.truth
        if truth.is_answered(question, true):
            return False
        if question.clarifies is not None:
            return truth.is_unsure(question.clarifies, true)
        if question.ask_when is None or question.id in hints:
            return True
        return question.ask_when.holds(true, truth.everything & ~true)

    def _reached(self, settled: Settled, needed: int) -> int:
        """The atoms whose truth can still change something, through later questions too."""
        true, false = settled
        while True:
            before = needed
            for own, ask_when in self._conditional:
                if own & needed & ~(true | false):
                    needed |= ask_when.open_atoms(true, false)
            if needed == before:
                return needed


_TOP = 4


def _sayings(flow: Flow) -> tuple[tuple[int, Condition], ...]:
    """What is said besides the level, with the rank below which it can still be."""
    always = _TOP + 1
    return (
        *((max(level.rank for level in one.levels) + 1, one.when) for one in flow.advice),
        *((always, one.when) for one in flow.alerts),
        *((always, one.when) for one in flow.exits),
    )

"""Which question comes next: the first that may be asked and whose answer can still matter."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.flow.truth import Settled

if TYPE_CHECKING:
    from hotline.flow.flow import Flow
    from hotline.flow.model import Question

REMEMBERED = 60_000
"""How many settled states are remembered with what follows from them (some 200 bytes each)."""


class Plan:
    """The order of questions of one flow, remembered by what is settled."""

    def __init__(self, flow: Flow) -> None:
        """Remember nothing yet."""
        self._flow = flow
        self.closed = lru_cache(REMEMBERED)(self._closed)
        self._next = lru_cache(REMEMBERED)(self._find)
        self._next_extra = lru_cache(REMEMBERED)(self._find_extra)

    def next_question(
        self, settled: Settled, hints: frozenset[str], *, told: bool, extras: bool
    ) -> Question | None:
        """The next question, None when none is left. `told`: a level was told already."""
        if extras:
            decided = settled.decided | self._flow.main_atoms
            return self._next_extra(settled.true, decided, hints)
        return self._next(settled.true, settled.decided, hints, told)

    def _closed(self, true: int, decided: int, hints: frozenset[str]) -> Settled:
        """With the atoms of questions that can never be asked any more decided as not so."""
        truth = self._flow.truth
        for question in self._flow.asked_in_order:
            if truth.is_answered(question, true):
                continue
            if question.clarifies is not None:
                parent = self._flow.by_id[question.clarifies]
                if truth.is_answered(parent, true) and not truth.is_unsure(parent.id, true):
                    decided |= truth.own[question.id]
            elif (
                question.ask_when is not None
                and question.id not in hints
                and question.ask_when.dead(true, decided)
            ):
                decided |= truth.own[question.id]
        return Settled(true, decided)

    def _find(
        self, true: int, decided: int, hints: frozenset[str], told: object
    ) -> Question | None:
        candidates = self._candidates(true, hints, extras=False)
        if not candidates:
            return None
        if candidates[0].red_flag and not told:
            return candidates[0]
        own = self._flow.truth.own
        needed = self._needed(true, decided)
        for question in candidates:
            if own[question.id] & needed or (question.red_flag and not told):
                return question
        return None

    def _find_extra(self, true: int, decided: int, hints: frozenset[str]) -> Question | None:
        needed = self._needed(true, decided)
        own = self._flow.truth.own
        candidates = self._candidates(true, hints, extras=True)
        return next((q for q in candidates if own[q.id] & needed), None)

    def _candidates(self, true: int, hints: frozenset[str], *, extras: bool) -> list[Question]:
        return [
            question
            for question in self._flow.asked_in_order
            if question.extra is extras and self._askable(question, true, hints)
        ]

    def _askable(self, question: Question, true: int, hints: frozenset[str]) -> bool:
        truth = self._flow.truth
        if truth.is_answered(question, true):
            return False
        if question.clarifies is not None:
            return truth.is_unsure(question.clarifies, true)
        if question.ask_when is None or question.id in hints:
            return True
        return question.ask_when.holds(true, truth.everything)

    def _needed(self, true: int, decided: int) -> int:
        """The atoms whose truth can still change something, through later questions too."""
        flow = self._flow
        needed = flow.judge(Settled(true, decided)).open_atoms
        own = flow.truth.own
        for _ in range(3):
            before = needed
            for question in reversed(flow.asked_in_order):
                if question.ask_when is not None and own[question.id] & needed & ~decided:
                    needed |= question.ask_when.open_atoms(true, decided)
            if needed == before:
                break
        return needed

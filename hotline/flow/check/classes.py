"""When two states are the same to the proof: what of a state can still matter to the engine.

The proof visits states, not people: two people who said different things are one class when the
engine, given the same further inputs, must treat them alike. What the engine does next depends on
the state through

1. the level told, the open question, the tries, and the dangers that wait for their check;
2. every condition that can still change what follows: the rules above the level that already
   holds, the sayings and exits, the `ask_when` of questions that can still matter, and the claims
   of `prove:` while no level was told. Of each only its residual counts: its clauses that are not
   satisfied yet, without the atoms that were decided against them. A condition that holds has an
   empty residual, one that is dead has none;
3. which questions that can still matter are unanswered, and the clarifiers that wait for them;
4. the number of "not sure" so far, as far as a rule counts it;
5. what an answer still to come would imply or contradict.

Each of these is a part of the key below. Answers settle atoms by OR-ing masks into the two sets of
truth.Settled, so a residual after a further answer is a function of the residual before and of the
answer's masks: equal keys give equal keys again. Dangers may be heard at any time, so their atoms
count as open until they were heard; what was mentioned is fixed by the opening text (every set of
mentions that matters is an opening of its own). Rules at or below the level that holds, questions
that no open part asks about, and what was said before cannot change a later level or question.

tests/flow/test_check_proof.py holds this against the whole enumeration of small flows and against
random walks of the full engine.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from hotline.flow.conditions import Condition
from hotline.flow.flow import Flow
from hotline.flow.levels import Level
from hotline.flow.model import NOT_SURE, Question
from hotline.flow.plan import Outlook
from hotline.flow.state import State
from hotline.flow.truth import DANGER, UNSURE

Clauses = tuple[tuple[int, int], ...]
Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Class:
    """One class: its key, the atoms that can still matter, and what the next one is found from."""

    key: Key
    matters: int
    true: int
    false: int
    left: tuple[Clauses | None, ...]
    level: Level | None


class Classifier:
    """Gives states of one flow their classes."""

    def __init__(self, flow: Flow, tracked: frozenset[str] = frozenset()) -> None:
        """Gather the flow's conditions once; `tracked` rules count under a higher level too."""
        self._flow = flow
        conditions: list[tuple[int, Condition]] = [
            *((9 if r.id in tracked else r.level.rank, r.when) for r in flow.by_urgency),
            *((max(level.rank for level in one.levels) + 1, one.when) for one in flow.advice),
            *((9, alert.when) for alert in flow.alerts),
            *((9, way_on.when) for way_on in flow.exits),
            *((_CLAIM, claim.when) for claim in flow.claims),
        ]
        self._parts = [(rank, when, _mask(when)) for rank, when in conditions]
        self._always_open = flow.truth.own[DANGER]
        self._counted = max((int(a.value) for a in flow.atoms if a.variable == UNSURE), default=0)
        self._red_flags = [q.id for q in flow.questions if q.red_flag and q.clarifies is None]
        self._implying = [q for q in flow.questions if q.implies]
        self._unsure_bits = flow.truth.own[UNSURE]

    def classify(self, state: State, look: Outlook, before: Class | None = None) -> Class:
        """The class of a state with its outlook; quicker with the class it came from."""
        true, false = look.settled
        if state.level is Level.EMERGENCY and state.ended:
            return Class((state.level,), 0, true, false, (), look.level)
        left = self._left(true, false, before)
        floor = -1 if look.level is None else look.level.rank
        told = state.level is not None
        counted: list[Clauses | None] = []
        steering = claimed = 0
        for (rank, _, _), clauses in zip(self._parts, left, strict=True):
            if rank <= floor or (told and rank == _CLAIM) or not clauses:
                # What holds and what is dead is told apart only for claims.
                holds = clauses == () and rank == _CLAIM and not told
                counted.append(() if holds else None)
                continue
            counted.append(clauses)
            for positive, negative in clauses:
                if rank == _CLAIM:
                    claimed |= positive | negative
                else:
                    steering |= positive | negative
        open_questions, matters = self._open_questions(state, true, false, steering)
        matters |= claimed
        key = (
            *(state.level, look.level, state.question, state.tries, state.ended, state.possible),
            tuple(counted),
            open_questions,
            self._count(state, matters),
            self._pending(state, true, false),
        )
        return Class(key, matters, true, false, left, look.level)

    def _left(self, true: int, false: int, before: Class | None) -> tuple[Clauses | None, ...]:
        open_false = false & ~self._always_open
        if before is None or not before.left:
            return tuple(_left(when, true, open_false) for _, when, _ in self._parts)
        changed = (true ^ before.true) | (false ^ before.false)
        return tuple(
            _left(part[1], true, open_false) if part[2] & changed else known
            for part, known in zip(self._parts, before.left, strict=True)
        )

    def _open_questions(
        self, state: State, true: int, false: int, matters: int
    ) -> tuple[Hashable, int]:
        """The unanswered questions that can still matter, with what is left of their `ask_when`."""
        truth = self._flow.truth
        waiting = [q for q in self._flow.asked_in_order if not truth.is_answered(q, true)]
        found: dict[str, Hashable] = {}
        grew = True
        while grew:
            grew = False
            for question in waiting:
                if question.id in found or not self._may_be_asked(question, state, matters):
                    continue
                left = self._ask_left(question, state, true, false)
                if left is None:
                    continue
                found[question.id] = left
                grew = True
                if isinstance(left, tuple):
                    for positive, negative in left:
                        matters |= positive | negative
        return tuple(sorted(found.items())), matters

    def _may_be_asked(self, question: Question, state: State, matters: int) -> bool:
        own = self._flow.truth.own
        mask = own[question.id] | (own[question.clarifies] if question.clarifies else 0)
        return bool(mask & matters) or (question.red_flag and state.level is None)

    def _ask_left(
        self, question: Question, state: State, true: int, false: int
    ) -> Clauses | str | None:
        truth = self._flow.truth
        if question.clarifies is not None:
            parent = self._flow.by_id[question.clarifies]
            if truth.is_unsure(parent.id, true):
                return "now"
            return None if truth.is_answered(parent, true) else "later"
        if question.ask_when is None or question.id in state.hints:
            return "now"
        return _left(question.ask_when, true, false & ~self._always_open)

    def _count(self, state: State, matters: int) -> Hashable:
        if not matters & self._unsure_bits:
            return None
        answers = state.answers
        unsure = sum(answers.get(name) == NOT_SURE for name in self._red_flags)
        open_ones = sum(name not in answers for name in self._red_flags)
        return min(unsure, self._counted), open_ones

    def _pending(self, state: State, true: int, false: int) -> Hashable:
        """What a later answer would imply against, and what was told that awaits its question."""
        own = self._flow.truth.own
        implied = tuple(
            (name, true & own[name], false & own[name])
            for question in self._implying
            if question.id not in state.answers
            for answers in question.implies.values()
            for name in answers
        )
        told = tuple(sorted((n, str(v)) for n, v in state.told if n not in state.answers))
        return implied, told


_CLAIM = 8
"""The rank of claims among the parts: no level reaches it, and they steer no question."""


def _mask(condition: Condition) -> int:
    mask = 0
    for positive, negative in condition.clauses:
        mask |= positive | negative
    return mask


def _left(condition: Condition, true: int, false: int) -> Clauses | None:
    """What is left open of a condition: () when it holds, None when it is dead."""
    left = []
    for positive, negative in condition.clauses:
        if true & positive or false & negative:
            continue
        rest = (positive & ~false, negative & ~true)
        if rest == (0, 0):
            return None
        left.append(rest)
    return tuple(sorted(left))

"""How conversations begin, and which names are alike to a flow (so that one stands for all)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import combinations

from hotline.flow.check.explore import Universe
from hotline.flow.conditions import Atom, Condition, atoms_of
from hotline.flow.flow import Flow
from hotline.flow.levels import LEVELS, Level
from hotline.flow.model import Question, Value
from hotline.flow.state import Heard, State
from hotline.flow.truth import DANGER, LAST_LEVEL, MENTION
from hotline.flow.vocabulary import DANGERS, MENTIONS


def alike(flow: Flow, variable: str, names: Sequence[str]) -> list[list[str]]:
    """The names in groups that can be exchanged for each other; those in no condition left out.

    Two names are alike when exchanging them in every condition of the flow gives the same
    conditions with the same levels. The proof then takes the first of each group.
    """
    written = _clauses(flow)
    used = 0
    for _, clauses in written:
        for positive, negative in clauses:
            used |= positive | negative
    groups: list[list[str]] = []
    for name in names:
        bit = flow.atoms.find(variable, "is", name)
        if not bit & used:
            continue
        for group in groups:
            other = flow.atoms.find(variable, "is", group[0])
            if _exchanged(written, bit, other) == written:
                group.append(name)
                break
        else:
            groups.append([name])
    return groups


Written = Counter[tuple[str, frozenset[tuple[int, int]]]]


def _clauses(flow: Flow) -> Written:
    """Every condition that steers the engine or a claim, by its part; asides only add words."""
    parts: list[tuple[str, Condition]] = [
        *((f"ask {q.id}", q.ask_when) for q in flow.questions if q.ask_when is not None),
        *((f"rule {rule.level}", rule.when) for rule in flow.rules),
        *((f"advice {one.say}", one.when) for one in flow.advice),
        *((f"alert {one.alert}", one.when) for one in flow.alerts),
        *((f"exit {one.say}", one.when) for one in flow.exits),
        *((f"claim {claim.line}", claim.when) for claim in flow.claims),
    ]
    return Counter((part, frozenset(condition.clauses)) for part, condition in parts)


def _exchanged(written: Written, one: int, other: int) -> Written:
    both = one | other

    def swap(mask: int) -> int:
        return mask ^ both if (mask & both) in (one, other) else mask

    changed: Written = Counter()
    for (part, clauses), number in written.items():
        changed[part, frozenset((swap(p), swap(n)) for p, n in clauses)] += number
    return changed


def grave_dangers(flow: Flow) -> list[str]:
    """The dangers that must end in emergency at once: by a rule of their own, or by `prove:`."""
    claimed = {
        atom.value
        for claim in flow.claims
        if claim.at_once
        for atom in atoms_of(claim.when.expression)
        if atom.variable == DANGER
    }
    alone = {
        rule.when.expression.value
        for rule in flow.rules
        if rule.level is Level.EMERGENCY
        and isinstance(rule.when.expression, Atom)
        and rule.when.expression.variable == DANGER
    }
    return [name for name in DANGERS if name in claimed | alone]


class Depth(StrEnum):
    """How much the proof walks: `quick` for a first look, `full` to prove, `thorough` at night."""

    QUICK = "quick"
    FULL = "full"
    THOROUGH = "thorough"


def openings(flow: Flow, universe: Universe, depth: Depth) -> Iterator[tuple[State, Heard]]:
    """The opening texts that the flow can tell apart.

    quick: nothing heard. full: every set of mentions that open questions; the level of an earlier
    session with each of them; mentions that lead to an exit, alone and with each other one.
    thorough: each earlier level with every set, and each kind of answer told in the opening.
    """
    yield State(), Heard()
    if depth is Depth.QUICK:
        return
    resting = {
        name for one in flow.exits for name in MENTIONS if _names(one.when, flow, MENTION, name)
    }
    groups = alike(flow, MENTION, MENTIONS)
    steering = [group[0] for group in groups if group[0] not in resting]
    last_levels = [Level(g[0]) for g in alike(flow, LAST_LEVEL, [str(x) for x in LEVELS])]
    for size in range(len(steering) + 1):
        for some in combinations(steering, size):
            yield State(), Heard(mentions=frozenset(some))
            if size <= 1 or depth is Depth.THOROUGH:
                for last_level in last_levels:
                    yield State(last_level=last_level), Heard(mentions=frozenset(some))
    for name in (group[0] for group in groups if group[0] in resting):
        yield State(), Heard(mentions=frozenset({name}))
        for other in steering:
            yield State(), Heard(mentions=frozenset({name, other}))
    if depth is Depth.THOROUGH:
        for question in flow.questions:
            for value in () if question.checks else told_values(question, universe):
                yield State(), Heard(told={question.id: value})


def told_values(question: Question, universe: Universe) -> list[Value]:
    """One of each kind of value that may be told unasked; of several choices, each alone."""
    values = [value for value, _, _ in universe.groups(question, -1)]
    return [v for v in values if not isinstance(v, frozenset) or len(v) == 1]


def _names(condition: Condition, flow: Flow, variable: str, name: str) -> bool:
    bit = flow.atoms.find(variable, "is", name)
    return any(bit & (positive | negative) for positive, negative in condition.clauses)

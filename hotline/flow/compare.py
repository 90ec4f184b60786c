"""Two versions of a flow side by side: which answers are told another level now, and by which rule.

Both flows are walked through their own engines (check/explore.py), and then together: whoever is
asked a question gives the same answer to both. A question that only one of them asks counts for
every answer, and is owed when the other asks it later. Rules responsible are those that raised the
level last, on either side. Every week and every set of choices counts on its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from hotline.flow.check.explore import Edge, Explorer, Graph
from hotline.flow.check.openings import alike
from hotline.flow.check.story import in_words
from hotline.flow.flow import Flow
from hotline.flow.levels import Level
from hotline.flow.model import Value
from hotline.flow.state import Heard, State
from hotline.flow.truth import MENTION
from hotline.flow.vocabulary import DANGERS, MENTIONS

Owed = tuple[tuple[str, frozenset[Value]], ...]
Rules = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Combinations of answers whose level changed in one way, by the same rules.

    `number` counts them; `example` is one of them, a line a turn.
    """

    before: Level | None
    after: Level | None
    rules_before: Rules
    rules_after: Rules
    number: int
    example: tuple[str, ...]

    @property
    def falls(self) -> bool:
        """Whether the level is lower now."""
        return _rank(self.after) < _rank(self.before)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, those that fall first, and how many combinations were compared."""

    changes: tuple[Change, ...]
    compared: int

    @property
    def falling(self) -> int:
        """The number of combinations that are told less now."""
        return sum(change.number for change in self.changes if change.falls)

    @property
    def rising(self) -> int:
        """The number of combinations that are told more now."""
        return sum(change.number for change in self.changes if not change.falls)


def compare(old: Flow, new: Flow) -> Comparison:
    """Compare two flows on plain openings, with each mention, and with each danger heard."""
    changes: dict[tuple[object, ...], Change] = {}
    compared = 0
    openings = list(_openings(old, new))
    pair = _Pair(*(_walked(flow, [heard for _, heard in openings]) for flow in (old, new)))
    for i, (name, _) in enumerate(openings):
        found, number = pair.changes(i)
        compared += number
        for change in found:
            told = (f"opening text: {name}", *change.example)
            rules = (change.rules_before, change.rules_after)
            key = (change.before, change.after, *rules)
            kept = changes.get(key)
            number = change.number + (kept.number if kept else 0)
            example = kept.example if kept else told
            changes[key] = Change(change.before, change.after, *rules, number, example)
    ordered = sorted(changes.values(), key=lambda one: (not one.falls, -one.number))
    return Comparison(tuple(ordered), compared)


def _openings(old: Flow, new: Flow) -> Iterator[tuple[str, Heard]]:
    yield "nothing that helps", Heard()
    groups = {g[0] for flow in (old, new) for g in alike(flow, MENTION, MENTIONS)}
    for mention in sorted(groups):
        yield f"mentions {mention}", Heard(mentions=frozenset({mention}))
    for danger in DANGERS:
        yield f"danger {danger}", Heard(dangers=frozenset({danger}))


def _walked(flow: Flow, openings: list[Heard]) -> Explorer:
    explorer = Explorer(flow, [])
    explorer.run([(State(), heard) for heard in openings])
    return explorer


_Found = dict[tuple[Level | None, Level | None, Rules, Rules], tuple[int, tuple[str, ...]]]


class _Pair:
    """Two graphs walked together, opening by opening."""

    def __init__(self, before: Explorer, after: Explorer) -> None:
        self._opened = (before.opened, after.opened)
        self._graphs = (before.graph, after.graph)
        old, new = self._graphs
        self._known: dict[tuple[object, ...], tuple[_Found, int]] = {}
        self._order = {q.id: i for i, q in enumerate(old.flow.questions)}
        for i, question in enumerate(new.flow.questions):
            self._order.setdefault(question.id, i)
        self._values: dict[tuple[int, str, int], frozenset[Value]] = {}
        self._reach: dict[tuple[int, int], frozenset[str]] = {}

    def changes(self, opening: int) -> tuple[list[Change], int]:
        """The changes after one opening, and the number of combinations compared."""
        old, new = (opened[opening] for opened in self._opened)
        raised = [
            _first_rules(graph, at) for graph, at in zip(self._graphs, (old, new), strict=True)
        ]
        found, number = self._walk(old, new, raised[0], raised[1], ((), ()))
        return [Change(*key, many, example) for key, (many, example) in found.items()], number

    def _walk(
        self, one: int, two: int, by1: Rules, by2: Rules, owed: tuple[Owed, Owed]
    ) -> tuple[_Found, int]:
        still = (self._still(0, one, owed[0]), self._still(1, two, owed[1]))
        key = (one, two, by1, by2, still)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._walked(one, two, by1, by2, still)
        # An answer that is owed counts where it is given again, or here when it never is.
        scale = prod(
            len(values)
            for before, kept in zip(owed, still, strict=True)
            for name, values in before
            if (name, values) not in kept
        )
        if scale == 1:
            return known
        found = {what: (scale * number, example) for what, (number, example) in known[0].items()}
        return found, scale * known[1]

    def _walked(
        self, one: int, two: int, by1: Rules, by2: Rules, owed: tuple[Owed, Owed]
    ) -> tuple[_Found, int]:
        nodes = (self._graphs[0].nodes[one], self._graphs[1].nodes[two])
        asked = tuple(node.state.question for node in nodes)
        if asked == (None, None):
            levels = (nodes[0].state.level, nodes[1].state.level)
            if levels[0] is levels[1]:
                return {}, 1
            return {(levels[0], levels[1], by1, by2): (1, (f"-> {levels[1]}, was {levels[0]}",))}, 1
        question = min((a for a in asked if a), key=lambda name: self._order[name])
        total: _Found = {}
        number = 0
        for ways in self._steps((one, two), question, asked, owed):
            to1, to2, raised1, raised2, owes, weight, said = ways
            below, many = self._walk(to1, to2, raised1 or by1, raised2 or by2, owes)
            number += weight * many
            for key, (count, example) in below.items():
                kept = total.get(key)
                line = f"{question}: {said}"
                total[key] = (
                    weight * count + (kept[0] if kept else 0),
                    kept[1] if kept else (line, *example),
                )
        return total, number

    def _steps(
        self,
        at: tuple[int, int],
        question: str,
        asked: tuple[str | None, ...],
        owed: tuple[Owed, Owed],
    ) -> Iterator[tuple[int, int, Rules, Rules, tuple[Owed, Owed], int, str]]:
        """Each kind of answer to the question, where it leads on both sides, and its weight."""
        sides = [i for i in (0, 1) if asked[i] == question]
        edges = [self._allowed(i, at[i], owed[i]) if i in sides else [] for i in (0, 1)]
        rest = tuple(tuple(p for p in o if p[0] != question) for o in owed)
        if len(sides) == 2:  # noqa: PLR2004 both sides
            for edge1, values1 in edges[0]:
                for edge2, values2 in edges[1]:
                    both = values1 & values2
                    if both:
                        said = in_words(_smallest(both))
                        owes = (rest[0], rest[1])
                        raised = (edge1.raised, edge2.raised)
                        yield edge1.to, edge2.to, *raised, owes, len(both), said
            return
        side = sides[0]
        for edge, values in edges[side]:
            owes_list = [rest[0], rest[1]]
            owes_list[1 - side] = (*rest[1 - side], (question, values))
            to = [at[0], at[1]]
            to[side] = edge.to
            raised1 = edge.raised if side == 0 else ()
            raised2 = edge.raised if side == 1 else ()
            said = f"{in_words(_smallest(values))} (asked only in the {('old', 'new')[side]} flow)"
            owes = (owes_list[0], owes_list[1])
            yield to[0], to[1], raised1, raised2, owes, 1, said

    def _allowed(self, side: int, at: int, owed: Owed) -> list[tuple[Edge, frozenset[Value]]]:
        node = self._graphs[side].nodes[at]
        question = str(node.state.question)
        wanted = next((values for name, values in owed if name == question), None)
        found = []
        for edge in node.edges:
            values = self._named(side, question, edge.values)
            if wanted is not None:
                values &= wanted
            if values:
                found.append((edge, values))
        return found

    def _named(self, side: int, question: str, bits: int) -> frozenset[Value]:
        key = (side, question, bits)
        if key not in self._values:
            known = self._graphs[side].universe.values[question]
            self._values[key] = frozenset(v for i, v in enumerate(known) if bits >> i & 1)
        return self._values[key]

    def _still(self, side: int, at: int, owed: Owed) -> Owed:
        return tuple(pair for pair in owed if pair[0] in self._reachable(side, at)) if owed else ()

    def _reachable(self, side: int, at: int) -> frozenset[str]:
        found = self._reach.get((side, at))
        if found is None:
            node = self._graphs[side].nodes[at]
            own = {node.state.question} if node.state.question else set()
            below = (self._reachable(side, edge.to) for edge in node.edges)
            found = self._reach[side, at] = frozenset(own).union(*below)
        return found


def _first_rules(graph: Graph, at: int) -> Rules:
    """The rules at the level that holds after the opening alone, if one does."""
    flow, state = graph.flow, graph.nodes[at].state
    settled = flow.settle(state)
    verdict = flow.judge(flow.at_last(settled) if state.level else settled)
    return tuple(r for r in verdict.rules if flow.level_of_rule(r) is verdict.level)


def _smallest(values: frozenset[Value]) -> Value:
    """One value to stand for several, the same each time: the fewest choices, the lowest week."""
    return min(
        values,
        key=lambda v: (
            isinstance(v, str),
            len(v) if isinstance(v, frozenset) else 0,
            v if isinstance(v, int) else 0,
            in_words(v),
        ),
    )


def _rank(level: Level | None) -> int:
    return -1 if level is None else level.rank

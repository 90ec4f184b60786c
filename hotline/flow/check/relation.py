"""Comparing two classes: whether one never ends lower than the other on the same further answers.

Two people answer alike from here on: whoever is asked a question gives the answer the other gave
or would give. `lower` looks for answers on which the first ends lower than the second. Questions
that only one of them is asked count for every answer; the answer is owed when the other is asked
the same question later.
"""

from __future__ import annotations

from hotline.flow.check.explore import Edge, Graph
from hotline.flow.check.paths import Span
from hotline.flow.check.story import in_words

Owed = tuple[tuple[str, int], ...]
Parting = tuple[str, ...]
"""The further answers on which they part, and the two levels, as lines of a story."""


class Relation:
    """Compares the classes of one graph; results are remembered."""

    def __init__(self, graph: Graph, found: list[Span | None]) -> None:
        """`found` are the spans of the graph's classes."""
        self._graph = graph
        self._spans = [span or Span(-1, 9, 0, 0, 0) for span in found]
        self._order = {q.id: i for i, q in enumerate(graph.flow.questions)}
        self._known: dict[tuple[int, int, Owed, Owed], Parting | None] = {}
        self._reach: dict[int, frozenset[str]] = {}
        self.compared = 0

    def lower(self, first: int, second: int) -> Parting | None:
        """Further answers on which `first` ends lower than `second`, None when there are none."""
        return self._lower(first, second, (), ())

    def lower_after(self, question: str, first: Edge, second: Edge) -> Parting | None:
        """The same for two answers to one question: what one implies, the other owes."""
        owed1 = self._implied(question, second)
        return self._lower(first.to, second.to, owed1, self._implied(question, first))

    def _lower(self, first: int, second: int, owed1: Owed, owed2: Owed) -> Parting | None:
        if first == second and owed1 == owed2:
            return None
        low, high = self._spans[first].low, self._spans[second].high
        if low >= high or low < 0 or high < 0:
            return None
        key = (first, second, self._still(first, owed1), self._still(second, owed2))
        if key in self._known:
            return self._known[key]
        self.compared += 1
        found = self._part(*key)
        self._known[key] = found
        return found

    def _part(self, first: int, second: int, owed1: Owed, owed2: Owed) -> Parting | None:
        one, two = self._graph.nodes[first], self._graph.nodes[second]
        asked1, asked2 = one.state.question, two.state.question
        if asked1 is None and asked2 is None:
            return (f"-> {one.state.level} instead of {two.state.level}",)
        if asked1 is not None and asked1 == asked2:
            return self._both(first, second, owed1, owed2)
        if asked2 is None or (asked1 is not None and self._order[asked1] < self._order[asked2]):
            return self._first_alone(first, second, owed1, owed2)
        return self._second_alone(first, second, owed1, owed2)

    def _both(self, first: int, second: int, owed1: Owed, owed2: Owed) -> Parting | None:
        for edge1, rest1 in self._allowed(first, owed1):
            for edge2, rest2 in self._allowed(second, owed2):
                if edge1.values & edge2.values:
                    found = self._lower(edge1.to, edge2.to, rest1, rest2)
                    if found is not None:
                        both = self._common(first, edge1.values & edge2.values)
                        return (f"{self._asked(first)}: {both}", *found)
        return None

    def _first_alone(self, first: int, second: int, owed1: Owed, owed2: Owed) -> Parting | None:
        asked = self._asked(first)
        for edge, rest in self._allowed(first, owed1):
            owes = tuple(sorted((*owed2, (asked, edge.values), *self._implied(asked, edge))))
            found = self._lower(edge.to, second, rest, owes)
            if found is not None:
                return (f"{asked} (only then asked): {in_words(edge.value)}", *found)
        return None

    def _second_alone(self, first: int, second: int, owed1: Owed, owed2: Owed) -> Parting | None:
        asked = self._asked(second)
        for edge, rest in self._allowed(second, owed2):
            owes = tuple(sorted((*owed1, (asked, edge.values), *self._implied(asked, edge))))
            found = self._lower(first, edge.to, owes, rest)
            if found is not None:
                return (f"{asked} (only otherwise asked): {in_words(edge.value)}", *found)
        return None

    def _implied(self, question: str, edge: Edge) -> Owed:
        implies = self._graph.flow.by_id[question].implies
        key = "known" if isinstance(edge.value, int) else edge.value
        answers = implies.get(key, {}) if isinstance(key, str) else {}
        return tuple((name, self._graph.universe.bit(name, held)) for name, held in answers.items())

    def _common(self, at: int, values: int) -> str:
        known = self._graph.universe.values[self._asked(at)]
        return in_words(known[(values & -values).bit_length() - 1])

    def _asked(self, at: int) -> str:
        return str(self._graph.nodes[at].state.question)

    def _allowed(self, at: int, owed: Owed) -> list[tuple[Edge, Owed]]:
        """The answers that do not break what is owed, with what is owed after them."""
        asked = self._asked(at)
        wanted = next((bits for name, bits in owed if name == asked), -1)
        rest = tuple(pair for pair in owed if pair[0] != asked)
        return [(edge, rest) for edge in self._graph.nodes[at].edges if edge.values & wanted]

    def _still(self, at: int, owed: Owed) -> Owed:
        """What is owed to questions that can still be asked."""
        if not owed:
            return owed
        reach = self._reachable(at)
        return tuple(pair for pair in owed if pair[0] in reach)

    def _reachable(self, at: int) -> frozenset[str]:
        found = self._reach.get(at)
        if found is None:
            node = self._graph.nodes[at]
            below = [self._reachable(edge.to) for edge in node.edges]
            own = {node.state.question} if node.state.question else set()
            found = self._reach[at] = frozenset(own).union(*below)
        return found

"""What lies below each class: the lowest and highest level, how many ways, how many texts."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.flow.check.explore import Graph, Node
from hotline.flow.levels import LEVELS, Level


@dataclass(frozen=True, slots=True)
class Span:
    """What can follow from a class.

    `low` and `high` are ranks of the last level told on any way on (-1 where a way ends in none);
    `combinations` counts every value on its own (each week, each set of choices), `ways` counts
    values that are treated alike once; `texts` is the longest way in answers.
    """

    low: int
    high: int
    combinations: int
    ways: int
    texts: int


def spans(graph: Graph) -> tuple[list[Span | None], int | None]:
    """The span of each class, and a class on a cycle (then some have none), None without one."""
    found: list[Span | None] = [None] * len(graph.nodes)
    state = [0] * len(graph.nodes)
    for start in range(len(graph.nodes)):
        stack = [start]
        while stack:
            at = stack[-1]
            node = graph.nodes[at]
            if state[at] == 0:
                state[at] = 1
                for edge in node.edges:
                    if state[edge.to] == 1:
                        return found, at
                    if state[edge.to] == 0:
                        stack.append(edge.to)
                if stack[-1] != at:
                    continue
            stack.pop()
            if state[at] == 1:
                state[at] = 2
                found[at] = _span(node, found)
    return found, None


def _span(node: Node, found: list[Span | None]) -> Span:
    if not node.edges:
        rank = -1 if node.state.level is None else node.state.level.rank
        return Span(rank, rank, 1, 1, 0)
    below = [(edge, found[edge.to]) for edge in node.edges]
    known = [(edge, span) for edge, span in below if span is not None]
    levels = [span for _, span in known if span.high >= 0] or [span for _, span in known]
    return Span(
        low=min(span.low for span in levels),
        high=max(span.high for span in levels),
        combinations=sum(edge.weight * span.combinations for edge, span in known),
        ways=sum(span.ways for _, span in known),
        texts=1 + max(span.texts for _, span in known),
    )


def level_of(rank: int) -> Level | None:
    """The level of a rank, None for -1."""
    return LEVELS[rank] if rank >= 0 else None

"""One search for every pattern of every language at once: a tree of word sets, walked by lookups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hotline.flow.danger.pattern import Sequence


@dataclass(frozen=True, slots=True)
class Output:
    """What a pattern stands for: `kind` (danger, possible, says, mention, ...) and its name."""

    kind: str
    name: str
    value: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern heard at words start..end (end excluded); `skipped` are the words in its gaps."""

    output: Output
    start: int
    end: int
    skipped: tuple[int, ...] = ()

    @property
    def words(self) -> int:
        """How many words the pattern itself holds."""
        return self.end - self.start - len(self.skipped)


@dataclass(slots=True, eq=False)
class Node:
    """A place in the tree: where a word leads directly, where within a gap, and what ends here."""

    direct: dict[str, list[Node]] = field(default_factory=dict)
    gapped: dict[int, dict[str, list[Node]]] = field(default_factory=dict)
    outputs: list[Output] = field(default_factory=list)
    children: dict[tuple[frozenset[str], int], Node] = field(default_factory=dict)


def build(entries: Iterable[tuple[Sequence, Output]]) -> Node:
    """The tree for these sequences; equal beginnings share their nodes."""
    root = Node()
    for sequence, output in entries:
        node = root
        for element in sequence:
            key = (element.words, element.gap)
            child = node.children.get(key)
            if child is None:
                child = node.children[key] = Node()
                table = node.gapped.setdefault(element.gap, {}) if element.gap else node.direct
                for word in element.words:
                    table.setdefault(word, []).append(child)
            node = child
        if output not in node.outputs:
            node.outputs.append(output)
    return root


def search(root: Node, symbols: list[tuple[str, ...]], ends: list[int]) -> list[Match]:
    """All matches. `symbols[i]` is what word i counts as; `ends[i]` where i's sentence ends.

    The work is bounded by the words times a constant of the patterns: gaps and depth are bounded.
    """
    found: list[Match] = []
    first = root.direct
    for start, names in enumerate(symbols):
        limit = ends[start]
        for name in names:
            if name in first:
                for node in first[name]:
                    _walk(node, symbols, (start, start + 1, limit), found)
    return found


def _walk(
    node: Node, symbols: list[tuple[str, ...]], place: tuple[int, int, int], found: list[Match]
) -> None:
    start, at, limit = place
    stack: list[tuple[Node, int, tuple[int, ...]]] = [(node, at, ())]
    while stack:
        node, at, skipped = stack.pop()
        for output in node.outputs:
            found.append(Match(output, start, at, skipped))
        if at < limit:
            if node.direct:
                direct = node.direct
                for name in symbols[at]:
                    if name in direct:
                        stack += [(child, at + 1, skipped) for child in direct[name]]
            for gap, table in node.gapped.items():
                for j in range(at, min(at + gap + 1, limit)):
                    for name in symbols[j]:
                        if name in table:
                            over = (*skipped, *range(at, j)) if j > at else skipped
                            stack += [(child, j + 1, over) for child in table[name]]

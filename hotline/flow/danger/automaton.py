"""One search for every pattern of every language at once: a tree walked by lookups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from hotline.flow.danger.pattern import Sequence

ONLY_OPEN = "answers"
"""The kind of output that is heard only while its question is open."""


@dataclass(frozen=True, slots=True)
class Output:
    """What a pattern stands for: `kind` (danger, possible, says, mention, ...) and its name."""

    kind: str
    name: str
    value: str = ""
    language: str = ""


class Match(NamedTuple):
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
    """A place in the tree: where a word leads directly, where within a gap, and what ends here.

    `open_outputs` are outputs by question, heard only while that question is open. `waiting` holds
    what the node is made of until it is first reached: most never are, and start-up is quick.
    """

    waiting: tuple[_Raw, ...] | None
    known: dict[frozenset[int], Node]
    direct: dict[str, Node] = field(default_factory=dict)
    gapped: tuple[tuple[int, dict[str, Node]], ...] = ()
    outputs: tuple[Output, ...] = ()
    open_outputs: dict[str, tuple[Output, ...]] = field(default_factory=dict)

    def unfold(self) -> None:
        """Work out where this node leads. Two threads may both do it, to the same result."""
        raws = self.waiting
        if raws is None:
            return
        tables: dict[int, dict[str, list[_Raw]]] = {}
        for raw in raws:
            for (words, gap), child in raw.children.items():
                table = tables.setdefault(gap, {})
                for word in words:
                    table.setdefault(word, []).append(child)
        merged = {
            gap: {word: _node(tuple(found), self.known) for word, found in table.items()}
            for gap, table in tables.items()
        }
        outputs = list(dict.fromkeys(output for raw in raws for output in raw.outputs))
        by_question: dict[str, tuple[Output, ...]] = {}
        for output in outputs:
            if output.kind == ONLY_OPEN:
                by_question[output.name] = (*by_question.get(output.name, ()), output)
        self.direct = merged.pop(0, {})
        self.gapped = tuple((gap + 1, table) for gap, table in sorted(merged.items()))
        self.outputs = tuple(output for output in outputs if output.kind != ONLY_OPEN)
        self.open_outputs = by_question
        self.waiting = None


@dataclass(slots=True, eq=False)
class _Raw:
    """The tree while it grows: children by what leads to them."""

    children: dict[tuple[frozenset[str], int], _Raw] = field(default_factory=dict)
    outputs: list[Output] = field(default_factory=list)


def build(entries: Iterable[tuple[Sequence, Output]]) -> Node:
    """The tree for these sequences, so that any word leads to one place only."""
    root = _Raw()
    for sequence, output in entries:
        node = root
        for element in sequence:
            key = (element.words, element.gap)
            following = node.children.get(key)
            if following is None:
                following = node.children[key] = _Raw()
            node = following
        if output not in node.outputs:
            node.outputs.append(output)
    whole = _node((root,), {})
    whole.unfold()
    return whole


def _node(raws: tuple[_Raw, ...], known: dict[frozenset[int], Node]) -> Node:
    """One node for places reached by the same words; equal sets of places share it."""
    key = frozenset(map(id, raws))
    node = known.get(key)
    if node is None:
        node = known[key] = Node(raws, known)
    return node


def search(  # noqa: C901, PLR0912 - one loop: calls in it cost a third of the time, measured
    root: Node,
    symbols: list[tuple[str, ...]],
    ends: list[int],
    question: str,
    light: frozenset[str],
) -> list[Match]:
    """All matches.

    `symbols[i]` is what word i counts as, `ends[i]` where i's sentence ends. `light` words ("just",
    "really") may stand between any two words of a pattern. The work is bounded by the words times a
    constant of the patterns: gaps and depth are bounded.
    """
    found: list[Match] = []
    first = root.direct
    words = [names[0] for names in symbols]
    more = {at: names[1:] for at, names in enumerate(symbols) if len(names) > 1}
    stack: list[tuple[Node, int, tuple[int, ...]]] = []
    for start, names in enumerate(symbols):
        limit = ends[start]
        for name in names:
            begun = first.get(name)
            if begun is not None:
                stack.append((begun, start + 1, ()))
        while stack:
            node, at, skipped = stack.pop()
            if node.waiting is not None:
                node.unfold()
            if node.outputs:
                found += [Match(output, start, at, skipped) for output in node.outputs]
            if question in node.open_outputs:
                found += [Match(one, start, at, skipped) for one in node.open_outputs[question]]
            if at >= limit:
                continue
            direct = node.direct
            if direct:
                for name in symbols[at]:
                    following = direct.get(name)
                    if following is not None:
                        stack.append((following, at + 1, skipped))
                if at + 1 < limit and words[at] in light:
                    for name in symbols[at + 1]:
                        following = direct.get(name)
                        if following is not None:
                            stack.append((following, at + 2, (*skipped, at)))
            for reach, table in node.gapped:
                for j in range(at, min(at + reach, limit)):
                    following = table.get(words[j])
                    if following is not None:
                        stack.append((following, j + 1, (*skipped, *range(at, j))))
                    for name in more.get(j, ()):
                        following = table.get(name)
                        if following is not None:
                            stack.append((following, j + 1, (*skipped, *range(at, j))))
    return found

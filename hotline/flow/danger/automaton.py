"""One search for every pattern of every language at once: a tree walked by lookups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial, reduce
from itertools import accumulate
from operator import or_
from typing import NamedTuple

from hotline.flow.danger.pattern import FURTHEST, Sequence

ONLY_OPEN = "answers"
"""The kind of output that is heard only while its question is open."""

_BITS = tuple(1 << place for place in range(509))
"""The bits that words share: each word has one of them, by its letters."""
SHORT = 16
"""Up to so many words all that follow are looked at together, which is quicker."""


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


_match = partial(tuple.__new__, Match)
"""A Match from a tuple of its four parts, in half the time."""


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """A place in the tree: where a word leads directly, where within a gap, and what ends here.

    `open_outputs` are outputs by question, heard only while that question is open. `mask` holds the
    bits of all words that lead on, and each gap's table stands behind its own: where the words
    that follow have none of them, nothing needs to be looked up. `waiting` holds what the node is
    made of until it is first reached: most never are, and start-up is quick.
    """

    waiting: tuple[_Raw, ...] | None
    known: dict[frozenset[int], Node]
    bits: dict[str, int]
    mask: int = 0
    direct: dict[str, Node] = field(default_factory=dict)
    gapped: tuple[tuple[int, int, dict[str, Node]], ...] = ()
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
        known, bits = self.known, self.bits
        merged = {
            gap: {word: _node(tuple(found), known, bits) for word, found in table.items()}
            for gap, table in tables.items()
        }
        masks = {gap: _mask_of(table, bits) for gap, table in merged.items()}
        outputs = list(dict.fromkeys(output for raw in raws for output in raw.outputs))
        by_question: dict[str, tuple[Output, ...]] = {}
        for output in outputs:
            if output.kind == ONLY_OPEN:
                by_question[output.name] = (*by_question.get(output.name, ()), output)
        self.direct = merged.pop(0, {})
        self.gapped = tuple((gap + 1, masks[gap], merged[gap]) for gap in sorted(merged))
        self.mask = reduce(or_, masks.values(), 0)
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
    bits: dict[str, int] = {}
    for sequence, output in entries:
        node = root
        for element in sequence:
            key = (element.words, element.gap)
            following = node.children.get(key)
            if following is None:
                following = node.children[key] = _Raw()
                for word in element.words:
                    if word not in bits:
                        bits[word] = _bit_of(word)
            node = following
        if output not in node.outputs:
            node.outputs.append(output)
    whole = _node((root,), {}, bits)
    whole.unfold()
    return whole


def _node(raws: tuple[_Raw, ...], known: dict[frozenset[int], Node], bits: dict[str, int]) -> Node:
    """One node for places reached by the same words; equal sets of places share it."""
    key = frozenset(map(id, raws))
    node = known.get(key)
    if node is None:
        node = known[key] = Node(raws, known, bits)
    return node


def _bit_of(word: str) -> int:
    """The word's bit; all bounds of numbers have that of any number."""
    letters = word[:1] if word[0] == "#" else word
    return _BITS[int.from_bytes(letters.encode(), "big") % len(_BITS)]


def _mask_of(words: Iterable[str], bits: dict[str, int]) -> int:
    return reduce(or_, {bits[word] for word in words}, 0)


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
    masks = _masks_ahead(symbols, root.bits)
    stack: list[tuple[Node, int, tuple[int, ...]]] = []
    for start, names in enumerate(symbols):
        limit = ends[start]
        for name in names:
            following = first.get(name)
            if following is not None:
                stack.append((following, start + 1, ()))
        while stack:
            node, at, skipped = stack.pop()
            if node.waiting is not None:
                node.unfold()
            for output in node.outputs:
                found.append(_match((output, start, at, skipped)))  # noqa: PERF401 mostly one
            if question in node.open_outputs:
                for output in node.open_outputs[question]:
                    found.append(_match((output, start, at, skipped)))  # noqa: PERF401
            if at >= limit or not node.mask & masks[at]:
                continue
            direct = node.direct
            if direct:
                for name in symbols[at]:
                    following = direct.get(name)
                    if following is not None:
                        stack.append((following, at + 1, skipped))
                if at + 1 < limit and symbols[at][0] in light:
                    for name in symbols[at + 1]:
                        following = direct.get(name)
                        if following is not None:
                            stack.append((following, at + 2, (*skipped, at)))
            for reach, mask, table in node.gapped:
                if not mask & masks[at]:
                    continue
                for j in range(at, min(at + reach, limit)):
                    for name in symbols[j]:
                        following = table.get(name)
                        if following is not None:
                            stack.append((following, j + 1, (*skipped, *range(at, j))))
    return found


def _masks_ahead(symbols: list[tuple[str, ...]], bits: dict[str, int]) -> list[int]:
    """For each word the bits of it and of those after it, as far as any gap reaches."""
    any_number = bits.get("#", 0)
    own = [
        bits.get(names[0], 0) | any_number if len(names) > 1 else bits.get(names[0], 0)
        for names in symbols
    ]
    if len(own) <= SHORT:
        own.reverse()
        own = list(accumulate(own, or_))
        own.reverse()
        return own
    covered = 1
    while covered < FURTHEST:
        step = min(covered, FURTHEST - covered)
        own = [*map(or_, own, own[step:]), *own[-step:]]
        covered += step
    return own

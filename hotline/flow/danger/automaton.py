"""One search for every pattern of every language at once: a tree walked by lookups."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial, reduce
from itertools import accumulate, chain
from operator import or_
from typing import Any, NamedTuple

from hotline.flow.danger.pattern import FURTHEST, Steps, shared

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


_NOWHERE: dict[str, Node] = {}
_NO_OUTPUTS: dict[str, tuple[Output, ...]] = {}


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """A place in the tree: where a word leads directly, where within a gap, and what ends here.

    `open_outputs` are outputs by question, heard only while that question is open. `mask` holds the
    bits of all words that lead on, and each gap's table stands behind its own: where the words
    that follow have none of them, nothing needs to be looked up. `waiting` holds the places of the
    patterns that the node stands for until it is first reached: most never are, and start-up is
    quick and the memory small.
    """

    waiting: Sequence[int] | None
    tree: Tree
    mask: int = 0
    direct: Mapping[str, Node] = field(default_factory=lambda: _NOWHERE)
    gapped: tuple[tuple[int, int, Mapping[str, Node]], ...] = ()
    outputs: tuple[Output, ...] = ()
    open_outputs: Mapping[str, tuple[Output, ...]] = field(default_factory=lambda: _NO_OUTPUTS)

    def __reduce__(self) -> tuple[Any, ...]:
        """A node that was not reached yet is kept in short: nearly all are."""
        if self.waiting is not None:
            return Node, (self.waiting, self.tree)
        return Node, (None, self.tree, *(getattr(self, one.name) for one in fields(self)[2:]))

    def unfold(self) -> None:
        """Work out where this node leads. Two threads may both do it, to the same result."""
        places, tree = self.waiting, self.tree
        if places is None:
            return
        tables: dict[int, dict[frozenset[str], list[int]]] = {}
        for place in places:
            for words, gap, following in tree.ahead(place):
                tables.setdefault(gap, {}).setdefault(words, []).append(following)
        merged = {gap: tree.by_word(table) for gap, table in tables.items()}
        masks = {gap: _mask_of(table, tree.bits) for gap, table in merged.items()}
        outputs = list(dict.fromkeys(filter(None, map(tree.output, places))))
        by_question: dict[str, tuple[Output, ...]] = {}
        for output in outputs:
            if output.kind == ONLY_OPEN:
                by_question[output.name] = (*by_question.get(output.name, ()), output)
        self.direct = merged.pop(0, _NOWHERE)
        self.gapped = tuple((gap + 1, masks[gap], merged[gap]) for gap in sorted(merged))
        self.mask = reduce(or_, masks.values(), 0)
        self.outputs = tuple(output for output in outputs if output.kind != ONLY_OPEN)
        self.open_outputs = by_question or _NO_OUTPUTS
        self.waiting = None


_CHOICE, _STEP, _PATTERN = 6, 18, 24
"""A place is one number: the pattern, the step before which it is, and within a phrase which choice
of that step and after how many of its words. Each begins at its bit, the words at the lowest; what
a pattern may hold (LONGEST, MAX_SEQUENCES) fits into them."""


class Tree:
    """The patterns as a tree whose nodes are worked out when a text first reaches them."""

    def __init__(self, entries: Iterable[tuple[Steps, Output]]) -> None:
        held = tuple(entries)
        patterns = shared(steps for steps, _ in held)
        self._patterns = tuple(zip(patterns, (output for _, output in held), strict=True))
        parts = {id(one.choices): one.choices for steps, _ in self._patterns for one in steps}
        words = frozenset[str]().union(*(w for part in parts.values() for way in part for w in way))
        self.bits = {word: _bit_of(word) for word in words}

    def __getstate__(self) -> tuple[object, ...]:
        """Without the bits, which words share: read again each word would have one of its own."""
        return self._patterns, tuple(self.bits)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._patterns, words = state
        self.bits = {word: _bit_of(word) for word in words}

    def starts(self) -> tuple[int, ...]:
        """The places before each pattern."""
        return tuple(number << _PATTERN for number in range(len(self._patterns)))

    def by_word(self, table: Mapping[frozenset[str], list[int]]) -> dict[str, Node]:
        """The nodes that words lead to, from the places that sets of words lead to."""
        lists: dict[str, list[list[int]]] = {}
        for words, places in table.items():
            for word in words:
                lists.setdefault(word, []).append(places)
        nodes: dict[tuple[int, ...], Node] = {}
        found = {}
        for word, those in lists.items():
            same = tuple(map(id, those))
            node = nodes.get(same)
            if node is None:
                node = nodes[same] = Node(
                    array("Q", dict.fromkeys(chain.from_iterable(those))), self
                )
            found[word] = node
        return found

    def output(self, place: int) -> Output | None:
        """What ends at this place: nothing but optional steps are left."""
        number, step, _, inner = _parts_of(place)
        steps, output = self._patterns[number]
        return None if inner or not all(one.optional for one in steps[step:]) else output

    def ahead(self, place: int) -> Iterator[tuple[frozenset[str], int, int]]:
        """Which words lead on from a place, after how large a gap, and where to."""
        number, step, choice, inner = _parts_of(place)
        steps, _ = self._patterns[number]
        if inner:
            phrase = steps[step].choices[choice]
            yield phrase[inner], 0, _within(number, step, choice, inner + 1, len(phrase))
            return
        for at in range(step, len(steps)):
            gap = steps[at].gap if step else 0
            for which, phrase in enumerate(steps[at].choices):
                yield phrase[0], gap, _within(number, at, which, 1, len(phrase))
            if not steps[at].optional:
                return


def _parts_of(place: int) -> tuple[int, int, int, int]:
    number, rest = divmod(place, 1 << _PATTERN)
    step, rest = divmod(rest, 1 << _STEP)
    return number, step, *divmod(rest, 1 << _CHOICE)


def _within(number: int, step: int, choice: int, inner: int, words: int) -> int:
    """The place after `inner` words of a phrase; after its last it is that before the next step."""
    if inner == words:
        return number << _PATTERN | (step + 1) << _STEP
    return number << _PATTERN | step << _STEP | choice << _CHOICE | inner


def build(entries: Iterable[tuple[Steps, Output]]) -> Node:
    """The tree's first node; any word leads to one place only."""
    tree = Tree(entries)
    root = Node(tree.starts(), tree)
    root.unfold()
    return root


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
    masks = _masks_ahead(symbols, root.tree.bits)
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

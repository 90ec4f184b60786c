"""The little language in which authors write what is heard, and what their parts stand for.

soaked/soaking <pad>     words in a row; a/b: either; <pad>: any word or phrase of the class
little_one/baby          an underscore joins the words of one alternative
my? pads                 a word that may be missing (also <class>?)
blood .. legs            up to 3 other words between; "..." up to 6
soaked + <pad>           both, in either order, with up to 4 other words between
N>=3 <pad>               a number: N any, N>=3, N<=60, N=12
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from hotline.flow.tokens import normalise

GAPS = {"..": 3, "...": 6}
TOGETHER = 4
FURTHEST = max(TOGETHER, *GAPS.values()) + 1
"""How many words on the next word of a pattern may stand."""
MAX_SEQUENCES = 4000
LONGEST = 60
"""So many words in a row a pattern may hold at most."""
MOST_JOINED = 12
"""Each + doubles the sequences at least: with more there are too many in any case."""

_PLAIN = re.compile(r"[a-z]+(?:/[a-z]+)*")
"""A part of plain words, as most are: they are in their normal form."""
_NUMBER = re.compile(r"n(?:(>=|<=|=)([0-9]+(?:\.[0-9]+)?))?")


Choice = tuple[frozenset[str], ...]
"""A word or a phrase: at each of its places any of these words."""


class Step(NamedTuple):
    """One part of a pattern: any of these choices, after at most `gap` other words."""

    choices: tuple[Choice, ...]
    gap: int = 0
    optional: bool = False


Steps = tuple[Step, ...]
"""What a pattern is heard as; the gap of its first step says nothing."""
Phrase = tuple[str, ...]
Parts = dict[tuple[str, int], Step]
"""What each part of a pattern stands for after a gap, so that it is worked out and kept once."""


class PatternError(ValueError):
    """A pattern that cannot be read; the message says why."""


def parse(
    pattern: str, classes: Mapping[str, tuple[Phrase, ...]], seen: Parts | None = None
) -> tuple[Steps, ...]:
    """The steps of a pattern; with + there are several ways to hear it. Raises PatternError.

    `seen` keeps the parts that were met, for more patterns with the same classes. The sequences of
    words that a pattern stands for are counted and bounded, but never written out.
    """
    return _ways(pattern, pattern.split(), classes, {} if seen is None else seen)[0]


def words_of(patterns: Iterable[Steps]) -> frozenset[str]:
    """All words of these patterns."""
    parts = {id(step.choices): step.choices for steps in patterns for step in steps}
    return frozenset[str]().union(*(one for part in parts.values() for way in part for one in way))


def widened(
    patterns: Iterable[Steps], change: Callable[[frozenset[str]], frozenset[str]]
) -> list[Steps]:
    """The patterns, each place of which hears what `change` makes of its words."""
    known: dict[int, Step] = {}

    def widen(step: Step) -> Step:
        wide = known.get(id(step))
        if wide is None:
            part = tuple(tuple(change(words) for words in way) for way in step.choices)
            wide = known[id(step)] = step._replace(choices=part)
        return wide

    return [tuple(map(widen, steps)) for steps in patterns]


def shared(patterns: Iterable[Steps]) -> Iterator[Steps]:
    """The same patterns; what is equal in them is kept once: a third of the memory they need."""
    parts: dict[object, Any] = {}
    steps: dict[int, Step] = {}

    def once(part: Any) -> Any:  # noqa: ANN401 a set of words, a phrase, or choices
        return parts.setdefault(part, part)

    for pattern in patterns:
        for step in pattern:
            if id(step) not in steps:
                choices = once(tuple(once(tuple(map(once, way))) for way in step.choices))
                steps[id(step)] = once(Step(choices, step.gap, step.optional))
        yield tuple(steps[id(step)] for step in pattern)


def _ways(
    pattern: str, parts: list[str], classes: Mapping[str, tuple[Phrase, ...]], seen: Parts
) -> tuple[tuple[Steps, ...], int]:
    """The ways to hear these parts, and how many sequences they stand for."""
    if "+" not in parts:
        steps, many = _steps(pattern, parts, classes, seen)
        return (steps,), many
    if parts.count("+") > MOST_JOINED:
        raise PatternError(f"{pattern[:60]!r} joins more than {MOST_JOINED} times with +")
    at = parts.index("+")
    firsts, some = _ways(pattern, parts[:at], classes, seen)
    seconds, others = _ways(pattern, parts[at + 1 :], classes, seen)
    if 2 * some * others > MAX_SEQUENCES:
        raise PatternError(f"{pattern[:60]!r} stands for more than {MAX_SEQUENCES} sequences")
    both = [*product(firsts, seconds), *product(seconds, firsts)]
    ways = tuple((*one, *later) for one, other in both for later in _afterwards(other))
    if max(map(len, ways)) > LONGEST:
        raise PatternError(f"{pattern[:60]!r} has more than {LONGEST} words in a row")
    return ways, 2 * some * others


def _afterwards(steps: Steps) -> list[Steps]:
    """These steps as what follows another half: what comes first may stand TOGETHER words on."""
    first, *others = steps
    ways = [(first._replace(gap=TOGETHER, optional=False), *others)]
    return ways + _afterwards(tuple(others)) if first.optional and others else ways


def _steps(
    pattern: str, parts: list[str], classes: Mapping[str, tuple[Phrase, ...]], seen: Parts
) -> tuple[Steps, int]:
    gap, many, heard = 0, 1, False
    steps: list[Step] = []
    for part in parts:
        if part in GAPS:
            gap = GAPS[part]
            continue
        step = seen.get((part, gap))
        if step is None:
            step = Step(_choices(part, classes), gap, part.endswith("?"))
            seen[part, gap] = step
        steps.append(step)
        many *= len(step.choices) + step.optional
        if not step.optional:
            gap, heard = 0, True
    if not heard:
        raise PatternError(f"{pattern[:60]!r} would be heard in every text")
    if len(steps) > LONGEST:
        raise PatternError(f"{pattern[:60]!r} has more than {LONGEST} words in a row")
    if many > MAX_SEQUENCES:
        raise PatternError(f"{pattern[:60]!r} stands for more than {MAX_SEQUENCES} sequences")
    return tuple(steps), many


def _choices(part: str, classes: Mapping[str, tuple[Phrase, ...]]) -> tuple[Choice, ...]:
    single: set[str] = set()
    choices: list[Choice] = []
    body = part.removesuffix("?").replace('"', "")
    if _PLAIN.fullmatch(body):
        return ((frozenset(map(_symbol, body.split("/"))),),)
    for word in ("/",) if body == "/" else body.split("/"):
        if word.startswith("<") and word.endswith(">"):
            name = word[1:-1]
            if name not in classes:
                raise PatternError(f"<{name}> is no word class")
            for phrase in classes[name]:
                if len(phrase) == 1:
                    single.add(phrase[0])
                else:
                    choices.append(_phrase(phrase))
        elif "_" in word:
            choices.append(_phrase(tuple(normalise(word).split("_"))))
        elif word:
            single.add(_symbol(word))
    if single:
        choices.append((frozenset(single),))
    if not choices:
        raise PatternError(f"{part!r} names no word")
    if max(map(len, choices)) > LONGEST:
        raise PatternError(f"{part[:60]!r} has more than {LONGEST} words in a row")
    return tuple(choices)


@lru_cache(maxsize=20_000)
def _phrase(words: Phrase) -> Choice:
    return tuple(map(_alone, words))


@lru_cache(maxsize=20_000)
def _alone(word: str) -> frozenset[str]:
    """The same object for the same word: it stands in many phrases."""
    return frozenset((_symbol(word),))


@lru_cache(maxsize=100_000)
def _symbol(word: str) -> str:
    """What a word counts as; the same object each time, as it stands in many patterns."""
    found = _NUMBER.fullmatch(word.casefold()) if word.startswith("N") else None
    if found is None:
        return normalise(word)
    return "#" + (found[1] or "") + (found[2] or "")

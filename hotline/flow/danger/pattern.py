"""The little language in which authors write what is heard, and its expansion to plain sequences.

soaked/soaking <pad>     words in a row; a/b: either; <pad>: any word or phrase of the class
little_one/baby          an underscore joins the words of one alternative
my? pads                 a word that may be missing (also <class>?)
blood .. legs            up to 3 other words between; "..." up to 6
soaked + <pad>           both, in either order, with up to 4 other words between
N>=3 <pad>               a number: N any, N>=3, N<=60, N=12
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from hotline.flow.tokens import normalise

GAPS = {"..": 3, "...": 6}
TOGETHER = 4
FURTHEST = max(TOGETHER, *GAPS.values()) + 1
"""How many words on the next word of a pattern may stand."""
MAX_SEQUENCES = 4000
MOST_JOINED = 12
"""Each + doubles the sequences at least: with more there are too many in any case."""

_NUMBER = re.compile(r"n(?:(>=|<=|=)([0-9]+(?:\.[0-9]+)?))?")


class Element(NamedTuple):
    """One place of a sequence: any of these words, after at most `gap` other words."""

    words: frozenset[str]
    gap: int = 0


Sequence = tuple[Element, ...]
Phrase = tuple[str, ...]
Choices = dict[tuple[str, int], list[Sequence]]
"""What a part of a pattern stands for after a gap, so that it is worked out once."""


class PatternError(ValueError):
    """A pattern that cannot be read; the message says why."""


def expand(
    pattern: str, classes: Mapping[str, tuple[Phrase, ...]], seen: Choices | None = None
) -> tuple[Sequence, ...]:
    """All plain sequences a pattern stands for. Raises PatternError.

    `seen` keeps the parts that were met, for more patterns with the same classes.
    """
    parts = pattern.split()
    seen = {} if seen is None else seen
    if "+" in parts:
        if parts.count("+") > MOST_JOINED:
            raise PatternError(f"{pattern[:60]!r} joins more than {MOST_JOINED} times with +")
        at = parts.index("+")
        left, right = " ".join(parts[:at]), " ".join(parts[at + 1 :])
        firsts, seconds = expand(left, classes, seen), expand(right, classes, seen)
        if 2 * len(firsts) * len(seconds) > MAX_SEQUENCES:
            raise _too_many(pattern)
        both = [(a, b) for a, b in product(firsts, seconds)]
        joined = [(*a, *_after(b, TOGETHER)) for a, b in both]
        joined += [(*b, *_after(a, TOGETHER)) for a, b in both]
        return _checked(pattern, joined)
    gap = 0
    sequences: list[Sequence] = [()]
    for part in parts:
        if part in GAPS:
            gap = GAPS[part]
            continue
        choices = seen.get((part, gap))
        if choices is None:
            choices = seen[part, gap] = _choices(part, classes, gap)
        sequences = [(*done, *one) for done in sequences for one in choices]
        if len(sequences) > MAX_SEQUENCES:
            break
        gap = 0 if not part.endswith("?") else gap
    return _checked(pattern, sequences)


def _choices(part: str, classes: Mapping[str, tuple[Phrase, ...]], gap: int) -> list[Sequence]:
    optional = part.endswith("?")
    single: set[str] = set()
    choices: list[Sequence] = []
    body = part.removesuffix("?").replace('"', "")
    for word in ("/",) if body == "/" else body.split("/"):
        if word.startswith("<") and word.endswith(">"):
            name = word[1:-1]
            if name not in classes:
                raise PatternError(f"<{name}> is no word class")
            for phrase in classes[name]:
                if len(phrase) == 1:
                    single.add(phrase[0])
                else:
                    choices.append(_after(tuple(Element(frozenset((w,))) for w in phrase), gap))
        elif "_" in word:
            joined = tuple(Element(frozenset((w,))) for w in normalise(word).split("_"))
            choices.append(_after(joined, gap))
        elif word:
            single.add(_symbol(word))
    if single:
        choices.append((Element(frozenset(single), gap),))
    if optional:
        choices.append(())
    if not choices:
        raise PatternError(f"{part!r} names no word")
    return choices


@lru_cache(maxsize=20_000)
def _symbol(word: str) -> str:
    found = _NUMBER.fullmatch(word.casefold()) if word.startswith("N") else None
    if found is None:
        return normalise(word)
    return "#" + (found[1] or "") + (found[2] or "")


def _after(sequence: Sequence, gap: int) -> Sequence:
    return (Element(sequence[0].words, gap), *sequence[1:]) if sequence and gap else sequence


def _too_many(pattern: str) -> PatternError:
    return PatternError(f"{pattern!r} stands for more than {MAX_SEQUENCES} sequences")


def _checked(pattern: str, sequences: list[Sequence]) -> tuple[Sequence, ...]:
    if len(sequences) > MAX_SEQUENCES:
        raise _too_many(pattern)
    kept = []
    for sequence in dict.fromkeys(sequences):
        if not sequence:
            raise PatternError(f"{pattern!r} would be heard in every text")
        kept.append((Element(sequence[0].words), *sequence[1:]))
    return tuple(kept)

"""Mending a word's spelling towards the words of the patterns, never one real word to another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import combinations

from rapidfuzz.distance import OSA

from hotline.flow.danger.ear import Ear
from hotline.flow.danger.sound import Alike

SHORTEST = 4
"""Words of fewer letters are never mended: no, now, not and son, sin are one letter apart."""
TWO_SLIPS = 8
"""From this length on two slips are mended; shorter words forgive one."""
ABROAD = 7
"""From this length on a word is mended towards another language than the one in use."""
SOUNDS_ABROAD = 5
"""So many sounds a word must share with one of another language than the one in use."""

SLIPS_BY_SOUND = 6
"""The same for a language told by its sound, which covers most slips in short words."""

_STRETCHED = re.compile(r"(.)\1{2,}")


class Spelling:
    """Known words by language, and the closest of them to an unknown word."""

    def __init__(
        self,
        wanted: Mapping[str, Iterable[str]],
        known: Iterable[str],
        alike: Mapping[str, Alike | Ear],
    ) -> None:
        """`wanted`: the words of the patterns by language; `known`: every real word.

        `alike`: the languages written in several ways, whose words are told by their sound.
        """
        self._known = frozenset(known)
        self._alike = alike
        self._wanted = wanted
        self._indexes: dict[str, Mapping[str, list[str]]] = {}
        self._mend = lru_cache(maxsize=20_000)(self._search)

    def warm(self) -> None:
        """Make every language's index now; each is made at its first use otherwise."""
        for language in self._wanted:
            self._index(language)

    def _index(self, language: str) -> Mapping[str, list[str]]:
        """The language's words by what is left of them. Two threads may both make it, alike."""
        index = self._indexes.get(language)
        if index is None:
            index = self._indexes[language] = _index_of(self._wanted[language])
        return index

    def mend(self, word: str, language: str) -> str | None:
        """The known word meant by an unknown one, None where no single one is near enough."""
        return self._mend(word, language)

    def _search(self, word: str, language: str) -> str | None:
        for shape in (_STRETCHED.sub(r"\1\1", word), _STRETCHED.sub(r"\1", word)):
            if shape in self._known:
                return shape
        word = _STRETCHED.sub(r"\1", word)
        for tongue, alike in self._alike.items():
            near = tongue == language or not word.isascii()
            sounding = alike.word(word) if near else alike.word(word, least=SOUNDS_ABROAD)
            if sounding is not None:
                return sounding
        if len(word) < SHORTEST or len(word) > 24:  # noqa: PLR2004 - no word of ours is longer
            return None
        for tongue in (language, *(other for other in self._wanted if other != language)):
            by_sound = isinstance(self._alike.get(tongue), Alike)
            if tongue not in self._wanted or (by_sound and len(word) < SLIPS_BY_SOUND):
                continue
            best = _closest(word, self._index(tongue))
            if best is not None and (tongue == language or _safe_abroad(word, best)):
                return best
        return None


def _index_of(words: Iterable[str]) -> Mapping[str, list[str]]:
    index: dict[str, list[str]] = {}
    for word in sorted(set(words)):
        if len(word) >= SHORTEST and word.isalpha():
            for cut in _cuts(word):
                index.setdefault(cut, []).append(word)
    return index


def _closest(word: str, index: Mapping[str, list[str]]) -> str | None:
    allowed = 2 if len(word) >= TWO_SLIPS else 1
    near = {other for cut in _cuts(word) for other in index.get(cut, ())}
    best: tuple[int, bool, bool, bool, str] | None = None
    for other in near:
        limit = allowed if len(other) >= TWO_SLIPS else 1
        distance = OSA.distance(word, other, score_cutoff=limit)
        if distance > limit or (distance and not _trusted(word, other)):
            continue
        swapped = sorted(word) == sorted(other)
        rank = (distance, word[0] != other[0], not swapped, len(word) == len(other), other)
        if best is None or rank < best:
            best = rank
    return best[-1] if best else None


def _safe_abroad(word: str, other: str) -> bool:
    """Towards another language than hers only long words with one slip are mended."""
    return len(word) >= ABROAD and OSA.distance(word, other) == 1


def _trusted(word: str, other: str) -> bool:
    """Short words must begin alike; a changed plural or tense is no slip."""
    if len(other) < 6:  # noqa: PLR2004 - "light" and "night" are one slip apart
        return word[0] == other[0] and (len(other) > SHORTEST or sorted(word) == sorted(other))
    return word[0] == other[0] or sorted(word) == sorted(other) or word[1:] == other


def _cuts(word: str) -> set[str]:
    """The word and what is left of it without one letter (without two where two slips count)."""
    cuts = {word}
    cuts.update(word[:i] + word[i + 1 :] for i in range(len(word)))
    if len(word) >= TWO_SLIPS:
        letters = range(len(word))
        for i, j in combinations(letters, 2):
            cuts.add(word[:i] + word[i + 1 : j] + word[j + 1 :])
    return cuts

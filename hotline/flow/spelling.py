"""Mending a word's spelling towards the words of the patterns, never one real word to another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

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
        self._shelves = {language: _Shelf(words) for language, words in wanted.items()}
        self._mend = lru_cache(maxsize=20_000)(self._search)

    def __getstate__(self) -> tuple[object, ...]:
        """What it is made of, without what it remembers."""
        return self._known, self._alike, self._shelves

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._known, self._alike, self._shelves = state
        self._mend = lru_cache(maxsize=20_000)(self._search)

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
        for tongue in (language, *(other for other in self._shelves if other != language)):
            by_sound = isinstance(self._alike.get(tongue), Alike)
            if tongue not in self._shelves or (by_sound and len(word) < SLIPS_BY_SOUND):
                continue
            if tongue != language and len(word) < ABROAD:
                continue
            best = self._shelves[tongue].closest(word)
            if best is not None and (tongue == language or _safe_abroad(word, best)):
                return best
        return None


class _Shelf:
    """The words of one language by first letter and length, and by their letters in order."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(w for w in words if len(w) >= SHORTEST and w.isalpha())
        self._shelves: dict[tuple[str, int], list[str]] = {}
        self._letters: dict[str, str] = {}
        for word in self._words:
            self._shelves.setdefault((word[0], len(word)), []).append(word)
            order = "".join(sorted(word))
            self._letters[order] = (
                f"{self._letters[order]} {word}" if order in self._letters else word
            )

    def closest(self, word: str) -> str | None:
        """The word that is meant, None where none is near enough."""
        order = sorted(word)
        ranks = [
            (distance, word[0] != other[0], order != sorted(other), len(word) == len(other), other)
            for other, distance in self._near(word)
            if not distance or _trusted(word, other)
        ]
        return min(ranks)[-1] if ranks else None

    def _near(self, word: str) -> Iterator[tuple[str, int]]:
        """Words within the slips allowed that `_trusted` may take, with how many slips they are."""
        allowed = _slips(word)
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            limit = min(allowed, 2 if length >= TWO_SLIPS else 1)
            shelf = self._shelves.get((word[0], length), ())
            found = extract(word, shelf, scorer=OSA.distance, score_cutoff=limit, limit=None)
            yield from ((other, int(distance)) for other, distance, _ in found)
        others = self._letters.get("".join(sorted(word)), "").split()
        for other in (*others, word[1:]):
            if other[0] != word[0] and other in self._words:
                distance = OSA.distance(word, other)
                if distance <= min(allowed, _slips(other)):
                    yield other, distance


def _slips(word: str) -> int:
    return 2 if len(word) >= TWO_SLIPS else 1


def _safe_abroad(word: str, other: str) -> bool:
    """Towards another language than hers only long words with one slip are mended."""
    return len(word) >= ABROAD and OSA.distance(word, other) == 1


def _trusted(word: str, other: str) -> bool:
    """Short words must begin alike; a changed plural or tense is no slip."""
    if len(other) < 6:  # noqa: PLR2004 - "light" and "night" are one slip apart
        return word[0] == other[0] and (len(other) > SHORTEST or sorted(word) == sorted(other))
    return word[0] == other[0] or sorted(word) == sorted(other) or word[1:] == other

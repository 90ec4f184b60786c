"""Words written as they sound (zangro, yeno, kayo) or with an ending of their own (puntito)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rapidfuzz.distance import OSA

SHORTEST = 3
"""Sounds of fewer letters say too little to go by."""
GLUED = 4
"""So many letters or sounds of a word that a small word is written together with (jsaigne)."""
LONGEST = 24
_VOWELS = frozenset("aeiouyh")
_BEFORE_ANY = "j"
"""The only small word that loses its vowel before a consonant too (jperds)."""


class Ear:
    """The words of one language by their sound, told by its own rules of spelling and endings."""

    def __init__(
        self, rules: Mapping[str, str], endings: Mapping[str, str], words: Iterable[str]
    ) -> None:
        """`rules`: what is written and the sound it counts as, one after the other ("v": "b").

        "er$" counts at a word's end only, and "^l" is a small word that may be written together
        with the next. `endings`: what may stand in the place of a plainer ending ("ito": "o"), the
        first fits.
        """
        self._rules = tuple(pair for pair in rules.items() if not pair[0].startswith("^"))
        self._glued = tuple(one[1:] for one in rules if one.startswith("^"))
        self._endings = tuple(endings.items())
        self._whole = frozenset(word for word in words if word.isalpha())
        self._words: dict[str, list[str]] = {}
        for word in sorted(self._whole):
            self._words.setdefault(self._sound(word), []).append(word)

    def word(self, unknown: str, *, least: int = SHORTEST) -> str | None:
        """The word an unknown one sounds like; none abroad, where more than SHORTEST is asked."""
        if least != SHORTEST or len(unknown) > LONGEST:
            return None
        return self._alike(unknown, SHORTEST) or self._plainer(unknown) or self._parted(unknown)

    def _alike(self, unknown: str, least: int) -> str | None:
        """The word of the same sound; of several the one written most like it."""
        sound = self._sound(unknown)
        found = self._words.get(sound) if len(sound) >= least else None
        return min(found, key=lambda word: (OSA.distance(word, unknown), word)) if found else None

    def _plainer(self, unknown: str) -> str | None:
        for ending, plain in self._endings:
            stem = unknown.removesuffix(ending)
            if len(stem) >= SHORTEST and stem != unknown:
                found = self._alike(stem + plain, 0)
                if found is not None:
                    return found
        return None

    def _parted(self, unknown: str) -> str | None:
        """The word after a small one that it is written together with: depilepsi, jperds."""
        for small in self._glued:
            rest = unknown.removeprefix(small)
            if rest == unknown or len(rest) < GLUED:
                continue
            if rest[0] not in _VOWELS and small != _BEFORE_ANY:
                continue
            found = rest if rest in self._whole else self._alike(rest, GLUED)
            if found is not None:
                return found
        return None

    def _sound(self, word: str) -> str:
        for written, sound in self._rules:
            if written[-1] == "$":
                if word.endswith(written[:-1]):
                    word = word[: 1 - len(written)] + sound
            else:
                word = word.replace(written, sound)
        return word

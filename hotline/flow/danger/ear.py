"""Words written as they sound (zangro, yeno) or with an ending of their own (puntito)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

SHORTEST = 3
"""Sounds of fewer letters say too little to go by."""
LONGEST = 24


class Ear:
    """The words of one language by their sound, told by its own rules of spelling and endings."""

    def __init__(
        self, rules: Mapping[str, str], endings: Mapping[str, str], words: Iterable[str]
    ) -> None:
        """`rules`: what is written and the sound it counts as, one after the other ("v": "b").

        `endings`: what may stand in the place of a plainer ending ("ito": "o"), the first fits.
        """
        self._rules = tuple(rules.items())
        self._endings = tuple(endings.items())
        self._words: dict[str, str] = {}
        for word in sorted(set(words)):
            if word.isalpha():
                self._words.setdefault(self._sound(word), word)

    def word(self, unknown: str, *, least: int = SHORTEST) -> str | None:
        """The word an unknown one sounds like; none abroad, where more than SHORTEST is asked."""
        if least != SHORTEST or len(unknown) > LONGEST:
            return None
        sound = self._sound(unknown)
        if len(sound) < SHORTEST:
            return None
        return self._words.get(sound) or self._plainer(unknown)

    def _plainer(self, unknown: str) -> str | None:
        for ending, plain in self._endings:
            stem = unknown.removesuffix(ending)
            if len(stem) >= SHORTEST and stem != unknown:
                found = self._words.get(self._sound(stem + plain))
                if found is not None:
                    return found
        return None

    def _sound(self, word: str) -> str:
        for written, sound in self._rules:
            word = word.replace(written, sound)
        return word

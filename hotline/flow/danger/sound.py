"""How a Hindi word sounds, written in Devanagari or in any Romanised way: words alike share a key.

nahi, nahee, nhi and नहीं sound alike, as do bukhar, bukhaar and बुखार. What Romanised writing does
not keep is left out of the key: the length of vowels, every "a" within a word, doubled consonants,
v and w, z and j, s and sh, ch and chh. Aspirates (k, kh) are kept: they tell words apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

SHORTEST = 3
"""Keys of fewer letters say too little: kam (less) and kaam (work), mar (die) and maar (hit)."""
ROUGH = 4
"""So many sounds a word must have to be told without its aspirates (bukar is bukhar)."""
NASAL = 5
"""From this length on the nasal at the end is left out: aankho, aankhon."""
LONGEST = 24

_FIRST, _LAST = "\u0900", "\u097f"
_CONSONANTS = dict(
    zip(
        "कखगघङचछजझञटठडढणतथदधनपफबभमयरलळवशषसह",
        "kKgGnCCjJntTdDntTdDnpfbBmyrllvsssh",
        strict=True,
    )
)
_VOWELS = dict(zip("अआइईउऊएऐओऔऋऑऍऎऒ", "aaiiuueeoorooeeo"[:15], strict=True))
_SIGNS = dict(zip("ािीुूेैोौृॉॅॆॊ", "aiiuueeooroeeo", strict=True))
_NASALS = "\u0901\u0902"
_SPELLED = {
    **{ord(letter): sound for letter, sound in (*_CONSONANTS.items(), *_VOWELS.items())},
    **{ord(letter): sound for letter, sound in _SIGNS.items()},
    **dict.fromkeys(map(ord, _NASALS), "n"),
    **dict.fromkeys((0x093C, 0x094D, 0x0903), None),
}
_ROMAN = re.compile(r"(?:c*ch+)+|ph|[kx]h|x|gh|jh|th|dh|bh|sh|[qcwz]")
_ROMAN_SOUNDS = {"ph": "f", "kh": "K", "xh": "K", "x": "K", "gh": "G", "jh": "J", "th": "T"}
_ROMAN_SOUNDS |= {"dh": "D", "bh": "B", "sh": "s", "q": "k", "c": "k", "w": "v", "z": "j"}
_PAIR = re.compile(r"[aeiou][aeiouy]")
_PAIRS = (
    (re.compile(r"ee|ii|ie(?=[^aeiou])"), "i"),
    (re.compile(r"oo|uu|ou"), "u"),
    (re.compile(r"a[iy](?=[^aeiouy])|ei(?=[^aeiou])|ey$"), "e"),
    (re.compile(r"au(?=[^aeiou])"), "o"),
)
_Y = re.compile(r"y(?=[ie])|(?<=i)y(?=a)")
_EH = re.compile(r"(?<=.)e(?=h)")
_INNER_A = re.compile(r"(?<=.)a+(?=.)")
_M = re.compile(r"m(?=[pbB])")
_TWICE = re.compile(r"(.)(?i:\1)")
_ASPIRATED = re.compile(r"([kgtdb])(?=(?i:\1))")
_SAME = re.compile(r"(.)\1+")


@lru_cache(maxsize=20_000)
def key(word: str) -> str | None:
    """The sound of a word in its normal form; None where that says too little to go by."""
    if len(word) > LONGEST:
        return None
    if _FIRST <= word[0] <= _LAST:
        sound = word.translate(_SPELLED)
    elif word.isascii() and word.isalpha():
        sound = _ROMAN.sub(lambda found: _ROMAN_SOUNDS.get(found[0], "C"), word)
        if _PAIR.search(sound):
            for found, put in _PAIRS:
                sound = found.sub(put, sound)
    else:
        return None
    sound = _plain(sound)
    if len(sound) >= NASAL and sound[-1] == "n" and sound[-2] in "ieou":
        sound = sound[:-1]
    return sound if len(sound) >= SHORTEST else None


def _plain(sound: str) -> str:
    """Without what Romanised writing leaves out; what is not there is not looked for twice."""
    if "y" in sound:
        sound = _Y.sub("", sound)
    if "eh" in sound:
        sound = _EH.sub("", sound)
    if "a" in sound:
        sound = _INNER_A.sub("", sound).replace("aa", "a")
    if "m" in sound:
        sound = _M.sub("n", sound)
    if _TWICE.search(sound):
        sound = _SAME.sub(r"\1", _ASPIRATED.sub("", sound))
    return sound


FORMS = "~"
"""Written behind the stem of a verb (gir~): all its forms, girna to girungi."""
_SHORT = ("a", "i", "e", "ye", "yi", "u", "un", "oon", "o", "iye", "at", "al", "wa")
_LONG = ("ta", "ti", "te", "tin", "na", "ne", "ni", "kar", "kr", "ke", "ega", "egi", "enge")
_ENDINGS = (*_SHORT, *_LONG, "oge", "ungi", "oongi", "unga")


class Alike:
    """The words of a language in groups that sound alike, for its patterns and for her texts."""

    def __init__(
        self,
        words: Iterable[str],
        apart: Iterable[str],
        first: Iterable[str],
        same: Iterable[str] = (),
    ) -> None:
        """`apart` keep to themselves; of a group that holds one of `first` that one stands for it.

        Those are numbers and units of time, which are looked up word by word. `same` are the words
        too short to tell by their sound, or said otherwise in a dialect, one and the same in each
        line ("aa आ", "अंधेरा अन्हार").
        """
        alone, preferred = frozenset(apart), frozenset(first)
        groups: dict[str, list[str]] = {}
        for word in sorted(set(words) - alone):
            sound = key(word)
            if sound is not None:
                groups.setdefault(sound, []).append(word)
        self._groups: dict[str, frozenset[str]] = {
            word: frozenset(group) for group in groups.values() if len(group) > 1 for word in group
        }
        self._groups.update(
            (word, frozenset(group)) for group in map(str.split, same) for word in group
        )
        self._stands = {
            sound: min(group, key=lambda word: (word not in preferred, word))
            for sound, group in groups.items()
        }
        rough: dict[str, list[str]] = {}
        for sound in groups:
            rough.setdefault(sound.lower(), []).append(sound)
        self._rough = {one: sounds[0] for one, sounds in rough.items() if len(sounds) == 1}

    def close(self, words: frozenset[str]) -> frozenset[str]:
        """The words and every word that sounds like one of them."""
        groups = self._groups
        wider = words.union(*(groups[word] for word in words if word in groups))
        return words if len(wider) == len(words) else wider

    def word(self, unknown: str, *, least: int = SHORTEST) -> str | None:
        """The word of a pattern that an unknown word sounds like, if its key is long enough."""
        sound = key(unknown)
        if sound is None or len(sound) < least:
            return None
        if sound not in self._stands and len(sound) >= ROUGH:
            sound = self._rough.get(sound.lower(), sound)
        return self._stands.get(sound)

    def groups(self) -> list[tuple[str, ...]]:
        """All groups of several words, for authors to look through."""
        return sorted({tuple(sorted(group)) for group in self._groups.values()})


def forms(word: str) -> tuple[str, ...]:
    """All forms of a verb written as its stem and FORMS; any other word alone."""
    if not word.endswith(FORMS):
        return (word,)
    stem = word[: -len(FORMS)]
    return (stem, *(stem + ending for ending in _ENDINGS))


def inflected(words: frozenset[str]) -> frozenset[str]:
    """The words, and for each stem of a verb all its forms."""
    if not any(word.endswith(FORMS) for word in words):
        return words
    return frozenset(one for word in words for one in forms(word))

"""What the words of the languages are, once loaded: frozen values, and how a word counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.flow.danger.automaton import Node
from hotline.flow.spelling import Spelling
from hotline.flow.tokens import Tokens, normalise

if TYPE_CHECKING:
    from hotline.flow.reading import Known

LONGEST = 24


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language: who reviewed it, its small words (to guess it by) and words for time."""

    language: str
    reviewed_by: str | None
    function_words: frozenset[str]
    units: Mapping[str, frozenset[str]]
    months: Mapping[str, int]
    fillers: frozenset[str]
    ordinals: Mapping[str, int]
    sounds: Mapping[str, int]
    short: Mapping[str, str]
    own_words: frozenset[str] = frozenset()
    light: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Example:
    """An author's example: in this text the danger is heard for certain, perhaps, or not.

    `file` is the file's path below the folder of the word lists.
    """

    language: str
    danger: str
    text: str
    expected: str
    file: str
    line: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # printed, its tree fills the memory
class Lexicons:
    """All languages in one: the search tree, what each word counts as, the mending of spelling."""

    languages: Mapping[str, Lexicon]
    root: Node
    numbers: Mapping[str, int]
    bounds: tuple[tuple[str, str, float], ...]
    known: frozenset[str]
    spelling: Spelling
    function_words: Mapping[str, tuple[str, ...]]
    examples: tuple[Example, ...]
    dangers: frozenset[str]
    topics: frozenset[str]
    units: Mapping[str, frozenset[str]]
    fillers: frozenset[str]
    ordinals: Mapping[str, int]
    months: Mapping[str, int]
    times: frozenset[str]
    readings: dict[tuple[str, str, str | None], Known] = field(default_factory=dict, repr=False)
    _units_in: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict, repr=False)
    _standard: Mapping[str, tuple[str, ...]] = field(init=False, repr=False)
    _light: Mapping[str, frozenset[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Work out once what every known word and every number of two digits counts as."""
        table = _standard_symbols(self.known, self.numbers, self.bounds)
        object.__setattr__(self, "_standard", table)
        light = frozenset[str]().union(*(one.light for one in self.languages.values()))
        own = {name: light - one.own_words | one.light for name, one in self.languages.items()}
        object.__setattr__(self, "_light", {"": light, **own})

    def light(self, language: str) -> frozenset[str]:
        """The words that may stand inside any pattern, in a text of this language."""
        return self._light.get(language, self._light[""])

    def number(self, symbols: tuple[str, ...]) -> float | None:
        """The number a word stands for, in digits or spelled out; only a number has bounds."""
        if len(symbols) == 1:
            return None
        word = symbols[0]
        if word[0].isdecimal():
            return float(word)
        found = self.numbers.get(word)
        return None if found is None else float(found)

    def unit(self, name: str) -> frozenset[str]:
        """The words of all languages for a unit (week, day, ago, nearly, ...)."""
        return self.units.get(name, _NO_WORDS)

    def unit_in(self, name: str, language: str) -> frozenset[str]:
        """The words for a unit, without small words of her language that are none of it there.

        "doce y media" says no years, though "y" does in English notes.
        """
        key = (name, language)
        found = self._units_in.get(key)
        if found is None:
            found, own = self.unit(name), self.languages.get(language)
            if own is not None:
                found -= own.function_words - own.units.get(name, _NO_WORDS)
            self._units_in[key] = found
        return found

    def lone(self, text: str) -> str | None:
        """The normal form of a text that is one known word or a number of two digits."""
        if len(text) > LONGEST:
            return None
        word = normalise(text).strip(" ")
        return word if word in self._standard else None

    def symbols(self, tokens: Tokens, language: str) -> list[tuple[str, ...]]:
        """What each word counts as: itself or the word meant, and for a number its bounds."""
        standard = self._standard
        words = tokens.words
        own = self.languages.get(language)
        if own and own.short and len(words) > 1:
            short = own.short
            pairs = zip((" ", *words), words, strict=False)
            words = [w if before[0].isdecimal() else short.get(w, w) for before, w in pairs]
        return [standard.get(word) or self._unusual(word, language) for word in words]

    def _unusual(self, word: str, language: str) -> tuple[str, ...]:
        if word[0].isdecimal():
            return (word, *_bounds_of(float(word), self.bounds))
        mended = self.spelling.mend(word, language)
        if mended is None:
            return (word,)
        return self._standard.get(mended, (mended,))


_NO_WORDS: frozenset[str] = frozenset()
_DIGITS = range(100)


def _standard_symbols(
    known: Iterable[str], numbers: Mapping[str, int], bounds: tuple[tuple[str, str, float], ...]
) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {word: (word,) for word in known if not word[0].isdecimal()}
    written = {**numbers, **{str(number): number for number in _DIGITS}}
    for word, number in written.items():
        table[word] = (word, *_bounds_of(number, bounds))
    return table


@lru_cache(maxsize=4096)
def _bounds_of(value: float, bounds: tuple[tuple[str, str, float], ...]) -> tuple[str, ...]:
    held = ["#"]
    for symbol, sign, limit in bounds:
        match sign:
            case ">=":
                holds = value >= limit
            case "<=":
                holds = value <= limit
            case _:
                holds = value == limit
        if holds:
            held.append(symbol)
    return tuple(held)


def small_words(languages: Mapping[str, Lexicon]) -> dict[str, tuple[str, ...]]:
    """The small words of all languages, each with the languages that have it."""
    words: dict[str, list[str]] = {}
    for name, lexicon in languages.items():
        for word in lexicon.function_words:
            words.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in words.items()}


def units_of(languages: Mapping[str, Lexicon]) -> dict[str, frozenset[str]]:
    """The words of all languages for each unit."""
    units: dict[str, frozenset[str]] = {}
    for one in languages.values():
        for name, words in one.units.items():
            units[name] = units.get(name, frozenset()) | words
    return units


def bounds_among(known: Iterable[str]) -> tuple[tuple[str, str, float], ...]:
    """The bounds of numbers among the words of the patterns: (symbol, sign, limit)."""
    bounds = []
    for symbol in sorted(word for word in known if word.startswith("#") and len(word) > 1):
        sign = symbol[1:3] if symbol[1:3] in (">=", "<=") else "="
        bounds.append((symbol, sign, float(symbol[1 + len(sign) :])))
    return tuple(bounds)

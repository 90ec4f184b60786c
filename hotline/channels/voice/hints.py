"""What the speech recogniser is told to expect: her options, short replies, words of danger."""

from __future__ import annotations

from functools import lru_cache

from hotline.flow.lexicon import Lexicons

MOST_WORDS = 5
LONGEST = 100
MOST_HINTS = 60


@lru_cache(maxsize=16)
def danger_hints(lexicons: Lexicons, language: str) -> tuple[str, ...]:
    """For each danger the shortest of its authors' examples in this language."""
    shortest: dict[str, str] = {}
    for one in lexicons.examples:
        if one.language != language or one.expected != "heard":
            continue
        text = plain(one.text)
        before = shortest.get(one.danger)
        if len(text.split()) <= MOST_WORDS and (before is None or _rank(text) < _rank(before)):
            shortest[one.danger] = text
    return tuple(shortest[name] for name in sorted(shortest))


def _rank(text: str) -> tuple[bool, int]:
    """What the recogniser writes comes first: Hindi in its own script, not in Latin letters."""
    return text.isascii(), len(text)


def plain(text: str) -> str:
    """A hint without the commas that part hints, cut to the longest the carrier takes."""
    return " ".join(text.replace(",", " ").split())[:LONGEST]


def joined(*groups: tuple[str, ...]) -> str:
    """The hints as Gather takes them, each once, the first groups first."""
    every = (plain(one) for group in groups for one in group)
    return ",".join(list(dict.fromkeys(one for one in every if one))[:MOST_HINTS])

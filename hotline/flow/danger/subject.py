"""Who does it: "the team collapsed" has a subject that is nobody of hers, so that it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from hotline.flow.tokens import HARD, Tokens

if TYPE_CHECKING:
    from hotline.flow.lexicon import Lexicon

VERBS, HERS, BETWEEN = "needs_subject", "her_subject", "between_subject"
"""Units of a language: what somebody does, who can be she, and what stands between the two."""
TELLS = "tells"
"""Unit of a language: the words of which one stands in every question about herself."""


def of_another(
    units: Mapping[str, frozenset[str]],
    small: Iterable[str],
    words: list[str],
    breaks: list[int],
    start: int,
) -> bool:
    """Whether the phrase that begins at `start` has a subject that names neither her nor hers.

    Small words, what begins a clause, and everything that the language lists as hers say nothing
    against her. Languages without the units have no such subjects.
    """
    verbs = units.get(VERBS)
    if not verbs or words[start] not in verbs:
        return False
    hers, between = units.get(HERS, frozenset()), units.get(BETWEEN, frozenset())
    at = start
    while at > 0 and not breaks[at]:
        at -= 1
        word = words[at]
        if word not in between:
            return word.isalpha() and word not in hers and word not in small
    return False


def in_general(
    own: Lexicon | None, symbols: list[tuple[str, ...]], tokens: Tokens
) -> frozenset[int]:
    """The words of questions that name neither her nor hers: "contractions, is that normal?".

    Languages without the unit have no such questions.
    """
    tells = own.units.get(TELLS) if own else None
    if not tells or "?" not in tokens.text:
        return frozenset()
    found: set[int] = set()
    start, count = 0, len(symbols)
    for end in range(1, count + 1):
        if end < count and tokens.breaks[end] != HARD:
            continue
        whole = range(start, end)
        if end - 1 in tokens.asked and not any(symbols[at][0] in tells for at in whole):
            found.update(whole)
        start = end
    return frozenset(found)

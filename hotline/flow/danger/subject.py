"""Who does it: "the team collapsed" has a subject that is nobody of hers, so that it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

VERBS, HERS, BETWEEN = "needs_subject", "her_subject", "between_subject"
"""Units of a language: what somebody does, who can be she, and what stands between the two."""


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

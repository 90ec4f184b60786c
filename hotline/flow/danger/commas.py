"""What reaches over no comma: two words of a denial, and an answer that begins with "no"."""

from __future__ import annotations

from hotline.flow.danger.automaton import Match

_PARTED = frozenset(("affirm", "negation"))
_TOLD, _LIGHTER = frozenset(("says", "answers")), frozenset(("no", "none", "mild", "light"))


def parted(match: Match, breaks: list[int], symbols: list[tuple[str, ...]]) -> bool:
    """Whether a comma parts it: "no, only a twinge" is not the "not only" that denies nothing.

    Nor does an answer that begins with "no" reach over one: "no es, es bien fuerte" is no "no es
    fuerte".
    """
    output, start = match.output, match.start
    told = output.kind in _TOLD and output.value in _LIGHTER and symbols[start][0] == "no"
    apart = output.name in _PARTED or (told and bool(match.skipped))
    return apart and any(breaks[start + 1 : match.end])

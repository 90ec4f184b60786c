"""Pads counted against time: "3 pads in 2 hours", "a pad every 20 minutes"."""

from __future__ import annotations

from hotline.flow.danger.automaton import Match
from hotline.flow.danger.cues import Standing
from hotline.flow.lexicon import Lexicons

HEAVY = 1.0
"""One pad an hour or more: the most sensitive of the published thresholds (REFERENCE 1a)."""
MINUTES = 60


def heavy_rate(
    lexicons: Lexicons, symbols: list[tuple[str, ...]], phrases: list[tuple[Match, Standing]]
) -> Standing | None:
    """STATED where pads are counted at a heavy rate, DOUBTFUL where that is in doubt, else None.

    The patterns named pads_in (pads, then time) and pads_every (one pad, then time) mark where
    the numbers are; the numbers are read here.
    """
    doubtful = None
    for match, standing in phrases:
        if standing >= Standing.PAST:
            continue
        span = symbols[match.start : match.end]
        read = (lexicons.number(one) for one in span)
        numbers = [number for number in read if number is not None]
        hours = any(one[0] in lexicons.unit("hour") for one in span)
        rate = _rate(numbers, match.output.name, hours=hours)
        if rate is not None and rate >= HEAVY:
            if standing is Standing.STATED:
                return standing
            doubtful = Standing.DOUBTFUL
    return doubtful


def _rate(found: list[float], name: str, *, hours: bool) -> float | None:
    """Pads an hour from the numbers of a phrase."""
    if name == "pads_every":
        pads, spell = (found[0], found[1]) if len(found) > 1 else (1.0, found[0] if found else 1.0)
    elif len(found) > 1:
        pads, spell = found[0], found[1]
    else:
        pads, spell = (found[0] if found else 1.0), 1.0
    if not spell:
        return None
    return pads / spell if hours else pads * MINUTES / spell

"""Pads counted against time: "3 pads in 2 hours", "a pad every 20 minutes"."""

from __future__ import annotations

from hotline.flow.danger.automaton import Match
from hotline.flow.danger.scopes import Scopes, Standing
from hotline.flow.lexicon import Lexicons

HEAVY = 1.0
"""One pad an hour or more: the most sensitive of the published thresholds (REFERENCE 1a)."""
MINUTES = 60


def pads_danger(
    lexicons: Lexicons,
    symbols: list[tuple[str, ...]],
    matches: list[Match],
    scopes: Scopes,
) -> str | None:
    """Whether pads are counted at a heavy rate: "danger", or "possible" where that is in doubt.

    The patterns named pads_in (pads, then time) and pads_every (one pad, then time) mark where
    the numbers are; the numbers are read here.
    """
    worst: str | None = None
    for match in matches:
        if match.output.kind != "rate":
            continue
        standing = scopes.standing(match)
        if standing >= Standing.ELSEWHERE:
            continue
        found = _numbers(lexicons, symbols, match)
        hours = any(symbols[i][0] in lexicons.unit("hour") for i in range(match.start, match.end))
        rate = _rate(found, match.output.name, hours=hours)
        if rate is not None and rate >= HEAVY:
            if standing is Standing.STATED:
                return "danger"
            worst = "possible"
    return worst


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


def _numbers(
    lexicons: Lexicons, symbols: list[tuple[str, ...]], match: Match
) -> list[float]:
    found = (lexicons.number(symbols[i]) for i in range(match.start, match.end))
    return [number for number in found if number is not None]

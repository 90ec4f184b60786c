"""When a send that failed is tried again: growing delays for what may pass, none for what never."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.channels.errors_table import Meaning
from hotline.channels.outcomes import Refused
from hotline.flow.levels import Level

_LONGEST_REST = 60.0
"""How many seconds we rest at most when we are told that we are too fast."""

_EMERGENCY = tuple(timedelta(seconds=s) for s in (1, 2, 4, 8, 15, 30, 30, 60, 60, 60))
_OTHER = tuple(timedelta(seconds=s) for s in (2, 10, 30, 120, 300, 900, 1800, 3600))


@dataclass(frozen=True, slots=True)
class Again:
    """Try again at `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not try again; `why` holds no number and no text."""

    why: str


def retry(
    refused: Refused, attempt: int, level: Level | None, now: datetime, spread: float
) -> Again | GiveUp:
    """What follows a refusal. `attempt` counts from 1; `spread` from 0 to 1 is chance, given.

    The delay grows with each attempt and is spread by up to half of it, so that workers do not come
    back together; what the carrier asked us to wait is kept to. A rate that we were over is no sign
    that the send cannot pass: it is tried until it does.
    """
    if refused.permanent:
        return GiveUp(refused.problem)
    if refused.meaning is Meaning.TOO_FAST:
        wait = max(refused.wait or 0.0, min(2.0 * attempt, _LONGEST_REST))
        return Again(now + timedelta(seconds=wait * (1 + spread / 2)))
    delays = _EMERGENCY if level is Level.EMERGENCY else _OTHER
    if attempt > len(delays):
        return GiveUp(f"{refused.problem}; tried {attempt} times")
    return Again(now + delays[attempt - 1] * (1 + spread / 2))

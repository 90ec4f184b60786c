"""When a send that failed is tried again: growing delays for what may pass, none for what never."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.channels.outcomes import Refused
from hotline.flow.levels import Level

_PATIENCE = 60
"""How often a wait that was asked for is kept to."""

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
    back together; what the carrier asked us to wait is kept to. A rate that we were over costs no
    attempt's worth of patience: it is no sign that the send cannot pass.
    """
    if refused.permanent:
        return GiveUp(refused.problem)
    if refused.wait is not None and attempt <= _PATIENCE:
        return Again(now + timedelta(seconds=refused.wait))
    delays = _EMERGENCY if level is Level.EMERGENCY else _OTHER
    if attempt > len(delays):
        return GiveUp(f"{refused.problem}; tried {attempt} times")
    return Again(now + delays[attempt - 1] * (1 + spread / 2))

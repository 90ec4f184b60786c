"""Silence when a red flag, a danger or its check is open: the steps after the flow's own time."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class SilenceThing(StrEnum):
    """What is done about silence."""

    SAFETY_NET = "safety_net"
    COUNT_AS_SILENCE = "count_as_silence"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class SilenceStep:
    """This long after the flow's own time was over, do this."""

    after: timedelta
    do: SilenceThing


@dataclass(frozen=True, slots=True)
class SilencePolicy:
    """The steps, soonest first; the first is due when the flow's own time is over."""

    steps: tuple[SilenceStep, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """What is done together, and how long after it the next round is due (None: none)."""

    things: tuple[SilenceThing, ...]
    then: timedelta | None


def silence_round(policy: SilencePolicy, number: int) -> Round | None:
    """The round with this number, counted from 1; None when there is none."""
    times = sorted({step.after for step in policy.steps})
    if not 1 <= number <= len(times):
        return None
    at = times[number - 1]
    things = tuple(step.do for step in policy.steps if step.after == at)
    return Round(things, times[number] - at if number < len(times) else None)

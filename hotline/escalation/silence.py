"""Silence by risk: what happens when an unfinished session gets no answer; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.flow.levels import Level


class Risk(StrEnum):
    """How much silence may mean."""

    HIGH = "high"
    LOW = "low"


class SilenceThing(StrEnum):
    """What is done about silence."""

    SAFETY_NET = "safety_net"
    COUNT_AS_SILENCE = "count_as_silence"
    PAGE = "page"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class SilenceStep:
    """This long after her last word, do this."""

    after: timedelta
    do: SilenceThing


@dataclass(frozen=True, slots=True)
class SilencePolicy:
    """The steps of each risk, in the order of their times."""

    high: tuple[SilenceStep, ...]
    low: tuple[SilenceStep, ...]

    def steps(self, risk: Risk) -> tuple[SilenceStep, ...]:
        """The steps of one risk."""
        return self.high if risk is Risk.HIGH else self.low


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What is known of a session when its last reply leaves.

    `red_flag_open`: the open question is a red flag or its clarifier; `level_so_far` is the highest
    level of the rules that hold already.
    """

    finished: bool
    dangers: frozenset[str]
    red_flag_open: bool
    level_so_far: Level | None
    staff_have_her: bool = False


@dataclass(frozen=True, slots=True)
class Timer:
    """One thing to do at a moment, unless she writes before."""

    at: datetime
    do: SilenceThing


def risk_of(session: Unfinished) -> Risk:
    """High with a danger heard, a red flag half answered, or urgent and more so far."""
    so_far = session.level_so_far
    serious = so_far is not None and so_far.rank >= Level.URGENT.rank
    return Risk.HIGH if session.dangers or session.red_flag_open or serious else Risk.LOW


def timers(session: Unfinished, policy: SilencePolicy, last: datetime) -> tuple[Timer, ...]:
    """What silence after `last` (her last word) brings; nothing once finished or with staff."""
    if session.finished or session.staff_have_her:
        return ()
    return tuple(Timer(last + step.after, step.do) for step in policy.steps(risk_of(session)))

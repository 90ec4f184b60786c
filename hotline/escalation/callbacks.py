"""Call-backs: promised phone calls to her, with due times and attempts; pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.flow.levels import Level


class Asker(StrEnum):
    """Who asked for the call."""

    HER = "her"
    PHONE_MENU = "phone_menu"
    FLOW = "flow"
    STAFF = "staff"


class CallbackState(StrEnum):
    """Where a promised call stands."""

    WAITING = "waiting"
    CALLING = "calling"
    DONE = "done"
    GIVEN_UP = "given_up"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """How one attempt ended; STAFF_DID_NOT_TAKE costs her no attempt."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    STAFF_DID_NOT_TAKE = "staff_did_not_take"


@dataclass(frozen=True, slots=True)
class CallbackPolicy:
    """How soon each level's call is due; the pauses after attempts that did not reach her."""

    due_within: Mapping[Level, timedelta]
    retry_after: tuple[timedelta, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: which staff member, from when to when, and how it ended (None: still going)."""

    staff: str
    began: datetime
    ended: datetime | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Callback:
    """One promised call."""

    id: str
    session: str
    level: Level
    asked_by: Asker
    asked: datetime
    due: datetime
    state: CallbackState = CallbackState.WAITING
    attempts: tuple[Attempt, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a new call-back is about."""

    session: str
    level: Level
    by: Asker
    note: str = ""


def ask(callback_id: str, asked: Asked, policy: CallbackPolicy, now: datetime) -> Callback:
    """A new promise, due within the time of its level."""
    return Callback(
        id=callback_id,
        session=asked.session,
        level=asked.level,
        asked_by=asked.by,
        asked=now,
        due=now + policy.due_within[asked.level],
        note=asked.note,
    )


def start(callback: Callback, staff: str, now: datetime) -> Callback | None:
    """A staff member starts the call; None when it is over or somebody is calling already."""
    if callback.state is not CallbackState.WAITING:
        return None
    attempt = Attempt(staff, now)
    return replace(callback, state=CallbackState.CALLING, attempts=(*callback.attempts, attempt))


def finish(callback: Callback, outcome: Outcome, policy: CallbackPolicy, now: datetime) -> Callback:
    """The attempt under way ended: done, due again later, or given up (then staff are paged)."""
    if callback.state is not CallbackState.CALLING:
        return callback
    *before, last = callback.attempts
    attempts = (*before, replace(last, ended=now, outcome=outcome))
    ended = replace(callback, attempts=attempts)
    if outcome is Outcome.SPOKE:
        return replace(ended, state=CallbackState.DONE)
    if outcome is Outcome.STAFF_DID_NOT_TAKE:
        return replace(ended, state=CallbackState.WAITING)
    missed = tries(ended)
    if missed > len(policy.retry_after):
        return replace(ended, state=CallbackState.GIVEN_UP)
    due = now + policy.retry_after[missed - 1]
    return replace(ended, state=CallbackState.WAITING, due=due)


def cancel(callback: Callback) -> Callback:
    """No longer wanted; one that is over stays as it is."""
    if callback.state in {CallbackState.WAITING, CallbackState.CALLING}:
        return replace(callback, state=CallbackState.CANCELLED)
    return callback


def tries(callback: Callback) -> int:
    """How many attempts rang at her side without reaching her."""
    missed = {Outcome.NO_ANSWER, Outcome.BUSY, Outcome.FAILED}
    return sum(attempt.outcome in missed for attempt in callback.attempts)


def queue(callbacks: Iterable[Callback]) -> tuple[Callback, ...]:
    """The calls still owed: the highest level first, then the one due first."""
    waiting = (one for one in callbacks if one.state is CallbackState.WAITING)
    return tuple(sorted(waiting, key=lambda one: (-one.level.rank, one.due, one.id)))


def overdue(callbacks: Iterable[Callback], now: datetime) -> tuple[Callback, ...]:
    """The waiting calls whose time has come, in the queue's order."""
    return tuple(one for one in queue(callbacks) if one.due <= now)

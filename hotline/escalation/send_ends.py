"""What is written at the end of a send, and what follows: checks, notes for the ladder, pages."""

import time
from dataclasses import dataclass, field, replace
from datetime import datetime

from hotline.channels.delivery import SendState
from hotline.channels.outcomes import Refused, Unknown
from hotline.errors import StoreUnavailable
from hotline.escalation.conclude import Concluded, Conclusion, SendWrite, conclude
from hotline.escalation.orders import (
    HER,
    About,
    SendOrder,
    check_task,
    ladder_task,
    page_task,
    whose,
)
from hotline.escalation.queue import Taken, to_ms
from hotline.escalation.records import Reason, What
from hotline.escalation.station import Station
from hotline.flow.levels import Level
from hotline.session.records import Entry, Task

_PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds between tries to write what became of a send."""


@dataclass(frozen=True, slots=True)
class Job:
    """A send in work: the task as taken, its order, and the words that went or were to go."""

    taken: Taken
    order: SendOrder
    words: str = ""

    @property
    def session(self) -> str:
        """The session's id."""
        return f"{self.taken.task.contact}.{self.taken.task.serial}"

    @property
    def fields(self) -> dict[str, str | int]:
        """What the ledger keeps of it: no number and no words."""
        order = self.order
        return {
            "session": self.session,
            "to": order.to,
            "by": order.by.value,
            "about": order.about.value,
            "level": order.level.value if order.level else "",
            "note": order.note if order.about is About.CONNECT else "",
        }


@dataclass(frozen=True, slots=True)
class _End:
    """One way a send ended, or waits."""

    state: SendState
    tasks: tuple[Task, ...] = ()
    fields: dict[str, str | int] = field(default_factory=dict)
    result: str = ""


class SendEnds:
    """Writes the ends of sends. Every method raises StoreUnavailable when Redis fails."""

    def __init__(self, station: Station) -> None:
        """Use this station's store and policies."""
        self._station = station

    def nothing(self, job: Job, now: datetime) -> None:
        """It went out before: only the task is acknowledged."""
        self._write(job, _End(SendState.PLANNED), now)

    def later(self, job: Job, at: datetime, now: datetime, problem: str = "") -> None:
        """The same task once more at `at`."""
        again = replace(job.taken.task, due=to_ms(at))
        self._write(job, _End(SendState.PLANNED, (again,), {"problem": problem}), now)

    def sent(self, job: Job, sid: str, now: datetime) -> None:
        """The carrier took it; a watched one is checked for its arrival."""
        end = _End(SendState.ACCEPTED, self._checks(job, now), {"sid": sid}, "sent")
        self._write(job, end, now)

    def perhaps(self, job: Job, unknown: Unknown, now: datetime) -> None:
        """Perhaps sent: never again to her; a page counts as out, and the ladder goes on."""
        tasks = self._checks(job, now)
        if job.order.about is About.PAGE:
            tasks = (*tasks, _noted(job, What.PAGE_PERHAPS, now))
        end = _End(SendState.PERHAPS, tasks, {"problem": unknown.problem}, "perhaps sent")
        self._write(job, end, now)

    def failed(self, job: Job, refused: Refused, why: str, now: datetime) -> None:
        """It will not go out: a page brings the next rung on, an emergency goes to staff."""
        fields: dict[str, str | int] = {"problem": why}
        if refused.code is not None:
            fields["code"] = refused.code
        self._write(job, _End(SendState.REFUSED, _after_failure(job, now), fields, why), now)

    def dropped(self, job: Job, why: str, now: datetime) -> None:
        """It is not to go out; for a watched one staff have to do what it cannot."""
        watched = job.order.to == HER and job.order.watched
        tasks = _after_failure(job, now) if watched else ()
        self._write(job, _End(SendState.DROPPED, tasks, {"problem": why}), now)

    def _checks(self, job: Job, now: datetime) -> tuple[Task, ...]:
        if not job.order.watched:
            return ()
        within = self._station.policies.delivery.report_within
        return (check_task(job.taken.task.id, whose(job.session), now + within),)

    def _write(self, job: Job, end: _End, now: datetime) -> None:
        task = job.taken.task
        whole = Conclusion(
            contact=task.contact,
            session=job.session,
            now=now,
            taken=job.taken,
            send=SendWrite(task.id, end.state, {**job.fields, **end.fields}),
            entry=_entry(job, end) if end.result else None,
            tasks=end.tasks,
        )
        ended = self._patiently(whole)
        if ended is Concluded.DONE_BEFORE and "sid" in end.fields:
            # Another worker took us for dead and noted "perhaps sent"; now we know better.
            conclude(self._station.store, replace(whole, taken=None, tasks=()))

    def _patiently(self, whole: Conclusion) -> Concluded:
        """Write it even if Redis is away for some seconds: the carrier has been asked already.

        What cannot be written at last is found by another worker, and shown as perhaps sent.
        """
        for pause in _PAUSES:
            try:
                return conclude(self._station.store, whole)
            except StoreUnavailable:
                time.sleep(pause)
        return conclude(self._station.store, whole)


def _after_failure(job: Job, now: datetime) -> tuple[Task, ...]:
    order, task = job.order, job.taken.task
    if order.about is About.PAGE:
        return (_noted(job, What.PAGE_FAILED, now),)
    if order.to != HER:
        return ()
    if order.watched:
        return (check_task(task.id, whose(job.session), now),)
    if order.level is Level.EMERGENCY:
        reason = Reason.NOT_DELIVERED.value
        name = f"page:{task.id}:{reason}"
        return (page_task(name, whose(job.session), reason, order.level, now),)
    return ()


def _noted(job: Job, what: What, now: datetime) -> Task:
    order = job.order
    note = {"send": job.taken.task.id, "what": what.value, "who": order.to, "by": order.by.value}
    return ladder_task(whose(job.session), order.level or Level.URGENT, now, note)


def _entry(job: Job, end: _End) -> Entry:
    """The log's line; a reply's words are in its turn's own entry already."""
    order = job.order
    extra: dict[str, object] = {"to": order.to, "by": order.by.value, "about": order.about.value}
    extra["result"] = end.result
    if "code" in end.fields:
        extra["code"] = end.fields["code"]
    hers = order.to == HER and order.about is not About.REPLY and bool(job.words)
    said = (job.words,) if hers else ()
    return Entry(kind="send", delivery=job.taken.task.id, said=said, extra=extra)

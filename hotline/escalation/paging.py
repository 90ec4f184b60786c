"""Doing pages and ladders: opening an escalation, climbing it, and what each action becomes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from hotline.errors import StaleSession
from hotline.escalation.board import Board, Posted
from hotline.escalation.conclude import Concluded, Conclusion, conclude
from hotline.escalation.ladder import (
    Action,
    Opening,
    Page,
    TellHer,
    TellMore,
    TellStaff,
    advance,
    note_page,
    open_escalation,
    reopen,
    report_more,
)
from hotline.escalation.orders import HER, About, SendOrder, ladder_task, send_task, whose
from hotline.escalation.queue import Taken, to_ms
from hotline.escalation.records import Escalation, Means, Reason, Step, What
from hotline.escalation.rota import on_call
from hotline.escalation.rota_store import RotaStore
from hotline.escalation.station import Station
from hotline.flow.levels import Level, highest
from hotline.session.records import Entry, Session, Task

_TRIES = 50

_AT_LEAST = {
    Reason.DANGER: Level.EMERGENCY,
    Reason.SUICIDAL: Level.EMERGENCY,
    Reason.NOT_DELIVERED: Level.EMERGENCY,
    Reason.HARM: Level.URGENT,
    Reason.OPTED_OUT: Level.URGENT,
    Reason.SILENCE: Level.URGENT,
    Reason.WORSE: Level.URGENT,
    Reason.CALLBACK_FAILED: Level.URGENT,
    Reason.FAULT: Level.URGENT,
}
"""How fast staff are told at least, whatever level the questions have come to so far."""

Change = Callable[[Posted, datetime], tuple[Escalation, tuple[Action, ...]] | None]
"""What to make of an escalation as stored; None: nothing."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The escalation after a change, and whether this call changed it."""

    escalation: Escalation | None
    done: bool


class Pager:
    """Does the tasks PAGE and LADDER, and every other change of an escalation."""

    def __init__(self, station: Station, rota: RotaStore) -> None:
        """Use these; nothing is sent yet."""
        self._station = station
        self._rota = rota
        self.board = Board(station.store)

    def page(self, taken: Taken, now: datetime) -> None:
        """Tell staff about a session: open an escalation, or add to the open one."""
        task = taken.task
        session_id = f"{task.contact}.{task.serial}"
        session = self._station.store.load_by_id(session_id).session
        opening = _opening(session_id, task, session)
        codes: list[str] = []

        def change(posted: Posted, at: datetime) -> tuple[Escalation, tuple[Action, ...]]:
            before = posted.escalation
            if before is not None and not before.closed:
                return report_more(before, opening.level, opening.reason, at)
            if not codes:
                codes.append(self.board.new_code(session_id))
            if before is not None:
                return reopen(before, codes[0], opening, at), ()
            return open_escalation(codes[0], opening, at), ()

        extra = {"reason": opening.reason.value, "level": opening.level.value}
        changed = self.change(session_id, change, now, taken, Entry("escalation", extra=extra))
        if codes:
            self._free_unused(codes[0], session_id, changed)

    def _free_unused(self, code: str, session_id: str, changed: Changed) -> None:
        """Give a code back that the stored record does not have: somebody else was faster."""
        stored = changed.escalation if changed.done else self.board.load(session_id).escalation
        if stored is None or stored.code != code:
            self.board.free_code(code, session_id)

    def climb(self, taken: Taken, now: datetime) -> None:
        """Look at an escalation whose time has come, or note what became of one of its pages."""
        task = taken.task
        session_id = f"{task.contact}.{task.serial}"
        note = task.payload

        def change(posted: Posted, at: datetime) -> tuple[Escalation, tuple[Action, ...]] | None:
            if posted.escalation is None:
                return None
            if "what" not in note:
                return posted.escalation, ()
            step = Step(at, What(note["what"]), note["who"], Means(note["by"]))
            return note_page(posted.escalation, step), ()

        self.change(session_id, change, now, taken)

    def change(  # noqa: PLR0913, PLR0917 - the change and what is written with it
        self,
        session_id: str,
        change: Change,
        now: datetime,
        taken: Taken | None = None,
        entry: Entry | None = None,
        tasks: Sequence[Task] = (),
    ) -> Changed:
        """Change an escalation, let the ladder go on, and write all of it together.

        Tried again while others change it too; raises StaleSession when that never ends.
        """
        whom = whose(session_id)
        for _ in range(_TRIES):
            posted = self.board.load(session_id)
            wanted = change(posted, now)
            if wanted is None:
                self._acknowledge(session_id, taken, now)
                return Changed(posted.escalation, done=False)
            escalation, first = wanted
            ladder = self._station.policies.ladders[escalation.level]
            call = on_call(self._rota.current(), now)
            climbed, more = advance(escalation, ladder, call, now)
            follow = [*tasks, *self._tasks(climbed, (*first, *more), now)]
            if climbed.next_at is not None:
                follow.append(ladder_task(whom, climbed.level, climbed.next_at, None))
            ended = conclude(
                self._station.store,
                Conclusion(
                    contact=whom.contact,
                    session=session_id,
                    now=now,
                    taken=taken,
                    record=self.board.write(climbed, posted.revision),
                    entry=entry,
                    tasks=follow,
                ),
            )
            if ended is not Concluded.STALE:
                return Changed(climbed, done=ended is Concluded.DONE)
        raise StaleSession(session_id)

    def _acknowledge(self, session_id: str, taken: Taken | None, now: datetime) -> None:
        if taken is not None:
            whole = Conclusion(taken.task.contact, session_id, now, taken)
            conclude(self._station.store, whole)

    def _tasks(
        self, escalation: Escalation, actions: Sequence[Action], now: datetime
    ) -> list[Task]:
        """Each action as a send; its id is the escalation's step count and moment, so it is new."""
        stamp = f"{escalation.session}:{to_ms(now)}.{len(escalation.steps)}"
        whom, level = whose(escalation.session), escalation.level
        found: list[Task] = []
        for action in actions:
            match action:
                case Page(person, by):
                    order = SendOrder(person.id, by, About.PAGE, level)
                    name = f"page:{stamp}:{person.id}:{by}"
                case TellHer(saying):
                    quiet = level.rank < Level.URGENT.rank
                    order = SendOrder(
                        HER, Means.TEXT, About.SAYING, level, say=saying, unasked=quiet
                    )
                    name = f"told:{stamp}"
                case TellStaff(person_id, taken_by):
                    order = SendOrder(person_id, Means.TEXT, About.TAKEN, level, note=taken_by)
                    name = f"taken:{stamp}:{person_id}"
                case TellMore(person_id, reason):
                    order = SendOrder(person_id, Means.TEXT, About.MORE, level, note=reason.value)
                    name = f"more:{stamp}:{person_id}:{reason}"
                case _:
                    assert_never(action)
            found.append(send_task(name, whom, order, now))
        return found


def reason_of(name: str) -> Reason:
    """The reason a task names; one that is not known yet is told as OTHER, never lost."""
    try:
        return Reason(name)
    except ValueError:
        return Reason.OTHER


def _opening(session_id: str, task: Task, session: Session | None) -> Opening:
    reason = reason_of(str(task.payload.get("reason", "")))
    given = task.payload.get("level")
    so_far = session.state.level if session is not None else None
    dangers = bool(session.state.dangers) if session is not None else False
    grave = Level.EMERGENCY if dangers and reason in {Reason.SILENCE, Reason.OPTED_OUT} else None
    at_least = _AT_LEAST.get(reason, Level.SOON)
    level = highest(at_least, grave, so_far, Level(given) if given else None) or at_least
    return Opening(session_id, level, reason, session.language if session else "en")

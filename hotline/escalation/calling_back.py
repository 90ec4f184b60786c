"""Doing call-backs: booked when she asks, connected when staff start one, tried again, given up."""

from collections.abc import Callable, Sequence
from datetime import datetime

from hotline.errors import StaleSession
from hotline.escalation import callbacks
from hotline.escalation.board import Board
from hotline.escalation.callback_book import Booked, CallbackBook
from hotline.escalation.callbacks import Asked, Asker, Callback, CallbackState, Outcome
from hotline.escalation.conclude import Concluded, Conclusion, conclude
from hotline.escalation.orders import (
    About,
    SendOrder,
    callback_task,
    page_task,
    send_task,
    whose,
)
from hotline.escalation.page_words import due_text
from hotline.escalation.queue import Taken, to_ms
from hotline.escalation.records import Means, Reason
from hotline.escalation.station import Station
from hotline.flow.levels import Level, highest
from hotline.session.records import Entry, Task

_TRIES = 50


class CallingBack:
    """Books, starts and ends call-backs. Raises StoreUnavailable, StaleSession."""

    def __init__(self, station: Station) -> None:
        """Use this station's store and policies."""
        self._station = station
        self.book = CallbackBook(station.store)
        self._board = Board(station.store)

    def ask(self, taken: Taken, now: datetime) -> None:
        """Do a task of kind CALL_BACK: promise a call, and tell staff that one is owed.

        Payload: `asked_by` (an Asker) and, if it is known, `level`.
        """
        task = taken.task
        session_id = f"{task.contact}.{task.serial}"
        session = self._station.store.load_by_id(session_id).session
        given = task.payload.get("level")
        so_far = session.state.level if session is not None else None
        level = highest(Level(given) if given else None, so_far) or Level.SOON
        asked = Asked(session_id, level, Asker(task.payload.get("asked_by", Asker.HER.value)))
        policy = self._station.policies.callbacks
        page = page_task(f"page:{task.id}", whose(session_id), Reason.PERSON.value, level, now)

        def change(booked: Booked) -> Callback | None:
            before = booked.callback
            owed = before is not None and before.state in {
                CallbackState.WAITING,
                CallbackState.CALLING,
            }
            return None if owed else callbacks.ask(task.id, asked, policy, now)

        self._change(session_id, change, now, taken, (page,))

    def remind(self, taken: Taken, now: datetime) -> None:
        """Do a task of kind CALL_BACK that has `due`: a call is due again, who tried is told.

        Nothing when the call was made, moved or called off meanwhile.
        """
        task = taken.task
        session_id = f"{task.contact}.{task.serial}"
        callback = self.book.load(session_id).callback
        escalation = self._board.load(session_id).escalation
        tasks: tuple[Task, ...] = ()
        if (
            callback is not None
            and escalation is not None
            and callback.state is CallbackState.WAITING
            and callback.attempts
            and to_ms(callback.due) == task.payload["due"]
        ):
            order = SendOrder(
                callback.attempts[-1].staff,
                Means.TEXT,
                About.ANSWER,
                callback.level,
                body=due_text(escalation.code),
            )
            tasks = (send_task(f"due:{task.id}", whose(session_id), order, now),)
        conclude(self._station.store, Conclusion(task.contact, session_id, now, taken, tasks=tasks))

    def start(self, session_id: str, staff: str, now: datetime) -> bool:
        """A staff member (a person's id on the rota) starts a call to her: theirs rings first.

        False when somebody is calling her already. A call that nobody had asked for is booked too.
        """
        order = SendOrder(staff, Means.CALL, About.CONNECT, Level.EMERGENCY, note=session_id)
        name = f"connect:{session_id}:{to_ms(now)}:{staff}"
        return self._begin(
            session_id, staff, now, (send_task(name, whose(session_id), order, now),)
        )

    def begun(self, session_id: str, staff: str, now: datetime) -> bool:
        """A staff member who is on the phone with us already is being put through to her."""
        return self._begin(session_id, staff, now, ())

    def _begin(self, session_id: str, staff: str, now: datetime, connect: Sequence[Task]) -> bool:
        policy = self._station.policies.callbacks
        session = self._station.store.load_by_id(session_id).session
        level = (session.state.level if session is not None else None) or Level.SOON

        def change(booked: Booked) -> Callback | None:
            waiting = booked.callback
            if waiting is None or waiting.state not in {
                CallbackState.WAITING,
                CallbackState.CALLING,
            }:
                asked = Asked(session_id, level, Asker.STAFF)
                waiting = callbacks.ask(f"{session_id}:{to_ms(now)}", asked, policy, now)
            return callbacks.start(waiting, staff, now)

        entry = Entry("callback", by=staff, extra={"started": True})
        return self._change(session_id, change, now, None, connect, entry)

    def finish(self, session_id: str, outcome: Outcome, now: datetime) -> None:
        """The attempt under way ended; one that is given up goes to staff as an escalation."""
        policy = self._station.policies.callbacks
        booked = self.book.load(session_id)
        if booked.callback is None:
            return
        after = callbacks.finish(booked.callback, outcome, policy, now)
        tasks = self._reminder(after)
        if after.state is CallbackState.GIVEN_UP:
            name = f"page:{after.id}:given_up"
            reason = Reason.CALLBACK_FAILED.value
            tasks = (page_task(name, whose(session_id), reason, after.level, now),)

        def change(again: Booked) -> Callback | None:
            if again.callback is None or again.callback.state is not CallbackState.CALLING:
                return None
            return callbacks.finish(again.callback, outcome, policy, now)

        entry = Entry("callback", extra={"outcome": outcome.value})
        self._change(session_id, change, now, None, tasks, entry)

    def _reminder(self, callback: Callback) -> tuple[Task, ...]:
        if callback.state is not CallbackState.WAITING:
            return ()
        return (callback_task(callback.id, whose(callback.session), callback.due),)

    def cancel(self, session_id: str, by: str, now: datetime) -> bool:
        """No longer wanted; False when none was owed."""

        def change(booked: Booked) -> Callback | None:
            before = booked.callback
            after = callbacks.cancel(before) if before is not None else None
            return None if after == before else after

        entry = Entry("callback", by=by, extra={"cancelled": True})
        return self._change(session_id, change, now, None, (), entry)

    def note(self, session_id: str, entry: Entry, tasks: Sequence[Task], now: datetime) -> None:
        """Log something about a call-back, with the tasks that follow from it."""
        contact = whose(session_id).contact
        whole = Conclusion(contact, session_id, now, entry=entry, tasks=tasks)
        conclude(self._station.store, whole)

    def _change(  # noqa: PLR0913, PLR0917 - the change and what is written with it
        self,
        session_id: str,
        change: Callable[[Booked], Callback | None],
        now: datetime,
        taken: Taken | None,
        tasks: Sequence[Task],
        entry: Entry | None = None,
    ) -> bool:
        contact = whose(session_id).contact
        for _ in range(_TRIES):
            booked = self.book.load(session_id)
            after = change(booked)
            if after is None and taken is None:
                return False
            whole = Conclusion(
                contact=contact,
                session=session_id,
                now=now,
                taken=taken,
                record=self.book.write(after, booked.revision) if after is not None else None,
                entry=entry if after is not None else None,
                tasks=tasks,
            )
            ended = conclude(self._station.store, whole)
            if ended is not Concluded.STALE:
                return after is not None and ended is Concluded.DONE
        raise StaleSession(session_id)

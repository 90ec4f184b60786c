"""The worker: takes tasks off the queue, the emergency lane first, and has them done."""

import os
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

import structlog

from hotline.errors import HotlineError, StoreUnavailable
from hotline.escalation.calling_back import CallingBack
from hotline.escalation.conclude import Conclusion, conclude
from hotline.escalation.heartbeat import Heartbeat
from hotline.escalation.orders import page_task, whose
from hotline.escalation.paging import Pager
from hotline.escalation.queue import LANES, Queue, Taken
from hotline.escalation.records import Reason
from hotline.escalation.rota_store import RotaStore
from hotline.escalation.sending import Sender
from hotline.escalation.station import Station
from hotline.escalation.tally import Tally
from hotline.escalation.timers import Timers
from hotline.escalation.watching import Watcher
from hotline.session.records import Entry, Lane, TaskKind

log = structlog.get_logger(__name__)

CLAIM_AFTER = timedelta(seconds=60)
"""Longer than any task takes: the REST client gives up after 15 s, Redis after 1 s."""


LONG_GONE = timedelta(hours=1)

COUNT_PAUSE = 0.1
"""Between two chunks of the log: at most 2,000 entries a second are counted."""

PATIENCE = {Lane.EMERGENCY: 3, Lane.NORMAL: 10}
"""How often a task is taken before it is given up and staff are told."""

IN_HAND = 5
"""How often a task that failed is tried again at once, before it waits to be claimed."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a worker works: threads (the first serves emergencies only), pauses in seconds.

    `count_every`: how often what was logged is counted for the figures.
    """

    threads: int = 4
    idle: float = 0.2
    store_pause: float = 1.0
    claim_every: float = 5.0
    claim_after: timedelta = CLAIM_AFTER
    count_every: float = 5.0


class Hands:
    """One reader of the queue: takes one task at a time and does it."""

    def __init__(self, station: Station, habits: Habits, lanes: Sequence[Lane] = LANES) -> None:
        """Serve these lanes, in this order."""
        owner = f"{os.uname().nodename}:{os.getpid()}:{secrets.token_hex(4)}"
        rota = RotaStore(station.store)
        self._station = station
        self._lanes = lanes
        self._habits = habits
        self._claimed_at = 0.0
        self._left: Taken | None = None
        self._tries = 0
        self._heartbeat = Heartbeat(station.store)
        self.queue = Queue(station.store, owner, habits.claim_after)
        self._sender = Sender(station, rota, owner)
        self._pager = Pager(station, rota)
        self._watcher = Watcher(station)
        self._timers = Timers(station)
        self._calling_back = CallingBack(station)

    def once(self) -> bool:
        """Do the next task, if there is one; whether there was. Raises HotlineError.

        A task that fails is tried again first the next time, a few times; then it stays in the
        group and is claimed again later: at least once.
        """
        now = self._station.clock()
        self._heartbeat.beat()
        self.queue.promote(now)
        taken = self._left or self._dead_workers_task() or self.queue.take(self._lanes)
        if taken is None:
            return False
        try:
            self.do(taken, now)
        except HotlineError:
            self._tries += 1
            self._left = taken if self._tries < IN_HAND else None
            self._tries = self._tries if self._left else 0
            raise
        self._left, self._tries = None, 0
        return True

    def do(self, taken: Taken, now: datetime) -> None:
        """Have one task done by the part that knows how.

        One that has failed again and again goes to staff, who must know that it was not done.
        """
        task = taken.task
        if (
            taken.deliveries > PATIENCE[task.lane]
            and task.payload.get("reason") != Reason.FAULT.value
        ):
            log.error("task given up", task=task.id, kind=task.kind.value)
            self._give_up(taken, now)
            return
        match taken.task.kind:
            case TaskKind.SEND:
                self._sender.do(taken, now)
            case TaskKind.PAGE:
                self._pager.page(taken, now)
            case TaskKind.LADDER:
                self._pager.climb(taken, now)
            case TaskKind.DELIVERY_CHECK:
                self._watcher.check(taken, now)
            case TaskKind.SILENCE:
                self._timers.silence(taken, now)
            case TaskKind.FOLLOW_UP:
                self._timers.follow_up(taken, now)
            case TaskKind.CALL_BACK:
                again = "due" in taken.task.payload
                (self._calling_back.remind if again else self._calling_back.ask)(taken, now)
            case _:
                assert_never(taken.task.kind)

    def _give_up(self, taken: Taken, now: datetime) -> None:
        task = taken.task
        session_id = f"{task.contact}.{task.serial}"
        reason = Reason.FAULT.value
        page = page_task(f"page:{task.id}:{reason}", whose(session_id), reason, None, now)
        extra = {"given_up": task.kind.value, "task": task.id}
        entry = Entry("task", extra=extra)
        whole = Conclusion(task.contact, session_id, now, taken, entry=entry, tasks=(page,))
        conclude(self._station.store, whole)

    def _dead_workers_task(self) -> Taken | None:
        """Every few seconds: what another worker took and never finished."""
        if time.monotonic() - self._claimed_at < self._habits.claim_every:
            return None
        found = self.queue.claim(self._lanes)
        if found is None:
            self._claimed_at = time.monotonic()
        return found


class Worker:
    """Several hands in threads. `stop` lets each finish its task; `run` returns then."""

    def __init__(self, station: Station, habits: Habits | None = None) -> None:
        """Nothing runs yet."""
        self._station = station
        self._habits = habits or Habits()
        self._stop = threading.Event()

    def run(self) -> None:
        """Work until `stop` is called (from another thread or a signal handler)."""
        threads = [
            threading.Thread(target=self._work, args=(lanes,), name=f"worker-{number}")
            for number, lanes in enumerate(self._lanes())
        ]
        threads.append(threading.Thread(target=self._count, name="worker-tally"))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def stop(self) -> None:
        """Take no further task; what is in work is finished (SIGTERM drains)."""
        self._stop.set()

    def _lanes(self) -> list[Sequence[Lane]]:
        """The first of several hands serves emergencies only, so that one is always free soon."""
        both: list[Sequence[Lane]] = [LANES] * max(1, self._habits.threads - 1)
        return both if self._habits.threads == 1 else [(Lane.EMERGENCY,), *both]

    def _work(self, lanes: Sequence[Lane]) -> None:
        hands = Hands(self._station, self._habits, lanes)
        self._until_stopped(hands)
        try:
            hands.queue.leave()
        except HotlineError as error:
            log.warning("left without a word", error=error)

    def _count(self) -> None:
        """Count for the figures, a little at a time: nothing that matters waits for it."""
        tally = Tally(self._station.store)
        while not self._stop.is_set():
            more = False
            try:
                more = tally.count_on(self._station.clock())
            except HotlineError as error:
                log.warning("not counted", error=error)
            except Exception as error:  # noqa: BLE001 - the worker loop's edge
                log.error("not counted", error=error)  # noqa: TRY400 - the trace may hold her words
            self._stop.wait(COUNT_PAUSE if more else self._habits.count_every)

    def _until_stopped(self, hands: Hands) -> None:
        ready = False
        while not self._stop.is_set():
            try:
                if not ready:
                    hands.queue.prepare()
                    hands.queue.tidy(LONG_GONE)
                    ready = True
                busy = hands.once()
            except StoreUnavailable as error:
                log.warning("store unavailable", error=error)
                self._stop.wait(self._habits.store_pause)
                continue
            except HotlineError as error:
                log.warning("task postponed", error=error)
                busy = False
            except Exception as error:  # noqa: BLE001 - the worker loop's edge
                log.error("task failed", error=error)  # noqa: TRY400 - the trace may hold her words
                busy = False
            if not busy:
                self._stop.wait(self._habits.idle)

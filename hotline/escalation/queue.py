"""The task queue in Redis, seen from a worker: due times, lanes, a group, dead workers' work."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from redis.exceptions import ResponseError

from hotline.errors import StoreUnavailable
from hotline.escalation.script import Script
from hotline.session.cipher import UnreadableRecord
from hotline.session.codec import task_from_plain, task_to_plain
from hotline.session.connection import FAILURES
from hotline.session.keys import Keys
from hotline.session.records import Lane, Task
from hotline.session.store import Store

log = structlog.get_logger(__name__)

GROUP = "workers"
LANES = (Lane.EMERGENCY, Lane.NORMAL)
"""In the order they are served."""

_PROMOTED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Taken:
    """A task in a worker's hands: where it was read, so that it can be acknowledged.

    `deliveries` counts how often it was taken: more than once means that a worker died with it, or
    failed.
    """

    task: Task
    keys: Keys
    lane: str
    entry: str
    deliveries: int = 1


class Queue:
    """The queue of every partition. `owner` names this reader; each thread needs its own."""

    def __init__(self, store: Store, owner: str, claim_after: timedelta) -> None:
        """`claim_after`: how long a task may be in a worker's hands before another takes it over.

        It must exceed the longest a task can take (the REST client's time limits), else a slow
        worker is taken for a dead one.
        """
        self._store = store
        self._owner = owner
        self._claim_ms = int(claim_after.total_seconds() * 1000)
        self._promote = Script("promote")
        self._tidy = Script("tidy")

    def prepare(self) -> None:
        """Make the group of every lane where it is not there yet."""
        for keys in self._store.all_keys():
            for lane in LANES:
                try:
                    self._store.client.xgroup_create(keys.lane(lane), GROUP, "0", mkstream=True)
                except ResponseError as error:
                    if "BUSYGROUP" not in str(error):
                        raise StoreUnavailable(str(error)) from error
                except FAILURES as error:
                    raise StoreUnavailable(str(error)) from error

    def promote(self, now: datetime) -> int:
        """Move the tasks that are due at `now` into their lanes; how many those were."""
        return sum(
            int(self._promote.run(self._store, names, [to_ms(now), _PROMOTED_AT_ONCE]))
            for names in map(_promotion_keys, self._store.all_keys())
        )

    def take(self, lanes: Sequence[Lane] = LANES) -> Taken | None:
        """The next task: of any partition's emergency lane before any normal one."""
        for lane in lanes:
            for keys in self._store.all_keys():
                found = self._read(keys, lane)
                if found is not None:
                    return found
        return None

    def claim(self, lanes: Sequence[Lane] = LANES) -> Taken | None:
        """A task whose worker has not finished it in time (it died), the emergency lane first."""
        for lane in lanes:
            for keys in self._store.all_keys():
                found = self._claimed(keys, lane)
                if found is not None:
                    return found
        return None

    def leave(self) -> None:
        """Take this reader's name out of the groups; what it still holds keeps the name there."""
        self._take_out(self._owner, timedelta(0))

    def tidy(self, idle: timedelta) -> None:
        """Take out the names of readers that have been gone so long and hold nothing."""
        self._take_out("", idle)

    def _take_out(self, name: str, idle: timedelta) -> None:
        ms = int(idle.total_seconds() * 1000)
        for keys in self._store.all_keys():
            for lane in LANES:
                self._tidy.run(self._store, [keys.lane(lane)], [GROUP, name, ms])

    def waiting(self) -> dict[Lane, int]:
        """How many tasks are in each lane, those in work included."""
        client = self._store.client
        try:
            return {
                lane: sum(int(client.xlen(keys.lane(lane))) for keys in self._store.all_keys())
                for lane in LANES
            }
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error

    def later(self) -> int:
        """How many tasks wait for their time."""
        client = self._store.client
        try:
            return sum(int(client.zcard(keys.due)) for keys in self._store.all_keys())
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error

    def _read(self, keys: Keys, lane: Lane) -> Taken | None:
        stream = keys.lane(lane)
        try:
            answer = self._store.client.xreadgroup(GROUP, self._owner, {stream: ">"}, count=1)
        except FAILURES as error:
            if "NOGROUP" in str(error):
                self.prepare()
                return None
            raise StoreUnavailable(str(error)) from error
        rows = [row for _, found in _pairs(answer) for row in found]
        return self._opened(keys, stream, rows)

    def _claimed(self, keys: Keys, lane: Lane) -> Taken | None:
        """One task only: what is claimed and not begun would wait for the next claim."""
        stream, start = keys.lane(lane), "0-0"
        while True:
            try:
                answer = self._store.client.xautoclaim(
                    stream, GROUP, self._owner, self._claim_ms, start_id=start, count=1
                )
            except FAILURES as error:
                if "NOGROUP" in str(error):
                    return None
                raise StoreUnavailable(str(error)) from error
            found = self._opened(keys, stream, answer[1])
            start = answer[0].decode()
            if found is not None:
                return replace(found, deliveries=self._deliveries(found))
            if start == "0-0":
                return None

    def _deliveries(self, taken: Taken) -> int:
        try:
            rows = self._store.client.xpending_range(taken.lane, GROUP, taken.entry, taken.entry, 1)
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        return int(rows[0]["times_delivered"]) if rows else 1

    def _opened(self, keys: Keys, stream: str, rows: Iterable[Any]) -> Taken | None:
        for entry, fields in rows:
            if fields:
                try:
                    task = open_task(self._store, fields[b"d"])
                except (UnreadableRecord, zlib.error, ValueError, KeyError):
                    self._set_aside(keys, stream, entry, fields)
                    continue
                return Taken(task, keys, stream, entry.decode())
        return None

    def _set_aside(self, keys: Keys, stream: str, entry: bytes, fields: dict[bytes, bytes]) -> None:
        """A task that cannot be read must not stop the others: kept as it is, and counted."""
        client = self._store.client
        try:
            client.hset(unreadable_key(keys), fields.get(b"id", entry), fields.get(b"d", b""))
            client.xack(stream, GROUP, entry)
            client.xdel(stream, entry)
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        log.error("task unreadable", task=fields.get(b"id", b"").decode(errors="replace"))


def unreadable_key(keys: Keys) -> str:
    """Tasks that no key of ours opens (a hash: task id -> as stored), for `hotline doctor`."""
    return keys.other("unreadable")


def seal_task(store: Store, task: Task) -> bytes:
    """A task as the lanes and the due set hold it: its contact, then the sealed record."""
    return task.contact.encode() + b";" + store.seal(task.contact, task_to_plain(task))


def open_task(store: Store, stored: bytes) -> Task:
    """The inverse of seal_task. Raises UnreadableRecord."""
    contact, _, sealed = stored.partition(b";")
    return task_from_plain(store.unseal(contact.decode(), sealed))


def _promotion_keys(keys: Keys) -> list[str]:
    return [keys.due, keys.tasks, keys.lane(Lane.EMERGENCY), keys.lane(Lane.NORMAL)]


def _pairs(answer: Any) -> Iterable[tuple[bytes, list[Any]]]:  # noqa: ANN401 - RESP 2 or 3
    return answer.items() if isinstance(answer, dict) else answer or ()


def to_ms(now: datetime) -> int:
    """Milliseconds since 1970 UTC, as records and Redis hold times."""
    return int(now.timestamp() * 1000)

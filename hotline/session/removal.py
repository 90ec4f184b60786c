"""Removing a contact everywhere, and trimming what is older than the retention."""

from __future__ import annotations

import contextlib

from redis.exceptions import ResponseError

from hotline.errors import StoreUnavailable
from hotline.session.codec import task_from_plain
from hotline.session.connection import FAILURES
from hotline.session.indexes import indexes_of
from hotline.session.keys import META
from hotline.session.records import Lane, Task, TaskKind
from hotline.session.store import Loaded, Store

ERASED = "erased"
TRIMMED = "trimmed"
"""Fields of the meta record: sessions erased in all, the last day (since 1970) of a trim."""

_DAY_MS = 86_400_000
_OF_STAFF = frozenset({TaskKind.PAGE, TaskKind.LADDER})
"""Tasks that tell staff: they outlive an erasure, else her DELETE would call the help off."""

_SCANNED = 1000


def erase_contact(store: Store, contact: str) -> int:
    """Remove every session of a contact: records, log entries, indexes, tasks, sends.

    Returns how many sessions were removed; the total is counted in the meta record. What stays is
    an escalation that nobody resolved yet, without her number or words. Raises StoreUnavailable
    when Redis fails.
    """
    try:
        loaded = store.load(contact)
        if loaded.session is None:
            return 0
        found = [loaded]
        for serial in range(loaded.session.serial - 1, 0, -1):
            earlier = store.load_by_id(f"{contact}.{serial}")
            if earlier.session is not None:
                found.append(earlier)
        for one in found:
            _erase_session(store, one, current=one is loaded)
        _erase_tasks(store, contact)
        _erase_sends(store, contact)
        store.client.hincrby(META, ERASED, len(found))
        return len(found)
    except FAILURES as error:
        raise StoreUnavailable(str(error)) from error


def _erase_session(store: Store, loaded: Loaded, *, current: bool) -> None:
    session = loaded.session
    if session is None:
        return
    keys = store.keys(session.contact)
    # An escalation that is still open stays on the staff's list until somebody resolves it.
    told = store.client.zscore(keys.index("escalations"), session.id) is not None
    with store.client.pipeline(transaction=False) as pipe:
        if loaded.entries:
            pipe.xdel(keys.log, *loaded.entries)
        for name in indexes_of(session):
            pipe.zrem(keys.index(name), session.id)
        pipe.zrem(keys.due, f"silence:{session.id}", f"follow:{session.id}")
        pipe.hdel(keys.tasks, f"silence:{session.id}", f"follow:{session.id}")
        if not told:
            pipe.delete(keys.other(f"esc:{session.id}"))
        pipe.delete(keys.other(f"cb:{session.id}"))
        pipe.zrem(keys.index("callbacks"), session.id)
        if current:
            pipe.delete(keys.session(session.contact), keys.replies(session.contact))
        else:
            pipe.delete(keys.archived(session.contact, session.serial))
        pipe.execute()


def _erase_tasks(store: Store, contact: str) -> None:
    """Her tasks, those for later and those due, except what tells staff."""
    keys = store.keys(contact)
    about = contact.encode() + b";"
    for task_id, stored in store.client.hscan_iter(keys.tasks, count=_SCANNED):
        _, _, task = stored.partition(b";")
        if task.startswith(about) and _task(store, task).kind not in _OF_STAFF:
            store.client.zrem(keys.due, task_id)
            store.client.hdel(keys.tasks, task_id)
    for lane in Lane:
        for entry_id, fields in store.client.xrange(keys.lane(lane)):
            task = fields[b"d"]
            if task.startswith(about) and _task(store, task).kind not in _OF_STAFF:
                store.client.xdel(keys.lane(lane), entry_id)


def _task(store: Store, stored: bytes) -> Task:
    contact, _, sealed = stored.partition(b";")
    return task_from_plain(store.unseal(contact.decode(), sealed))


def _erase_sends(store: Store, contact: str) -> None:
    """The records of what was sent to her, and of calls."""
    keys = store.keys(contact)
    about = contact.encode() + b"."
    for key in store.client.scan_iter(match=keys.other("send:*"), count=_SCANNED):
        session_id = store.client.hget(key, "session")
        if session_id is not None and session_id.startswith(about):
            store.client.zrem(keys.other("perhaps"), key.decode().rpartition("send:")[2])
            store.client.delete(key)


def _rewrite_file(store: Store) -> None:
    """Have Redis write its file anew, so that what was removed leaves the disk as well."""
    with contextlib.suppress(ResponseError):  # one is under way, or we may not
        store.client.bgrewriteaof()


def trim(store: Store, older_than: int) -> int:
    """Remove sessions last active before this moment (ms since 1970 UTC); returns how many.

    The event log is trimmed to the same moment. Raises StoreUnavailable when Redis fails.
    """
    removed = 0
    try:
        for keys in store.all_keys():
            while True:
                ids = store.client.zrangebyscore(
                    keys.index("all"), "-inf", f"({older_than}", start=0, num=500
                )
                if not ids:
                    break
                for raw in ids:
                    loaded = store.load_by_id(raw.decode())
                    current = store.load(raw.decode().partition(".")[0]).session
                    same = current is not None and current.id == raw.decode()
                    _erase_session(store, loaded, current=same)
                    store.client.zrem(keys.index("all"), raw)
                removed += len(ids)
            store.client.xtrim(keys.log, minid=f"{older_than}-0", approximate=False)
        if removed:
            _rewrite_file(store)
    except FAILURES as error:
        raise StoreUnavailable(str(error)) from error
    return removed


def trim_daily(store: Store, now: int, days: int) -> int | None:
    """Trim to this many days, once a day whoever asks; None when it was done today already.

    `now` is milliseconds since 1970 UTC. Raises StoreUnavailable when Redis fails.
    """
    today = str(now // _DAY_MS)
    try:
        done = store.client.hget(META, TRIMMED)
        if done is not None and done.decode() >= today:
            return None
        removed = trim(store, now - days * _DAY_MS)
        store.client.hset(META, TRIMMED, today)
    except FAILURES as error:
        raise StoreUnavailable(str(error)) from error
    return removed

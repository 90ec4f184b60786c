"""Removing a contact everywhere, and trimming what is older than the retention."""

from __future__ import annotations

from redis.exceptions import RedisError

from hotline.errors import StoreUnavailable
from hotline.session.indexes import indexes_of
from hotline.session.keys import META
from hotline.session.store import Loaded, Store

ERASED = "erased"


def erase_contact(store: Store, contact: str) -> int:
    """Remove every session of a contact: records, replies, log entries, indexes, tasks.

    Returns how many sessions were removed; the total is counted in the meta record, nothing else
    of her is left. Raises StoreUnavailable when Redis fails.
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
        store.client.hincrby(META, ERASED, len(found))
        return len(found)
    except RedisError as error:
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
    except RedisError as error:
        raise StoreUnavailable(str(error)) from error
    return removed

"""Whether a session's page has changed, found out without opening its record."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence

from redis.exceptions import RedisError

from hotline.errors import StoreUnavailable
from hotline.escalation.conclude import send_key
from hotline.session.finding import fetch
from hotline.session.records import Entry
from hotline.session.store import Store

_MOST = 500


class Tags:
    """Remembers which texts of a session are on their way, as long as its record is the same."""

    def __init__(self, store: Store) -> None:
        """Nothing is remembered yet."""
        self._store = store
        self._lock = threading.Lock()
        self._known: dict[str, tuple[bytes, tuple[str, ...]]] = {}

    def remember(self, session_id: str, raw: bytes, log: Sequence[tuple[int, Entry]]) -> None:
        """Note the sends of a session whose log was read after this record of it (see `raw`)."""
        sends = tuple(
            dict.fromkeys(entry.delivery for _, entry in log if entry.said and entry.delivery)
        )
        with self._lock:
            while len(self._known) >= _MOST:
                del self._known[next(iter(self._known))]
            self._known[session_id] = (raw, sends)

    def tag(self, session_id: str, about: str) -> str | None:
        """Changes with the record, its log, or what became of a text; None when not known."""
        raw = self.raw(session_id)
        with self._lock:
            known = self._known.get(session_id)
        if known is None or known[0] != raw:
            return None
        keys = self._store.keys(session_id.partition(".")[0])
        try:
            with self._store.client.pipeline(transaction=False) as pipe:
                for send in known[1]:
                    pipe.hget(send_key(keys, send), "state")
                states = pipe.execute()
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error
        return hashlib.sha256(repr((raw, states, about)).encode()).hexdigest()[:20]

    def raw(self, session_id: str) -> bytes:
        """The record as it lies in Redis: read it before what is to be shown."""
        found = fetch(self._store, [session_id])
        return found[0].raw if found else b""

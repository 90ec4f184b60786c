"""The open escalations as they are stored: one record per session, an index, and the codes."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from hotline.errors import StoreUnavailable
from hotline.escalation.conclude import Indexed, RecordWrite
from hotline.escalation.ladder import CODES, pick_code
from hotline.escalation.queue import to_ms
from hotline.escalation.records import Escalation
from hotline.session.connection import FAILURES
from hotline.session.keys import Keys
from hotline.session.store import Store

OPEN = "escalations"
"""The index of escalations that are not resolved: session id by the time it opened (ms)."""

CODES_KEY = "hl:codes"
"""A hash: code -> session id, for every escalation that is not resolved."""

_TRIES = 20


@cache
def _shape() -> TypeAdapter[Escalation]:
    """Built when first used: built at import, it costs every start 20 ms."""
    return TypeAdapter(Escalation)


@dataclass(frozen=True, slots=True)
class Posted:
    """An escalation as stored; None and revision 0 when the session has none."""

    escalation: Escalation | None
    revision: int


class Board:
    """Reads escalations and prepares their writing. Raises StoreUnavailable when Redis fails."""

    def __init__(self, store: Store) -> None:
        """Use this store; nothing is sent yet."""
        self._store = store

    def load(self, session_id: str) -> Posted:
        """The escalation of a session."""
        key = self._key(session_id)
        try:
            stored = self._store.client.get(key)
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        if stored is None:
            return Posted(None, 0)
        return Posted(self.opened(session_id, stored), int(stored.partition(b";")[0]))

    def load_many(self, session_ids: Sequence[str]) -> dict[str, bytes]:
        """The records of these sessions' escalations as they lie in Redis, those that have one."""
        places: dict[Keys, list[str]] = {}
        for one in session_ids:
            places.setdefault(self._store.keys(contact_of(one)), []).append(one)
        found: dict[str, bytes] = {}
        try:
            for ids in places.values():
                rows = self._store.client.mget([self._key(one) for one in ids])
                found |= {one: row for one, row in zip(ids, rows, strict=True) if row is not None}
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        return found

    def opened(self, session_id: str, stored: bytes) -> Escalation:
        """An escalation out of its record. Raises UnreadableRecord."""
        return self._opened(contact_of(session_id), stored.partition(b";")[2])

    def open_ones(self) -> tuple[Escalation, ...]:
        """Every escalation that nobody resolved: the highest level first, then the oldest."""
        ids: list[bytes] = []
        try:
            for keys in self._store.all_keys():
                ids += self._store.client.zrange(keys.index(OPEN), 0, -1)
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        found = self.load_many([one.decode() for one in ids])
        ordered = [self.opened(one, stored) for one, stored in found.items()]
        return tuple(sorted(ordered, key=lambda one: (-one.level.rank, one.opened)))

    def by_code(self, code: str) -> Escalation | None:
        """The unresolved escalation with this code, None when there is none."""
        try:
            session_id = self._store.client.hget(CODES_KEY, code)
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        found = self.load(session_id.decode()).escalation if session_id else None
        return found if found is not None and found.code == code and not found.closed else None

    def new_code(self, session_id: str) -> str:
        """Four digits that no other unresolved escalation has, kept for this session.

        Raises StoreUnavailable when 10,000 escalations are open at once.
        """
        client = self._store.client
        try:
            for _ in range(_TRIES):
                code = f"{secrets.randbelow(CODES):04d}"
                if client.hsetnx(CODES_KEY, code, session_id):
                    return code
            taken = {one.decode() for one in client.hkeys(CODES_KEY)}
            free = pick_code(secrets.randbelow(CODES), taken)
            if free is not None and client.hsetnx(CODES_KEY, free, session_id):
                return free
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        raise StoreUnavailable("every code is in use")

    def free_code(self, code: str, session_id: str) -> None:
        """Give a code back that is not used after all, or no longer."""
        try:
            if self._store.client.hget(CODES_KEY, code) == session_id.encode():
                self._store.client.hdel(CODES_KEY, code)
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error

    def write(self, escalation: Escalation, revision: int) -> RecordWrite:
        """The write of a record that was read with this revision."""
        contact = contact_of(escalation.session)
        sealed = self._store.seal(contact, _shape().dump_python(escalation, mode="json"))
        return RecordWrite(
            key=self._key(escalation.session),
            revision=revision,
            sealed=sealed,
            index=self._store.keys(contact).index(OPEN),
            member=escalation.session,
            score=to_ms(escalation.opened),
            indexed=Indexed.REMOVE if escalation.closed else Indexed.ADD,
        )

    def forget(self, session_ids: Sequence[str]) -> None:
        """Remove the escalations of sessions that are erased."""
        try:
            for session_id in session_ids:
                posted = self.load(session_id)
                if posted.escalation is not None:
                    self.free_code(posted.escalation.code, session_id)
                keys = self._store.keys(contact_of(session_id))
                self._store.client.zrem(keys.index(OPEN), session_id)
                self._store.client.delete(self._key(session_id))
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error

    def _key(self, session_id: str) -> str:
        return self._store.keys(contact_of(session_id)).other(f"esc:{session_id}")

    def _opened(self, contact: str, sealed: bytes) -> Escalation:
        plain: Any = self._store.unseal(contact, sealed)
        return _shape().validate_python(plain)


def contact_of(session_id: str) -> str:
    """The contact's name in a session id."""
    return session_id.partition(".")[0]


def oldest(escalations: Sequence[Escalation]) -> datetime | None:
    """When the oldest of them opened, for the metrics."""
    return min((one.opened for one in escalations), default=None)

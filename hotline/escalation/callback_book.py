"""Call-backs as they are stored: one record per session and an index of those still owed."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from hotline.errors import StoreUnavailable
from hotline.escalation.board import contact_of
from hotline.escalation.callbacks import Callback, CallbackState, queue
from hotline.escalation.conclude import Indexed, RecordWrite
from hotline.escalation.queue import to_ms
from hotline.session.connection import FAILURES
from hotline.session.store import Store

OWED = "callbacks"
"""The index of call-backs that are not over: session id by due time (ms)."""

_OPEN = frozenset({CallbackState.WAITING, CallbackState.CALLING})


@cache
def _shape() -> TypeAdapter[Callback]:
    """Built when first used: built at import, it costs every start 20 ms."""
    return TypeAdapter(Callback)


@dataclass(frozen=True, slots=True)
class Booked:
    """A call-back as stored; None and revision 0 when the session has none."""

    callback: Callback | None
    revision: int


class CallbackBook:
    """Reads call-backs and prepares their writing. Raises StoreUnavailable when Redis fails."""

    def __init__(self, store: Store) -> None:
        """Use this store; nothing is sent yet."""
        self._store = store

    def load(self, session_id: str) -> Booked:
        """The call-back of a session."""
        contact = contact_of(session_id)
        try:
            stored = self._store.client.get(self._key(session_id))
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        if stored is None:
            return Booked(None, 0)
        revision, _, sealed = stored.partition(b";")
        plain: Any = self._store.unseal(contact, sealed)
        return Booked(_shape().validate_python(plain), int(revision))

    def owed(self) -> tuple[Callback, ...]:
        """The calls still owed, in the order in which they should be made."""
        ids: list[bytes] = []
        try:
            for keys in self._store.all_keys():
                ids += self._store.client.zrange(keys.index(OWED), 0, -1)
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        found = (self.load(one.decode()).callback for one in ids)
        return queue(one for one in found if one is not None)

    def write(self, callback: Callback, revision: int) -> RecordWrite:
        """The write of a record that was read with this revision."""
        contact = contact_of(callback.session)
        return RecordWrite(
            key=self._key(callback.session),
            revision=revision,
            sealed=self._store.seal(contact, _shape().dump_python(callback, mode="json")),
            index=self._store.keys(contact).index(OWED),
            member=callback.session,
            score=to_ms(callback.due),
            indexed=Indexed.ADD if callback.state in _OPEN else Indexed.REMOVE,
        )

    def forget(self, session_id: str) -> None:
        """Remove the call-back of a session that is erased."""
        keys = self._store.keys(contact_of(session_id))
        try:
            self._store.client.zrem(keys.index(OWED), session_id)
            self._store.client.delete(self._key(session_id))
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error

    def _key(self, session_id: str) -> str:
        return self._store.keys(contact_of(session_id)).other(f"cb:{session_id}")

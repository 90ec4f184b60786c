"""A look into the store of a running server, with its secret, from the test's side."""

from __future__ import annotations

import time
from collections.abc import Sequence

from hotline.session.connection import connect
from hotline.session.opening import open_store
from hotline.session.records import Entry, Session, TaskKind
from hotline.session.store import Change, Store
from tests.server import SECRET


class Records:
    """The sessions, logs and tasks that a server keeps in this Redis."""

    def __init__(self, redis_url: str) -> None:
        self.client = connect(redis_url)
        self.store: Store = open_store(self.client, [SECRET], 1)

    def now(self) -> int:
        return int(time.time() * 1000)

    def close(self) -> None:
        self.client.close()

    def session(self, address: str) -> Session:
        """The session of a number, or of "call:<CallSid>" for a withheld one."""
        found = self.store.load(self.store.contact_of(address)).session
        assert found is not None, address
        return found

    def seed(self, session: Session) -> None:
        """Put a session there as if it had come to where it stands."""
        loaded = self.store.load(session.contact)
        self.store.commit(Change(session, loaded.revision, session.updated, before=loaded.session))

    def entries(self, address: str) -> Sequence[Entry]:
        """The log of a contact's current session, oldest first."""
        loaded = self.store.load(self.store.contact_of(address))
        return [entry for _, entry in self.store.entries(loaded)]

    def tasks(self, kind: TaskKind) -> list[dict[str, object]]:
        """Every task of this kind that was committed and is due at once, by its plain fields."""
        found = []
        keys = self.store.keys("any")
        for lane in ("emergency", "normal"):
            for _, fields in self.client.xrange(keys.lane(lane)):
                contact, sealed = fields[b"d"].split(b";", 1)
                plain = self.store.unseal(contact.decode(), sealed)
                if plain["kind"] == kind:
                    found.append(plain)
        return found

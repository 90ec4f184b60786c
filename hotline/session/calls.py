"""What happens to a call besides its steps: a staff member took it."""

from __future__ import annotations

from hotline.errors import StaleSession
from hotline.session.records import Entry
from hotline.session.store import Change, Store

_TRIES = 20


def mark_taken(store: Store, contact: str, call: str, now: int) -> bool:
    """Keep that staff took this call; False when it is over, or the contact is not known.

    `now` is milliseconds since 1970 UTC. Raises StoreUnavailable, StaleSession.
    """
    for _ in range(_TRIES):
        loaded = store.load(contact)
        session = loaded.session
        if session is None or session.call != call:
            return False
        taken = session._replace(line=session.line._replace(taken=True), updated=now)
        entry = Entry("staff", by="phone", extra={"took_call": True})
        try:
            store.commit(
                Change(
                    session=taken,
                    revision=loaded.revision,
                    now=now,
                    before=session,
                    entries=[entry],
                )
            )
        except StaleSession:
            continue
        return True
    raise StaleSession(contact)

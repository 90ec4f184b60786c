"""That a worker lives: the time it last came by, for the doctor and the metrics."""

import time

from hotline.errors import StoreUnavailable
from hotline.session.connection import FAILURES
from hotline.session.store import Store

LAST_SEEN = "hl:worker"
"""A string: milliseconds since 1970 UTC at which any worker last came by."""

EVERY_SECONDS = 5.0


class Heartbeat:
    """Tells now and then that this worker comes by; one for each thread that tells."""

    def __init__(self, store: Store) -> None:
        """Nothing is told yet."""
        self._store = store
        self._told = 0.0

    def beat(self) -> None:
        """Tell, when the last time is some seconds past. Raises StoreUnavailable."""
        if time.monotonic() - self._told < EVERY_SECONDS:
            return
        try:
            self._store.client.set(LAST_SEEN, int(time.time() * 1000))
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        self._told = time.monotonic()


def last_seen(store: Store) -> int | None:
    """When a worker last came by (ms since 1970 UTC), None when none ever has.

    Raises StoreUnavailable.
    """
    try:
        found = store.client.get(LAST_SEEN)
    except FAILURES as error:
        raise StoreUnavailable(str(error)) from error
    return None if found is None else int(found)

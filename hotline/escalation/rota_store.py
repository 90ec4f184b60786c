"""The rota in Redis: sealed, with a revision, so that two editors cannot overwrite each other."""

import threading
import time
from dataclasses import dataclass

from hotline.errors import StoreUnavailable
from hotline.escalation.rota import Rota
from hotline.escalation.rota_file import rota_from_json, rota_to_json
from hotline.escalation.script import Script
from hotline.session.connection import FAILURES
from hotline.session.store import Store

ROTA = "hl:rota"
"""A string: revision;sealed rota."""

FRESH_SECONDS = 5.0
"""How long a worker may go by the rota it read."""

_ABOUT = ROTA.encode()


@dataclass(frozen=True, slots=True)
class StoredRota:
    """The rota and its revision; revision 0: none was stored yet."""

    rota: Rota
    revision: int


class RotaStore:
    """Reads and writes the one rota."""

    def __init__(self, store: Store) -> None:
        """Use this store's client and cipher."""
        self._store = store
        self._replace = Script("replace")
        self._lock = threading.Lock()
        self._read: tuple[float, StoredRota] | None = None

    def load(self) -> StoredRota:
        """The rota as it is stored now. Raises StoreUnavailable."""
        try:
            stored = self._store.client.get(ROTA)
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        if stored is None:
            return StoredRota(Rota(), 0)
        revision, _, sealed = stored.partition(b";")
        return StoredRota(rota_from_json(self._store.cipher.open(sealed, _ABOUT)), int(revision))

    def current(self) -> Rota:
        """The rota, read at most every few seconds. Raises StoreUnavailable."""
        with self._lock:
            if self._read is None or time.monotonic() - self._read[0] > FRESH_SECONDS:
                self._read = (time.monotonic(), self.load())
            return self._read[1].rota

    def save(self, rota: Rota, revision: int) -> bool:
        """Store the rota if nobody else has since `revision`; False when somebody had."""
        sealed = self._store.cipher.seal(rota_to_json(rota).encode(), _ABOUT)
        saved = int(self._replace.run(self._store, [ROTA], [revision, sealed])) == 1
        with self._lock:
            self._read = None
        return saved

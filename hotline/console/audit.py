"""The audit log: who saw or did what, when. A stream in Redis; no number, no words of hers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from redis.exceptions import RedisError

from hotline.errors import StoreUnavailable
from hotline.session.store import Store

AUDIT = "hl:audit"
"""A stream: by, did, session, note. Its ids are the times."""

KEPT = 1_000_000
_CHUNK = 500


class Did(StrEnum):
    """What was done or seen."""

    SIGNED_IN = "signed in"
    SIGN_IN_FAILED = "failed to sign in"
    SIGNED_OUT = "signed out"
    SAW_SESSION = "opened a session"
    SAW_TRANSCRIPT = "saw a transcript"
    SAW_NUMBER = "saw a number"
    SEARCHED = "searched texts"
    TOOK_OVER = "took over"
    REPLIED = "replied"
    HANDED_BACK = "handed back"
    CORRECTED = "corrected a reading"
    NOTED = "wrote a note"
    CLOSED = "closed a session"
    CALLED = "asked for a call"
    ESCALATION = "changed an escalation"
    CALLBACK = "changed a call-back"
    ROTA = "changed the rota"
    PROVED = "had a flow proved"
    EXPORTED = "exported"
    HANDOVER = "opened a handover note"
    ERASED = "erased a person"
    REFUSED = "was refused"


@dataclass(frozen=True, slots=True)
class Trace:
    """One line of the log."""

    id: str
    at: datetime
    by: str
    did: str
    session: str
    note: str


class Audit:
    """Writes and reads the log. Raises StoreUnavailable when Redis fails."""

    def __init__(self, store: Store) -> None:
        """Use this store's client."""
        self._client = store.client

    def write(self, by: str, did: Did, session: str = "", note: str = "") -> None:
        """Add a line, before what it tells of is shown."""
        fields: Mapping[str, str] = {"by": by, "did": did, "session": session, "note": note}
        try:
            self._client.xadd(AUDIT, fields, maxlen=KEPT, approximate=True)
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error

    def read(self, before: str = "+", by: str = "", session: str = "") -> Iterator[Trace]:
        """The lines from the newest back, from before this id on."""
        end = before if before == "+" else f"({before}"
        while True:
            try:
                rows = self._client.xrevrange(AUDIT, end, "-", count=_CHUNK)
            except RedisError as error:
                raise StoreUnavailable(str(error)) from error
            for raw, fields in rows:
                trace = _trace(raw.decode(), fields)
                if by in {"", trace.by} and session in {"", trace.session}:
                    yield trace
            if len(rows) < _CHUNK:
                return
            end = f"({rows[-1][0].decode()}"


def _trace(one: str, fields: Mapping[bytes, bytes]) -> Trace:
    plain = {name.decode(): value.decode() for name, value in fields.items()}
    at = datetime.fromtimestamp(int(one.partition("-")[0]) / 1000, UTC)
    return Trace(one, at, plain["by"], plain["did"], plain["session"], plain["note"])

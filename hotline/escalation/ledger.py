"""The ledger of sends: every text and call has a record before it is asked for and after."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.channels.delivery import Report, SendState
from hotline.errors import StoreUnavailable
from hotline.escalation.conclude import SENDS_KEPT_MS, perhaps_key, send_key
from hotline.escalation.queue import to_ms
from hotline.escalation.script import Script
from hotline.session.connection import FAILURES
from hotline.session.keys import Keys, keys_of
from hotline.session.store import Store

_PAUSES = (0.2, 0.6, 1.0)


class Begun(StrEnum):
    """Whether a send may go out now.

    AGAIN: a worker died while it was trying, and a second one does no harm (pages to staff).
    PERHAPS: a worker died while it was trying, and it must not be repeated (texts to her).
    DONE: it went out before. MOVED: the session is not the one we decided on.
    """

    GO = "go"
    AGAIN = "again"
    PERHAPS = "perhaps"
    DONE = "done"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Guard:
    """What must hold for a send: `repeat` after a crash, and the session revision (None: any)."""

    owner: str
    repeat: bool
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class SendRecord:
    """A send as the ledger has it; times in ms since 1970 UTC, no number and no words."""

    id: str
    state: SendState
    updated: int
    attempt: int = 0
    crashes: int = 0
    sid: str = ""
    code: int | None = None
    problem: str = ""
    fields: Mapping[str, str] | None = None

    def field(self, name: str) -> str:
        """A further field: session, to, means, purpose, level."""
        return (self.fields or {}).get(name, "")


class Ledger:
    """Reads and writes the records of sends. Raises StoreUnavailable when Redis fails."""

    def __init__(self, store: Store) -> None:
        """Use this store; nothing is sent yet."""
        self._store = store
        self._begin = Script("begin")
        self._report = Script("report")

    def begin(
        self, contact: str, send: str, guard: Guard, fields: Mapping[str, str], now: datetime
    ) -> tuple[Begun, int]:
        """Note that this send is being tried, if it may be; and which attempt this is, from 1.

        Each call is known by a token of its own, so one whose answer got lost may run again.
        """
        keys = self._store.keys(contact)
        pairs = [part for name, value in fields.items() for part in (name, value)]
        revision = "" if guard.revision is None else guard.revision
        repeat = "1" if guard.repeat else ""
        owner = f"{guard.owner}:{secrets.token_hex(6)}"
        names = [send_key(keys, send), keys.session(contact)]
        arguments = [to_ms(now), owner, repeat, revision, SENDS_KEPT_MS, *pairs]
        answer, attempt = self._patiently(names, arguments)
        return Begun(answer.decode()), int(attempt)

    def _patiently(self, names: list[str], arguments: list[str | int]) -> tuple[bytes, int]:
        """Run it again when no answer came: its token makes that the same call once more."""
        for pause in _PAUSES:
            try:
                answer, attempt = self._begin.run(self._store, names, arguments)
            except StoreUnavailable:
                time.sleep(pause)
            else:
                return answer, attempt
        answer, attempt = self._begin.run(self._store, names, arguments)
        return answer, attempt

    def report(
        self, partition: int, report: Report, now: datetime
    ) -> tuple[SendState | None, SendState]:
        """Take a delivery report; the states before and after. It only moves forward."""
        keys = keys_of(partition)
        before, after = self._report.run(
            self._store,
            [send_key(keys, report.send), perhaps_key(keys)],
            [
                report.state.value,
                to_ms(now),
                report.sid,
                "" if report.code is None else report.code,
                SENDS_KEPT_MS,
                report.send,
            ],
        )
        known = SendState(before.decode()) if before else None
        return known, SendState(after.decode())

    def read(self, keys: Keys, send: str) -> SendRecord | None:
        """The record of a send, None when there is none."""
        try:
            found = self._store.client.hgetall(send_key(keys, send))
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        if not found:
            return None
        plain = {name.decode(): value.decode() for name, value in found.items()}
        code = plain.pop("code", "")
        return SendRecord(
            id=send,
            state=SendState(plain.pop("state")),
            updated=int(plain.pop("updated", "0")),
            attempt=int(plain.pop("attempt", "0")),
            crashes=int(plain.pop("crashes", "0")),
            sid=plain.pop("sid", ""),
            code=int(code) if code.isdecimal() else None,
            problem=plain.pop("problem", ""),
            fields=plain,
        )

    def perhaps_sent(self) -> tuple[str, ...]:
        """The ids of sends whose outcome nobody knows, the latest first, for the console."""
        found: list[tuple[bytes, float]] = []
        try:
            for keys in self._store.all_keys():
                found += self._store.client.zrange(perhaps_key(keys), 0, -1, withscores=True)
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        return tuple(one.decode() for one, _ in sorted(found, key=lambda pair: -pair[1]))

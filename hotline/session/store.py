"""The Redis store: one round trip to load a contact, one atomic script to commit a turn."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from redis.exceptions import NoScriptError

from hotline.errors import StaleSession, StoreUnavailable
from hotline.session.cipher import Cipher, ContactNames
from hotline.session.codec import task_to_plain
from hotline.session.connection import FAILURES, Client
from hotline.session.indexes import changes, indexes_of
from hotline.session.keys import Keys, keys_of, partition_of
from hotline.session.packing import (
    pack,
    pack_entry,
    pack_fast,
    pack_session,
    unpack,
    unpack_entry,
    unpack_session,
)
from hotline.session.records import Entry, Lane, Reply, Session, Task
from hotline.session.trips import Trips

DELIVERIES_KEPT = 40
"""How many of a contact's last deliveries are known again; the log keeps what was answered."""

_STALE = -1


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is stored of a contact: None and revision 0 when nothing is.

    `deliveries` are the marks of her last deliveries, oldest first; `entries` the log's entry ids.
    """

    session: Session | None
    revision: int
    deliveries: tuple[int, ...] = ()
    entries: tuple[str, ...] = ()

    def knows(self, delivery: str) -> bool:
        """Whether this delivery was probably taken before: the log tells for certain."""
        return _mark(delivery) in self.deliveries


@dataclass(frozen=True, slots=True)
class Change:
    """One commit: the new session and what it leaves behind.

    `delivery` is the id that the last entry answers, `deliveries` those known before it; `archive`
    puts the session before aside (a new one began). `before` is the session as loaded, for the
    indexes to clear.
    """

    session: Session
    revision: int
    now: int
    before: Session | None = None
    entries: Sequence[Entry] = ()
    tasks: Sequence[Task] = ()
    delivery: str = ""
    deliveries: Sequence[int] = ()
    archive: bool = False


class Store:
    """Reads and writes sessions. Every method raises StoreUnavailable when Redis fails."""

    def __init__(
        self,
        client: Client,
        cipher: Cipher,
        names: ContactNames,
        partitions: int = 1,
        replicas: int = 0,
    ) -> None:
        """Use this client; nothing is sent yet. See Trips for `replicas`."""
        self.client = client
        self.trips = Trips(client, replicas)
        self.cipher = cipher
        self._names = names
        self.partitions = partitions
        self._script = (Path(__file__).parent / "scripts" / "commit.lua").read_text()
        self._sha = hashlib.sha1(self._script.encode(), usedforsecurity=False).hexdigest()

    def contact_of(self, number: str) -> str:
        """The name of the contact with this number (or call id, when the number is withheld)."""
        return self._names.name(number)

    def keys(self, contact: str) -> Keys:
        """The keys of the contact's partition."""
        return keys_of(partition_of(contact, self.partitions))

    def all_keys(self) -> tuple[Keys, ...]:
        """The keys of every partition."""
        return tuple(keys_of(one) for one in range(self.partitions))

    def load(self, contact: str) -> Loaded:
        """The contact's current session, in one round trip."""
        key = self.keys(contact).session(contact)
        try:
            stored = self.trips.ask(key, "GET", key)
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        return self.opened(contact, stored)

    def load_by_id(self, session_id: str) -> Loaded:
        """A session by its id, the current or an earlier one of the contact."""
        contact, _, serial = session_id.partition(".")
        keys = self.keys(contact)
        try:
            current = self.load(contact)
            if current.session is not None and current.session.id == session_id:
                return current
            stored = self.client.get(keys.archived(contact, int(serial or 0)))
        except (*FAILURES, ValueError) as error:
            raise StoreUnavailable(str(error)) from error
        return self.opened(contact, stored)

    def reply_to(self, loaded: Loaded, delivery: str) -> Reply | None:
        """What a known delivery was answered, out of the log; None when it is not there."""
        while loaded.session is not None:
            for _, entry in reversed(self.entries(loaded)):
                if entry.delivery == delivery:
                    return Reply(
                        entry.said,
                        emergency=bool(entry.extra.get("emergency")),
                        document=entry.extra.get("document", ""),
                    )
            if loaded.session.serial == 1:
                break
            loaded = self.load_by_id(f"{loaded.session.contact}.{loaded.session.serial - 1}")
        return None

    def confirm(self, contact: str) -> None:
        """Return when the replicas asked for have all that was written for this contact so far."""
        if self.trips.replicas:
            keys = self.keys(contact)
            try:
                self.trips.ask_to_keep(keys.session(contact), "SET", keys.other("confirmed"), "1")
            except FAILURES as error:
                raise StoreUnavailable(str(error)) from error

    def commit(self, change: Change) -> int:
        """Write the turn, all or nothing; returns the new revision.

        Raises StaleSession when somebody committed this session since it was loaded.
        """
        contact = change.session.contact
        try:
            revision = int(self._run(self.keys(contact).session(contact), self._arguments(change)))
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        if revision == _STALE:
            raise StaleSession(change.session.id)
        return revision

    def entries(self, loaded: Loaded) -> list[tuple[int, Entry]]:
        """The session's log entries with their times (ms since 1970 UTC), oldest first."""
        if loaded.session is None or not loaded.entries:
            return []
        contact = loaded.session.contact
        log = self.keys(contact).log
        try:
            with self.client.pipeline(transaction=False) as pipe:
                for entry_id in loaded.entries:
                    pipe.xrange(log, entry_id, entry_id)
                found = pipe.execute()
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        return [
            (int(entry_id.split(b"-")[0]), self.open_entry(contact, fields[b"d"]))
            for rows in found
            for entry_id, fields in rows
        ]

    def open_entry(self, contact: str, sealed: bytes) -> Entry:
        """A sealed log entry of a contact."""
        return unpack_entry(self.cipher.open(sealed, contact.encode()))

    def seal(self, contact: str, plain: object) -> bytes:
        """Plain data, compressed and sealed for a contact."""
        return self.cipher.seal(pack(plain), contact.encode())

    def unseal(self, contact: str, sealed: bytes) -> Any:  # noqa: ANN401 plain data
        """The inverse of seal. Raises UnreadableRecord."""
        return unpack(self.cipher.open(sealed, contact.encode()))

    def opened(self, contact: str, stored: bytes | None) -> Loaded:
        """What a contact's record holds, as it lies in Redis. Raises UnreadableRecord."""
        if stored is None:
            return Loaded(None, 0)
        revision, entries, sealed = stored.split(b";", 2)
        session, deliveries = unpack_session(self.cipher.open(sealed, contact.encode()))
        return Loaded(session, int(revision), deliveries, tuple(entries.decode().split()))

    def _arguments(self, change: Change) -> list[str | bytes | int]:
        session = change.session
        contact = session.contact
        about = contact.encode()
        keys = self.keys(contact)
        add, clear = _index_changes(change, keys.tag)
        sealed = self.cipher.seal_all(_packed(change), about)
        names = [
            *(
                keys.session(contact),
                *_shared(keys.tag),
                keys.archived(contact, session.serial - 1),
            ),
            *add,
            *clear,
        ]
        arguments: list[str | bytes | int] = [
            len(names),
            *names,
            *(change.revision, sealed[0], session.id, change.now),
            *("1" if change.archive else "", len(add), len(change.entries)),
        ]
        entries = len(change.entries) + 1
        arguments += sealed[1:entries]
        for task, one in zip(change.tasks, sealed[entries:], strict=True):
            arguments += [task.id, task.lane.value, task.due, about + b";" + one]
        return arguments

    def _run(self, key: str, arguments: list[str | bytes | int]) -> Any:  # noqa: ANN401
        try:
            return self.trips.ask_to_keep(key, "EVALSHA", self._sha, *arguments)
        except NoScriptError:  # a server that never saw it, or forgot: it keeps it from now on
            return self.trips.ask_to_keep(key, "EVAL", self._script, *arguments)


def _mark(delivery: str) -> int:
    return zlib.crc32(delivery.encode())


def _packed(change: Change) -> list[bytes]:
    """The session's record, the entries and the tasks as bytes, in this order."""
    known = [*change.deliveries, *([_mark(change.delivery)] if change.delivery else ())]
    return [
        pack_session(change.session, known[-DELIVERIES_KEPT:]),
        *[pack_entry(one) for one in change.entries],
        *[pack_fast(task_to_plain(one)) for one in change.tasks],
    ]


@lru_cache(maxsize=4096)
def _shared(tag: str) -> tuple[str, ...]:
    """The keys of a partition that every commit names."""
    keys = Keys(tag)
    lanes = (keys.lane(Lane.EMERGENCY), keys.lane(Lane.NORMAL))
    return (keys.log, keys.due, keys.tasks, *lanes)


def _index_changes(change: Change, tag: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of the indexes to write and of those to clear."""
    same = change.before is not None and change.before.serial == change.session.serial
    before = indexes_of(change.before) if same and change.before is not None else _NOWHERE
    return _index_keys(tag, before, indexes_of(change.session))


_NOWHERE: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def _index_keys(
    tag: str, before: frozenset[str], now: frozenset[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    index = Keys(tag).index
    written, cleared = changes(before, now)
    return tuple(map(index, written)), tuple(map(index, cleared))

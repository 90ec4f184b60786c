"""The Redis store: one round trip to load a contact, one atomic script to commit a turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis.exceptions import NoScriptError, RedisError

from hotline.errors import StaleSession, StoreUnavailable
from hotline.session.cipher import Cipher, ContactNames
from hotline.session.codec import (
    entry_from_plain,
    entry_to_plain,
    pack,
    reply_from_plain,
    reply_to_plain,
    session_from_plain,
    session_to_plain,
    task_to_plain,
    unpack,
)
from hotline.session.connection import Client
from hotline.session.indexes import ALWAYS, indexes_of
from hotline.session.keys import Keys, keys_of, partition_of
from hotline.session.records import Entry, Lane, Reply, Session, Task

REPLIES_KEPT = 6
REPLY_HOURS = 6
_STALE = -1


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is stored of a contact: None and revision 0 when nothing is.

    `replies` are the last replies by delivery id, oldest first; `entries` the log's entry ids.
    """

    session: Session | None
    revision: int
    replies: Mapping[str, Reply]
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One commit: the new session and what it leaves behind.

    `delivery` is the id whose reply is kept; `archive` puts the session before aside (a new one
    began). `before` is the session as loaded, for the indexes to clear.
    """

    session: Session
    revision: int
    now: int
    before: Session | None = None
    entries: Sequence[Entry] = ()
    tasks: Sequence[Task] = ()
    delivery: str = ""
    reply: Reply = field(default_factory=Reply)
    replies: Mapping[str, Reply] = field(default_factory=dict)
    archive: bool = False


class Store:
    """Reads and writes sessions. Every method raises StoreUnavailable when Redis fails."""

    def __init__(
        self, client: Client, cipher: Cipher, names: ContactNames, partitions: int = 1
    ) -> None:
        """Use this client; nothing is sent yet."""
        self.client = client
        self.cipher = cipher
        self._names = names
        self.partitions = partitions
        self._script = (Path(__file__).parent / "scripts" / "commit.lua").read_text()
        self._sha = ""

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
        """The contact's current session and last replies, in one round trip."""
        keys = self.keys(contact)
        try:
            stored, sealed = self.client.execute_command(
                "MGET", keys.session(contact), keys.replies(contact)
            )
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error
        replies: dict[str, Reply] = {}
        if sealed is not None:
            plain = unpack(self.cipher.open(sealed, contact.encode()))
            replies = {delivery: reply_from_plain(one) for delivery, one in plain}
        if stored is None:
            return Loaded(None, 0, replies)
        session, revision, entries = self._opened(contact, stored)
        return Loaded(session, revision, replies, entries)

    def load_by_id(self, session_id: str) -> Loaded:
        """A session by its id, the current or an earlier one of the contact."""
        contact, _, serial = session_id.partition(".")
        keys = self.keys(contact)
        try:
            current = self.load(contact)
            if current.session is not None and current.session.id == session_id:
                return current
            stored = self.client.get(keys.archived(contact, int(serial or 0)))
        except (RedisError, ValueError) as error:
            raise StoreUnavailable(str(error)) from error
        if stored is None:
            return Loaded(None, 0, {})
        session, revision, entries = self._opened(contact, stored)
        return Loaded(session, revision, {}, entries)

    def commit(self, change: Change) -> int:
        """Write the turn, all or nothing; returns the new revision.

        Raises StaleSession when somebody committed this session since it was loaded.
        """
        keys, arguments = self._arguments(change)
        try:
            revision = int(self._run(keys, arguments))
        except RedisError as error:
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
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error
        return [
            (int(entry_id.split(b"-")[0]), self.open_entry(contact, fields[b"d"]))
            for rows in found
            for entry_id, fields in rows
        ]

    def open_entry(self, contact: str, sealed: bytes) -> Entry:
        """A sealed log entry of a contact."""
        return entry_from_plain(unpack(self.cipher.open(sealed, contact.encode())))

    def seal(self, contact: str, plain: object) -> bytes:
        """Plain data, compressed and sealed for a contact."""
        return self.cipher.seal(pack(plain), contact.encode())

    def unseal(self, contact: str, sealed: bytes) -> Any:  # noqa: ANN401 plain data
        """The inverse of seal. Raises UnreadableRecord."""
        return unpack(self.cipher.open(sealed, contact.encode()))

    def _opened(self, contact: str, stored: bytes) -> tuple[Session, int, tuple[str, ...]]:
        revision, entries, sealed = stored.split(b";", 2)
        plain = unpack(self.cipher.open(sealed, contact.encode()))
        return session_from_plain(plain), int(revision), tuple(entries.decode().split())

    def _arguments(self, change: Change) -> tuple[list[str], list[str | bytes | int]]:
        session = change.session
        contact = session.contact
        keys = self.keys(contact)
        add, clear = _index_changes(change)
        names = [
            *(keys.session(contact), keys.replies(contact), keys.log, keys.due, keys.tasks),
            *(keys.lane(Lane.EMERGENCY), keys.lane(Lane.NORMAL)),
            keys.archived(contact, session.serial - 1),
            *(keys.index(name) for name in add),
            *(keys.index(name) for name in clear),
        ]
        arguments: list[str | bytes | int] = [
            change.revision,
            self.seal(contact, session_to_plain(session)),
            self._replies(change),
            REPLY_HOURS * 3_600_000,
            session.id,
            change.now,
            "1" if change.archive else "",
            len(add),
            len(change.entries),
        ]
        arguments += [self.seal(contact, entry_to_plain(entry)) for entry in change.entries]
        for task in change.tasks:
            sealed = contact.encode() + b";" + self.seal(contact, task_to_plain(task))
            arguments += [task.id, task.lane, task.due, sealed]
        return names, arguments

    def _replies(self, change: Change) -> bytes | str:
        if not change.delivery:
            return ""
        kept = {**change.replies, change.delivery: change.reply}
        last = list(kept.items())[-REPLIES_KEPT:]
        plain = [[delivery, reply_to_plain(reply)] for delivery, reply in last]
        return self.seal(change.session.contact, plain)

    def _run(self, keys: list[str], arguments: list[str | bytes | int]) -> Any:  # noqa: ANN401
        if not self._sha:
            self._sha = self.client.script_load(self._script)
        try:
            return self.client.execute_command("EVALSHA", self._sha, len(keys), *keys, *arguments)
        except NoScriptError:
            return self.client.execute_command("EVAL", self._script, len(keys), *keys, *arguments)


def _index_changes(change: Change) -> tuple[list[str], list[str]]:
    now = indexes_of(change.session)
    same = change.before is not None and change.before.serial == change.session.serial
    before = indexes_of(change.before) if same and change.before is not None else frozenset()
    return [ALWAYS, *sorted(now - {ALWAYS})], sorted(before - now)

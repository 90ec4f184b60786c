"""The end of a task: everything it did, written in one atomic script together with its receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hotline.channels.delivery import SendState
from hotline.escalation.queue import GROUP, Taken, seal_task, to_ms
from hotline.escalation.script import Script
from hotline.session.codec import entry_to_plain
from hotline.session.keys import Keys
from hotline.session.records import Entry, Lane, Task
from hotline.session.store import Store

SENDS_KEPT_MS = 30 * 24 * 3_600_000
"""How long a send's record is kept after it last changed."""

_SCRIPT = Script("conclude")


class Indexed(StrEnum):
    """What to do with a record's place in its index."""

    ADD = "add"
    REMOVE = "remove"
    LEAVE = ""


@dataclass(frozen=True, slots=True)
class RecordWrite:
    """A record to write if it still has this revision (0: it must not exist)."""

    key: str
    revision: int
    sealed: bytes
    index: str
    member: str
    score: int
    indexed: Indexed = Indexed.LEAVE


@dataclass(frozen=True, slots=True)
class SendWrite:
    """What became of a send: its new state and further fields of its record."""

    id: str
    state: SendState
    fields: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is to be written together. `taken` is None when no task is being done (a person acted).

    `entry` goes into the event log of session `session`; `tasks` follow.
    """

    contact: str
    session: str
    now: datetime
    taken: Taken | None = None
    record: RecordWrite | None = None
    send: SendWrite | None = None
    entry: Entry | None = None
    tasks: Sequence[Task] = ()


class Concluded(StrEnum):
    """What came of it."""

    DONE = "done"
    DONE_BEFORE = "done_before"
    STALE = "stale"


_ANSWERS = {1: Concluded.DONE, 0: Concluded.DONE_BEFORE, -1: Concluded.STALE}


def conclude(store: Store, conclusion: Conclusion) -> Concluded:
    """Write it, all or nothing. Raises StoreUnavailable when Redis fails.

    DONE_BEFORE: another worker had done this task. STALE: the record moved on; read it again.
    """
    keys = store.keys(conclusion.contact)
    arguments = [*_head(store, conclusion), *_send(conclusion.send)]
    for task in conclusion.tasks:
        arguments += [task.id, task.lane, task.due, seal_task(store, task)]
    return _ANSWERS[int(_SCRIPT.run(store, _keys(keys, conclusion), arguments))]


def send_key(keys: Keys, send: str) -> str:
    """The key of a send's record (a hash)."""
    return keys.other(f"send:{send}")


def perhaps_key(keys: Keys) -> str:
    """The index of sends that were perhaps sent (a sorted set: send id by time in ms)."""
    return keys.other("perhaps")


def _keys(keys: Keys, conclusion: Conclusion) -> list[str]:
    record, send = conclusion.record, conclusion.send
    return [
        conclusion.taken.lane if conclusion.taken else keys.lane(Lane.NORMAL),
        keys.due,
        keys.tasks,
        keys.lane(Lane.EMERGENCY),
        keys.lane(Lane.NORMAL),
        keys.log,
        keys.session(conclusion.contact),
        record.key if record else keys.other("none"),
        record.index if record else keys.other("none"),
        send_key(keys, send.id if send else "none"),
        perhaps_key(keys),
        keys.archived(conclusion.contact, int(conclusion.session.rpartition(".")[2])),
    ]


def _head(store: Store, conclusion: Conclusion) -> list[str | bytes | int]:
    record, taken = conclusion.record, conclusion.taken
    entry = conclusion.entry
    return [
        GROUP,
        taken.entry if taken else "",
        to_ms(conclusion.now),
        record.revision if record else "",
        record.sealed if record else "",
        record.indexed.value if record else "",
        record.member if record else "",
        record.score if record else 0,
        conclusion.session,
        store.seal(conclusion.contact, entry_to_plain(entry)) if entry else "",
    ]


def _send(send: SendWrite | None) -> list[str | bytes | int]:
    if send is None:
        return ["", "", SENDS_KEPT_MS, 0]
    pairs = [part for name, value in send.fields.items() for part in (name, value)]
    return [send.id, send.state.value, SENDS_KEPT_MS, len(send.fields), *pairs]

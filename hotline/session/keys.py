"""The names of all keys in Redis. Every key of a partition carries its hash tag: `hl:{p}:...`."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache

META = "hl:meta"
"""A hash: partitions, the sealed contact key, when it was made."""

FLOWS = "hl:flows"
"""A hash: flow version -> the flow's file, so that sessions finish on the version they began."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one partition; `tag` is "{0}" and so on."""

    tag: str

    def session(self, contact: str) -> str:
        """The contact's current session (a string: revision; log ids; sealed record)."""
        return f"hl:{self.tag}:s:{contact}"

    def archived(self, contact: str, serial: int) -> str:
        """An earlier session of the contact, in the same form."""
        return f"hl:{self.tag}:s:{contact}.{serial}"

    def replies(self, contact: str) -> str:
        """The last replies by delivery id (a sealed string that expires)."""
        return f"hl:{self.tag}:r:{contact}"

    @property
    def log(self) -> str:
        """The event log (a stream: s session id, d sealed entry)."""
        return f"hl:{self.tag}:log"

    @property
    def due(self) -> str:
        """Tasks for later (a sorted set: task id by due milliseconds)."""
        return f"hl:{self.tag}:due"

    @property
    def tasks(self) -> str:
        """The sealed tasks that wait in `due` (a hash: task id -> lane;sealed)."""
        return f"hl:{self.tag}:tasks"

    def lane(self, lane: str) -> str:
        """Tasks that are due (a stream read by the workers' group: id, d sealed task)."""
        return f"hl:{self.tag}:lane:{lane}"

    def index(self, name: str) -> str:
        """An index for lists (a sorted set: session id by time of last activity)."""
        return f"hl:{self.tag}:i:{name}"

    def other(self, name: str) -> str:
        """Any further key of the partition, for the rooms built on the store."""
        return f"hl:{self.tag}:{name}"


def partition_of(contact: str, partitions: int) -> int:
    """The contact's partition, 0 to partitions-1: CRC-32 of its name, modulo."""
    return zlib.crc32(contact.encode()) % partitions


@lru_cache(maxsize=4096)
def keys_of(partition: int) -> Keys:
    """The keys of a partition."""
    return Keys(f"{{{partition}}}")

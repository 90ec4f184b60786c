"""Finding sessions by their indexes: rarest index first, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from redis.exceptions import RedisError

from hotline.errors import StoreUnavailable
from hotline.session.indexes import ALWAYS, is_timed
from hotline.session.keys import Keys
from hotline.session.records import Session
from hotline.session.store import Store

T = TypeVar("T")
Row = tuple[bytes, float]
"""A member of an index and its score, as Redis answers."""

_FIRST_CHUNK = 128
_CHUNK = 8192
FEW = 20_000
"""So many sessions of an index are looked up one and all; of more the time is walked back."""


@dataclass(frozen=True, slots=True)
class Found:
    """One session in a list: its id and the time of its last activity (ms since 1970 UTC)."""

    id: str
    at: int

    @property
    def cursor(self) -> str:
        """What a page that begins after this one is asked with."""
        return f"{self.at}.{self.id}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions: in all of these indexes, last active from `since` up to `until` (ms).

    A page has at most `count` and begins after `cursor`.
    """

    indexes: frozenset[str] = frozenset()
    since: int | None = None
    until: int | None = None
    cursor: str = ""
    count: int = 50


@dataclass(frozen=True, slots=True)
class Stored:
    """A session's record as it lies in Redis; opened only when somebody looks."""

    id: str
    raw: bytes


def find(store: Store, wanted: Wanted) -> list[Found]:
    """The sessions wanted, the last active first.

    Walks the rarest of the indexes that know the time and asks the others for membership; where
    one that knows no time holds FEW sessions or less, and fewer, all of those are looked up. So the
    work is that of the smallest one and of the page, whatever the number of sessions.
    """
    found: list[Found] = []
    try:
        for keys in store.all_keys():
            walk = _walk(store, keys, wanted)
            found += [one for one, _ in zip(walk, range(wanted.count), strict=False)]
    except RedisError as error:
        raise StoreUnavailable(str(error)) from error
    return sorted(found, key=_order, reverse=True)[: wanted.count]


def count(store: Store, index: str, since: int | None = None, until: int | None = None) -> int:
    """How many sessions an index holds, or those last active from `since` until before `until`.

    The times are told by timed indexes only (`is_timed`), here and in `counts`.
    """
    low, high = "-inf" if since is None else since, "+inf" if until is None else f"({until}"
    try:
        return sum(
            int(store.client.zcount(keys.index(index), low, high)) for keys in store.all_keys()
        )
    except RedisError as error:
        raise StoreUnavailable(str(error)) from error


def counts(store: Store, index: str, edges: Sequence[int]) -> list[int]:
    """How many sessions of an index were last active between each two of these moments (ms)."""
    totals = [0] * (len(edges) - 1)
    try:
        for keys in store.all_keys():
            with store.client.pipeline(transaction=False) as pipe:
                for low, high in pairwise(edges):
                    pipe.zcount(keys.index(index), low, f"({high}")
                totals = [a + int(b) for a, b in zip(totals, pipe.execute(), strict=True)]
    except RedisError as error:
        raise StoreUnavailable(str(error)) from error
    return totals


def fetch(store: Store, ids: Sequence[str]) -> list[Stored]:
    """The records of these sessions, current or archived, in one round trip; gone ones left out.

    An id may stand in both places for a moment; the record that says it is this session counts.
    """
    if not ids:
        return []
    places: dict[Keys, list[str]] = {}
    rows: list[tuple[str, Keys, int]] = []
    for one in ids:
        contact, _, serial = one.partition(".")
        keys = store.keys(contact)
        where = places.setdefault(keys, [])
        where += (keys.archived(contact, int(serial)), keys.session(contact))
        rows.append((one, keys, len(where) - 2))
    try:  # one command for all: a pipeline costs twenty times the processor time
        raws = {keys: store.client.mget(where) for keys, where in places.items()}
    except RedisError as error:
        raise StoreUnavailable(str(error)) from error
    found = ((one, raws[keys][at : at + 2]) for one, keys, at in rows)
    return [Stored(one, raw) for one, (old, now) in found if (raw := old or now) is not None]


def opened(store: Store, stored: Stored) -> Session | None:
    """The session of a record; None when the contact has begun another one meanwhile."""
    contact = stored.id.partition(".")[0]
    session = store.opened(contact, stored.raw).session
    return session if session is not None and session.id == stored.id else None


def load_many(store: Store, ids: Sequence[str]) -> list[Session]:
    """These sessions, those that are gone left out."""
    sessions = (opened(store, stored) for stored in fetch(store, ids))
    return [one for one in sessions if one is not None]


def _walk(store: Store, keys: Keys, wanted: Wanted) -> Iterator[Found]:
    sizes = _sizes(store, keys, wanted.indexes | {ALWAYS})
    by_size = sorted(sizes, key=lambda name: sizes[name])
    rarest = next(name for name in by_size if is_timed(name))
    others = [name for name in by_size if name not in (rarest, ALWAYS)]
    if others and not is_timed(others[0]) and sizes[others[0]] < min(FEW + 1, sizes[rarest]):
        yield from _looked_up(store, keys, wanted, rarest, others)
        return
    size = _FIRST_CHUNK if not others else _CHUNK // 8
    end, seen = _upper(wanted), 0
    while True:
        rows = store.client.zrevrangebyscore(
            keys.index(rarest), end, _lower(wanted), start=seen, num=size, withscores=True
        )
        for member, score in _members(store, keys, others, _after(wanted, rows)):
            yield Found(member.decode(), int(score))
        if len(rows) < size:
            return
        end, seen = _next(rows, end, seen)
        size = min(size * 2, _CHUNK)


def _sizes(store: Store, keys: Keys, names: Iterable[str]) -> dict[str, int]:
    ordered = sorted(names)
    with store.client.pipeline(transaction=False) as pipe:
        for name in ordered:
            pipe.zcard(keys.index(name))
        return dict(zip(ordered, pipe.execute(), strict=True))


def _looked_up(
    store: Store, keys: Keys, wanted: Wanted, timed: str, others: Sequence[str]
) -> Iterator[Found]:
    """All members of the first of the others, by the time that the timed index knows of them."""
    members = store.client.zrange(keys.index(others[0]), 0, -1)
    rows: list[Row] = []
    for some in _chunks(members):
        scores = store.client.zmscore(keys.index(timed), some)
        rows += [(one, at) for one, at in zip(some, scores, strict=True) if at is not None]
    low = float("-inf") if wanted.since is None else wanted.since
    high = float("inf") if wanted.until is None else wanted.until
    within = [row for row in _after(wanted, rows) if low <= row[1] <= high]
    within.sort(key=lambda row: (row[1], row[0]), reverse=True)
    for some in _chunks(within):
        for member, score in _members(store, keys, others[1:], some):
            yield Found(member.decode(), int(score))


def _chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """At most so many at once that Redis answers others meanwhile."""
    return (rows[at : at + _CHUNK] for at in range(0, len(rows), _CHUNK))


def _members(store: Store, keys: Keys, others: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """Those of the rows that stand in the other indexes too, the rarest asked first."""
    for name in others:
        if not rows:
            return []
        scores = store.client.zmscore(keys.index(name), [member for member, _ in rows])
        rows = [row for row, score in zip(rows, scores, strict=True) if score is not None]
    return list(rows)


def _after(wanted: Wanted, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows behind the cursor; only those of its very moment can stand before it."""
    if not wanted.cursor:
        return rows
    at, _, one = wanted.cursor.partition(".")
    last = (int(at), one.encode())
    return [row for row in rows if (int(row[1]), row[0]) < last]


def _next(rows: Sequence[tuple[bytes, float]], end: int | str, seen: int) -> tuple[int | str, int]:
    """Where the walk goes on: at the last score, past those of that score that were seen."""
    last = int(rows[-1][1])
    same = sum(int(score) == last for _, score in rows)
    return last, same + (seen if end == last else 0)


def _upper(wanted: Wanted) -> int | str:
    ends = [] if wanted.until is None else [wanted.until]
    if wanted.cursor:
        ends.append(int(wanted.cursor.partition(".")[0]))
    return min(ends) if ends else "+inf"


def _lower(wanted: Wanted) -> int | str:
    return "-inf" if wanted.since is None else wanted.since


def _order(one: Found) -> tuple[int, str]:
    return one.at, one.id

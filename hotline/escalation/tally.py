"""Counting what happened, day by day and without content, for the figures staff look at.

The worker reads the event log behind the webhooks, which write nothing more for it. Each chunk's
counts and the place where it ended are written together, so that every entry counts once, however
many workers count and whenever one dies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from redis.exceptions import RedisError

from hotline.channels.delivery import SendState
from hotline.errors import StoreUnavailable
from hotline.escalation.script import Script
from hotline.session.cipher import UnreadableRecord
from hotline.session.finding import fetch, opened
from hotline.session.keys import Keys
from hotline.session.records import Entry, Standing
from hotline.session.store import Store

CHUNK = 200
SILENT_MS = 2 * 3_600_000
"""A session without a level in which nothing happened for so long counts as stopped."""

KEPT_DAYS = 800
DAY_MS = 86_400_000

_FAILED = {SendState.UNDELIVERED, SendState.FAILED, SendState.REFUSED, SendState.PERHAPS}
_LOG, _SILENT = "log", "silent"
_SCRIPT = Script("tally")
_STEPS = ((600, 10), (3600, 60), (86_400, 3600))
"""Up to so many seconds, times are counted in steps of so many."""


class Of(StrEnum):
    """What is counted. A counter's name is this, a colon and what the number is of."""

    TO_LEVEL = "to_level"
    TAKEN = "taken"
    STOPPED = "stopped"
    MISUNDERSTOOD = "misunderstood"
    NOT_DELIVERED = "not_delivered"


@dataclass(slots=True)
class Counts:
    """Numbers by day and name, where the reading ended, how many rows, whether more may wait."""

    after: str
    rows: int = 0
    full: bool = False
    days: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, at: int, of: Of, what: str) -> None:
        """Count one on the day of this moment (ms since 1970 UTC)."""
        self.days.setdefault(day_of(at), Counter())[f"{of}:{what}"] += 1


class Tally:
    """Counts, and tells what was counted. Raises StoreUnavailable when Redis fails."""

    def __init__(self, store: Store) -> None:
        """Use this store; nothing is read yet."""
        self._store = store

    def count_on(self, now: datetime) -> bool:
        """Count the next chunk of every partition; whether more may wait."""
        full = False
        silent = int(now.timestamp() * 1000) - SILENT_MS
        try:
            for keys in self._store.all_keys():
                stood = self._stood(keys, _LOG)
                full |= self._keep(keys, _LOG, stood, self._logged(keys, stood))
                stood = self._stood(keys, _SILENT)
                full |= self._keep(keys, _SILENT, stood, self._stopped(keys, stood, silent))
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error
        return full

    def counted(self, first: date, last: date) -> Counter[str]:
        """The numbers of these days (UTC) together, by counter."""
        total: Counter[str] = Counter()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        try:
            for keys in self._store.all_keys():
                with self._store.client.pipeline(transaction=False) as pipe:
                    for day in days:
                        pipe.hgetall(_key(keys, f"{day:%Y%m%d}"))
                    for row in pipe.execute():
                        total.update({name.decode(): int(n) for name, n in row.items()})
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error
        return total

    def counted_until(self, now: datetime) -> datetime | None:
        """Up to when everything is counted; None when nothing was counted yet."""
        moments = [now]
        try:
            for keys in self._store.all_keys():
                stood = self._stood(keys, _LOG)
                newest = self._store.client.xrevrange(keys.log, count=1)
                if newest and newest[0][0].decode() != stood:
                    if not stood:
                        return None
                    moments.append(datetime.fromtimestamp(_ms(stood) / 1000, UTC))
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error
        return min(moments)

    def _stood(self, keys: Keys, name: str) -> str:
        stood = self._store.client.hget(_key(keys, "at"), name)
        return stood.decode() if stood else ""

    def _keep(self, keys: Keys, name: str, stood: str, counts: Counts) -> bool:
        if not counts.rows:
            return False
        numbers: list[str | bytes | int] = []
        for day in counts.days.values():
            numbers += [len(day), *(part for pair in day.items() for part in pair)]
        places = [_key(keys, "at"), *(_key(keys, day) for day in counts.days)]
        kept = KEPT_DAYS * DAY_MS // 1000
        _SCRIPT.run(self._store, places, [name, stood, counts.after, kept, *numbers])
        return counts.full

    def _logged(self, keys: Keys, stood: str) -> Counts:
        """The next entries of the log: levels, what was not understood, sends, who took whom."""
        rows = self._store.client.xrange(keys.log, f"({stood}" if stood else "-", count=CHUNK)
        counts = Counts(stood, len(rows), full=len(rows) == CHUNK)
        for entry_id, fields in rows:
            counts.after = entry_id.decode()
            session_id = fields[b"s"].decode()
            try:
                entry = self._store.open_entry(session_id.partition(".")[0], fields[b"d"])
                self._entry(counts, _ms(counts.after), session_id, entry)
            except UnreadableRecord:
                continue  # sealed with a key that is gone: nobody can say what it was
        return counts

    def _entry(self, counts: Counts, at: int, session_id: str, entry: Entry) -> None:
        for event in entry.events:
            if event["is"] == "Misunderstood":
                counts.add(at, Of.MISUNDERSTOOD, event["question"])
        if _tells_level(entry):
            self._first_level(counts, at, session_id)
        if entry.kind in ("delivery", "send") and "result" in entry.extra:
            whom = "her" if entry.extra.get("to") == "her" else "staff"
            result = _failure(entry)
            if result:
                counts.add(at, Of.NOT_DELIVERED, f"{result}:{whom}")
        if entry.kind == "escalation" and "taken" in entry.extra:
            opened_at = _opening(self._log_of(session_id), at)
            if opened_at is not None:
                counts.add(at, Of.TAKEN, str(_step(at - opened_at)))

    def _first_level(self, counts: Counts, at: int, session_id: str) -> None:
        log = self._log_of(session_id)
        told = next((when for when, entry in log if _tells_level(entry)), None)
        if told == at:
            counts.add(at, Of.TO_LEVEL, str(_step(at - log[0][0])))

    def _log_of(self, session_id: str) -> list[tuple[int, Entry]]:
        return self._store.entries(self._store.load_by_id(session_id))

    def _stopped(self, keys: Keys, stood: str, until: int) -> Counts:
        """The next sessions that have been silent for long at an open question."""
        rows, full = self._silent(keys, stood, until)
        counts = Counts(stood, len(rows), full=full)
        ids = {member.decode(): int(score) for member, score in rows}
        for stored in fetch(self._store, list(ids)):
            session = opened(self._store, stored)
            if session is None or session.standing is not Standing.OPEN:
                continue
            if session.state.level is None and session.state.question is not None:
                counts.add(ids[stored.id], Of.STOPPED, session.state.question)
        if rows:
            member, score = rows[-1]
            counts.after = f"{int(score)}.{member.decode()}"
        return counts

    def _silent(self, keys: Keys, stood: str, until: int) -> tuple[list[tuple[bytes, float]], bool]:
        """Sessions without a level by their last moment, past the cursor ("score.session").

        And whether there may be more.
        """
        low, _, last = stood.partition(".")
        seen = 0
        while True:
            rows = self._store.client.zrangebyscore(
                keys.index("level:none"),
                *(low or "-inf", until),
                start=seen,
                num=CHUNK,
                withscores=True,
            )
            new = [row for row in rows if not stood or (int(row[1]), row[0]) > _place(low, last)]
            if new or len(rows) < CHUNK:
                return new, len(rows) == CHUNK
            seen += CHUNK  # all of the cursor's very moment


def day_of(at: int) -> str:
    """The day (UTC) of a moment in ms since 1970, as the counters' keys name it: 20261122."""
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y%m%d}"


def steps(counted: Mapping[str, int], of: Of) -> list[tuple[str, int]]:
    """What was counted of one kind, without its prefix, the most frequent first."""
    found = [
        (name.partition(":")[2], n) for name, n in counted.items() if name.startswith(f"{of}:")
    ]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def middle(seconds: Mapping[int, int]) -> int | None:
    """The time (s) that half of those counted by steps did not exceed; None for none."""
    half = (sum(seconds.values()) + 1) // 2
    for step in sorted(seconds):
        half -= seconds[step]
        if half <= 0:
            return step + next((size for most, size in _STEPS if step < most), 3600)
    return None


def _place(low: str, last: str) -> tuple[int, bytes]:
    return int(low), last.encode()


def _ms(entry_id: str) -> int:
    return int(entry_id.partition("-")[0])


def _key(keys: Keys, name: str) -> str:
    return keys.other(f"tally:{name}")


def _step(ms: int) -> int:
    """Seconds, rounded down to steps that grow with the time."""
    seconds = max(0, ms // 1000)
    step = next((step for most, step in _STEPS if seconds < most), 3600)
    return seconds // step * step


def _tells_level(entry: Entry) -> bool:
    return any(e["is"] == "LevelGiven" and not e.get("repeated") for e in entry.events)


def _failure(entry: Entry) -> str:
    """What became of a text or call that did not arrive; "" for one that went out."""
    result = str(entry.extra["result"])
    if entry.kind == "delivery":
        return result if result in _FAILED else ""
    return {"sent": "", "perhaps sent": SendState.PERHAPS.value}.get(result, "refused")


def _opening(log: Sequence[tuple[int, Entry]], taken: int) -> int | None:
    """When the escalation opened that was taken first at this moment; None for a later taking."""
    opened_at: int | None = None
    had = False
    for at, entry in log:
        if entry.kind != "escalation":
            continue
        if "resolved" in entry.extra:
            opened_at, had = None, False
        elif "taken" in entry.extra:
            if at == taken:
                return None if had else opened_at
            had = True
        elif "reason" in entry.extra and opened_at is None:
            opened_at = at
    return None

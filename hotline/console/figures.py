"""The figures: counted over indexes for whole days, read from a sample where the log is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from hotline.channels.delivery import SendState
from hotline.console.office import Office
from hotline.escalation.records import What
from hotline.flow.levels import LEVELS, Level
from hotline.session.finding import Wanted, counts, find, load_many
from hotline.session.records import Entry, Session

DAYS = 14
SAMPLE = 400
DROPPED_MS = 2 * 3_600_000
_FAILED = {SendState.UNDELIVERED, SendState.FAILED, SendState.REFUSED, SendState.PERHAPS}
_MINUTES = (1, 2, 5, 10, 20, 60)


@dataclass(frozen=True, slots=True)
class Table:
    """One figure: its title, the columns' names, and rows of a label and numbers."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]
    note: str = ""


def tables(office: Office, now: datetime) -> tuple[Table, ...]:
    """All figures, of the last days up to now."""
    edges = _edges(now)
    since = int(edges[0].timestamp() * 1000)
    ids = [one.id for one in find(office.store, Wanted(since=since, count=SAMPLE))]
    sessions = load_many(office.store, ids)
    logs = [office.store.entries(office.store.load_by_id(one.id)) for one in sessions]
    note = f"From the newest {len(sessions)} sessions of these days."
    moment = int(now.timestamp() * 1000)
    return (
        _per_day(office, edges),
        _histogram(
            "time-to-level", "Minutes from the first text to a level", _to_level(logs), note
        ),
        _counted(
            "drop-out", "Where sessions stopped, by question", _dropped(sessions, moment), note
        ),
        _counted("misunderstood", "Texts not understood, by question", _misunderstood(logs), note),
        _counted(
            "deliveries", "Texts that did not arrive, by what became of them", _lost(logs), note
        ),
        _histogram(
            "acknowledged", "Minutes until somebody took it", _taken(office, sessions), note
        ),
    )


def _edges(now: datetime) -> list[datetime]:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return [today + timedelta(days=one) for one in range(1 - DAYS, 2)]


def _per_day(office: Office, edges: Sequence[datetime]) -> Table:
    moments = [int(one.timestamp() * 1000) for one in edges]
    names = [*(f"level:{level}" for level in reversed(LEVELS)), "level:none"]
    columns = [counts(office.store, name, moments) for name in names]
    days = (one.strftime("%d/%m") for one in edges)
    rows = tuple(
        (day, tuple(map(float, numbers)))
        for day, numbers in zip(days, zip(*columns, strict=True), strict=False)
    )
    shown = tuple(name.partition(":")[2] for name in names)
    return Table("per-day", "Sessions by day of last activity and level (UTC)", shown, rows)


def _histogram(name: str, title: str, minutes: Sequence[float], note: str) -> Table:
    bins = [sum(one < _MINUTES[0] for one in minutes)]
    labels = [f"under {_MINUTES[0]}"]
    for low, high in zip(_MINUTES, (*_MINUTES[1:], float("inf")), strict=True):
        bins.append(sum(low <= one < high for one in minutes))
        labels.append(f"{low} to {high}" if high != float("inf") else f"{low}+")
    middle = f" Median: {median(minutes):.1f} minutes." if minutes else ""
    rows = tuple((label, (float(n),)) for label, n in zip(labels, bins, strict=True))
    return Table(name, title, ("sessions",), rows, note + middle)


def _counted(name: str, title: str, things: Iterable[str], note: str) -> Table:
    rows = tuple((thing, (float(n),)) for thing, n in Counter(things).most_common(20))
    return Table(name, title, ("number",), rows, note)


def _to_level(logs: Iterable[Sequence[tuple[int, Entry]]]) -> list[float]:
    found = []
    for log in logs:
        told = (at for at, e in log if any(x["is"] == "LevelGiven" for x in e.events))
        first = next(told, None)
        if first is not None:
            found.append((first - log[0][0]) / 60_000)
    return found


def _dropped(sessions: Iterable[Session], now: int) -> list[str]:
    return [
        one.state.question
        for one in sessions
        if one.state.question is not None
        and one.state.level is None
        and now - one.updated > DROPPED_MS
    ]


def _misunderstood(logs: Iterable[Sequence[tuple[int, Entry]]]) -> list[str]:
    return [
        event["question"]
        for log in logs
        for _, entry in log
        for event in entry.events
        if event["is"] == "Misunderstood"
    ]


def _lost(logs: Iterable[Sequence[tuple[int, Entry]]]) -> list[str]:
    return [
        str(entry.extra["result"])
        for log in logs
        for _, entry in log
        if entry.kind in ("delivery", "send") and entry.extra.get("result") in _FAILED
    ]


def _taken(office: Office, sessions: Iterable[Session]) -> list[float]:
    found = []
    for session in sessions:
        if session.state.level not in (Level.EMERGENCY, Level.URGENT):
            continue
        escalation = office.board.load(session.id).escalation
        steps = escalation.steps if escalation else ()
        taken = next((step.at for step in steps if step.what is What.TAKEN), None)
        if escalation and taken:
            found.append((taken - steps[0].at).total_seconds() / 60)
    return found

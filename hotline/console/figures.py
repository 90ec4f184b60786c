"""The figures of a period: sessions out of the indexes, all else as the worker counted it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hotline.console.office import Office
from hotline.console.shown import readable
from hotline.escalation.tally import Of, Tally, middle, steps
from hotline.flow.levels import LEVELS
from hotline.session.finding import counts

LONGEST_DAYS = 366
_BY_DAY = 31
_WEEK = 7
_LATE = timedelta(minutes=2)
_MINUTES = (1, 2, 5, 10, 20, 60)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days (UTC), both counted in."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Table:
    """One figure: its title, the columns' names, and rows of a label and numbers."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    note: str = ""


def tables(office: Office, period: Period) -> tuple[Table, ...]:
    """All figures of a period."""
    tally = Tally(office.store)
    found = tally.counted(period.first, period.last)
    note = _until(tally.counted_until(office.now()), office.now())
    return (
        _per_day(office, period),
        _histogram(
            *("time-to-level", "Minutes from the first text to the first level"),
            *(steps(found, Of.TO_LEVEL), note),
        ),
        _named(
            *("drop-out", "Silent for two hours before a level, by the question that was open"),
            *(steps(found, Of.STOPPED), f"{note} Some come back later."),
        ),
        _named(
            *("misunderstood", "Texts not understood, by question"),
            *(steps(found, Of.MISUNDERSTOOD), note),
        ),
        _named(
            *("deliveries", "Texts and calls that did not arrive, by what became of them"),
            *([(_failure(name), n) for name, n in steps(found, Of.NOT_DELIVERED)], note),
        ),
        _histogram(
            *("acknowledged", "Minutes from an escalation until somebody took it"),
            *(steps(found, Of.TAKEN), note),
        ),
    )


def _until(counted: datetime | None, now: datetime) -> str:
    """What the numbers are of, and whether the worker has counted everything yet."""
    if counted is None:
        return "Nothing is counted yet: the worker does that."
    late = now - counted > _LATE
    behind = f" Counted up to {counted:%d/%m %H:%M} UTC: the worker is behind." if late else ""
    return f"All sessions of these days.{behind}"


def _per_day(office: Office, period: Period) -> Table:
    size = 1 if period.days <= _BY_DAY else _WEEK
    starts = [period.first + timedelta(days=n) for n in range(0, period.days, size)]
    edges = [_moment(day) for day in (*starts, period.last + timedelta(days=1))]
    names = [*(f"level:{level}" for level in reversed(LEVELS)), "level:none"]
    columns = [counts(office.store, name, edges) for name in names]
    labels = (f"{day:%d/%m}" for day in starts)
    rows = tuple(
        (label, tuple(numbers))
        for label, numbers in zip(labels, zip(*columns, strict=True), strict=True)
    )
    shown = tuple(name.partition(":")[2] for name in names)
    every = "day" if size == 1 else "week"
    title = f"Sessions by {every} of last activity and level (UTC)"
    return Table("per-day", title, shown, rows)


def _moment(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000)


def _histogram(name: str, title: str, counted: Sequence[tuple[str, int]], note: str) -> Table:
    seconds: Mapping[int, int] = {int(step): n for step, n in counted}
    edges = (0, *_MINUTES, float("inf"))
    rows = []
    for low, high in pairwise(edges):
        label = f"{low} to {high}" if low and high != float("inf") else f"{low}+"
        inside = sum(n for at, n in seconds.items() if low * 60 <= at < high * 60)
        rows.append((label if low else f"under {high}", (inside,)))
    half = middle(seconds)
    told = "" if half is None else f" Half of them took no more than {half / 60:.1f} minutes."
    return Table(name, title, ("number",), tuple(rows), note + told)


def _named(name: str, title: str, counted: Sequence[tuple[str, int]], note: str) -> Table:
    rows = tuple((thing, (n,)) for thing, n in counted)
    return Table(name, title, ("number",), rows, note)


def _failure(name: str) -> str:
    result, _, whom = name.partition(":")
    return f"{readable(result)}, to {whom}"

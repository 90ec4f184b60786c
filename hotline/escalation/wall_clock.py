"""Local wall-clock times turned into moments, with the days on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def opening(day: date, at: time, zone: str) -> datetime:
    """The moment (UTC) at which something that opens at this wall-clock time opens.

    A time that happens twice (clocks go back) opens at its first occurrence; one that never
    happens (clocks go forward) opens at the jump.
    """
    return _moment(day, at, zone, fold=0)


def closing(day: date, at: time, zone: str) -> datetime:
    """The moment (UTC) at which something that closes at this wall-clock time closes.

    A time that happens twice closes at its second occurrence, so that two shifts which meet there
    overlap and never leave a hole; one that never happens closes at the jump.
    """
    return _moment(day, at, zone, fold=1)


def local(moment: datetime, zone: str) -> datetime:
    """The same moment on the wall clock of `zone` (an IANA name)."""
    return moment.astimezone(_zone(zone))


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=8192)
def _moment(day: date, at: time, name: str, *, fold: int) -> datetime:
    zone = _zone(name)
    naive = datetime.combine(day, at)
    before = _offset(naive.replace(tzinfo=zone, fold=0))
    after = _offset(naive.replace(tzinfo=zone, fold=1))
    if before < after:
        return _jump(naive, before, after, zone)
    return naive.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _jump(naive: datetime, before: timedelta, after: timedelta, zone: ZoneInfo) -> datetime:
    """The moment the clocks go forward over `naive`, found by halving."""
    low = (naive - after).replace(tzinfo=UTC)
    high = (naive - before).replace(tzinfo=UTC)
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        if _offset(middle.astimezone(zone)) >= after:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)


def _offset(moment: datetime) -> timedelta:
    offset = moment.utcoffset()
    if offset is None:  # pragma: no cover - a ZoneInfo always has one
        raise ValueError(moment)
    return offset

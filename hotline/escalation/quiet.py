"""Quiet hours on her own wall clock, and which time zones her country may put her in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files

from hotline.escalation.wall_clock import local, opening

_DAY = timedelta(days=1)
_TRIES = 200


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to `end` on her wall clock nothing is sent that she did not ask for."""

    start: time
    end: time

    def holds(self, moment: datetime, zone: str) -> bool:
        """True when `moment` lies in the quiet hours of this zone."""
        at = local(moment, zone).time()
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def ends(self, moment: datetime, zone: str) -> datetime:
        """When the quiet hours that hold at `moment` end (UTC)."""
        day = local(moment, zone).date()
        end = opening(day, self.end, zone)
        return end if end > moment else opening(day + _DAY, self.end, zone)


def next_allowed(moment: datetime, quiet: QuietHours, zones: Sequence[str]) -> datetime | None:
    """The first moment from `moment` (UTC) that is quiet in none of the zones.

    Cautious where a country has several zones: it must be day in all of them. None when the zones
    are unknown or leave no such moment; then nothing is sent.
    """
    if not zones:
        return None
    at = moment.astimezone(UTC)
    for _ in range(_TRIES):
        asleep = next((zone for zone in zones if quiet.holds(at, zone)), None)
        if asleep is None:
            return at
        at = quiet.ends(at, asleep)
        if at - moment > 3 * _DAY:
            break
    return None


@lru_cache(maxsize=512)
def zones_of(country: str) -> tuple[str, ...]:
    """The IANA zones of a country (ISO 3166 alpha-2), from the time zone database's zone.tab.

    Empty for a country it does not know.
    """
    return tuple(zone for code, zone in _zone_table() if code == country.upper())


@lru_cache(maxsize=1)
def _zone_table() -> tuple[tuple[str, str], ...]:
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return tuple((row[0], row[2]) for row in rows)

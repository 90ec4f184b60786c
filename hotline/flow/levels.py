"""The five levels of advice and their order."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """How soon she should be seen; `rank` orders them, 0 (self_care) to 4 (emergency)."""

    SELF_CARE = "self_care"
    ROUTINE = "routine"
    SOON = "soon"
    URGENT = "urgent"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """The level's place in the order: a higher rank is more urgent."""
        return _RANKS[self]


LEVELS: tuple[Level, ...] = tuple(Level)
_RANKS: dict[Level, int] = {level: rank for rank, level in enumerate(LEVELS)}


def highest(*levels: Level | None) -> Level | None:
    """The most urgent of the levels, None where none is given."""
    given = [level for level in levels if level is not None]
    return max(given, key=lambda level: level.rank) if given else None

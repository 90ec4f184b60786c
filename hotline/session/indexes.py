"""Which lists a session stands in, so that the console finds it without reading them all."""

from __future__ import annotations

from functools import lru_cache

from hotline.session.records import Session

ALWAYS = "all"
_TIMED = ("level:", "standing:")


def indexes_of(session: Session) -> frozenset[str]:
    """The names of the indexes that hold this session, e.g. "level:urgent", "danger:seizure"."""
    ways = (session.channel, session.language, session.country, session.flow)
    return _names(
        session.state.level, session.standing, ways, session.state.dangers, session.wants_person
    )


def is_timed(name: str) -> bool:
    """Whether the scores of this index are the times of last activity.

    Those of the others (channel, language, danger, ...) are when the session came to stand there:
    each index that is written costs Redis a tenth of a text.
    """
    return name == ALWAYS or name.startswith(_TIMED)


@lru_cache(maxsize=4096)
def changes(before: frozenset[str], now: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The indexes to write and those to clear when what a session stands in changes, in order."""
    written = {name for name in now if name not in before or is_timed(name)}
    return tuple(sorted(written)), tuple(sorted(before - now))


@lru_cache(maxsize=4096)
def _names(
    level: str | None,
    standing: str,
    ways: tuple[str, str, str | None, str],
    dangers: frozenset[str],
    person: bool,  # noqa: FBT001 a key of the cache
) -> frozenset[str]:
    channel, language, country, flow = ways
    names = {
        ALWAYS,
        f"level:{level or 'none'}",
        f"standing:{standing}",
        f"channel:{channel}",
        f"language:{language}",
        f"country:{country or 'unknown'}",
        f"flow:{flow}",
    }
    names |= {f"danger:{danger}" for danger in dangers}
    if person:
        names.add("person")
    return frozenset(names)

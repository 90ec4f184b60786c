"""Which lists a session stands in, so that the console finds it without reading them all."""

from __future__ import annotations

from hotline.session.records import Session

ALWAYS = "all"


def indexes_of(session: Session) -> frozenset[str]:
    """The names of the indexes that hold this session, e.g. "level:urgent", "danger:seizure"."""
    state = session.state
    names = {
        ALWAYS,
        f"level:{state.level or 'none'}",
        f"standing:{session.standing}",
        f"channel:{session.channel}",
        f"language:{session.language}",
        f"country:{session.country or 'unknown'}",
        f"flow:{session.flow}",
    }
    names |= {f"danger:{danger}" for danger in state.dangers}
    if session.wants_person:
        names.add("person")
    return frozenset(names)

"""When a session begins, goes on, and gives way to a new one."""

from __future__ import annotations

from hotline.flow.library import Library
from hotline.flow.state import State
from hotline.session.incoming import Incoming
from hotline.session.records import Control, Line, Session

HOUR = 3_600_000
AFTER_END = 24 * HOUR
SAME_BLEED = 24 * HOUR


def is_over(library: Library, session: Session, now: int) -> bool:
    """Whether the next text begins a new session.

    Not while staff have it, and not while an emergency is fresh: her next words belong to it.
    """
    if session.control is Control.STAFF:
        return False
    idle = now - session.updated
    if session.state.ended:
        return idle > AFTER_END
    return idle > library.flow_of(session.flow).resume_minutes * 60_000


def first_session(
    library: Library, contact: str, incoming: Incoming, now: int, home: tuple[str | None, str]
) -> Session:
    """The first session of a contact. `home` is the country and language assumed by default."""
    code = country_of_number(library, incoming.number, home[0])
    language = library.words.first_language(code) if code else home[1]
    return Session(
        contact=contact,
        serial=1,
        number=incoming.number,
        our_number=incoming.our_number,
        channel=incoming.channel,
        country=code,
        language=language,
        flow=library.flow.version,
        state=State(),
        opened=now,
        updated=now,
    )


def country_of_number(library: Library, number: str, home: str | None) -> str | None:
    """The country to give numbers for: hers by her number, ours only where it tells nothing.

    A foreign number whose country we do not know stays unknown (None): ours would be a guess, and
    a wrong emergency number.
    """
    if not number.startswith("+"):
        return home
    country = library.words.countries.of(number)
    return country.code if country else None


def next_session(library: Library, before: Session, now: int) -> Session:
    """A new session of a known contact: her language, country and wishes stay.

    A level told in the last 24 hours is remembered: a second contact about the same bleed is
    raised by the flow's rules.
    """
    level, at = before.state.level, before.updated
    if level is None:
        level, at = before.last_level, before.last_level_at or 0
    recent = level if level is not None and now - at <= SAME_BLEED else None
    return before._replace(
        serial=before.serial + 1,
        flow=library.flow.version,
        state=State(last_level=recent),
        opened=now,
        updated=now,
        control=Control.AUTOMATED,
        staff=None,
        asking=None,
        wants_person=False,
        paused=False,
        outcome=None,
        same=0,
        last_words="",
        call=None,
        step=0,
        line=Line(),
        follow_up=None,
        last_level=recent,
        last_level_at=at if recent else None,
        notes=(),
        noted={},
    )

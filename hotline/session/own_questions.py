"""The hotline's own questions beside the flow's: her country, a follow-up, how she is today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.flow.levels import Level
from hotline.flow.library import Library
from hotline.flow.model import Kind, Option, Question, Value
from hotline.flow.reading import Understood
from hotline.flow.state import Again, Heard, Input
from hotline.session.desk import Desk
from hotline.session.lifetime import next_session
from hotline.session.pieces import Phrase, Piece
from hotline.session.records import Asking, Channel, Session


def _question(name: str, kind: Kind, *values: str) -> Question:
    options = tuple(Option(str(i), value) for i, value in enumerate(values, 1))
    return Question(name, kind, options, unsure="", silence="", line=0)


OWN = {
    Asking.RESUME: _question("resume", Kind.YES_NO, "yes", "no"),
    Asking.FOLLOW_UP: _question("follow_up", Kind.YES_NO, "yes", "no"),
    Asking.CHECK_IN: _question("check_in", Kind.CHOICE, "better", "same", "worse"),
}
TALKING_MS = 60_000
"""A call whose last step is younger goes on, as far as we know."""

FOLLOWED_UP = frozenset({Level.URGENT, Level.SOON, Level.ROUTINE})


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What an answer to one of our own questions leads to."""

    session: Session
    pieces: Sequence[Piece] = ()
    input: Input | None = None
    new_session: bool = False
    pages: tuple[str, ...] = ()


def own_question(session: Session) -> Question | None:
    """Our open question as a question that words can be read for, None when none is open."""
    return OWN.get(session.asking) if session.asking is not None else None


def ask_own(session: Session) -> tuple[Session, list[Piece]]:
    """After the last question of the flow: ask whether a check-in is welcome, once."""
    welcome = (
        session.state.level in FOLLOWED_UP
        and session.follow_up is None
        and session.asking is None
        and bool(session.number)
        and session.channel is not Channel.VOICE
    )
    if not welcome:
        return session, []
    return session._replace(asking=Asking.FOLLOW_UP), [Phrase("follow_up_ask")]


def comes_from_call(session: Session, now: int) -> bool:
    """Whether questions were broken off on the telephone: then a text asks before it goes on."""
    talking = session.call is not None and now - session.updated < TALKING_MS
    asked = session.state.question is not None and bool(session.state.trail)
    return session.channel is Channel.VOICE and asked and not talking


def ask_resume(session: Session) -> tuple[Session, list[Piece]]:
    """Ask whether to go on where the call broke off."""
    return session._replace(asking=Asking.RESUME), [Phrase("resumed_question")]


def hear_own(desk: Desk, session: Session, words: str, understood: Understood) -> OwnAnswer | None:
    """The answer to our own open question; None when the words are none (the flow takes them)."""
    rested = session._replace(asking=None)
    match session.asking:
        case Asking.COUNTRY:
            return _country(desk.library, rested, words)
        case Asking.FOLLOW_UP:
            return _follow_up(rested, understood.answer)
        case Asking.CHECK_IN:
            return _check_in(desk, rested, understood.answer)
        case Asking.RESUME:
            return _resume(desk, rested, understood.answer)
        case None:
            return None


def _resume(desk: Desk, session: Session, answer: Value | None) -> OwnAnswer | None:
    """Only a clear no begins anew; any other words go to the question that was open."""
    if answer == "no":
        fresh = next_session(desk.library, session, desk.now)
        return OwnAnswer(fresh, [Phrase("menu")], Heard(), new_session=True)
    return OwnAnswer(session, (), Again()) if answer == "yes" else None


def _country(library: Library, session: Session, words: str) -> OwnAnswer | None:
    spoken = words.casefold()
    for code, country in library.words.countries.by_code.items():
        names = {country.name.casefold(), *_SHORT_NAMES.get(code, ())}
        if any(name in spoken for name in names) or spoken.strip() == code.casefold():
            placed = session._replace(country=code)
            return OwnAnswer(placed, [Phrase("country_set")], Again())
    return None


_SHORT_NAMES = {"GB": ("uk", "england", "scotland", "wales"), "US": ("usa", "america")}


def _follow_up(session: Session, answer: Value | None) -> OwnAnswer | None:
    match answer:
        case "yes":
            agreed = session._replace(follow_up=0)
            return OwnAnswer(agreed, [Phrase("follow_up_yes")])
        case "no":
            return OwnAnswer(session, [Phrase("follow_up_no")])
        case _:
            return None


def _check_in(desk: Desk, session: Session, answer: Value | None) -> OwnAnswer | None:
    match answer, session.loss:
        case "better", _:
            return OwnAnswer(session, [Phrase("follow_up_better")])
        case "same", True:
            wished = session._replace(wants_person=True)
            return OwnAnswer(wished, [Phrase("follow_up_talk")], pages=("person",))
        case "same", False:
            return OwnAnswer(session, [Phrase("follow_up_same")])
        case "worse", _:
            fresh = next_session(desk.library, session, desk.now)
            return OwnAnswer(fresh, [Phrase("follow_up_worse")], Heard(), new_session=True)
        case _:
            return None

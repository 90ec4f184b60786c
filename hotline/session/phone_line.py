"""What the steps of a call have in common: putting a question, and what is waited for next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hotline.flow.events import Asked, Exited, Form, LevelGiven
from hotline.flow.library import Library
from hotline.flow.model import Kind, Question
from hotline.flow.state import Again, State
from hotline.session.conversation import Turned, stepped
from hotline.session.desk import Desk
from hotline.session.lifetime import next_session
from hotline.session.pieces import Phrase, Piece
from hotline.session.records import Control, Line, Menu, Session

MOST_LANGUAGES = 8
"""Keys 1 to 8 pick a language; 9 and 0 keep their meaning."""


def open_question(library: Library, session: Session) -> Question | None:
    """The flow's open question, None when there is none."""
    return library.flow_of(session.flow).by_id.get(session.state.question or "")


def takes_number(question: Question) -> bool:
    """Whether it is answered by a number that ends with the hash key."""
    return question.kind in {Kind.WEEKS, Kind.NUMBER}


def parts_of(question: Question) -> tuple[str, ...]:
    """The options of a choices question that are asked about one after another."""
    return tuple(one for one in question.values if one not in question.exclusive)


def languages_offered(library: Library, session: Session) -> tuple[str, ...]:
    """The languages of the first menu: hers by her country first, then all others we speak."""
    ours = library.words.languages
    country = library.words.countries.get(session.country)
    spoken = country.languages if country else ()
    ordered = (session.language, *spoken, *ours)
    return tuple(dict.fromkeys(one for one in ordered if one in ours))[:MOST_LANGUAGES]


def with_line(session: Session, **fields: Any) -> Session:  # noqa: ANN401 each field has its type
    """The session with these fields of its line changed."""
    return session._replace(line=session.line._replace(**fields))


def put(session: Session, *before: Piece, form: Form = Form.ASK) -> Turned:
    """The open question, put (again) without a step of the flow."""
    question = session.state.question or ""
    line = session.line._replace(menu=None)
    if question != line.asked:
        line = line._replace(asked=question, part=0, picked=(), silences=0)
    return Turned(session._replace(line=line), [*before, Asked(question, form)])


def waiting(turned: Turned) -> Turned:
    """What the call waits for after a turn of the flow: a key, a menu, a person, or its end."""
    session, pieces = turned.session, turned.pieces
    line, question = session.line, session.state.question or ""
    if question != line.asked:
        line = line._replace(asked=question, part=0, picked=(), silences=0)
    wished = any(isinstance(one, Phrase) and one.id == "nurse_noted" for one in pieces)
    told = any(isinstance(one, LevelGiven) for one in pieces)
    if wished and not told:
        return connect(turned._replace(session=session._replace(line=line)))
    if any(isinstance(one, Exited) for one in pieces):
        menu: Menu | None = Menu.BYE
    elif told:
        menu = Menu.AFTER
    elif question:
        menu = None
    else:
        menu = Menu.AFTER if session.state.level is not None else Menu.BYE
    return turned._replace(session=session._replace(line=line._replace(menu=menu)))


def connect(turned: Turned, *before: Piece) -> Turned:
    """Ring the staff on call; what was said to a wish for a person is said by the ringing."""
    said = [one for one in turned.pieces if not (isinstance(one, Phrase | Asked))]
    session = with_line(turned.session, menu=Menu.CONNECT, rounds=1, taken=False)
    pages = tuple(one for one in turned.pages if one != "person")
    wished = session._replace(wants_person=True)
    pieces: list[Piece] = [*said, *before, Phrase("phone_connecting")]
    return turned._replace(session=wished, pieces=pieces, pages=pages)


def level_again(desk: Desk, session: Session, *before: Piece) -> Turned:
    """The level once more, and the menu after it."""
    turned = stepped(desk, session, Again())
    told = [one for one in turned.pieces if isinstance(one, LevelGiven)]
    after = with_line(turned.session, menu=Menu.AFTER, silences=0)
    return turned._replace(session=after, pieces=[*before, *told])


def repeat(desk: Desk, session: Session, *before: Piece) -> Turned:
    """What was put last, once more; nothing counts by it."""
    if session.control is Control.STAFF or session.line.menu is Menu.CONNECT:
        return connect(Turned(session, ()), *before)
    if session.line.menu is Menu.LANGUAGE or session.asking is not None:
        return Turned(session, before)
    if session.state.question is not None and session.line.menu is not Menu.AFTER:
        return put(session, *before)
    if session.state.level is not None:
        return level_again(desk, session, *before)
    return waiting(Turned(session, [*before, Phrase("done")]))


def renewed(desk: Desk, session: Session) -> Session:
    """A new session for the same call."""
    fresh = next_session(desk.library, session, desk.now)
    return fresh._replace(call=session.call, step=session.step, line=Line(heard=True))


def is_fresh(session: Session) -> bool:
    """Whether this contact was never spoken to: her language is only assumed."""
    return session.serial == 1 and session.state == State()


def bye(session: Session, *said: Piece) -> Turned:
    """The last words, then the call ends."""
    return Turned(with_line(session, menu=Menu.BYE), list(said))


def without_question(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without the question they put."""
    return [one for one in pieces if not isinstance(one, Asked)]

"""The words of a send, put together when it goes: hers in her language, pages for staff."""

from hotline.escalation.board import Board
from hotline.escalation.orders import About, SendOrder
from hotline.escalation.page_words import more_text, page_text, taken_text
from hotline.escalation.records import Escalation, Reason, State
from hotline.escalation.rota import Rota
from hotline.escalation.station import Station
from hotline.flow.levels import Level
from hotline.flow.words import phrase, render_disposition
from hotline.session.pieces import Phrase
from hotline.session.records import Channel, Session
from hotline.session.saying import say_by_text


def words_to_her(station: Station, session: Session, order: SendOrder) -> str:
    """What she is sent. Raises FlowError when the phrase does not exist."""
    if order.body:
        return order.body
    reply = say_by_text(station.library, session, [Phrase(order.say)])
    return "\n".join(reply.messages)


def spoken_to_her(station: Station, session: Session, saying: str) -> str:
    """A phrase as it is spoken to her."""
    words = station.library.words
    place = words.place(session.country, session.language)
    return phrase(words.texts(session.language), saying, place, voice=True)


def spoken_advice(station: Station, session: Session) -> str:
    """Her level and what was said with it, as it is spoken; the emergency words where none was."""
    library = station.library
    texts = library.words.texts(session.language)
    place = library.words.place(session.country, session.language)
    state = session.state
    advised = [one.say for one in library.flow_of(session.flow).advice if one.say in state.advised]
    level = state.level or Level.EMERGENCY
    return render_disposition(texts, level, dict.fromkeys(advised), place, voice=True)


def may_text(session: Session) -> bool:
    """Not who called by phone, and not who said that texting is not safe for her."""
    safe = session.state.answers.get("safe_to_text") != "no"
    return safe and session.channel is not Channel.VOICE and bool(session.number)


def words_to_staff(
    station: Station, board: Board, rota: Rota, session_id: str, order: SendOrder
) -> str | None:
    """What a staff member is sent; None when it no longer holds (somebody has it by now)."""
    if order.body:
        return order.body
    escalation = board.load(session_id).escalation
    if escalation is None:
        return None
    match order.about:
        case About.PAGE:
            return page_text(escalation, station.addresses.console) if waits(escalation) else None
        case About.TAKEN:
            return taken_text(escalation.code, name_of(rota, order.note))
        case About.MORE:
            return more_text(escalation.code, Reason(order.note))
        case _:
            return None


def waits(escalation: Escalation) -> bool:
    """True while nobody has it: a page still makes sense."""
    return escalation.state in {State.OPEN, State.EXHAUSTED}


def name_of(rota: Rota, person_id: str) -> str:
    """How a person is called: by the rota, else their id (an account of the console)."""
    person = rota.person(person_id)
    return person.name if person else person_id

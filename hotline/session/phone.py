"""The conversation by telephone: one step of a call, pure, as conversation.py is for texts.

A step counts only when it follows the last one of the same call and answers what was put then.
All else is told the same again, and only a danger in it is heard.
"""

from __future__ import annotations

from dataclasses import replace

from hotline.flow.state import Heard
from hotline.session.conversation import Turned, stepped, take
from hotline.session.desk import Desk
from hotline.session.incoming import Incoming, PhoneKind, PhoneStep
from hotline.session.phone_line import (
    bye,
    connect,
    is_fresh,
    languages_offered,
    level_again,
    put,
    repeat,
    waiting,
    with_line,
)
from hotline.session.phone_menus import CALL_BACK, by_after, by_language, by_resume, by_ringing
from hotline.session.phone_question import by_question, grave, heard_speech
from hotline.session.pieces import Phrase
from hotline.session.records import Asking, Channel, Control, Line, Menu, Session

MOST_STEPS = 300
"""A call with more is no person's: it ends with the emergency line."""

CALL_LOST_MS = 600_000
"""A call that was silent for so long is over, whether or not the carrier told us."""

ELSEWHERE = "phone_elsewhere"
"""Said on an older call while a newer one goes on; it ends that call and touches nothing."""


def converse_by_phone(desk: Desk, session: Session, incoming: Incoming, phone: PhoneStep) -> Turned:
    """Take one step of a call. The session's `updated` is set by the caller when it commits."""
    if phone.kind is PhoneKind.LEFT:
        return _left(session, incoming)
    if phone.kind is PhoneKind.BEGAN or _lost(desk, session, incoming):
        return _begin(desk, _on_the_line(session, incoming, phone))
    if session.call != incoming.call:
        return Turned(session, [Phrase(ELSEWHERE)])
    out_of_turn = phone.kind is PhoneKind.AGAIN or phone.number != session.step + 1
    step = max(phone.number, session.step)
    session = _on_the_line(session, incoming, phone)._replace(step=step)
    if step > MOST_STEPS:
        return bye(session, Phrase("phone_bye"))
    if session.control is Control.STAFF:
        return _with_staff(desk, session, incoming, phone)
    if out_of_turn or _overtaken(session):
        return _uncounted(desk, session, incoming, phone)
    return _counted(desk, session, phone, incoming.words.strip())


def _counted(desk: Desk, session: Session, phone: PhoneStep, words: str) -> Turned:
    match session.line.menu:
        case Menu.LANGUAGE:
            return by_language(desk, session, phone, words)
        case Menu.CONNECT:
            return by_ringing(desk, session, words)
        case Menu.AFTER:
            return by_after(desk, session, phone, words)
        case Menu.BYE:
            return bye(session, Phrase("phone_bye"))
        case None if session.asking is not None:
            return by_resume(desk, session, phone, words)
        case None:
            return by_question(desk, session, phone, words)


def _on_the_line(session: Session, incoming: Incoming, phone: PhoneStep) -> Session:
    return session._replace(
        channel=Channel.VOICE,
        our_number=incoming.our_number or session.our_number,
        call=incoming.call,
        step=phone.number,
    )


def _lost(desk: Desk, session: Session, incoming: Incoming) -> bool:
    """Whether a call we know nothing of is to begin here: its session was erased, or forgotten."""
    if session.call is None:
        return session.line.gone != incoming.call
    quiet = desk.now - session.updated > CALL_LOST_MS
    return session.call != incoming.call and quiet


def _overtaken(session: Session) -> bool:
    """Whether another question is open than the one put to her: a text or staff came between."""
    line = session.line
    if line.menu is not None or session.asking is not None:
        return False
    return line.asked != (session.state.question or "")


def _uncounted(desk: Desk, session: Session, incoming: Incoming, phone: PhoneStep) -> Turned:
    if phone.kind is PhoneKind.SPEECH:
        understood = heard_speech(desk, session, incoming.words, phone.confidence)
        if grave(understood):
            return waiting(take(desk, session, replace(understood, answer=None, told={})))
    return repeat(desk, session)


def _begin(desk: Desk, session: Session) -> Turned:
    """The first words of a call: the danger line, then a language, the level, or the question."""
    # A question of ours that was put by text is not one for the telephone.
    session = session._replace(asking=None, paused=False, line=Line(sent=session.line.sent))
    danger = Phrase("phone_danger")
    if session.control is Control.STAFF:
        return connect(Turned(session, ()), danger, Phrase("staff_has_taken_over"))
    if is_fresh(session) and len(languages_offered(desk.library, session)) > 1:
        return Turned(with_line(session, menu=Menu.LANGUAGE), [danger])
    if session.state.level is not None:
        return level_again(desk, with_line(session, heard=True), danger)
    if session.state.question is None:
        turned = stepped(desk, session, Heard())
        return waiting(turned._replace(pieces=[danger, *turned.pieces]))
    put_now = put(session, danger)
    if not session.state.trail:
        return put_now
    resuming = put_now.session._replace(asking=Asking.RESUME)
    return Turned(resuming, [danger])


def _with_staff(desk: Desk, session: Session, incoming: Incoming, phone: PhoneStep) -> Turned:
    """Staff have her: what she says is kept and watched for danger, and they are rung."""
    if session.line.menu is Menu.CONNECT:
        return by_ringing(desk, session, incoming.words)
    pages: tuple[str, ...] = ()
    if phone.kind is PhoneKind.SPEECH:
        understood = heard_speech(desk, session, incoming.words, phone.confidence)
        dangers = session.state.dangers | understood.dangers
        session = session._replace(state=session.state._replace(dangers=dangers))
        pages = ("danger",) if grave(understood) else ()
    turned = connect(Turned(session, ()), Phrase("staff_has_taken_over"))
    return turned._replace(pages=pages)


def _left(session: Session, incoming: Incoming) -> Turned:
    """The call is over. Who left while staff were being rung is called back."""
    if session.call != incoming.call:
        return Turned(session, ())
    line = session.line
    owed = line.menu is Menu.CONNECT and not line.taken and bool(session.number)
    rested = session._replace(call=None, line=Line(sent=line.sent, gone=incoming.call or ""))
    if rested.asking is Asking.RESUME:
        rested = rested._replace(asking=None)
    return Turned(rested, (), asks=(CALL_BACK,) if owed else ())

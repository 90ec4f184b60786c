"""The menus of a call: which language, go on where we were, after the level, staff being rung."""

from __future__ import annotations

from dataclasses import replace

from hotline.flow.reading import Understood
from hotline.flow.state import Heard
from hotline.session.conversation import Turned, stepped, take
from hotline.session.desk import Desk
from hotline.session.incoming import PhoneKind, PhoneStep
from hotline.session.phone_line import (
    bye,
    connect,
    languages_offered,
    level_again,
    put,
    repeat,
    waiting,
    with_line,
)
from hotline.session.phone_question import (
    BACK,
    PERSON,
    REPEAT,
    anew,
    grave,
    heard_speech,
    obeyed,
)
from hotline.session.pieces import Phrase, Piece
from hotline.session.records import Control, Menu, Session

ROUNDS = 3
"""How often staff are rung, 20 seconds each."""

NOBODY = "none"
"""The result of ringing when nobody is on call."""

BY_TEXT = "by_text"
CALL_BACK = "call_back"


def by_language(desk: Desk, session: Session, phone: PhoneStep, words: str) -> Turned:
    """The first menu: a key picks the language; silence and nonsense take the first."""
    offered = languages_offered(desk.library, session)
    picked: str | None = None
    if phone.kind is PhoneKind.KEYS:
        if words == PERSON:
            return connect(Turned(session, ()))
        if words == REPEAT:
            return Turned(session, ())
        place = int(words) if words.isascii() and words.isdecimal() else 0
        if 0 < place <= len(offered):
            picked = offered[place - 1]
        elif session.line.silences == 0:
            return Turned(with_line(session, silences=1), [Phrase("not_understood")])
    elif phone.kind is PhoneKind.SPEECH:
        understood = heard_speech(desk, session, words, phone.confidence)
        name = (understood.command or "").removeprefix("language:")
        picked = name if name in offered else understood.language
        picked = picked if picked in offered else None
        if grave(understood) or understood.told or understood.mentions:
            spoken = session._replace(language=picked or session.language)
            return waiting(take(desk, _rested(spoken), understood))
    return _begin_in(desk, session, picked or session.language)


def _begin_in(desk: Desk, session: Session, language: str) -> Turned:
    changed = language != session.language
    turned = stepped(desk, _rested(session._replace(language=language)), Heard())
    said: list[Piece] = [Phrase("phone_danger")] if changed else []
    return waiting(turned._replace(pieces=[*said, *turned.pieces]))


def _rested(session: Session) -> Session:
    return with_line(session._replace(asking=None), menu=None, silences=0)


def by_resume(desk: Desk, session: Session, phone: PhoneStep, words: str) -> Turned:
    """Shall we go on where we were? Anything but a clear no goes on: nothing is lost by it."""
    rested = _rested(session)
    if rested.state.question is None:
        return _nothing_left(desk, rested, phone, words)
    if phone.kind is PhoneKind.SILENCE:
        return put(rested)
    rested = with_line(rested, heard=True)
    if phone.kind is PhoneKind.KEYS:
        if words == PERSON:
            return connect(Turned(rested, ()))
        if words == REPEAT:
            return Turned(with_line(session, heard=True), ())
        return anew(desk, rested) if words == "2" else put(rested)
    understood = heard_speech(desk, session, words, phone.confidence)
    if grave(understood):
        return waiting(take(desk, rested, replace(understood, answer=None)))
    turned = obeyed(desk, rested, understood)
    if turned is None:
        turned = anew(desk, rested) if understood.answer == "no" else put(rested)
    return turned._replace(understood=replace(understood, answer=None))


def _nothing_left(desk: Desk, session: Session, phone: PhoneStep, words: str) -> Turned:
    """A text came between and ended the questions: what it led to is told, whatever she pressed."""
    if phone.kind is PhoneKind.KEYS and words == PERSON:
        return connect(Turned(session, ()))
    if phone.kind is PhoneKind.SPEECH:
        understood = heard_speech(desk, session, words, phone.confidence)
        if grave(understood):
            return waiting(take(desk, session, understood))
        if understood.command == "nurse":
            return connect(Turned(session, ()))._replace(understood=understood)
    return repeat(desk, session)


def by_after(desk: Desk, session: Session, phone: PhoneStep, words: str) -> Turned:
    """After the level: again, by text, on with the questions, a person, or the end."""
    match phone.kind:
        case PhoneKind.SILENCE:
            return _after_silence(session)
        case PhoneKind.KEYS:
            return _after_key(desk, with_line(session, heard=True), words)
        case _:
            understood = heard_speech(desk, session, words, phone.confidence)
            session = with_line(session, heard=True)
            turned = _after_speech(desk, session, replace(understood, answer=None))
            return turned._replace(understood=understood)


def _after_key(desk: Desk, session: Session, key: str) -> Turned:
    match key[:1]:
        case "1" | "0" | "*":
            return level_again(desk, session)
        case "2" if may_text(session):
            return _by_text(session)
        case "3":
            return _go_on(desk, session)
        case "9":
            return connect(Turned(session, ()))
        case _:
            return Turned(session, [Phrase("not_understood")])


def _after_speech(desk: Desk, session: Session, understood: Understood) -> Turned:
    if not grave(understood):
        turned = obeyed(desk, session, understood)
        if turned is not None:
            return turned
        if not (understood.told or understood.mentions or understood.topic):
            return Turned(session, [Phrase("not_understood")])
    return waiting(take(desk, session, understood))


def _after_silence(session: Session) -> Turned:
    silences = session.line.silences
    if session.state.question is not None and not silences:
        return put(with_line(session, menu=None), Phrase("extras_intro"))
    if not silences and session.line.heard:
        return Turned(with_line(session, silences=1), [Phrase("phone_danger")])
    return bye(session, Phrase("phone_bye"))


def _go_on(desk: Desk, session: Session) -> Turned:
    if session.state.question is not None:
        return put(with_line(session, menu=None), Phrase("extras_intro"))
    return anew(desk, session)


def may_text(session: Session) -> bool:
    """Whether what was said can be sent to her: her number shows, and she takes texts."""
    told = session.state.level is not None
    return bool(session.number) and not session.opted_out and told


def _by_text(session: Session) -> Turned:
    level = session.state.level
    once = level is not None and session.line.sent != level.value
    sent = with_line(session, sent=level.value if level else "", silences=0)
    return Turned(sent, [Phrase("phone_sent")], asks=(BY_TEXT,) if once else ())


def by_ringing(desk: Desk, session: Session, words: str) -> Turned:
    """The ringing of staff ended: she talked to one, it rings again, or a call back is owed."""
    line = session.line
    if line.taken:
        back = with_line(session, taken=False, menu=None, silences=0)
        return _after_ringing(desk, back, Phrase("handed_back"))
    if words != NOBODY and line.rounds < ROUNDS:
        again = with_line(session, rounds=line.rounds + 1)
        return Turned(again, [Phrase("phone_hold")])
    said: list[Piece] = [Phrase("nobody_available")]
    asks: tuple[str, ...] = ()
    if session.number:
        said, asks = [*said, Phrase("staff_will_call")], (CALL_BACK,)
    else:
        said.append(Phrase("phone_withheld"))
    turned = _after_ringing(desk, with_line(session, menu=None), *said)
    return turned._replace(asks=asks)


def _after_ringing(desk: Desk, session: Session, *said: Piece) -> Turned:
    if session.control is Control.STAFF:
        return bye(session, *said, Phrase("phone_bye"))
    if session.asking is None and session.state.question is None and session.state.level is None:
        # She asked for a person before the first question.
        turned = stepped(desk, session, Heard())
        return waiting(turned._replace(pieces=[*said, *turned.pieces]))
    turned = repeat(desk, session, *said)
    return turned if turned.session.line.menu is not Menu.CONNECT else bye(session, *said)


__all__ = [
    "BACK",
    "BY_TEXT",
    "CALL_BACK",
    "NOBODY",
    "by_after",
    "by_language",
    "by_resume",
    "by_ringing",
    "may_text",
]

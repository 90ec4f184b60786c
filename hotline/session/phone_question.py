"""The open question on the telephone: keys, speech, silence, and several options one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hotline.flow.events import Form
from hotline.flow.model import NOT_SURE, Kind, Option, Question
from hotline.flow.reading import Understood, understand
from hotline.flow.state import Back, Heard, Silence
from hotline.session.commands import obey
from hotline.session.conversation import Turned, read_words, stepped, take
from hotline.session.desk import Desk
from hotline.session.incoming import PhoneKind, PhoneStep
from hotline.session.phone_line import (
    connect,
    level_again,
    open_question,
    parts_of,
    put,
    renewed,
    repeat,
    takes_number,
    waiting,
    with_line,
)
from hotline.session.pieces import Phrase, Piece
from hotline.session.records import Menu, Session

REPEAT, BACK, PERSON = "0", "*", "9"
LEAST_CONFIDENCE = 0.35
"""Speech recognised with less is noise: it answers nothing, but a danger in it counts."""

ASKINGS = 3
ASKINGS_OF_NOBODY = 2
"""How often a question is put to silence: fewer times to a caller who was never heard."""

BY_PHONE = frozenset({"menu", "back", "again", "help", "nurse"})
"""The commands that count when spoken; what erases or opts out is never done by ear."""

_NONE = "none"
_BY_NUMBER = 1.0
"""The confidence of an answer given by its number alone."""

_PART = Question(
    id="part",
    kind=Kind.YES_NO,
    options=(Option("1", "yes"), Option("2", "no"), Option("3", NOT_SURE)),
    silence=NOT_SURE,
    line=0,
)


def heard_speech(desk: Desk, session: Session, words: str, confidence: float) -> Understood:
    """How spoken words are understood: what was hardly recognised can only raise."""
    understood = read_words(desk, session, words)
    if confidence >= LEAST_CONFIDENCE:
        return understood
    return Understood(dangers=understood.dangers, possible=understood.possible)


def grave(understood: Understood) -> bool:
    """Whether a danger was heard, certain or possible."""
    return bool(understood.dangers or understood.possible)


def by_question(desk: Desk, session: Session, phone: PhoneStep, words: str) -> Turned:
    """One step while the flow's question is open."""
    question = open_question(desk.library, session)
    if question is None:
        return repeat(desk, session)
    if phone.kind is PhoneKind.SILENCE:
        return _silence(desk, session, question, "not_heard")
    session = with_line(session, heard=True)
    if phone.kind is PhoneKind.KEYS:
        return _keys(desk, session, question, words)
    understood = heard_speech(desk, session, words, phone.confidence)
    if not grave(understood):
        turned = obeyed(desk, session, understood)
        if turned is None and question.kind is Kind.CHOICES:
            verdict, by_number = _verdict_of(desk, session, words)
            named = () if by_number else _named(question, understood)
            turned = _part(desk, session, question, verdict, named)
            if turned is None and (understood.told or understood.mentions or understood.topic):
                turned = waiting(take(desk, session, replace(understood, answer=None)))
            turned = turned or _silence(desk, session, question, "not_understood")
        if turned is not None:
            return turned._replace(understood=understood)
    return waiting(take(desk, session, understood))


def obeyed(desk: Desk, session: Session, understood: Understood) -> Turned | None:
    """A spoken command, None when there is none that counts on the telephone."""
    command = understood.command or ""
    language = command.startswith("language:")
    if command not in BY_PHONE and not language:
        return None
    if command == "nurse":
        return connect(Turned(session, ()))
    if command == "again":
        return repeat(desk, session)
    if command == "back":
        return back(desk, session)
    if command == "menu":
        return anew(desk, session)
    if command == "help":
        return repeat(desk, session, Phrase("help"))
    try:
        changed = obey(desk.library, session, command, desk.now).session
    except ValueError:
        return None
    return repeat(desk, changed)


def back(desk: Desk, session: Session) -> Turned:
    """The option before, or the question before."""
    line = session.line
    if line.part:
        part = line.part - 1
        question = open_question(desk.library, session)
        value = parts_of(question)[part] if question else ""
        picked = tuple(one for one in line.picked if one != value)
        return put(with_line(session, part=part, picked=picked, silences=0))
    turned = stepped(desk, session, Back())
    if turned.session.state.question is None:
        return level_again(desk, turned.session)
    return waiting(turned)


def anew(desk: Desk, session: Session) -> Turned:
    """The questions from the start, as a new session."""
    turned = stepped(desk, renewed(desk, session), Heard())
    said: list[Piece] = [Phrase("menu"), *turned.pieces]
    return waiting(turned._replace(pieces=said, new_session=True))


def _keys(desk: Desk, session: Session, question: Question, keys: str) -> Turned:
    if takes_number(question):
        # Here the digits are the number itself, so the three keys come after a star.
        pressed = keys.removeprefix(BACK) or BACK if keys.startswith(BACK) else ""
    else:
        pressed = keys[:1]
    match pressed:
        case "0":
            return repeat(desk, session)
        case "*":
            return back(desk, session)
        case "9":
            return connect(Turned(session, ()))
    if question.kind is Kind.CHOICES:
        turned = _part(desk, session, question, _PART.value_of(keys), ())
        return turned or _silence(desk, session, question, "not_understood")
    return waiting(take(desk, session, read_words(desk, session, keys)))


def _silence(desk: Desk, session: Session, question: Question, said: str) -> Turned:
    line = session.line
    silences = line.silences + 1
    askings = _askings(question, heard=line.heard)
    if silences < askings:
        form = Form.SIMPLER if silences + 1 == askings else Form.ASK
        return put(with_line(session, silences=silences), Phrase(said), form=form)
    if question.extra:
        # The level was told and stays; nobody is there to answer what could only add to it.
        return Turned(with_line(session, menu=Menu.AFTER, silences=1), [Phrase("not_heard")])
    if not (question.red_flag or question.checks) and line.heard and not line.rounds:
        return connect(Turned(with_line(session, heard=False, silences=1), ()))
    nobody = with_line(session, heard=False, silences=0)
    came = Heard(answer=frozenset({*line.picked, NOT_SURE})) if line.picked else Silence()
    turned = stepped(desk, nobody, came)
    grave_one = question.red_flag or question.checks is not None
    line_said = Phrase("silence_safety_net" if grave_one else said)
    return waiting(turned._replace(pieces=[line_said, *turned.pieces]))


def _askings(question: Question, *, heard: bool) -> int:
    """How often a question is put: a red flag twice at least, the rest once to nobody."""
    if heard:
        return ASKINGS_OF_NOBODY if question.extra else ASKINGS
    return ASKINGS_OF_NOBODY if question.red_flag or question.checks else 1


def _verdict_of(desk: Desk, session: Session, words: str) -> tuple[str | None, bool]:
    """Yes, no or not sure to the one option asked about, and whether it was said by number."""
    read = understand(
        desk.library.lexicons,
        words,
        question=_PART,
        labels={},
        language=session.language,
        today=datetime.fromtimestamp(desk.now / 1000, UTC).date(),
    )
    if not isinstance(read.answer, str):
        return None, False
    return read.answer, read.confidence >= _BY_NUMBER


def _part(
    desk: Desk, session: Session, question: Question, verdict: str | None, named: tuple[str, ...]
) -> Turned | None:
    """The answer to one option of several, None when it is none.

    `named` are options she named in her own words. The question is answered after the last option.
    """
    parts, line = parts_of(question), session.line
    value = parts[line.part]
    named = tuple(one for one in named if one not in line.picked)
    if named and value not in named and verdict != "yes":
        # She named others ("rhesus negative" sounds like a no): what she was asked is still open.
        return put(with_line(session, picked=(*line.picked, *named), silences=0))
    if verdict is None and not named:
        return None
    asked = {"yes": (value,), NOT_SURE: (NOT_SURE,)}.get(verdict or "", ())
    picked = tuple(dict.fromkeys((*line.picked, *asked, *named)))
    left = [i for i in range(line.part + 1, len(parts)) if parts[i] not in picked]
    if left:
        return put(with_line(session, part=left[0], picked=picked, silences=0))
    answer = frozenset(picked) or frozenset({_NONE})
    return waiting(stepped(desk, session, Heard(answer=answer)))


def _named(question: Question, understood: Understood) -> tuple[str, ...]:
    """The options she named in her own words, several at once perhaps."""
    answer = understood.answer
    if not isinstance(answer, frozenset):
        return ()
    return tuple(one for one in question.values if one in answer - question.exclusive)

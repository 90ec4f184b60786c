"""The conversation: one input taken by a session, pure. What it decides is committed by the turn.

The order is fixed: danger in her words, then who has control, then her commands, then the
hotline's own open question, then the flow.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from hotline.flow.engine import step
from hotline.flow.events import Answered, Asked, Ended, Event, Form, LevelGiven, Noted, Source
from hotline.flow.levels import Level
from hotline.flow.reading import Understood, understand
from hotline.flow.state import Again, Heard, Input, State
from hotline.flow.words import labels_of
from hotline.session.commands import Command, obey
from hotline.session.desk import Desk
from hotline.session.incoming import Incoming
from hotline.session.own_questions import (
    ask_own,
    ask_resume,
    comes_from_call,
    hear_own,
    own_question,
)
from hotline.session.pieces import Phrase, Piece, TopicSaid
from hotline.session.records import Asking, Channel, Control, Session
from hotline.session.tongue import begin_in, unknown_language

FLOOD_TEXTS = 15
FLOOD_MS = 60_000
SAME_TEXTS = 10


class Turned(NamedTuple):
    """What one input led to.

    `heard` is what the engine was given (None: nothing). `pieces` is what is to be said, empty for
    silence. `erase` asks for everything about the contact to be removed. `asks` is what she asked
    for by telephone: a call back, or the advice by text.
    """

    session: Session
    pieces: Sequence[Piece]
    events: Sequence[Event] = ()
    heard: Input | None = None
    understood: Understood | None = None
    new_session: bool = False
    erase: bool = False
    pages: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


def converse(desk: Desk, session: Session, incoming: Incoming) -> Turned:
    """Take one input. The session's `updated` is set by the caller when it commits."""
    texts = incoming.channel is not Channel.VOICE
    called = texts and comes_from_call(session, desk.now)
    session = _counted(session, incoming, desk.now)
    understood = read_words(desk, session, incoming.words)
    danger = bool(understood.dangers or understood.possible)
    if session.control is Control.STAFF:
        return _with_staff(session, understood)
    if incoming.opt_out or (understood.command in ("stop", "start") and not danger):
        return _opted(desk, session, incoming, understood)
    if session.opted_out:
        return _unreachable(session, understood)
    if not danger and (stopped := _flooded(session)) is not None:
        return Turned(session, stopped, understood=understood)
    if not incoming.words.strip() and incoming.channel is not Channel.VOICE:
        return _wordless(desk, session, incoming)
    if not danger:
        turned = _answered_by_us(desk, session, understood, incoming)
        if turned is not None:
            return turned._replace(understood=understood)
        if called and not understood.told:
            return Turned(*ask_resume(session), understood=understood)
    return _in_her_language(desk, session, understood, incoming)


def _answered_by_us(
    desk: Desk, session: Session, understood: Understood, incoming: Incoming
) -> Turned | None:
    """A command, or the answer to a question of our own; a country's name is no command."""
    own_first = session.asking is Asking.COUNTRY
    if not own_first and (turned := _commanded(desk, session, understood)) is not None:
        return turned
    return _own(desk, session, understood, incoming)


def _in_her_language(
    desk: Desk, session: Session, understood: Understood, incoming: Incoming
) -> Turned:
    """Take the reading; the first text also settles the language she is answered in."""
    state = session.state
    if state.question is not None or state != State(last_level=state.last_level):
        return take(desk, session, understood)
    if incoming.channel is Channel.VOICE:
        return take(desk, session, understood)
    session, offers = begin_in(desk.library, session, understood.language)
    turned = take(desk, session, understood)
    strange = unknown_language(incoming.words)
    return turned._replace(pieces=[*strange, *turned.pieces, *offers])


def _unreachable(session: Session, understood: Understood) -> Turned:
    """She opted out: the carrier delivers nothing until START, so staff are told of a danger."""
    dangers = understood.dangers | understood.possible
    state = session.state._replace(dangers=session.state.dangers | understood.dangers)
    pages = ("opted_out",) if dangers else ()
    return Turned(session._replace(state=state), (), understood=understood, pages=pages)


def read_words(desk: Desk, session: Session, words: str) -> Understood:
    """How her words are understood, with the open question and its labels."""
    library = desk.library
    asked = library.flow_of(session.flow).by_id.get(session.state.question or "")
    question = own_question(session) or asked
    texts = library.words.texts(session.language)
    return understand(
        library.lexicons,
        words,
        question=question,
        labels=labels_of(texts, asked) if asked is not None and question is asked else {},
        language=session.language,
        today=datetime.fromtimestamp(desk.now / 1000, UTC).date(),
    )


def heard_of(understood: Understood) -> Heard:
    """What the engine is given of a reading."""
    return Heard(
        answer=understood.answer,
        told=understood.told,
        dangers=understood.dangers,
        possible=understood.possible,
        mentions=understood.mentions,
    )


def take(desk: Desk, session: Session, understood: Understood) -> Turned:
    """Give a reading to the flow; a topic asked about is answered on the way."""
    heard: Input = heard_of(understood)
    pieces: list[Piece] = []
    if understood.topic is not None and understood.answer is None:
        pieces.append(TopicSaid(understood.topic))
        if heard == Heard():
            return _topic_only(session, pieces, understood)
    turned = stepped(desk, session, heard)
    said = [*pieces, *turned.pieces]
    if not said:
        said = [Phrase("done")]
    same = 0 if any(_counts(one) for one in turned.events) else session.same
    after = turned.session
    if after.paused or after.same != same:
        after = after._replace(same=same, paused=False)
    return turned._replace(session=after, pieces=said, understood=understood)


def stepped(desk: Desk, session: Session, came: Input) -> Turned:
    """One step of the session's flow, with the hotline's own questions after the last one."""
    flow = desk.library.flow_of(session.flow)
    state, events = step(flow, session.state, came)
    session = session._replace(state=state, loss=session.loss or _loss(state.mentions, events))
    session, pieces = _show_noted(session, events)
    if any(isinstance(one, Ended) for one in events):
        session, more = ask_own(session)
        told_now = any(isinstance(one, LevelGiven) for one in events)
        if not told_now and not more:
            more = [Phrase("done")]
        pieces += more
    if "wants_person" in state.mentions and not session.wants_person:
        session = session._replace(wants_person=True)
        return Turned(session, [*pieces, Phrase("nurse_noted")], events, came, pages=("person",))
    return Turned(session, pieces, events, came)


def _show_noted(session: Session, events: Sequence[Event]) -> tuple[Session, list[Piece]]:
    """Hold back what she told until she has said that it is safe to text; then show it once."""
    if not session.noted and not any(isinstance(one, Noted) for one in events):
        return session, list(events)
    told = dict(session.noted)
    pieces: list[Piece] = []
    for event in events:
        if isinstance(event, Noted):
            told.update(event.told)
        else:
            pieces.append(event)
    asked = next((i for i, one in enumerate(pieces) if isinstance(one, Asked)), None)
    if not told or not session.state.trail or asked is None:
        return session._replace(noted=told), pieces
    pieces.insert(asked, Noted(told))
    return session._replace(noted={}), pieces


def _counts(event: Event) -> bool:
    """An answer that was given: not one that nonsense was counted as, which a robot gives too."""
    return isinstance(event, Answered) and event.source is not Source.NONSENSE


def _loss(mentions: frozenset[str], events: Sequence[Event]) -> bool:
    told = any(
        isinstance(one, Answered) and one.question == "ended_how" and one.value == "loss"
        for one in events
    )
    return told or "loss" in mentions


def _counted(session: Session, incoming: Incoming, now: int) -> Session:
    recent = tuple(at for at in session.recent if now - at < FLOOD_MS)[-FLOOD_TEXTS:]
    same = session.same + 1 if incoming.words == session.last_words else 0
    if incoming.channel is Channel.VOICE:
        same = 0
    return session._replace(
        recent=(*recent, now),
        same=same,
        last_words=incoming.words[:80],
        channel=incoming.channel,
        our_number=incoming.our_number or session.our_number,
    )


def _flooded(session: Session) -> Sequence[Piece] | None:
    if session.channel is Channel.VOICE:
        return None
    if session.same >= SAME_TEXTS or len(session.recent) > FLOOD_TEXTS:
        return []
    return [Phrase("flood")] if len(session.recent) == FLOOD_TEXTS else None


def _with_staff(session: Session, understood: Understood) -> Turned:
    dangers = understood.dangers | understood.possible
    state = session.state._replace(dangers=session.state.dangers | understood.dangers)
    pages = ("danger",) if dangers else ()
    return Turned(session._replace(state=state), (), understood=understood, pages=pages)


def _opted(desk: Desk, session: Session, incoming: Incoming, understood: Understood) -> Turned:
    kind = (incoming.opt_out or understood.command or "").lower()
    if kind == "start":
        session = session._replace(opted_out=False)
        heard_before = bool(session.state.dangers)
        again = stepped(desk, session, Heard() if heard_before else Again())
        said = again.pieces if incoming.opt_out else [Phrase("started"), *again.pieces]
        return again._replace(pieces=said, understood=understood)
    if kind == "help":
        return Turned(session, (), understood=understood)
    unfinished = session.state.question is not None or bool(session.state.dangers)
    grave = unfinished or session.state.level is Level.EMERGENCY
    pages = ("opted_out",) if grave else ()
    return Turned(session._replace(opted_out=True), (), understood=understood, pages=pages)


def _wordless(desk: Desk, session: Session, incoming: Incoming) -> Turned:
    again = Again() if session.state.question else Heard()
    turned = stepped(desk, session, again)
    said = [one for one in turned.pieces if isinstance(one, Asked)]
    first: list[Piece] = [Phrase("mms_only")] if incoming.media else []
    return turned._replace(pieces=[*first, *said] or [Phrase("done")])


def _topic_only(session: Session, pieces: list[Piece], understood: Understood) -> Turned:
    if session.state.question is not None:
        pieces.append(Asked(session.state.question, Form.ASK))
    elif session.state.level is None:
        pieces.append(Phrase("topic_offer"))
    return Turned(session, pieces, understood=understood)


def _commanded(desk: Desk, session: Session, understood: Understood) -> Turned | None:
    if understood.command is None:
        return None
    done: Command = obey(desk.library, session, understood.command, desk.now)
    if done.input is None:
        return Turned(
            done.session,
            done.pieces,
            new_session=done.new_session,
            erase=done.erase,
            pages=done.pages,
        )
    turned = stepped(desk, done.session, done.input)
    return turned._replace(
        pieces=[*done.pieces, *turned.pieces], new_session=done.new_session, pages=done.pages
    )


def _own(desk: Desk, session: Session, understood: Understood, incoming: Incoming) -> Turned | None:
    if session.asking is None:
        return None
    heard = hear_own(desk, session, incoming.words, understood)
    if heard is None:
        return take(desk, session._replace(asking=None), understood)
    if heard.input is None:
        return Turned(heard.session, heard.pieces, pages=heard.pages)
    turned = stepped(desk, heard.session, heard.input)
    return turned._replace(pieces=[*heard.pieces, *turned.pieces], new_session=heard.new_session)

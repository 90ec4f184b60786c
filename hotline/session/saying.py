"""Putting a turn's pieces into text messages: the worst first, and the action first in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from hotline.flow.events import (
    AdviceGiven,
    Answered,
    AsideSaid,
    Asked,
    DangerHeard,
    DangerPossible,
    Ended,
    Exited,
    LevelGiven,
    Misunderstood,
    Noted,
    PersonOffered,
)
from hotline.flow.levels import Level
from hotline.flow.library import Library
from hotline.flow.words import (
    Place,
    Texts,
    phrase,
    render_advice,
    render_aside,
    render_disposition,
    render_exit,
    render_noted,
    render_question,
    render_topic,
)
from hotline.session.pieces import Offer, Phrase, Piece, TopicSaid
from hotline.session.records import Reply, Session


def say_by_text(library: Library, session: Session, pieces: Sequence[Piece]) -> Reply:
    """The text messages for these pieces.

    A level stands alone in the first message, with its advice; a question after it goes into a
    second one, whose late arrival does no harm. All else is one message.
    """
    texts = library.words.texts(session.language)
    place = library.words.place(session.country, session.language)
    level = next((one for one in pieces if isinstance(one, LevelGiven)), None)
    lines = [
        line
        for piece in pieces
        if (line := _line(library, session, texts, place, piece)) and _belongs(piece, level)
    ]
    if level is None:
        return Reply(("\n".join(lines),) if lines else ())
    told = render_disposition(texts, level.level, level.advice, unit_place(library, session))
    if level.repeated and level.level is not Level.EMERGENCY:
        told = f"{phrase(texts, 'level_again', place)}\n{told}"
    rest = ["\n".join(lines)] if lines else []
    return Reply((told, *rest), emergency=level.level is Level.EMERGENCY)


def _belongs(piece: Piece, level: LevelGiven | None) -> bool:
    """Nothing stands beside an emergency that could keep her from acting."""
    if level is None or level.level is not Level.EMERGENCY:
        return True
    return isinstance(piece, Asked)


def unit_place(library: Library, session: Session) -> Place:
    """Her place, with {unit} filled for who she is: not pregnant, or cared for after it."""
    place = library.words.place(session.country, session.language)
    flow = library.flow_of(session.flow)
    settled = flow.settle(session.state)
    for unit in flow.units:
        if unit.when.holds(settled.true, flow.truth.everything):
            texts = library.words.texts(session.language)
            words = {voice: phrase(texts, unit.say, place, voice=voice) for voice in (False, True)}
            return Place(
                place.code,
                {**place.sms, "unit": words[False]},
                {**place.voice, "unit": words[True]},
            )
    return place


def _line(
    library: Library, session: Session, texts: Texts, place: Place, piece: Piece
) -> str | None:
    match piece:
        case Asked(question_id, form):
            question = library.flow_of(session.flow).by_id[question_id]
            return render_question(texts, question, form, place)
        case Phrase(one, extra):
            return phrase(texts, one, place, extra)
        case Offer(language):
            return phrase(library.words.texts(language), "language_offered", place)
        case TopicSaid(topic):
            return render_topic(texts, topic, place)
        case Noted(told):
            return render_noted(texts, told, place)
        case AsideSaid() | Exited():
            render = render_aside if isinstance(piece, AsideSaid) else render_exit
            return render(texts, piece.say, place)
        case AdviceGiven(advice):
            return "\n".join(render_advice(texts, say, place) for say in advice)
        case PersonOffered():
            return phrase(texts, "person_offered", place)
        case Misunderstood():
            return phrase(texts, "not_understood", place)
        case Answered() | DangerHeard() | DangerPossible() | LevelGiven() | Ended():
            return None
        case _:
            assert_never(piece)

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
from hotline.session.pieces import Phrase, Piece, TopicSaid
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
        if (line := _line(library, session, texts, place, piece)) and piece is not level
    ]
    if level is None:
        return Reply(("\n".join(lines),) if lines else ())
    told = render_disposition(texts, level.level, level.advice, place)
    if level.repeated and level.level is not Level.EMERGENCY:
        told = f"{phrase(texts, 'level_again', place)}\n{told}"
    rest = ["\n".join(lines)] if lines else []
    return Reply((told, *rest), emergency=level.level is Level.EMERGENCY)


def _line(
    library: Library, session: Session, texts: Texts, place: Place, piece: Piece
) -> str | None:
    match piece:
        case Asked(question_id, form):
            question = library.flow_of(session.flow).by_id[question_id]
            return render_question(texts, question, form, place)
        case Phrase(one, extra):
            return phrase(texts, one, place, extra)
        case TopicSaid(topic):
            return render_topic(texts, topic, place)
        case Noted(told):
            return render_noted(texts, told, place)
        case AsideSaid(say):
            return render_aside(texts, say, place)
        case Exited(say):
            return render_exit(texts, say, place)
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

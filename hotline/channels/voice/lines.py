"""The pieces of a turn as spoken lines, besides its question and its level."""

from __future__ import annotations

from typing import assert_never

from hotline.channels.voice.voices import Voices
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
from hotline.flow.texts import Place, Texts
from hotline.flow.words import (
    phrase,
    render_advice,
    render_aside,
    render_exit,
    render_topic,
)
from hotline.session.pieces import Offer, Phrase, Piece, TopicSaid


def line_of(voices: Voices, texts: Texts, place: Place, piece: Piece) -> str:
    """What a piece says, "" for one that says nothing by itself.

    What she told unasked is not said back: it would be heard by whoever listens.
    """
    match piece:
        case Phrase(one, extra):
            if voices.says(texts.language, one):
                return voices.say(texts.language, one, place, **extra)
            return phrase(texts, one, place, extra, voice=True)
        case TopicSaid(topic):
            return render_topic(texts, topic, place, voice=True)
        case AsideSaid(say):
            return render_aside(texts, say, place, voice=True)
        case Exited(say):
            return render_exit(texts, say, place, voice=True)
        case AdviceGiven(advice):
            return " ".join(render_advice(texts, say, place, voice=True) for say in advice)
        case PersonOffered():
            return phrase(texts, "person_offered", place, voice=True)
        case Misunderstood():
            return phrase(texts, "not_understood", place, voice=True)
        case Answered() | DangerHeard() | DangerPossible() | LevelGiven() | Ended():
            return ""
        case Asked() | Noted() | Offer():
            return ""
        case _:
            assert_never(piece)

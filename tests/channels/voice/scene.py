"""What the telephone can say, in every language: for the tests of documents and of their length."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from hotline.channels.voice.render import VoiceRender
from hotline.channels.voice.voices import Voices, load_voices
from hotline.flow.library import Library
from hotline.flow.state import State
from hotline.runtime import library_at
from hotline.session.pieces import Piece
from hotline.session.records import Channel, Line, Reply, Session

FLOWS = Path(__file__).parents[3] / "flows"
BASE = "https://hotline.example"
COUNTRY = {"en": "GB", "es": "ES", "fr": "FR", "hi": "IN"}
STAFF = ("+447700900801", "+447700900802")


@lru_cache(maxsize=1)
def library() -> Library:
    return library_at(FLOWS)


@lru_cache(maxsize=1)
def voices() -> Voices:
    return load_voices(FLOWS / "voices.yaml", frozenset(library().words.languages))


def languages() -> tuple[str, ...]:
    return tuple(sorted(path.name.split(".")[1] for path in (FLOWS / "bleeding").glob("text.*")))


def caller(language: str, country: str | None = None, **fields: object) -> Session:
    """A session in the middle of a call."""
    session = Session(
        contact="abcdefgh",
        serial=1,
        number="+447700900123",
        our_number="+441632960100",
        channel=Channel.VOICE,
        country=COUNTRY[language] if country is None else country or None,
        language=language,
        flow=library().flow.version,
        state=State(),
        opened=0,
        updated=0,
        call="CA" + "0" * 32,
        step=3,
        line=Line(heard=True),
    )
    return session._replace(**fields)


def spoken(session: Session, *pieces: Piece, staff: tuple[str, ...] = STAFF) -> Reply:
    """The reply to a step of a call."""
    render = VoiceRender(voices(), lambda path: BASE + path, lambda: staff)
    return render(library(), session, pieces)


def countries() -> Iterator[str]:
    yield from library().words.countries.by_code
    yield ""

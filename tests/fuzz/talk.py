"""What people say and what is kept of it: texts read and answered, calls, records opened."""

from __future__ import annotations

import zlib
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path

from werkzeug.datastructures import MultiDict

from hotline.channels.forms import read_pairs
from hotline.channels.voice.forms import read_call_form
from hotline.channels.voice.render import VoiceRender
from hotline.channels.voice.voices import Voices, load_voices
from hotline.errors import HotlineError
from hotline.flow.library import Library
from hotline.flow.model import Kind
from hotline.flow.reading import understand
from hotline.flow.words import labels_of
from hotline.runtime import library_at
from hotline.session.cipher import Cipher
from hotline.session.conversation import converse
from hotline.session.desk import Desk
from hotline.session.incoming import Incoming
from hotline.session.lifetime import first_session
from hotline.session.packing import (
    pack,
    pack_entry,
    pack_session,
    unpack,
    unpack_entry,
    unpack_session,
)
from hotline.session.phone import converse_by_phone
from hotline.session.records import Entry, Session
from hotline.session.saying import say_by_text
from tests.carrier import faults_of
from tests.fuzz.target import Target
from tests.server import OUR_NUMBER

FLOWS = Path(__file__).parents[2] / "flows"
NUMBER, CALL = "+447700900123", "CA" + "0" * 32
NOW = 1_795_000_000_000
LANGUAGES = ("en", "es", "fr", "hi")


@cache
def library() -> Library:
    return library_at(FLOWS)


@cache
def voices() -> Voices:
    return load_voices(FLOWS / "voices.yaml", frozenset(library().words.languages))


def kept(session: Session) -> Session:
    """The session as Redis would give it back."""
    again = unpack_session(pack_session(session, (1, 2)))
    assert again.session == session
    return again.session


def take_reading(data: bytes) -> None:
    """The first two bytes choose the open question and the language, the rest is her text."""
    choice, text = data[:2].ljust(2, b"\0"), data[2:].decode("utf-8", "replace")
    flow, language = library().flow, LANGUAGES[choice[1] % len(LANGUAGES)]
    question = [None, *flow.questions][choice[0] % (len(flow.questions) + 1)]
    labels = labels_of(library().words.texts(language), question) if question else {}
    found = understand(
        library().lexicons,
        text,
        question=question,
        labels=labels,
        language=language,
        today=date(2026, 11, 22),
    )
    assert 0.0 <= found.confidence <= 1.0
    assert found.language in {None, *LANGUAGES}
    known = set(question.values) if question else set()
    if isinstance(found.answer, frozenset):
        assert found.answer <= known
    elif isinstance(found.answer, int):
        assert question is not None
        assert question.kind in {Kind.WEEKS, Kind.NUMBER}
    elif found.answer is not None:
        assert found.answer in known
    assert all(name in flow.by_id for name in found.told)


def take_texts(data: bytes) -> None:
    """Each line is a text of one person; every reply is words, and her record survives."""
    session: Session | None = None
    for turn, line in enumerate(data.decode("utf-8", "replace").split("\n")[:12]):
        now = NOW + turn * 30_000
        incoming = Incoming(NUMBER, OUR_NUMBER, line, f"SM{turn:032d}")
        if session is None:
            session = first_session(library(), "abcdefgh", incoming, now, ("GB", "en"))
        turned = converse(Desk(library(), now), session, incoming)
        reply = say_by_text(library(), turned.session, turned.pieces)
        assert all(said.strip() and "{" not in said for said in reply.messages)
        session = kept(turned.session._replace(updated=now))
        question = session.state.question
        assert question is None or question in library().flow.by_id


def take_call(data: bytes) -> None:
    """Each line is a step, `address form` as the carrier posts it; no document leaves her mute."""
    session: Session | None = None
    render = VoiceRender(voices(), lambda path: f"https://hotline.example{path}", lambda: ())
    for turn, line in enumerate(data.split(b"\n")[:12]):
        now = NOW + turn * 30_000
        address, _, body = line.partition(b" ")
        form = MultiDict(read_pairs(body))
        form["CallSid"], form["From"], form["To"] = CALL, NUMBER, OUR_NUMBER
        incoming = read_call_form(form, MultiDict(read_pairs(address)))
        assert incoming is not None
        assert incoming.phone is not None
        if session is None:
            session = first_session(library(), "abcdefgh", incoming, now, ("GB", "en"))
        turned = converse_by_phone(Desk(library(), now), session, incoming, incoming.phone)
        document = render(library(), turned.session, turned.pieces).document
        assert faults_of(document) == [], document
        session = kept(turned.session._replace(updated=now))


CIPHER, ABOUT = Cipher(["0123456789abcdefghijklmnopqrstuvwxyz"]), b"abcdefgh"
SEALED = CIPHER.seal(pack({"kind": "text", "words": "hi"}), ABOUT)


OLD_RECORD = (
    b'{"contact":"abcdefgh","serial":1,"number":"+447700900123","our_number":"+441632960100",'
    b'"channel":"sms","country":"GB","language":"en","flow":"93ec05998279","state":[{"amount":'
    b'"spots","weeks":12,"pregnant":"yes"},[],[],[],[],[],[],"safe_to_text",0,null,[],[],null,'
    b'false],"opened":1795000000000,"updated":1795000000000,"recent":[1795000000000],'
    b'"last_words":"12 weeks, a bit of blood","noted":{"amount":"spots","weeks":12}}'
)
"""As sessions were kept before `pack_session`."""


def take_record(data: bytes) -> None:
    """Damaged bytes are refused with the errors that the functions name, or opened as they were."""
    try:
        plain = CIPHER.open(data, ABOUT)
        assert data == SEALED or plain is not None
    except HotlineError:
        pass
    try:
        found = unpack_session(data)
    except (zlib.error, ValueError):
        pass
    else:
        assert unpack_session(pack_session(*found)) == found
    with suppress(zlib.error, ValueError):
        unpack_entry(data)
    try:
        plain = unpack(data)
    except (zlib.error, ValueError):
        return
    try:
        packed = pack(plain)
    except OverflowError:  # whole numbers of more than 64 bits, which no record of ours holds
        return
    assert unpack(packed) == plain


def _session() -> Session:
    incoming = Incoming(NUMBER, OUR_NUMBER, "hi", "SM1")
    first = first_session(library(), "abcdefgh", incoming, NOW, ("GB", "en"))
    return converse(Desk(library(), NOW), first, incoming).session


TARGETS = {
    "reading": Target(
        take_reading,
        [
            b"\0\0I am bleeding heavily and 12 weeks, no pain",
            b"\x05\0no, it stopped. 12+3",
            b"\x0e\x02je saigne beaucoup, 3 mois",
            b"\x0e\x01tengo dolor fuerte en el hombro",
            "\x0e\x03मुझे बहुत खून आ रहा है".encode(),
            b"\x10\x00last period 3/11/2026, 1 2 4",
            "\x05\x00\u1369 12\u00b2 \u2460 weeks".encode(),
        ],
        (
            "no ",
            "not ",
            " weeks",
            "12+3",
            "STOP",
            "emergency",
            "bleeding",
            "9",
            "\u0967",
            "?",
            "1/2",
        ),
        400,
    ),
    "conversation": Target(
        take_texts,
        [
            b"hi\n1\n2\n2\nmild cramps\nno\n11\n1\n1\n3\n4\n1",
            b"I am bleeding\nyes\nI am soaking a pad an hour\nMENU\n1\nBACK\nAGAIN",
            b"hello\nESPANOL\n1\nSTOP\nSTART\nNURSE\nDELETE",
        ],
        ("\n", "MENU", "BACK", "STOP", "START", "HELP", "NURSE", "DELETE", "LANGUAGE", "99", "yes"),
        300,
    ),
    "steps": Target(
        take_call,
        [
            b"n=0\nn=1 Digits=1\nn=2 Digits=2\nn=3 SpeechResult=no&Confidence=0.9\nn=4 Digits=12",
            b"n=0\nn=1&silent=1\nn=2&again=1\nn=2 Digits=9\nn=3&rang=1 DialCallStatus=no-answer",
            b"n=0\nn=1 SpeechResult=I+am+soaking+a+pad+an+hour\nn=2 Digits=1\nn=3 Digits=2",
        ],
        (
            "\nn=1 ",
            "\nn=2 ",
            "\nn=3 ",
            "Digits=",
            "SpeechResult=",
            "&silent=1",
            "&rang=nobody",
            "*",
        ),
        300,
    ),
    "records": Target(
        take_record,
        [
            SEALED,
            SEALED[:20],
            pack_session(_session(), (1, 2)),
            OLD_RECORD,
            pack_entry(Entry("text", delivery="SM1", words="hi", said=("hello",))),
            pack({"a": [1, 2.5, None, True, "x"]}),
            b'{"a": [1, {"b": "\\u00e9"}]}',
        ],
        ("[", "{", '":', "\\ud800", "1e999", "NaN", "z"),
    ),
}

"""The telephone in `hotline chat --voice`: lines typed become keys, speech or silence of a call."""

from __future__ import annotations

import secrets
from pathlib import Path

from hotline.channels.voice.render import VoiceRender
from hotline.channels.voice.voices import VOICES_FILE, load_voices
from hotline.flow.library import Library
from hotline.session.incoming import Incoming, PhoneKind, PhoneStep
from hotline.session.phone_line import languages_offered
from hotline.session.records import Channel, Menu, Session

KEYS = frozenset("0123456789*#")
NOWHERE = "https://chat.invalid"


def new_call() -> str:
    """An id for a call, as Twilio makes them."""
    return f"CA{secrets.token_hex(16)}"


def voice_render(flows: Path, library: Library) -> VoiceRender:
    """What puts turns into spoken words; nobody is there to be put through to.

    Raises FlowError or FlowErrors.
    """
    voices = load_voices(flows / VOICES_FILE, frozenset(library.words.languages))
    return VoiceRender(voices, lambda path: f"{NOWHERE}{path}")


def step_of(session: Session | None, hello: Incoming, words: str) -> Incoming:
    """One line as a step of the call: digits are keys, words are speech, nothing is silence."""
    if session is None or session.call is None:
        return _step(hello, "", PhoneStep(0, PhoneKind.BEGAN))
    number = session.step + 1
    said = words.strip()
    if not said:
        return _step(hello, "", PhoneStep(number, PhoneKind.SILENCE))
    kind = PhoneKind.KEYS if KEYS.issuperset(said) else PhoneKind.SPEECH
    pressed = said.rstrip("#") or said if kind is PhoneKind.KEYS else said
    return _step(hello, pressed, PhoneStep(number, kind))


def language_key(library: Library, session: Session, language: str) -> str | None:
    """The key of her language while the first menu is open, else None."""
    offered = languages_offered(library, session)
    if session.line.menu is not Menu.LANGUAGE or language not in offered:
        return None
    return str(offered.index(language) + 1)


def _step(hello: Incoming, words: str, step: PhoneStep) -> Incoming:
    return Incoming(
        number=hello.number,
        our_number=hello.our_number,
        words=words,
        delivery=f"{hello.call}:{step.number}",
        channel=Channel.VOICE,
        call=hello.call,
        phone=step,
    )

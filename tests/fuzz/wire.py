"""What comes over the wire and out of the environment: forms, signatures, settings."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from hotline.channels.forms import read_pairs, read_text_form
from hotline.channels.messages import text_twiml
from hotline.channels.signature import Signatures
from hotline.channels.voice.forms import read_call_form, read_end_form
from hotline.errors import SettingsError
from hotline.session.records import Reply
from hotline.settings import read_settings
from hotline.settings.environment import names
from tests.carrier import root_of
from tests.fuzz.target import Target
from tests.server import OUR_NUMBER, TOKEN, environment

BASE = "https://hotline.example"
SIGNED, THEIRS = Signatures(BASE, [TOKEN]), RequestValidator(TOKEN)


def take_text_form(data: bytes) -> None:
    """A text's form: read as Python reads it, its fields within bounds, its answer valid."""
    pairs = read_pairs(data)
    assert pairs == parse_qsl(
        data.decode("utf-8", "replace"),
        keep_blank_values=True,
        errors="replace",
        max_num_fields=None,
    )
    incoming = read_text_form(MultiDict(pairs))
    if incoming is None:
        return
    assert len(incoming.words) <= 1600
    assert incoming.delivery.isascii()
    assert incoming.delivery.isalnum()
    assert 10 <= len(incoming.delivery) <= 64
    assert incoming.number.isascii()
    assert incoming.number.removeprefix("+").isdigit()
    assert 0 <= incoming.media < 1000
    root = root_of(text_twiml(Reply((incoming.words or "x",)), f"{BASE}/d?d={incoming.delivery}"))
    assert [one.tag for one in root] == ["Message"]
    assert len(root[0]) == 0


def take_call_form(data: bytes) -> None:
    """A call's step: its address before the first line end, its form after it."""
    address, _, body = data.partition(b"\n")
    form, query = MultiDict(read_pairs(body)), MultiDict(read_pairs(address))
    for incoming in (read_call_form(form, query), read_end_form(form)):
        if incoming is None:
            continue
        assert incoming.phone is not None
        assert 0 <= incoming.phone.number < 100_000
        assert 0.0 < incoming.phone.confidence <= 1.0
        assert incoming.call is not None
        assert incoming.call.isascii()
        assert incoming.call.isalnum()
        assert len(incoming.words) <= 1600
        assert not incoming.number or incoming.number.removeprefix("+").isdigit()


def take_signature(data: bytes) -> None:
    """Path, signature, settings and form, a line each: nothing is valid but what we sign."""
    path, signature, settings, body = [*data.split(b"\n", 3), b"", b"", b""][:4]
    where = "/" + path.decode("latin-1")
    pairs = read_pairs(body)
    form = MultiDict(pairs)
    given = signature.decode("latin-1")
    ours = SIGNED.sign(BASE + where, form)
    assert ours == THEIRS.compute_signature(BASE + where, form)
    assert SIGNED.valid(where, pairs, ours, "")
    assert not SIGNED.valid(where, pairs, given, settings.decode("latin-1"))


def refused(environ: dict[str, str]) -> tuple[str, ...] | None:
    """What is wrong with an environment; None when nothing is."""
    try:
        read_settings(environ)
    except SettingsError as error:
        return error.faults
    return None


def take_settings(data: bytes) -> None:
    """Lines of NAME=value over a good environment: settings, or a SettingsError of sentences."""
    environ = dict(environment(8000))
    for line in data.decode("utf-8", "replace").split("\n"):
        name, _, value = line.partition("=")
        environ[name] = value
    faults = refused(environ)
    assert faults is None or (faults and all(fault.strip() for fault in faults))


FORM = {"MessageSid": "SM" + "0" * 32, "From": "+447700900123", "To": OUR_NUMBER, "NumMedia": "0"}
CALL = {"CallSid": "CA" + "0" * 32, "From": "+447700900123", "To": OUR_NUMBER}

TEXT_WORDS = ("From=", "Body=", "MessageSid=", "&", "=", "%", "+", "%2B", "%00", "%F0%9F")
TEXT_WORDS += ("OptOutType=STOP", "whatsapp%3A", "NumMedia=", "%ED%A0%80", ";", "%u0041")
CALL_WORDS = ("n=", "&again=1", "&silent=1", "&rang=1", "&Digits=", "&SpeechResult=")
CALL_WORDS += ("&Confidence=0.5", "&Confidence=nan", "CallStatus=completed", "&l=en", "1e309")


TARGETS = {
    "forms": Target(
        take_text_form,
        [
            urlencode({**FORM, "Body": "I am bleeding & 12 weeks, 100% sure + é 🩸"}).encode(),
            urlencode({**FORM, "From": "whatsapp:+447700900123", "Body": "hi"}).encode(),
            b"From=%2B447700900123&&Body=%zz;&Body=x&OptOutType=stop&NumMedia=9999",
        ],
        TEXT_WORDS,
    ),
    "calls": Target(
        take_call_form,
        [
            b"n=1&l=en\n" + urlencode({**CALL, "Digits": "1"}).encode(),
            b"n=2&silent=1\n" + urlencode(CALL).encode(),
            b"n=7&rang=1\n" + urlencode({**CALL, "DialCallStatus": "no-answer"}).encode(),
            b"n=3\n" + urlencode({**CALL, "SpeechResult": "yes", "Confidence": "0.92"}).encode(),
            b"\n" + urlencode({**CALL, "CallStatus": "completed"}).encode(),
        ],
        CALL_WORDS,
    ),
    "signature": Target(
        take_signature,
        [
            b"twilio/sms\nabc\n\n" + urlencode(FORM).encode(),
            b"twilio/voice/step?n=1&l=en\nabc=\nalgorithm=HMAC_SHA256\nCallSid=CA0",
        ],
        ("\n", "?", "algorithm=", "HMAC_SHA1", "HMAC_SHA256", "&", "%0A", "\u00e9"),
    ),
    "settings": Target(
        take_settings,
        [
            b"HOTLINE_PARTITIONS=8\nHOTLINE_LOG_LEVEL=debug\nHOTLINE_LANGUAGE=pt-BR",
            b"HOTLINE_PUBLIC_URL=https://x.example:8443/\nHOTLINE_REDIS_URL=redis://[::1]:6379",
            b"TWILIO_AUTH_TOKEN=a,b\nHOTLINE_SECRET_KEY=\nHOTLINE_SECRET_KEY_FILE=/dev/null",
        ],
        (*names(), "_FILE=", "https://", "redis+cluster://", "[", "]", "/", ",", "@", "-1", "1e3"),
        600,
    ),
}

"""A call's forms: the few fields that are needed, and what a step of it brings."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hotline.channels.forms import LONGEST, NUMBER
from hotline.session.incoming import Incoming, PhoneKind, PhoneStep
from hotline.session.records import Channel

CALL = re.compile(r"CA[0-9a-zA-Z]{10,62}")
MOST_DIGITS = 5
"""Of a step's number."""

WITHHELD = frozenset(
    {
        *("+266696687", "266696687"),  # ANONYMOUS on a keypad
        *("+7378742833", "7378742833", "+2562533", "2562533"),  # RESTRICTED, BLOCKED
        *("+8656696", "8656696", "+86282452253", "86282452253"),  # UNKNOWN, UNAVAILABLE
    }
)
"""What carriers write for a caller who hides her number."""

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


def read_call_form(form: Mapping[str, str], query: Mapping[str, str]) -> Incoming | None:
    """A step of a call from its form and its address; None when it names no call."""
    call = form.get("CallSid", "")
    if not CALL.fullmatch(call):
        return None
    number = query.get("n", "0")
    known = number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS
    step = int(number) if known else 0
    words, phone = _step(form, query, step)
    return _incoming(form, call, f"{call}:{step}", words, phone)


def read_end_form(form: Mapping[str, str]) -> Incoming | None:
    """The report that a call is over; None for any other report."""
    call = form.get("CallSid", "")
    if not CALL.fullmatch(call) or form.get("CallStatus", "") not in OVER:
        return None
    return _incoming(form, call, f"{call}:left", "", PhoneStep(0, PhoneKind.LEFT))


def _incoming(
    form: Mapping[str, str], call: str, delivery: str, words: str, phone: PhoneStep
) -> Incoming:
    return Incoming(
        number=caller(form.get("From", "")),
        our_number=caller(form.get("To", "")),
        words=words,
        delivery=delivery,
        channel=Channel.VOICE,
        call=call,
        phone=phone,
    )


def caller(number: str) -> str:
    """A number in E.164, "" for one that is withheld or none."""
    number = number.strip()
    return number if NUMBER.fullmatch(number) and number not in WITHHELD else ""


def _step(form: Mapping[str, str], query: Mapping[str, str], step: int) -> tuple[str, PhoneStep]:
    if step == 0:
        return "", PhoneStep(step, PhoneKind.BEGAN)
    if query.get("again"):
        return "", PhoneStep(step, PhoneKind.AGAIN)
    if rang := query.get("rang"):
        return (rang if rang != "1" else form.get("DialCallStatus", ""))[:20], PhoneStep(
            step, PhoneKind.RANG
        )
    digits, speech = form.get("Digits", ""), form.get("SpeechResult", "").strip()
    if query.get("silent") or not (digits or speech):
        return "", PhoneStep(step, PhoneKind.SILENCE)
    if digits:
        return digits[:20], PhoneStep(step, PhoneKind.KEYS)
    confidence = _share(form.get("Confidence", ""))
    return speech[:LONGEST], PhoneStep(step, PhoneKind.SPEECH, confidence)


def _share(text: str) -> float:
    """A number from 0 to 1; 1 when the carrier gives none (some recognisers do not)."""
    try:
        share = float(text)
    except ValueError:
        return 1.0
    return share if 0.0 < share <= 1.0 else 1.0

"""What is read from a call's forms, and what is not believed."""

from __future__ import annotations

import pytest

from hotline.channels.voice.forms import caller, read_call_form, read_end_form
from hotline.session.incoming import PhoneKind

CALL = "CA" + "5" * 32
FORM = {"CallSid": CALL, "From": "+447700900123", "To": "+441632960100"}


def read(form: dict[str, str], **query: str):
    incoming = read_call_form({**FORM, **form}, query)
    assert incoming is not None
    return incoming.words, incoming.phone, incoming.delivery


def test_a_call_begins_with_step_0():
    words, phone, delivery = read({"Digits": "1"})
    assert (words, phone.kind, phone.number, delivery) == ("", PhoneKind.BEGAN, 0, f"{CALL}:0")


@pytest.mark.parametrize(
    ("form", "query", "kind", "words"),
    [
        ({"Digits": "1"}, {}, PhoneKind.KEYS, "1"),
        ({"Digits": "*9", "SpeechResult": "no"}, {}, PhoneKind.KEYS, "*9"),
        ({"SpeechResult": " yes ", "Confidence": "0.8"}, {}, PhoneKind.SPEECH, "yes"),
        ({}, {}, PhoneKind.SILENCE, ""),
        ({"Digits": "1"}, {"silent": "1"}, PhoneKind.SILENCE, ""),
        ({"SpeechResult": "  "}, {}, PhoneKind.SILENCE, ""),
        ({"DialCallStatus": "no-answer"}, {"rang": "1"}, PhoneKind.RANG, "no-answer"),
        ({}, {"rang": "none"}, PhoneKind.RANG, "none"),
        ({"Digits": "1"}, {"again": "1"}, PhoneKind.AGAIN, ""),
    ],
)
def test_a_step_is_what_the_form_and_the_address_say(form, query, kind, words):
    found, phone, delivery = read(form, n="7", **query)
    assert (found, phone.kind, phone.number, delivery) == (words, kind, 7, f"{CALL}:7")


@pytest.mark.parametrize("confidence", ["", "high", "0", "-1", "7", "nan", "inf"])
def test_a_confidence_that_is_none_counts_as_full(confidence: str):
    _, phone, _ = read({"SpeechResult": "yes", "Confidence": confidence}, n="3")
    assert phone.confidence == 1.0


@pytest.mark.parametrize("number", ["-1", "x", "1e9", "\u0661", "999999999"])
def test_a_step_number_that_is_none_begins_the_call_again(number: str):
    _, phone, _ = read({}, n=number)
    assert phone.kind is PhoneKind.BEGAN


@pytest.mark.parametrize(
    "number", ["", "anonymous", "Anonymous", "+266696687", "266696687", "sip:x@y", "Restricted"]
)
def test_a_withheld_number_is_none_and_the_call_is_the_contact(number: str):
    incoming = read_call_form({**FORM, "From": number}, {})
    assert caller(number) == ""
    assert incoming is not None
    assert incoming.address == f"call:{CALL}"


@pytest.mark.parametrize("call", ["", "CA1", "MM" + "5" * 32, "CA" + "5" * 80, "CA<script>12345"])
def test_a_form_that_names_no_call_is_none(call: str):
    assert read_call_form({**FORM, "CallSid": call}, {}) is None
    assert read_end_form({**FORM, "CallSid": call, "CallStatus": "completed"}) is None


def test_only_a_report_of_an_end_is_one():
    ended = read_end_form({**FORM, "CallStatus": "completed"})
    assert ended is not None
    assert ended.phone is not None
    assert ended.phone.kind is PhoneKind.LEFT
    assert read_end_form({**FORM, "CallStatus": "in-progress"}) is None

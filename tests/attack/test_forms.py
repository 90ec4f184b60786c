"""Forms and signatures under attack: mutated, oversized, forged, replayed, injected."""

from __future__ import annotations

import random
import socket
import xml.etree.ElementTree as ET
from urllib.parse import parse_qsl, urlencode

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse
from werkzeug.datastructures import MultiDict

from hotline.app import create_app
from hotline.channels.forms import read_pairs, read_text_form
from hotline.channels.messages import text_twiml
from hotline.channels.signature import Signatures
from hotline.session.records import Reply
from tests.server import SECRET, TOKEN, Server, new_number, new_sid

FORM = {
    "MessageSid": "SM" + "0" * 32,
    "From": "+447700900123",
    "To": "+441632960100",
    "Body": "I am bleeding & 12 weeks, 100% sure + é 🩸",
    "NumMedia": "0",
    "OptOutType": "",
}
MUTATIONS = 100_000
NASTY = (b"%", b"%%", b"%zz", b"&", b"=", b"+", b";", b"\0", b"\xff", b"%00", b"%0a", b"%ED%A0%80")
NASTY += (
    b"From=",
    b"&&&",
    b"%2B",
    "\u202e".encode(),
    b"A" * 500,
    b"MessageSid=*&",
    b"\r\nX: y\r\n",
)
SIGNED = Signatures("https://hotline.example", [TOKEN])


def mutants(count: int, seed: int = 9):
    """Forms as bytes, each with a few mutations: cut, doubled, flipped, nasty parts put in."""
    chance = random.Random(seed)  # noqa: S311 the same mutants every time
    base = urlencode(FORM).encode()
    for _ in range(count):
        body = bytearray(base)
        for _ in range(chance.randrange(1, 5)):
            at = chance.randrange(len(body) or 1)
            match chance.randrange(4):
                case 0:
                    del body[at : at + chance.randrange(1, 40)]
                case 1:
                    body[at:at] = chance.choice(NASTY)
                case 2 if body:
                    body[at % len(body)] = chance.randrange(256)
                case _:
                    body[at:at] = body[at : at + 60]
        yield bytes(body)


def test_a_hundred_thousand_mutated_forms_are_read_within_bounds():
    for body in mutants(MUTATIONS):
        incoming = read_text_form(MultiDict(read_pairs(body)))
        if incoming is not None:
            assert len(incoming.words) <= 1600
            assert 10 <= len(incoming.delivery) <= 64
            assert incoming.delivery.isalnum()
            assert incoming.number.removeprefix("+").isdecimal()
            assert 0 <= incoming.media < 1000


def test_mutated_forms_are_read_as_pythons_parser_reads_them():
    for body in mutants(3_000, seed=4):
        text = body.decode("utf-8", "replace")
        expected = parse_qsl(text, keep_blank_values=True, errors="replace")
        assert read_pairs(body) == expected


def test_mutated_forms_that_are_signed_are_answered_with_valid_twiml(hotline):
    client = create_app(hotline).test_client()
    statuses = set()
    for body in mutants(400, seed=7):
        signature = SIGNED.sign("https://hotline.example/twilio/sms", MultiDict(read_pairs(body)))
        answer = client.post(
            "/twilio/sms",
            data=body,
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature},
        )
        statuses.add(answer.status_code)
        root = ET.fromstring(answer.data)  # noqa: S314 our own server wrote it
        assert {one.tag for one in root} <= {"Message"}
    assert statuses == {200}


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(
    st.lists(st.tuples(WORDS, WORDS), max_size=12), st.sampled_from(["HMAC_SHA1", "HMAC_SHA256"])
)
def test_signatures_are_those_of_twilios_library(pairs, algorithm):
    form, url = MultiDict(pairs), "https://hotline.example/twilio/sms"
    made = RequestValidator(TOKEN).compute_signature(url, form, algorithm)
    settings = "" if algorithm == "HMAC_SHA1" else "algorithm=HMAC_SHA256"
    assert SIGNED.valid("/twilio/sms", pairs, made, settings)
    if algorithm == "HMAC_SHA1":
        assert SIGNED.sign(url, form) == made
    assert not SIGNED.valid("/twilio/sms?x", pairs, made, settings)


@given(st.lists(WORDS, min_size=1, max_size=3))
def test_no_text_can_become_a_verb(texts):
    callback = 'https://hotline.example/twilio/delivery?d="><Redirect>x</Redirect>'
    document = text_twiml(Reply((*texts, "</Message><Redirect>https://evil</Redirect>")), callback)
    root = ET.fromstring(document)  # noqa: S314 our own words
    assert [one.tag for one in root] == ["Message"] * (len(texts) + 1)
    assert all(len(one) == 0 for one in root)


def test_our_document_is_the_one_twilios_library_writes():
    said = ("CALL 999 NOW & <hurry>", "1 Yes\n2 No")
    theirs = MessagingResponse()
    theirs.message(said[0], status_callback="https://x.example/d?d=SM1")
    theirs.message(said[1], status_callback="https://x.example/d?d=SM1&m=1")
    assert text_twiml(Reply(said), "https://x.example/d?d=SM1") == str(theirs)


@pytest.fixture
def written(server: Server):
    with redis.Redis.from_url(server.env["HOTLINE_REDIS_URL"]) as client:
        yield client


def test_an_oversized_form_is_refused_and_writes_nothing(server: Server, written: redis.Redis):
    before = written.dbsize()
    form = {**FORM, "MessageSid": new_sid(), "Body": "x" * 70_000}
    assert server.post("/twilio/sms", form).status in {403, 413}
    assert written.dbsize() == before


def test_a_request_that_never_ends_holds_up_nobody(server: Server):
    hanging = []
    for _ in range(40):
        line = socket.create_connection(("127.0.0.1", server.port))
        line.sendall(b"POST /twilio/sms HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nFrom=")
        hanging.append(line)
    assert server.text("hi", new_number()).status == 200
    for line in hanging:
        line.close()


def test_a_validly_signed_request_sent_again_later_changes_nothing(server: Server):
    number, sid = new_number(), new_sid()
    first = server.text("hi", number, sid)
    server.converse("1", "2", "2", "1", number=number)
    after = server.text("what now", number).body
    for _ in range(3):
        again = server.text("hi", number, sid)
        assert again.body == first.body
    assert server.text("what now", number).messages == server.text("what now", number).messages
    assert after


@pytest.mark.parametrize(
    "sender",
    [
        "*",
        "+44{0}770",
        "+44770\r\nSET x 1",
        "hl:meta",
        "+٤٤٧٧٠٠٩٠٠١٢٣",
        "whatsapp:*",
        "9" * 400,
        "",
    ],
)
def test_strange_numbers_make_no_strange_keys(server: Server, written: redis.Redis, sender: str):
    before = set(written.keys("*"))
    answer = server.text("hi", sender)
    assert answer.status == 200
    assert answer.messages
    new = set(written.keys("*")) - before
    assert not [key for key in new if b"\r" in key or b"*" in key or b"+" in key], SECRET[:0]


@pytest.mark.parametrize(
    "path", ["/twilio/../console", "/twilio/sms/../../etc/passwd", "//twilio/sms"]
)
def test_path_tricks_lead_nowhere(server: Server, path: str):
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
        status = int(line.recv(200).split()[1])
    assert status in {302, 308, 403, 404, 405}

"""What strangers write stays what it is: in headers, in the log, in documents, cookies and keys."""

from __future__ import annotations

import io
import json
import socket
import xml.etree.ElementTree as ET
from itertools import product
from urllib.parse import quote

import pytest
import redis
import structlog

from hotline import logs
from hotline.app import create_app
from hotline.console.rights import Role
from tests.carrier import calling, faults_of
from tests.console.scene import PASSWORD, Desk, Room
from tests.server import OUR_NUMBER, Server, new_number, new_sid

EVIL = (
    "x\r\nSet-Cookie: taken=1",
    "x\nLocation: https://evil.example",
    "x%0d%0aX-Taken: 1",
    '"; filename="evil.html',
    "\u560a\u560dX-Taken: 1",
    "<Redirect>https://evil.example</Redirect>",
)
FORGED = '\n{"event": "webhook taken", "level": "info", "status": 200}\n'


@pytest.fixture
def room(hotline):
    return Room(hotline)


@pytest.fixture
def written(server: Server):
    with redis.Redis.from_url(server.env["HOTLINE_REDIS_URL"]) as client:
        yield client


def test_nothing_in_a_form_becomes_a_header(hotline):
    client = create_app(hotline).test_client()
    fields = ("Body", "From", "MessageSid", "To", "OptOutType", "NumMedia")
    for field, evil in product(fields, EVIL):
        form = {"MessageSid": new_sid(), "From": new_number(), "To": OUR_NUMBER, "Body": "hi"}
        form[field] = evil
        signature = hotline.signatures.sign(hotline.signatures.url("/twilio/sms"), form)
        answer = client.post("/twilio/sms", data=form, headers={"X-Twilio-Signature": signature})
        assert set(answer.headers.keys()) == {"Content-Type", "Content-Length"}
        assert "evil" not in str(answer.headers)


def test_nothing_in_an_address_becomes_a_header_of_the_console(room: Room):
    desk = room.sits()
    for evil in EVIL:
        leads_nowhere(room, desk, evil)


def leads_nowhere(room: Room, desk: Desk, evil: str) -> None:
    for path in (f"/sign-in?next={quote(evil)}", f"/sessions?q={quote(evil)}", f"/{quote(evil)}"):
        answer = desk.client.get(f"/console{path}")
        assert "X-Taken" not in answer.headers
        assert "taken" not in str(answer.headers.getlist("Set-Cookie"))
        assert "evil" not in str(answer.headers.get("Location", ""))
    stranger = room.app.test_client().get(f"/console/sessions/{quote(evil)}")
    assert "X-Taken" not in stranger.headers
    assert stranger.headers.get("Location", "/console/").startswith("/console/")
    desk.post("/sign-out")
    desk.get("/sign-in")
    inside = desk.post(
        f"/sign-in?next=/console/{quote(evil)}", name="ann", password=PASSWORD
    ).headers
    assert "X-Taken" not in inside
    assert "\r" not in inside["Location"]
    assert "\n" not in inside["Location"]
    assert inside["Location"].startswith("/console/")
    desk.get("/")


def test_a_forged_host_header_is_in_no_answer(hotline, room: Room):
    client = create_app(hotline).test_client()
    form = {"CallSid": "CA" + "0" * 32, "From": new_number(), "To": OUR_NUMBER}
    signature = hotline.signatures.sign(hotline.signatures.url("/twilio/voice"), form)
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil"}
    call = client.post(
        "/twilio/voice", data=form, headers={**headers, "X-Twilio-Signature": signature}
    )
    assert faults_of(call.data) == []
    assert b"https://hotline.example/twilio/voice/step" in call.data
    sent = room.app.test_client().get("/console/sessions", headers=headers)
    for answer in (call, sent):
        assert b"evil" not in answer.data
        assert "evil" not in str(answer.headers)


@pytest.fixture
def said():
    """The application log as it is written; what was configured before comes back."""
    out = io.StringIO()
    before = structlog.get_config()
    logs.configure("debug", stream=out)
    yield out
    structlog.configure(**before)


def test_nothing_a_stranger_sends_becomes_a_line_of_the_log(hotline, said: io.StringIO):
    client = create_app(hotline).test_client()
    form = {"MessageSid": FORGED, "From": FORGED, "Body": FORGED, "CallSid": FORGED}
    headers = {"X-Twilio-Signature": quote(FORGED), "User-Agent": quote(FORGED)}
    for path in ("/twilio/sms", "/twilio/voice", "/twilio/delivery", f"/twilio/{quote(FORGED)}"):
        client.post(f"{path}?d={quote(FORGED)}", data=form, headers=headers)
        signed = hotline.signatures.url(f"{path}?d={quote(FORGED)}")
        good = {"X-Twilio-Signature": hotline.signatures.sign(signed, form)}
        client.post(f"{path}?d={quote(FORGED)}", data=form, headers=good)
    client.get(f"/console/sessions/{quote(FORGED)}")
    lines = said.getvalue().splitlines()
    assert lines
    for line in lines:
        told = json.loads(line)
        assert told["event"] != "webhook taken"
        assert FORGED.strip() not in told.values()


def test_a_cookie_from_before_the_sign_in_is_worth_nothing_after_it(room: Room):
    """Session fixation: who planted a cookie at her browser does not get in with her."""
    room.add("ann", Role.NURSE)
    attacker = room.app.test_client()
    attacker.get("/console/sign-in")
    planted = attacker.get_cookie("hotline_console").value
    victim = room.app.test_client()
    victim.set_cookie("hotline_console", planted)
    desk = Desk(victim)
    desk.get("/sign-in")
    desk.post("/sign-in", name="ann", password=PASSWORD)
    assert victim.get("/console/").status_code == 200
    assert victim.get_cookie("hotline_console").value != planted
    assert attacker.get("/console/").status_code == 303


def test_a_visit_of_a_strangers_own_making_is_none(room: Room):
    """A visit's token is ours: one that a stranger chose opens nothing, signed or not."""
    desk = room.sits()
    with desk.client.session_transaction() as cookie:
        (name,) = [key for key, value in cookie.items() if str(value).startswith("ann:")]
        kept = cookie[name]
        cookie[name] = "ann:" + "A" * 32
    assert desk.client.get("/console/").status_code == 303
    with desk.client.session_transaction() as cookie:
        cookie[name] = kept
    assert desk.client.get("/console/").status_code == 200


def test_a_caller_cannot_speak_a_verb(server: Server):
    number = new_number()
    call = calling(server, number)
    for words in (
        "</Say><Redirect>https://evil.example</Redirect>",
        "]]><Dial>+15005550006</Dial>",
        "&#60;Hangup/&#62;",
        "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    ):
        call.speak(words)
        document = call.documents[-1]
        assert b"evil" not in document
        assert b"passwd" not in document
        root = ET.fromstring(document)  # noqa: S314 our own server wrote it
        assert not [one for one in root.iter("Dial") if "1500" in (one.text or "")]


STRANGE = ("*", "+44{0}770", "+44770\r\nSET x 1", "hl:meta", "+٤٤٧٧٠٠٩٠٠١٢٣", "9" * 400, "client:x")


@pytest.mark.parametrize("sender", STRANGE)
def test_strange_callers_make_no_strange_keys(server: Server, written: redis.Redis, sender: str):
    before = set(written.keys("*"))
    form = {"CallSid": "CA" + new_sid()[2:], "From": sender, "To": OUR_NUMBER}
    answer = server.post("/twilio/voice", form)
    assert answer.status == 200
    assert faults_of(answer.body) == []
    new = set(written.keys("*")) - before
    assert not [key for key in new if set(b"\r\n*+ <") & set(key)]


@pytest.mark.parametrize("call", ["*", "CA\r\nDEL hl:meta", "CA" + "é" * 32, "CA{0}" * 8, ""])
def test_a_call_with_a_strange_id_is_answered_and_keeps_nothing(
    server: Server, written: redis.Redis, call: str
):
    before = written.dbsize()
    form = {"CallSid": call, "From": new_number(), "To": OUR_NUMBER}
    answer = server.post("/twilio/voice", form)
    assert answer.status == 200
    assert faults_of(answer.body) == []
    assert written.dbsize() == before


@pytest.mark.parametrize("path", ["/twilio/voice", "/twilio/voice/step?n=1", "/twilio/delivery"])
def test_oversized_forms_are_refused_on_every_path(server: Server, written: redis.Redis, path: str):
    before = written.dbsize()
    form = {"CallSid": "CA" + "0" * 32, "From": new_number(), "SpeechResult": "x" * 70_000}
    assert server.post(path, form).status in {403, 413}
    assert written.dbsize() == before


def test_a_body_that_is_said_to_be_larger_than_it_may_be_is_not_waited_for(server: Server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
        line.sendall(
            b"POST /twilio/sms HTTP/1.1\r\nHost: x\r\nContent-Type: "
            b"application/x-www-form-urlencoded\r\nContent-Length: 999999999\r\n\r\nFrom=x"
        )
        assert int(line.recv(200).split()[1]) in {403, 413}

"""Calls in the simulator: a small voice application of TwiML pages is played as Twilio would."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from hotline.channels.outcomes import Refused, Sent
from hotline.channels.outgoing import Account, OutgoingCall, OutgoingText
from hotline.channels.rest import RestClient
from hotline.simulator.calling import CallOrder
from hotline.simulator.carrier import Carrier
from hotline.simulator.ledger import Call, Habit
from hotline.simulator.wire import Line
from tests.simulator.conftest import House

SHE = "+447700900111"
NURSE = "+447700900201"


@dataclass
class Voice:
    """TwiML by path, and every form that was posted there."""

    pages: dict[str, str]
    forms: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""

    def posted(self, path: str) -> list[dict[str, str]]:
        return [form for where, form in self.forms if where == path]


@pytest.fixture
def voice() -> Iterator[Voice]:
    made = Voice({})

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            fields = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
            made.forms.append((self.path, {name: value[0] for name, value in fields.items()}))
            page = made.pages.get(self.path)
            body = f"<Response>{page}</Response>".encode()
            self.send_response(500 if page is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def carrier(voice: Voice) -> Carrier:
    return Carrier(Line("+441632960100", voice.url, "AC" + "0" * 32, "token"), pace=0)


def until(carrier: Carrier, true: object, seconds: float = 5) -> None:
    assert carrier.ledger.wait(true, seconds)


def said(call: Call, who: str = "hotline") -> list[str]:
    return [one.words for one in call.captions if one.who == who]


def test_keys_and_speech_go_to_the_gathers_action(voice: Voice, carrier: Carrier) -> None:
    voice.pages = {
        "/twilio/voice": '<Gather action="/key" numDigits="1"><Say>One?</Say></Gather>',
        "/key": '<Gather action="/word" input="dtmf speech"><Say>Two?</Say></Gather>',
        "/word": "<Say>Goodbye</Say><Hangup/>",
    }
    call = carrier.calling.from_phone(SHE)
    until(carrier, lambda: call.listening == "dtmf")
    carrier.calling.press(call.sid, words="not listened to")
    carrier.calling.press(call.sid, digits="7x")
    until(carrier, lambda: "speech" in call.listening)
    carrier.calling.press(call.sid, words="twelve weeks")
    until(carrier, lambda: call.over)
    assert voice.posted("/key")[0]["Digits"] == "7"
    assert voice.posted("/word")[0]["SpeechResult"] == "twelve weeks"
    assert said(call) == ["One?", "Two?", "Goodbye"]
    assert voice.posted("/twilio/voice")[0]["Direction"] == "inbound"
    until(carrier, lambda: voice.posted("/twilio/voice/status"))
    assert voice.posted("/twilio/voice/status")[0]["CallStatus"] == "completed"


def test_silence_falls_to_the_next_verb_or_to_the_action(voice: Voice, carrier: Carrier) -> None:
    voice.pages = {
        "/twilio/voice": '<Gather timeout="0"/><Redirect>/again?x=1&amp;y=2</Redirect>',
        "/again?x=1&y=2": '<Gather action="/silent" timeout="0" actionOnEmptyResult="true"/>',
        "/silent": "",
    }
    call = carrier.calling.from_phone(SHE)
    until(carrier, lambda: call.over)
    assert [where for where, _ in voice.forms] == ["/twilio/voice", "/again?x=1&y=2", "/silent"]
    assert voice.posted("/silent")[0]["Digits"] == ""


def test_several_keys_end_with_the_finishing_key(voice: Voice, carrier: Carrier) -> None:
    voice.pages = {"/twilio/voice": '<Gather action="/weeks"/>', "/weeks": "<Hangup/>"}
    call = carrier.calling.from_phone(SHE)
    until(carrier, lambda: call.listening)
    for key in "12#":
        carrier.calling.press(call.sid, digits=key)
    until(carrier, lambda: call.over)
    assert voice.posted("/weeks")[0]["Digits"] == "12"


def test_a_broken_webhook_is_heard_as_twilio_says_it(voice: Voice, carrier: Carrier) -> None:
    call = carrier.calling.from_phone(SHE)
    until(carrier, lambda: call.over)
    assert "application error" in said(call)[0]


def order(voice: Voice, **more: object) -> CallOrder:
    events = ("initiated", "ringing", "answered", "completed")
    report = f"{voice.url}/report"
    return CallOrder(NURSE, f"{voice.url}/out", ring=5, report_url=report, report_events=events)


def test_a_call_out_reports_each_event_in_order(voice: Voice, carrier: Carrier) -> None:
    voice.pages = {"/out": "<Say>Hello</Say>", "/report": ""}
    call = carrier.calling.from_hotline(order(voice))
    until(carrier, lambda: call.status == "ringing")
    carrier.calling.answer(call.sid)
    until(carrier, lambda: len(voice.posted("/report")) == 4)
    told = [(one["CallStatus"], one["SequenceNumber"]) for one in voice.posted("/report")]
    assert told == [
        *(("initiated", "0"), ("ringing", "1"), ("in-progress", "2"), ("completed", "3")),
    ]
    assert said(call) == ["Hello"]


@pytest.mark.parametrize(("habit", "end"), [(Habit.IGNORES, "no-answer"), (Habit.OFF, "no-answer")])
def test_a_phone_that_nobody_answers(
    voice: Voice, carrier: Carrier, habit: Habit, end: str
) -> None:
    voice.pages = {"/report": ""}
    carrier.ledger.habits[NURSE] = habit
    call = carrier.calling.from_hotline(order(voice))
    until(carrier, lambda: call.over)
    assert call.status == end
    assert voice.posted("/out") == []


def test_declining_is_busy(voice: Voice, carrier: Carrier) -> None:
    voice.pages = {"/report": ""}
    call = carrier.calling.from_hotline(order(voice))
    until(carrier, lambda: call.status == "ringing")
    carrier.calling.hang_up(call.sid)
    until(carrier, lambda: call.status == "busy")


def dialled(carrier: Carrier) -> Call:
    until(carrier, lambda: any(c.called == NURSE for c in carrier.ledger.calls.values()))
    return next(c for c in carrier.ledger.calls.values() if c.called == NURSE)


DIAL = f'<Dial action="/after" timeout="5"><Number url="/whisper">{NURSE}</Number></Dial>'


def test_put_through_after_the_whisper_and_both_hear_each_other(
    voice: Voice, carrier: Carrier
) -> None:
    voice.pages = {
        "/twilio/voice": DIAL,
        "/whisper": '<Gather action="/accept" numDigits="1"><Say>Press 1</Say></Gather><Hangup/>',
        "/accept": "",
        "/after": "<Say>Back again</Say>",
    }
    call = carrier.calling.from_phone(SHE)
    nurse = dialled(carrier)
    carrier.calling.answer(nurse.sid)
    until(carrier, lambda: nurse.listening)
    carrier.calling.press(nurse.sid, digits="1")
    until(carrier, lambda: call.partner)
    carrier.calling.press(nurse.sid, words="how are you?")
    assert said(call, "other") == ["how are you?"]
    carrier.calling.hang_up(nurse.sid)
    until(carrier, lambda: call.over)
    assert voice.posted("/after")[0]["DialCallStatus"] == "completed"
    assert said(call)[-1] == "Back again"


def test_not_put_through_when_the_whisper_ends_in_a_hangup(voice: Voice, carrier: Carrier) -> None:
    voice.pages = {"/twilio/voice": DIAL, "/whisper": "<Hangup/>", "/after": ""}
    call = carrier.calling.from_phone(SHE)
    carrier.calling.answer(dialled(carrier).sid)
    until(carrier, lambda: call.over)
    assert voice.posted("/after")[0]["DialCallStatus"] == "no-answer"


def test_the_hotlines_own_rest_client_is_served(house: House) -> None:
    settings = house.hotline.settings
    secret = settings.twilio_api_secret.get_secret_value()
    account = Account(
        settings.twilio_account_sid, settings.twilio_api_key, secret, settings.twilio_api_base_url
    )
    client = RestClient(account)
    text = OutgoingText(SHE, settings.number, "hello", "", timedelta(minutes=10))
    assert isinstance(client.send_text(text), Sent)
    call = OutgoingCall(NURSE, settings.number, f"{house.url}/nowhere", "")
    sent = client.place_call(call)
    assert isinstance(sent, Sent)
    house.until(
        lambda s: any(c["sid"] == sent.sid and c["status"] == "ringing" for c in s["calls"])
    )
    house.post(f"/call/{sent.sid}/hangup")
    house.until(lambda s: any(c["status"] == "busy" for c in s["calls"]))
    refused = client.send_text(OutgoingText(SHE, "+15005550006", "hi", "", timedelta(minutes=1)))
    assert isinstance(refused, Refused)

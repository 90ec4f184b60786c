"""Texts to the real server process, with real signatures and a real Redis."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.server import Server, new_number, new_sid

HEADLINE = ("hi", "1", "2", "2", "3", "3", "12", "2", "1", "2", "6")


def test_the_headline_case_ends_soon_with_the_words_to_call_now(server: Server):
    answer = server.converse(*HEADLINE, number=new_number())
    assert answer.messages[0].startswith("Call your early pregnancy")
    assert "now" in answer.messages[0][:90]
    assert "within 24 hours" in answer.messages[0]
    assert "999" in answer.messages[0]


def test_what_the_first_text_tells_is_noted_and_not_asked_again(server: Server):
    number = new_number()
    first = server.text("hi im 12 weeks and bled after sex", number)
    assert "Is it safe for you to text?" in first.text
    assert "12 weeks" not in first.text
    second = server.text("1", number)
    assert second.messages[0].startswith("I have noted:")
    assert "12 weeks" in second.text
    last = server.converse("2", "2", "3", "3", "2", "2", "6", number=number)
    assert "within 24 hours" in last.text


@pytest.mark.parametrize(
    ("number", "emergency"),
    [("+447700900456", "999"), ("+12025550143", "911"), ("+353850000001", "112")],
)
def test_heavy_bleeding_is_an_emergency_in_the_reply_to_that_very_answer(
    server: Server, number: str, emergency: str
):
    server.converse("hello", "1", number=number)
    answer = server.text("1", number)
    assert emergency in answer.messages[0][:70]
    assert answer.messages[0].upper().startswith("CALL")


def test_danger_in_the_first_text_is_answered_at_once(server: Server):
    answer = server.text("im soaking a pad every 20 mins and i feel faint", new_number())
    assert "999" in answer.messages[0][:70]


def test_the_same_delivery_twice_gets_the_same_bytes_and_counts_once(server: Server):
    number = new_number()
    server.text("hi", number)
    sid = new_sid()
    first = server.text("1", number, sid)
    again = server.text("1", number, sid)
    assert again.body == first.body
    after = server.text("2", number)
    assert "faint" in after.text


def test_the_same_delivery_from_eight_threads_is_one_event_and_one_reply(server: Server):
    number = new_number()
    server.text("hi", number)
    sid = new_sid()
    start = threading.Barrier(8)

    def send(_: int) -> bytes:
        start.wait()
        return server.text("1", number, sid).body

    with ThreadPoolExecutor(8) as pool:
        bodies = set(pool.map(send, range(8)))
    assert len(bodies) == 1
    assert "faint" in server.text("2", number).text


def test_two_texts_at_the_same_moment_are_both_counted_in_one_order(server: Server):
    number = new_number()
    server.converse("hi", "1", number=number)
    start = threading.Barrier(2)

    def send(words: str) -> str:
        start.wait()
        return server.text(words, number).text

    with ThreadPoolExecutor(2) as pool:
        replies = list(pool.map(send, ["2", "no"]))
    assert any("faint" in reply for reply in replies)
    assert any("pain" in reply for reply in replies)


ODD = {
    "empty": "",
    "1,600 characters": "x" * 1600,
    "emoji": "\N{SEE-NO-EVIL MONKEY}" * 3,
    "a NUL byte": "no\x00 blood",
    "right to left": "\u200f\u0645\u0631\u062d\u0628\u0627 \u0633\u0627\u0639\u062f\u0646\u064a",
    "a mark": "?",
    "a line break": "\n",
}


@pytest.mark.parametrize("words", ODD.values(), ids=ODD.keys())
def test_odd_words_get_a_sensible_reply(server: Server, words: str):
    answer = server.text(words, new_number())
    assert answer.status == 200
    assert answer.messages
    assert "999" in answer.text


def test_a_picture_without_words_is_answered(server: Server):
    answer = server.text("", new_number(), NumMedia="1", MediaUrl0="https://example.invalid/1")
    assert "only read words" in answer.text


@pytest.mark.parametrize("missing", ["Body", "MessageSid", "From"])
def test_a_signed_form_with_a_field_missing_gets_a_reply(server: Server, missing: str):
    form = {"From": new_number(), "To": "+441632960100", "Body": "hi", "MessageSid": new_sid()}
    del form[missing]
    answer = server.post("/twilio/sms", form)
    assert answer.status == 200
    assert "999" in answer.text


def test_an_empty_signed_body_gets_a_reply(server: Server):
    answer = server.post("/twilio/sms", {})
    assert answer.status == 200
    assert "999" in answer.text


def test_stop_is_met_with_silence_and_start_with_a_welcome(server: Server):
    number = new_number()
    server.text("hi", number)
    assert server.text("STOP", number).messages == []
    assert "Welcome back" in server.text("START", number).text


def test_an_opt_out_that_twilio_handled_sends_nothing(server: Server):
    number = new_number()
    server.text("hi", number)
    assert server.text("STOP", number, OptOutType="STOP").messages == []
    assert server.text("HELP", number, OptOutType="HELP").messages == []


def test_commands_start_again_go_back_and_repeat(server: Server):
    number = new_number()
    server.converse("hi", "1", "2", number=number)
    assert "pain" in server.text("2", number).text
    assert "pain" in server.text("AGAIN", number).text
    assert "faint" in server.text("BACK", number).text
    assert "safe for you to text" in server.text("MENU", number).text
    assert "999" in server.text("HELP", number).text
    assert "asked for a person" in server.text("NURSE", number).text


def test_delete_removes_what_she_told(server: Server):
    number = new_number()
    server.converse("hi", "1", number=number)
    assert "deleted" in server.text("DELETE", number).text
    assert "safe for you to text" in server.text("hi", number).text

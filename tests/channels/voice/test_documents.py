"""Every document of a call: valid TwiML, with something to happen next, in every language."""

from __future__ import annotations

import pytest

from hotline.channels.voice.screening import (
    refused_twiml,
    safe_twiml,
    screen_twiml,
    taken_twiml,
)
from hotline.flow.events import Asked, Exited, Form, LevelGiven, Misunderstood, PersonOffered
from hotline.flow.levels import LEVELS, Level
from hotline.flow.model import Kind
from hotline.flow.state import State
from hotline.session.phone_line import parts_of
from hotline.session.pieces import Phrase, TopicSaid
from hotline.session.records import Asking, Line, Menu
from tests.carrier import faults_of, root_of
from tests.channels.voice.scene import BASE, STAFF, caller, languages, library, spoken, voices

LANGUAGES = languages()
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_language
def test_no_call_ends_without_a_word(language: str):
    """Nothing asked, nothing told, nothing to say: whatever led there, it says goodbye."""
    for line in (Line(), Line(menu=Menu.BYE)):
        reply = spoken(caller(language, state=State(), line=line))
        assert faults_of(reply.document) == []
        assert reply.messages


@every_language
@pytest.mark.parametrize("form", list(Form))
def test_every_question_can_be_asked(language: str, form: Form):
    for question in library().flow.questions:
        parts = range(len(parts_of(question))) if question.kind is Kind.CHOICES else range(1)
        for part in parts:
            for silences in (0, 1):
                session = caller(
                    language,
                    state=State(question=question.id, trail=("safe_to_text",)),
                    line=Line(asked=question.id, part=part, silences=silences, heard=True),
                )
                reply = spoken(session, Misunderstood(question.id, 1), Asked(question.id, form))
                assert faults_of(reply.document) == [], question.id
                assert "{" not in " ".join(reply.messages)


@every_language
@pytest.mark.parametrize("level", LEVELS)
def test_every_level_is_said_first_slowly_and_twice(language: str, level: Level):
    advice = tuple(one.say for one in library().flow.advice)
    session = caller(
        language, state=State(level=level, ended=True), line=Line(menu=Menu.AFTER, heard=True)
    )

    reply = spoken(session, Phrase("phone_danger"), LevelGiven(level, (), advice))

    assert faults_of(reply.document) == []
    first = root_of(reply.document)[0]
    assert first.tag == "Say"
    assert first.find("prosody").get("rate") == "90%"
    told = "".join(first.itertext())
    assert reply.messages[0] == told
    assert reply.messages.count(told) == 2
    assert len(reply.document.encode()) < 32 * 1024


@every_language
@pytest.mark.parametrize("menu", list(Menu))
def test_every_menu_says_what_happens_next(language: str, menu: Menu):
    for staff in ((), STAFF):
        session = caller(
            language, state=State(level=Level.SOON, question="urine"), line=Line(menu=menu)
        )
        reply = spoken(session, Phrase("phone_hold"), staff=staff)
        assert faults_of(reply.document) == []


@every_language
def test_every_exit_topic_and_offer_can_be_said(language: str):
    words = library().words.texts(language)
    for say in words.exits:
        reply = spoken(caller(language, line=Line(menu=Menu.BYE)), Exited(say))
        assert faults_of(reply.document) == []
        assert reply.document.endswith("<Hangup /></Response>")
    open_one = caller(language, state=State(question="heavy"), line=Line(asked="heavy"))
    for topic in words.topics:
        reply = spoken(open_one, TopicSaid(topic), PersonOffered(), Asked("heavy", Form.ASK))
        assert faults_of(reply.document) == []


def test_every_country_has_an_emergency_number_spoken_digit_by_digit_or_words_for_it():
    for code in (*library().words.countries.by_code, ""):
        reply = spoken(caller("en", code, line=Line(menu=Menu.BYE)), Phrase("phone_danger"))
        assert faults_of(reply.document) == []
        digits = [one for one in reply.messages[0].split() if one.strip(",.").isdecimal()]
        assert len(digits) >= 2, reply.messages[0]
        assert all(len(one.strip(",.")) == 1 for one in digits)


def test_gather_listens_for_keys_and_speech_with_hints_and_masks_no_word():
    session = caller("es", state=State(question="heavy"), line=Line(asked="heavy", heard=True))

    gather = root_of(spoken(session, Asked("heavy", Form.ASK)).document).find("Gather")

    assert gather.get("input") == "dtmf speech"
    assert gather.get("bargeIn") == "true"
    assert gather.get("profanityFilter") == "false"
    assert gather.get("language") == "es-ES"
    hints = gather.get("hints").split(",")
    assert {"sí", "no", "no estoy segura"} <= set(hints)
    assert all(len(one) <= 100 for one in hints)
    assert len(hints) <= 500


def test_only_staff_are_dialled_and_only_ten_of_them():
    many = tuple(f"+4477009000{n:02}" for n in range(14))
    session = caller("en", line=Line(menu=Menu.CONNECT, rounds=1))

    root = root_of(spoken(session, staff=many).document)

    assert [one.text for one in root.iter("Number")] == list(many[:10])
    assert root.find("Dial").get("timeout") == "20"
    assert all("/twilio/voice/screen?" in one.get("url") for one in root.iter("Number"))
    assert all("+44" not in one.get("url") for one in root.iter("Number"))


def test_a_call_that_is_over_gets_no_document():
    assert spoken(caller("en", call=None)).document == ""


def test_the_question_whether_to_go_on_is_put_by_itself():
    reply = spoken(caller("en", asking=Asking.RESUME, state=State(question="heavy")))

    assert "Shall we go on where we were?" in reply.messages[0]
    assert faults_of(reply.document) == []


@every_language
def test_staff_are_asked_to_press_1_and_hear_nothing_of_her(language: str):
    place = library().words.place("GB", language)

    screen = screen_twiml(voices(), place, language, f"{BASE}/take")

    assert faults_of(screen) == []
    assert faults_of(taken_twiml(voices(), place, language), bridges=True) == []
    assert faults_of(refused_twiml(), bridges=True) == []


@every_language
def test_the_safe_reply_tries_again_or_ends_with_the_words_twice(language: str):
    again = safe_twiml(voices(), "Call 9 9 9.", (language, "GB"), f"{BASE}/again")
    last = safe_twiml(voices(), "Call 9 9 9.", (language, "GB"), "")

    assert faults_of(again) == faults_of(last) == []
    assert last.count("Call 9 9 9.") == 2
    assert faults_of(safe_twiml(None, "Call 1 1 2.", ("en", None), "")) == []


def test_the_carrier_of_these_tests_complains_of_what_twilio_would_not_take():
    wrong = {
        "<Response><Gather /></Response>": "ends in Gather",
        "<Response><Say>a</Say></Response>": "ends in Say",
        "<Response><Hangup loud='1' /></Response>": "Hangup has loud",
        "<Response><Gather><Dial action='/x' /></Gather><Hangup /></Response>": "Dial within",
        "<Response><Dial action='/x'><Number>999</Number></Dial></Response>": "dials 999",
        "<Response><Dial><Number>+447700900801</Number></Dial></Response>": "without action",
        f"<Response><Say>{'a' * 3001}</Say><Hangup /></Response>": "3001 letters",
        f"<Response><Say>a</Say>{' ' * 65_536}<Hangup /></Response>": "bytes",
    }
    for document, complaint in wrong.items():
        assert complaint in " ".join(faults_of(document)), complaint

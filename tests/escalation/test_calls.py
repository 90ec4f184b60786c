"""The calls we place: taken by key, put through, the advice spoken; as the carrier gets them."""

from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import fromstring

import pytest

from hotline.escalation.call_answers import CallAnswers
from hotline.escalation.callbacks import CallbackState
from hotline.escalation.calling_back import CallingBack
from hotline.escalation.records import State
from hotline.escalation.rota_store import RotaStore
from tests.escalation.scene import ANN, BEA, HER, OURS
from tests.escalation.test_scene import HEAVY


class Phone:
    """Somebody on a call of ours: answers it, presses keys, hears what it says."""

    def __init__(self, scene, asked):
        self.scene = scene
        self.answers = CallAnswers(scene.station, RotaStore(scene.store))
        self.document = None
        self.go(asked.form["Url"])

    def go(self, url, **form):
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.document = fromstring(  # noqa: S314 - our own TwiML
            self.answers.answer(
                query["send"],
                int(query["p"]),
                query.get("step", ""),
                int(query.get("n", "0")),
                {"CallSid": "CA1", **form},
            )
        )
        assert self.document[-1].tag != "Gather", "after a Gather something must follow"
        return self

    def press(self, key):
        return self.go(self.document.find("Gather").get("action"), Digits=key)

    def says_nothing(self):
        return self.go(self.document.find("Redirect").text)

    def dialled(self, status):
        return self.go(self.document.find("Dial").get("action"), DialCallStatus=status)

    @property
    def heard(self):
        return " ".join(say.text for say in self.document.iter("Say"))

    @property
    def hung_up(self):
        return self.document.find("Hangup") is not None


@pytest.fixture
def emergency(scene):
    scene.says(HEAVY)
    scene.works()
    return scene


def test_pressing_1_takes_it_and_nothing_else_does(emergency):
    phone = Phone(emergency, emergency.standin.calls(ANN.phone)[0])
    assert "press 1" in phone.heard
    assert " ".join(emergency.escalation.code) in phone.heard
    phone.press("7")
    assert emergency.escalation.state is State.OPEN
    phone.press("1")
    assert emergency.escalation.acknowledged_by == "ann"
    assert "is yours" in phone.heard
    late = Phone(emergency, emergency.standin.calls(BEA.phone)[0])
    assert "taken this already" in late.heard
    assert late.hung_up


def test_a_voicemail_box_takes_nothing_and_the_call_ends(emergency):
    phone = Phone(emergency, emergency.standin.calls(ANN.phone)[0])
    for _ in range(5):
        if phone.hung_up:
            break
        phone.says_nothing()
    assert phone.hung_up
    assert emergency.escalation.state is State.OPEN


def test_who_took_it_is_put_through_from_our_number(emergency):
    phone = Phone(emergency, emergency.standin.calls(ANN.phone)[0]).press("1").press("1")
    dial = phone.document.find("Dial")
    assert dial.find("Number").text == HER
    assert dial.get("callerId") == OURS
    phone.dialled("completed")
    callback = CallingBack(emergency.station).book.load(emergency.session_id).callback
    assert callback.state is CallbackState.DONE


def test_the_advice_is_spoken_to_her_twice_once_she_says_it_is_a_good_time(emergency):
    emergency.passes(seconds=70)
    phone = Phone(emergency, emergency.standin.calls(HER)[0])
    assert "999" not in phone.heard
    assert "bleed" not in phone.heard.lower()
    phone.press("1")
    assert phone.heard.count("9 9 9") == 2 or phone.heard.count("999") == 2
    assert phone.hung_up


def test_a_bad_time_gives_nothing_away(emergency):
    emergency.passes(seconds=70)
    phone = Phone(emergency, emergency.standin.calls(HER)[0]).press("2")
    assert "bleed" not in phone.heard.lower()
    assert phone.hung_up


def test_a_call_back_by_text_rings_staff_first_then_her_and_is_tried_again(emergency):
    code = emergency.escalation.code
    answer = emergency.staff.hear(ANN.phone, f"CALL {code}", emergency.clock())
    assert "ring now" in answer
    emergency.reply_reported("delivered")
    before = len(emergency.standin.calls(ANN.phone))
    emergency.works()
    call = emergency.standin.calls(ANN.phone)[before]
    assert "on the phone" in emergency.staff.hear(BEA.phone, f"CALL {code}", emergency.clock())
    phone = Phone(emergency, call)
    assert phone.document.find("Dial") is None, "never before somebody pressed a key"
    phone.press("1").dialled("no-answer")
    book = CallingBack(emergency.station).book
    callback = book.load(emergency.session_id).callback
    assert callback.state is CallbackState.WAITING
    assert callback.due > emergency.clock()
    assert [one.session for one in book.owed()] == [emergency.session_id]
    emergency.works()
    assert "tried to call you" in emergency.to_her[-1]
    reminded = [one.form["Body"] for one in emergency.standin.texts(ANN.phone)]
    assert not any("due again" in words for words in reminded)
    emergency.passes(minutes=6)
    reminded = [one.form["Body"] for one in emergency.standin.texts(ANN.phone)]
    assert sum("due again" in words for words in reminded) == 1


def test_a_staff_member_who_does_not_pick_up_costs_her_no_attempt(emergency):
    code = emergency.escalation.code
    emergency.staff.hear(ANN.phone, f"CALL {code}", emergency.clock())
    emergency.works()
    emergency.reports(emergency.standin.calls(ANN.phone)[-1], "no-answer")
    callback = CallingBack(emergency.station).book.load(emergency.session_id).callback
    assert callback.state is CallbackState.WAITING
    assert "started" in str(emergency.entries)


def test_four_unanswered_calls_become_an_escalation_of_their_own(emergency):
    emergency.staff.take(emergency.session_id, "ann", emergency.clock())
    emergency.reply_reported("delivered")
    calling = CallingBack(emergency.station)
    for _ in range(4):
        assert calling.start(emergency.session_id, "ann", emergency.clock())
        emergency.works()
        phone = Phone(emergency, emergency.standin.calls(ANN.phone)[-1])
        phone.press("1").dialled("busy")
        emergency.passes(seconds=5)
    assert calling.book.load(emergency.session_id).callback.state is CallbackState.GIVEN_UP
    assert any("callback_failed" in step.note for step in emergency.escalation.steps)


def test_a_call_nobody_placed_is_told_goodbye(scene):
    answers = CallAnswers(scene.station, RotaStore(scene.store))
    for send, partition in (("nothing", 0), ("nothing", 99), ("", -1)):
        assert "Goodbye" in answers.answer(send, partition, "key", 0, {"Digits": "1"})

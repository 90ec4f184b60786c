"""Asking for a person on a call: staff ring, one takes it, or nobody does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

import pytest

from hotline.embedded import EmbeddedRedis
from hotline.escalation.rota import Day, Hours, Person, Rota
from hotline.escalation.rota_store import RotaStore
from hotline.session.records import Control, TaskKind
from tests.carrier import Phone, calling
from tests.records import Records
from tests.server import OUR_NUMBER, Server, new_number

ANN, BEA = "+447700900801", "+447700900802"


@pytest.fixture
def records(server: Server, redis_server: EmbeddedRedis) -> Iterator[Records]:
    watching = Records(redis_server.url)
    yield watching
    watching.close()


@pytest.fixture
def rota(records: Records) -> Iterator[None]:
    """Two people are on call, always; nobody is afterwards."""
    always = Hours(frozenset(Day), time(0), time(0), "UTC")
    people = tuple(
        Person(id=name, name=name.title(), phone=number, hours=(always,))
        for name, number in (("ann", ANN), ("bea", BEA))
    )
    store = RotaStore(records.store)
    assert store.save(Rota(people=people), store.load().revision)
    yield
    assert store.save(Rota(), store.load().revision)


def owed(records: Records, number: str) -> list[dict[str, object]]:
    contact = records.store.contact_of(number)
    return [one for one in records.tasks(TaskKind.CALL_BACK) if one["contact"] == contact]


@pytest.mark.usefixtures("rota")
def test_nine_rings_all_who_are_on_call_and_the_first_to_press_1_has_her(
    server: Server, records: Records
):
    number = new_number()
    call = calling(server, number, {ANN: Phone(takes=False), BEA: Phone(takes=True)})
    call.press("1").press("1").press("9")

    assert call.rung == [ANN, BEA]
    assert call.talked_to == BEA
    assert "You are back with the automatic helper." in call.words()
    assert call.last.endswith("For not sure, press 3."), "the open question is put again"
    assert owed(records, number) == []
    assert any(entry.extra.get("took_call") for entry in records.entries(number))


@pytest.mark.usefixtures("rota")
def test_nobody_takes_it_within_60_seconds_and_a_call_back_is_promised(
    server: Server, records: Records
):
    number = new_number()
    call = calling(server, number, {ANN: Phone(takes=False)})
    call.press("1").press("1")
    began, heard = call.seconds, len(call.said)
    call.press("9")

    assert call.rung == [ANN, BEA] * 3
    words = call.words(heard)
    assert words.count("I am still trying to reach a person.") == 2
    assert words.count("call 9 9 9") >= 4, "each hold repeats the emergency line"
    sorry = next(one for one in call.said[heard:] if "nobody is free" in one.words)
    assert 60 <= sorry.at - began < 90
    assert "A person from our team will call you" in words
    assert call.last.endswith("For not sure, press 3."), "the questions go on meanwhile"
    assert [one["payload"]["asked_by"] for one in owed(records, number)] == ["phone_menu"]


def test_with_nobody_on_call_the_call_back_is_promised_at_once(server: Server, records: Records):
    number = new_number()
    call = calling(server, number).press("1").press("9")

    assert call.rung == []
    assert "try to reach" not in call.words()
    assert "nobody is free to talk" in call.last
    assert len(owed(records, number)) == 1


def test_a_withheld_number_is_told_that_nobody_can_call_back(server: Server, records: Records):
    call = calling(server, "anonymous").press("1").press("9")

    assert "I can't see your number" in call.last
    assert owed(records, f"call:{call.sid}") == []


@pytest.mark.usefixtures("rota")
def test_who_hangs_up_while_staff_ring_is_called_back(server: Server, records: Records):
    number = new_number()
    call = calling(server, number).press("1")
    # The carrier posts the key and then rings; she hangs up before any result comes.
    call.post(call.next_path, call.form({"Digits": "9"}))
    call.hang_up()

    assert len(owed(records, number)) == 1


@pytest.mark.usefixtures("rota")
def test_asking_for_a_person_in_words_rings_them_too(server: Server):
    call = calling(server, new_number(), {ANN: Phone(takes=True)}).press("1").press("1")

    call.speak("can I talk to a real person please")

    assert call.talked_to == ANN


@pytest.mark.usefixtures("rota")
def test_a_caller_whom_staff_have_taken_over_is_put_through(server: Server, records: Records):
    number = new_number()
    server.converse("hi", "1", number=number)
    session = records.session(number)
    records.seed(session._replace(control=Control.STAFF, staff="ann"))

    call = calling(server, number, {ANN: Phone(takes=True)})

    assert call.said[0].words.startswith("If you are bleeding heavily")
    assert call.talked_to == ANN
    assert call.over, "the automatic questions do not go on while staff have her"


@pytest.mark.usefixtures("rota")
def test_an_emergency_is_never_put_through_to_anyone_by_itself(server: Server):
    call = calling(server, new_number(), {ANN: Phone(takes=True)})

    call.press("1").press("1").press("1")

    assert call.rung == []
    assert "Hang up and call 9 9 9 now." in call.last


@pytest.mark.usefixtures("rota")
def test_staff_see_our_number_and_hear_nothing_of_her(server: Server):
    number = new_number()
    call = calling(server, number, {ANN: Phone(takes=True)}).press("1").press("9")

    rings = [one.decode() for one in call.documents if b"<Dial" in one]
    assert f'callerId="{OUR_NUMBER}"' in rings[0]
    assert number not in rings[0]


def test_the_screening_of_a_machine_ends_without_being_put_through(server: Server):
    form = {"CallSid": "CA" + "1" * 32, "From": OUR_NUMBER, "To": ANN}
    screen = server.post("/twilio/voice/screen?c=abc&k=CA1", form).body.decode()
    wrong = server.post("/twilio/voice/screen/take?c=abc&k=CA1", {**form, "Digits": "5"})

    assert screen.endswith("<Hangup /></Response>")
    assert b"<Hangup" in wrong.body

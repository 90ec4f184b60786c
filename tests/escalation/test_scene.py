"""Emergencies from her text to somebody who has it, or to being told that nobody could be reached.

Everything is real but the carrier and the clock.
"""

from hotline.channels.delivery import SendState
from hotline.escalation.queue import seal_task
from hotline.escalation.records import State
from hotline.session.incoming import Incoming
from hotline.session.records import Channel, Lane, Task, TaskKind
from hotline.session.store import Change
from tests.escalation.scene import ANN, BEA, CLO, HER, OURS, ZOE
from tests.standin import (
    LOST_AFTER_ACCEPTING,
    OK,
    OPTED_OUT,
    SERVER_ERROR,
    TOO_FAST,
    UNREACHABLE,
    Fault,
)

HEAVY = "i am bleeding heavily and soaking a pad every hour"


def test_an_emergency_pages_the_first_tier_at_once_by_text_and_call(scene):
    reply = scene.says(HEAVY)
    assert "999" in reply
    scene.works()
    for person in (ANN, BEA):
        assert len(scene.standin.texts(person.phone)) == 1
        assert len(scene.standin.calls(person.phone)) == 1
    assert not scene.paged(CLO)
    text = scene.standin.texts(ANN.phone)[0].form["Body"]
    assert f"TAKE {scene.escalation.code}" in text
    assert HER not in text
    assert "EMERGENCY" in text


def test_nobody_answers_and_she_is_told_honestly_with_the_emergency_line(scene):
    scene.says(HEAVY)
    scene.reply_reported("delivered")
    scene.passes(minutes=25)
    assert scene.escalation.state is State.EXHAUSTED
    (told,) = scene.to_her
    assert "nobody is free" in told
    assert "999" in told
    for person in (ANN, BEA, CLO, ZOE):
        assert scene.paged(person)


def test_take_by_text_stops_the_ladder_and_tells_the_others(scene):
    scene.says(HEAVY)
    scene.reply_reported("delivered")
    scene.passes(minutes=1)
    code = scene.escalation.code
    answer = scene.staff.hear(ANN.phone, f"TAKE {code}", scene.clock())
    assert answer.startswith(f"{code} is yours")
    late = scene.staff.hear(BEA.phone, f"take {code}", scene.clock())
    assert "Ann took" in late
    paged = len(scene.standin.accepted)
    scene.passes(minutes=30)
    assert scene.escalation.state is State.ACKNOWLEDGED
    told = scene.standin.accepted[paged:]
    assert [one.form["To"] for one in told] == [BEA.phone]
    assert "Ann has taken it" in told[0].form["Body"]


def test_only_staff_can_take_and_a_patients_digits_are_an_answer(scene):
    scene.says(HEAVY)
    scene.works()
    assert scene.staff.hear(HER, f"TAKE {scene.escalation.code}", scene.clock()) is None
    assert scene.staff.hear(ANN.phone, "I am bleeding", scene.clock()) is None
    assert "No open escalation" in scene.staff.hear(ANN.phone, "TAKE 9999 ", scene.clock()) or (
        scene.escalation.code == "9999"
    )


def test_advice_that_was_delivered_is_not_called_in(scene):
    scene.says(HEAVY)
    assert scene.reply_reported("delivered") is SendState.DELIVERED
    scene.passes(minutes=2)
    assert scene.standin.calls(HER) == []


def test_an_emergency_without_a_report_in_a_minute_is_spoken_by_a_call_and_staff_know(scene):
    scene.says(HEAVY)
    scene.reply_reported("sent")
    scene.passes(seconds=55)
    assert scene.standin.calls(HER) == []
    scene.passes(seconds=10)
    (call,) = scene.standin.calls(HER)
    assert "/twilio/call?" in call.form["Url"]
    notes = [step.note for step in scene.escalation.steps]
    assert "emergency: not_delivered" in notes
    scene.passes(minutes=10)
    assert len(scene.standin.calls(HER)) == 1


def test_a_failed_report_does_not_wait_for_the_minute(scene):
    scene.says(HEAVY)
    scene.reply_reported("undelivered", 30003)
    scene.passes(seconds=1)
    assert len(scene.standin.calls(HER)) == 1


def test_a_text_delivered_twice_gets_the_same_reply_even_after_a_failed_report(scene):
    reply = scene.says(HEAVY)
    scene.reply_reported("undelivered", 30003)
    scene.passes(minutes=2)
    again = scene.turns.take(Incoming(HER, OURS, HEAVY, scene.last_delivery))
    assert not again.fresh
    assert "\n".join(again.reply.messages) == reply


def test_a_text_delivered_twice_is_known_after_the_worker_wrote_to_the_session(scene):
    scene.says("hi im 9 weeks and bleeding", "1")
    known = scene.last_delivery
    scene.passes(minutes=15)
    assert scene.escalation is not None, "the worker counted her silence and committed it"
    assert not scene.turns.take(Incoming(HER, OURS, "1", known)).fresh


def test_a_late_good_report_never_takes_back_a_failure(scene):
    scene.says(HEAVY)
    scene.reply_reported("undelivered", 30003)
    assert scene.reply_reported("sent") is SendState.UNDELIVERED
    assert scene.reply_reported("delivered") is SendState.UNDELIVERED


def test_blocked_by_the_carrier_she_is_called_and_nothing_more_is_texted(scene):
    scene.says(HEAVY)
    scene.reply_reported("undelivered", 21610)
    scene.passes(minutes=30)
    assert len(scene.standin.calls(HER)) == 1
    assert scene.to_her == []
    assert "urgent: opted_out" in {
        step.note.replace("emergency", "urgent") for step in scene.escalation.steps
    }


def test_stop_in_an_emergency_tells_staff_to_phone_and_no_machine_writes_or_calls(scene):
    scene.says(HEAVY)
    scene.says("STOP")
    scene.passes(minutes=30)
    assert scene.to_her == []
    assert scene.standin.calls(HER) == []
    assert any("opted_out" in step.note for step in scene.escalation.steps)


def test_start_brings_her_back(scene):
    scene.says(HEAVY)
    scene.says("STOP")
    scene.says("START")
    scene.reply_reported("delivered")
    scene.passes(minutes=25)
    assert any("nobody is free" in words for words in scene.to_her)


def test_a_page_the_carrier_refuses_brings_the_next_rung_at_once(scene):
    refused = {ANN.phone: OPTED_OUT, BEA.phone: OPTED_OUT}
    scene.standin.by_number(refused)
    scene.says(HEAVY)
    scene.passes(seconds=10)
    assert scene.paged(CLO), "nobody waits for phones that cannot ring"


def test_what_may_pass_is_tried_again_and_passes(scene):
    scene.standin.script([SERVER_ERROR, TOO_FAST, SERVER_ERROR, SERVER_ERROR])
    scene.says(HEAVY)
    scene.passes(minutes=1)
    for person in (ANN, BEA):
        assert len(scene.standin.texts(person.phone)) == 1
        assert len(scene.standin.calls(person.phone)) == 1


def test_a_text_to_her_that_may_have_gone_out_is_never_sent_again(scene):
    scene.standin.by_number({HER: LOST_AFTER_ACCEPTING})
    scene.says(HEAVY)
    scene.reply_reported("delivered")
    scene.passes(minutes=60)
    assert len(scene.standin.texts(HER)) == 1
    (perhaps,) = scene.ledger.perhaps_sent()
    record = scene.ledger.read(scene.store.keys(scene.session_id.partition(".")[0]), perhaps)
    assert record.state is SendState.PERHAPS
    assert ("send", "perhaps sent") in {
        (kind, extra.get("result")) for kind, extra in scene.entries
    }
    scene.reports(scene.standin.texts(HER)[0], "delivered")
    assert scene.ledger.perhaps_sent() == ()


def test_every_emergency_ends_taken_or_told_whatever_the_carrier_does(scene):
    faults = {
        ANN.phone: Fault(slow=0.7),
        BEA.phone: SERVER_ERROR,
        CLO.phone: LOST_AFTER_ACCEPTING,
        ZOE.phone: UNREACHABLE,
        HER: OK,
    }
    scene.standin.by_number(faults)
    scene.says(HEAVY)
    scene.passes(minutes=30)
    assert scene.escalation.state is State.EXHAUSTED
    assert scene.escalation.told_her_at is not None
    assert len([one for one in scene.to_her if "nobody is free" in one]) == 1


def test_half_answered_red_flag_and_silence_brings_net_then_emergency_then_staff(scene):
    reply = scene.says("hi im 9 weeks and bleeding", "1")
    assert "pad" in reply
    scene.passes(minutes=6)
    assert len(scene.to_her) == 1
    assert "did not get a reply" in scene.to_her[0]
    scene.passes(minutes=6)
    assert scene.escalation is not None
    assert any("999" in words for words in scene.to_her[1:])
    assert ANN.phone in {one.form["To"] for one in scene.standin.accepted}


def test_what_she_is_told_later_is_in_her_language(scene):
    scene.says("hola estoy embarazada y estoy sangrando mucho, empapo una compresa cada hora")
    scene.reply_reported("delivered")
    scene.passes(minutes=25)
    (told,) = scene.to_her
    assert "nobody" not in told
    assert "Lo siento" in told or "lo sentimos" in told.lower()
    assert scene.escalation.language == "es"


def test_who_hung_up_in_the_middle_of_a_red_flag_is_called_back_and_not_texted(scene):
    scene.says("hi im 9 weeks and bleeding", "1")
    loaded = scene.store.load(scene.store.contact_of(HER))
    called = loaded.session._replace(channel=Channel.VOICE)
    revision = scene.store.commit(
        Change(session=called, revision=loaded.revision, now=0, before=loaded.session)
    )
    due = int(scene.clock.now.timestamp() * 1000)
    task = Task(
        id="hung up",
        kind=TaskKind.SILENCE,
        lane=Lane.EMERGENCY,
        due=due,
        contact=called.contact,
        serial=1,
        fence=revision,
        payload={"round": 1},
    )
    lane = scene.store.keys(called.contact).lane(Lane.EMERGENCY)
    scene.store.client.xadd(lane, {"id": task.id, "d": seal_task(scene.store, task)})
    scene.passes(minutes=6)
    assert scene.to_her == []
    assert len(scene.standin.calls(HER)) == 1
    assert scene.paged(ANN)


def test_who_writes_again_is_not_reminded(scene):
    scene.says("hi im 9 weeks and bleeding", "1")
    scene.passes(minutes=4)
    scene.says("2")
    scene.passes(minutes=4)
    assert scene.to_her == []


def test_a_closed_one_frees_its_code_and_opens_again_for_a_new_reason(scene):
    scene.says(HEAVY)
    scene.reply_reported("delivered")
    scene.works()
    code = scene.escalation.code
    scene.staff.hear(ANN.phone, f"TAKE {code}", scene.clock())
    assert "a few words" in scene.staff.hear(ANN.phone, f"DONE {code}", scene.clock())
    scene.staff.hear(ANN.phone, f"DONE {code} ambulance is there", scene.clock())
    assert scene.escalation.state is State.RESOLVED
    assert scene.board.by_code(code) is None
    assert scene.board.open_ones() == ()
    scene.says("NURSE")
    scene.works()
    assert scene.escalation.state is State.OPEN
    assert len(scene.board.open_ones()) == 1

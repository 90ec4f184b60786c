"""Steps of a call that come twice, late, out of order, from an older call, or between texts."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from hotline.embedded import EmbeddedRedis
from hotline.flow.levels import Level
from hotline.session.records import Channel, TaskKind
from tests.carrier import Call, calling, faults_of
from tests.records import Records
from tests.server import Server, new_number


@pytest.fixture
def records(server: Server, redis_server: EmbeddedRedis) -> Iterator[Records]:
    watching = Records(redis_server.url)
    yield watching
    watching.close()


def test_the_same_step_twice_gets_the_same_bytes_and_counts_once(server: Server, records: Records):
    number = new_number()
    call = calling(server, number).press("1").press("1")
    path, form = call.next_path, {"Digits": "2"}
    before = len(records.entries(number))

    first = call.again(path, form)
    second = call.again(path, form)

    assert first == second
    assert b"Did you faint" in first
    assert len(records.entries(number)) == before + 1


def test_the_same_step_from_eight_threads_counts_once(server: Server, records: Records):
    number = new_number()
    call = calling(server, number).press("1").press("1")
    path = call.next_path
    before = len(records.entries(number))

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: call.again(path, {"Digits": "2"}), range(8)))

    assert len(answers) == 1
    assert len(records.entries(number)) == before + 1


def test_a_call_that_begins_twice_begins_once(server: Server, records: Records):
    number = new_number()
    call = calling(server, number)

    assert call.again("/twilio/voice", {}) == call.documents[0]
    assert len(records.entries(number)) == 1


def test_an_old_step_of_this_call_is_told_the_open_question_and_answers_nothing(
    server: Server, records: Records
):
    number = new_number()
    call = calling(server, number)
    paths = []
    for key in ("1", "1", "2", "2", "3", "3", "12#", "2", "1", "2", "2", "2"):
        paths.append(call.next_path)
        call.press(key)
    before = records.session(number).state

    late = call.again(paths[1], {"Digits": "1"})

    assert records.session(number).state == before
    assert not faults_of(late)
    # What it was answered while that is still known, else what is asked now.
    assert late == call.documents[2] or b"low placenta?" in late


def test_a_step_ahead_of_this_call_answers_nothing(server: Server, records: Records):
    number = new_number()
    call = calling(server, number).press("1").press("1")

    ahead = call.again("/twilio/voice/step?n=40&l=en", {"Digits": "2"})

    assert "heavy" not in records.session(number).state.answers
    assert b"Does blood soak a pad" in ahead
    assert b"n=41" in ahead


def test_a_danger_in_a_stray_step_counts_all_the_same(server: Server, records: Records):
    number = new_number()
    call = calling(server, number).press("1").press("1")

    stray = call.again("/twilio/voice/step?n=1&l=en", {"SpeechResult": "i am passing out"})
    assert stray == call.documents[1], "delivered before"
    stray = call.again("/twilio/voice/step?n=30&l=en", {"SpeechResult": "i am passing out"})

    assert b"Hang up and call 9 9 9 now." in stray
    assert records.session(number).state.level is Level.EMERGENCY


def test_a_step_of_an_older_call_ends_it_and_does_not_touch_the_newer_one(
    server: Server, records: Records
):
    number = new_number()
    older = calling(server, number).press("1").press("1")
    newer = calling(server, number).press("1")
    assert newer.last.startswith("Does blood soak a pad")
    before = records.session(number)

    older.press("1")

    assert older.over
    assert "call 9 9 9" in older.last
    after = records.session(number)
    assert (after.state, after.call, after.step) == (before.state, newer.sid, before.step)
    assert newer.press("2").last.startswith("Did you faint")


def test_reports_out_of_order_and_of_other_calls_do_nothing(server: Server, records: Records):
    number = new_number()
    older = calling(server, number).press("1").press("1").hang_up(report=False)
    newer = calling(server, number)

    older.report("completed")
    for status in ("ringing", "in-progress", "queued", "what"):
        newer.report(status)

    assert records.session(number).call == newer.sid
    newer.report("completed")
    newer.report("in-progress")
    assert records.session(number).call is None
    assert records.session(number).line.gone == newer.sid


def test_a_report_on_a_call_nobody_knows_makes_no_session(server: Server, records: Records):
    number = new_number()

    server.post(
        "/twilio/voice/status",
        {"CallSid": "CA" + "9" * 32, "From": number, "CallStatus": "completed"},
    )

    assert records.store.load(records.store.contact_of(number)).session is None


def test_a_call_that_drops_goes_on_by_text_at_the_same_question(server: Server, records: Records):
    number = new_number()
    calling(server, number).press("1").press("1").press("2").hang_up()

    asked = server.text("hello", number)
    assert asked.text == "Hello again. Shall we go on where we were?\n1 Yes\n2 No, start again"
    assert "faint" in server.text("1", number).text
    assert "pain" in server.text("2", number).text
    assert records.session(number).channel is Channel.SMS


def test_a_call_that_drops_goes_on_in_the_next_call(server: Server):
    number = new_number()
    calling(server, number).press("1").press("1").press("2").hang_up()

    again = calling(server, number)
    assert "Shall we go on where we were?" in again.last
    assert again.press("1").last.startswith("Did you faint")


def test_a_caller_may_start_again_instead(server: Server, records: Records):
    number = new_number()
    calling(server, number).press("1").press("1").press("2").hang_up()

    again = calling(server, number).speak("no, start again")

    assert "Is it safe for you to talk now?" in again.last
    assert records.session(number).serial == 2


def test_a_conversation_by_text_goes_on_in_a_call(server: Server):
    number = new_number()
    server.converse("hi", "1", "2", number=number)

    call = calling(server, number)

    assert "Shall we go on where we were?" in call.last
    assert call.wait().last.startswith("Did you faint"), "silence goes on, nothing is lost by it"


def test_who_was_told_a_level_hears_it_again_on_the_next_call(server: Server):
    number = new_number()
    server.converse("hi", "1", "1", number=number)

    call = calling(server, number)

    assert call.said[0].words.startswith("Hang up and call 9 9 9 now.")


def test_a_text_between_two_steps_is_not_answered_by_the_next_key(server: Server, records: Records):
    number = new_number()
    call = calling(server, number).press("1").press("1")
    assert call.last.startswith("Does blood soak a pad")
    server.text("2", number)

    call.press("1")

    answers = records.session(number).state.answers
    assert answers["heavy"] == "no"
    assert "collapse" not in answers
    assert call.last.startswith("Did you faint")


def test_hanging_up_on_an_open_red_flag_leaves_the_safety_net_running(
    server: Server, records: Records
):
    number = new_number()
    calling(server, number).press("1").press("1").hang_up()

    session = records.session(number)
    keys = records.store.keys(session.contact)
    assert records.client.zscore(keys.due, f"silence:{session.id}") is not None


def test_a_withheld_number_keeps_its_place_within_its_call_only(server: Server, records: Records):
    one, other = calling(server, "anonymous"), calling(server, "+266696687")

    one.press("1").press("1").press("2")
    other.press("1")

    assert records.session(f"call:{one.sid}").state.answers["heavy"] == "no"
    assert "heavy" not in records.session(f"call:{other.sid}").state.answers


def test_a_step_whose_session_is_gone_begins_anew_with_the_danger_line(
    server: Server, redis_server: EmbeddedRedis
):
    call = calling(server, new_number()).press("1").press("1").press("2")
    with redis.Redis.from_url(redis_server.url) as client:
        for key in client.scan_iter("hl:*:s:*"):
            client.delete(key)

    call.press("2")

    assert call.last.startswith("If you are bleeding heavily")
    assert call.listens


def test_a_form_without_a_call_gets_the_emergency_words(server: Server):
    document = server.post("/twilio/voice", {"From": new_number()}).body

    assert not faults_of(document)
    assert b"9 9 9" in document


def test_an_unsigned_call_is_refused(server: Server):
    for path in ("/twilio/voice", "/twilio/voice/step?n=1", "/twilio/voice/screen/take"):
        assert server.post(path, {"CallSid": "CA" + "2" * 32}, signature="x").status == 403


def test_the_log_tells_how_each_step_came_and_what_was_said(server: Server, records: Records):
    number = new_number()
    calling(server, number).press("1").speak("yes").wait()

    entries = records.entries(number)
    assert [one.extra["by"] for one in entries] == ["began", "keys", "speech", "silence"]
    assert entries[2].words == "yes"
    assert entries[2].said[0].startswith("Does blood soak a pad")
    assert all("<" not in line for one in entries for line in one.said)


def test_no_page_goes_out_for_a_call_that_told_no_danger(server: Server, records: Records):
    number = new_number()
    before = len(records.tasks(TaskKind.PAGE))
    call: Call = calling(server, number).press("1").press("1").press("2")
    call.hang_up()

    assert len(records.tasks(TaskKind.PAGE)) == before


@pytest.mark.parametrize("step", ["1", "2", "0", "", "yes", "I have fainted", "go back", "nurse"])
def test_a_text_of_danger_while_she_is_asked_whether_to_go_on_is_told_on_the_call_too(
    server: Server, records: Records, step: str
):
    """Found by the chaos run: the next step hung up without a word."""
    number = new_number()
    calling(server, number).press("1").press("1").press("2").hang_up()
    call = calling(server, number)
    assert records.session(number).asking is not None, "it asks whether to go on"
    server.text("I am soaking a pad an hour", number)
    assert records.session(number).state.level is Level.EMERGENCY

    heard = len(call.said)
    if step.isalpha() or " " in step:
        call.speak(step)
    elif step:
        call.press(step)
    else:
        call.wait()

    assert call.said[heard:], "she hears nothing"
    assert not call.fell_off
    assert step == "nurse" or "9 9 9" in call.words(after=heard), call.transcript()

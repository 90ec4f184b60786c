"""One session: what the page shows, and what staff do to it."""

from datetime import UTC, datetime

import pytest

from hotline.console.answers import answer_rows
from hotline.console.audit import Audit
from hotline.console.rights import Right, Role
from hotline.flow.levels import Level
from hotline.session.records import Control, Standing, TaskKind
from tests.console.scene import HER


def sends(room):
    """The texts that are committed to be sent, in order."""
    return [task.payload["body"] for task in room.tasks() if task.kind is TaskKind.SEND]


@pytest.fixture
def woman(room):
    """Somebody who has answered two questions."""
    room.says("hi im bleeding a bit", "1", "no")
    return room.session_of().id


def test_the_page_shows_what_she_wrote_and_how_it_was_read(room, woman):
    text = room.sits().get(f"/sessions/{woman}").text
    assert "hi im bleeding a bit" in text
    assert "Read as" in text
    assert "DRAFT, not signed off by a clinician" in text
    assert HER not in text


def test_a_number_is_shown_once_and_whoever_saw_it_is_in_the_log(room, hotline, woman):
    desk = room.sits()
    desk.get(f"/sessions/{woman}")
    assert HER in desk.post(f"/sessions/{woman}/number", 200).text
    assert HER not in desk.get(f"/sessions/{woman}").text
    traces = list(Audit(hotline.store).read())
    assert any(one.did == "saw a number" and one.session == woman for one in traces)
    assert HER not in str(traces)


def test_take_over_reply_and_hand_back(room, woman):
    desk = room.sits()
    text = desk.does(woman, "take-over")
    assert "You have her" in text
    assert room.session_of().control is Control.STAFF
    assert room.session_of().staff == "ann"
    assert "here now" in sends(room)[0]
    before = len(room.entries_of())
    assert room.says("are you there?") == ""
    text = desk.does(woman, "reply", body="Hello, I am Ann, a midwife.")
    assert "Hello, I am Ann" in text
    assert "the machine stays silent" in text
    assert sends(room)[1] == "Hello, I am Ann, a midwife."
    assert len(room.entries_of()) == before + 2
    text = desk.does(woman, "hand-back")
    assert "The machine answers her" in text
    assert room.session_of().control is Control.AUTOMATED
    assert "back with the automatic helper" in sends(room)[2]
    assert room.says("no") != ""


def test_a_staff_reply_goes_to_her_as_a_watched_text_of_the_worker(room, woman):
    desk = room.sits()
    desk.does(woman, "take-over")
    desk.does(woman, "reply", body="Hello")
    task = [one for one in room.tasks() if one.kind is TaskKind.SEND][-1]
    assert task.payload["to"] == "her"
    assert task.payload["by"] == "text"
    assert task.payload["about"] == "reply"
    assert task.contact == room.session_of().contact


def test_a_danger_while_staff_have_her_still_raises_an_alarm(room, woman):
    room.sits().does(woman, "take-over")
    assert room.says("i just fainted and there is blood everywhere") == ""
    pages = [task.payload["reason"] for task in room.tasks() if task.kind is TaskKind.PAGE]
    assert "danger" in pages


def test_a_danger_heard_by_staff_counts_when_they_hand_back(room, woman):
    desk = room.sits()
    desk.does(woman, "take-over")
    room.says("i just fainted and there is blood everywhere")
    desk.does(woman, "hand-back")
    assert room.session_of().state.level is Level.EMERGENCY
    assert any("999" in body for body in sends(room))


def test_only_who_has_her_may_write(room, woman):
    ann, bea = room.sits(name="ann"), room.sits(name="bea")
    bea.get(f"/sessions/{woman}")
    assert "take over first" in bea.does(woman, "reply", body="hello")
    ann.does(woman, "take-over")
    assert "ann has this conversation" in bea.does(woman, "reply", body="hello")
    assert "You have her" in bea.does(woman, "take-over")
    assert room.session_of().staff == "bea"
    assert "bea has this conversation" in ann.does(woman, "reply", body="hello")
    assert len(sends(room)) == 1


def test_an_empty_reply_and_a_reply_after_stop_are_refused(room, woman):
    desk = room.sits()
    desk.does(woman, "take-over")
    assert "The reply is empty" in desk.does(woman, "reply", body="  ")
    assert "longer than" in desk.does(woman, "reply", body="x" * 1001)
    desk.does(woman, "hand-back")
    room.says("stop")
    desk.does(woman, "take-over")
    assert "phone her" in desk.does(woman, "reply", body="hello")


def test_a_correction_that_raises_the_level_is_told_to_her_at_once(room, woman):
    desk = room.sits()
    desk.get(f"/sessions/{woman}")
    text = desk.does(woman, "correct", question="heavy", value="yes")
    assert "She has been told" in text
    assert "ann corrected Heavy" in text
    assert room.session_of().state.level is Level.EMERGENCY
    assert any("999" in body for body in sends(room))
    assert any(task.kind is TaskKind.PAGE for task in room.tasks())


def test_what_she_wrote_stays_beside_what_staff_made_of_it(room):
    room.says("hi", "1", "no gushes at all")
    one = room.session_of()
    rows = {row.id: row for row in answers_of(room, one)}
    assert rows["heavy"].wrote == "no gushes at all"
    room.sits().does(one.id, "correct", question="heavy", value="yes")
    rows = {row.id: row for row in answers_of(room, room.session_of())}
    assert (rows["heavy"].wrote, rows["heavy"].by) == ("no gushes at all", "ann")
    assert rows["heavy"].read == "Yes"


def answers_of(room, session):
    store = room.hotline.store
    log = store.entries(store.load_by_id(session.id))
    return answer_rows(room.hotline.library, session, log)


def test_a_correction_never_lowers_what_she_was_told(room, woman):
    desk = room.sits()
    desk.get(f"/sessions/{woman}")
    desk.does(woman, "correct", question="heavy", value="yes")
    text = desk.does(woman, "correct", question="heavy", value="no")
    assert "stays unless you write to her" in text
    assert "By the answers as they are read now" in text
    assert room.session_of().state.level is Level.EMERGENCY


def test_an_answer_that_does_not_exist_is_refused(room, woman):
    desk = room.sits()
    desk.get(f"/sessions/{woman}")
    before = room.session_of()
    for question, value in (("heavy", "purple"), ("nonsense", "yes"), ("heavy", "")):
        desk.does(woman, "correct", question=question, value=value)
    assert room.session_of().state.answers == before.state.answers


def test_closing_ends_the_session_with_an_outcome_and_a_note(room, woman):
    desk = room.sits()
    desk.get(f"/sessions/{woman}")
    text = desk.does(woman, "close", outcome="advised", note="Spoke for 10 minutes")
    assert "Closed by staff: Advised" in text
    assert "Spoke for 10 minutes" in text
    assert room.session_of().standing is Standing.ENDED
    assert "Emergency" not in room.says("thanks")
    assert "999" in room.says("i am bleeding so much, soaking pads, i fainted")


def test_an_earlier_session_can_be_read_and_not_changed(room, woman):
    room.says("menu")
    assert room.session_of().id != woman
    desk = room.sits()
    assert "earlier session" in desk.get(f"/sessions/{woman}").text
    before = room.session_of()
    desk.does(woman, "take-over")
    desk.does(woman, "note", note="late")
    assert room.session_of() == before


def test_what_she_writes_cannot_become_a_script(room):
    room.says("<script>alert(1)</script><img src=x onerror=alert(2)>")
    session = room.session_of()
    desk = room.sits()
    desk.does(session.id, "take-over")
    desk.does(session.id, "note", note="<b onclick=x>note</b>")
    text = desk.get(f"/sessions/{session.id}").text
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "<b onclick" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_viewer_sees_the_level_and_neither_words_nor_number_nor_a_way_to_act(room, woman):
    desk = room.sits(Role.VIEWER)
    text = desk.get(f"/sessions/{woman}").text
    assert "Heavy" in text
    assert "bleeding a bit" not in text
    assert "Show number" not in text
    assert "Take over" not in text
    for what in ("take-over", "reply", "hand-back", "correct", "note", "close", "call", "number"):
        desk.post(f"/sessions/{woman}/{what}", 403)
    desk.get(f"/sessions/{woman}/handover", 403)
    assert "bleeding a bit" not in desk.get(f"/sessions/{woman}/live").text


def test_a_viewer_with_the_right_to_read_reads(room, woman):
    desk = room.sits(Role.VIEWER, more=[Right.SHOW_TRANSCRIPT])
    assert "bleeding a bit" in desk.get(f"/sessions/{woman}").text
    desk.post(f"/sessions/{woman}/number", 403)


def test_being_refused_is_in_the_log(room, hotline, woman):
    desk = room.sits(Role.VIEWER)
    desk.post(f"/sessions/{woman}/number", 403)
    assert any(one.did == "was refused" for one in Audit(hotline.store).read())


@pytest.mark.parametrize("bad", ["nothere.1", "a", "a.b", "..", "x" * 60 + ".1", "%00.1"])
def test_a_session_that_does_not_exist_is_not_found(room, bad):
    room.sits().get(f"/sessions/{bad}", 404)


def test_the_live_part_answers_304_until_something_happens(room, woman):
    desk = room.sits()
    first = desk.get(f"/sessions/{woman}/live")
    tag = {"If-None-Match": first.headers["ETag"]}
    desk.get(f"/sessions/{woman}/live", 304, headers=tag)
    room.says("no")
    assert desk.get(f"/sessions/{woman}/live", headers=tag).text.count("She,") == 4


def test_the_segment_counter_measures_as_the_carrier_bills(room, woman):
    desk = room.sits()
    assert "1 text message" in desk.post("/measure", 200, body="hello").text
    assert "2 text messages" in desk.post("/measure", 200, body="x" * 161).text
    assert "dearer" in desk.post("/measure", 200, body="नमस्ते").text


def test_a_handover_note_has_the_four_parts_and_its_reading_is_logged(room, hotline, woman):
    text = room.sits().get(f"/sessions/{woman}/handover").text
    for part in ("Situation", "Background", "Assessment", "Recommendation"):
        assert part in text
    assert f"{datetime.now(UTC):%d %b %Y}" in text
    assert "UTC" in text
    assert any(one.did == "opened a handover note" for one in Audit(hotline.store).read())


def test_calling_her_needs_a_phone_on_the_rota(room, woman):
    desk = room.sits()
    desk.get(f"/sessions/{woman}")
    assert "The rota has no phone for ann" in desk.does(woman, "call")


def test_weeks_are_corrected_to_a_number_or_to_not_known(room, woman):
    desk = room.sits()
    desk.get(f"/sessions/{woman}")
    desk.does(woman, "correct", question="weeks", value=["30", ""])
    assert room.session_of().state.answers["weeks"] == 30
    desk.does(woman, "correct", question="weeks", value=["30", "unknown"])
    assert room.session_of().state.answers["weeks"] == "unknown"
    desk.does(woman, "correct", question="risks", value=["ectopic", "rh_negative"])
    assert room.session_of().state.answers["risks"] == frozenset({"ectopic", "rh_negative"})

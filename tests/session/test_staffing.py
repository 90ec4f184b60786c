"""Staff's changes to a session, against a real store, without the console."""

import pytest

from hotline.errors import StaleSession
from hotline.flow.levels import Level
from hotline.session.incoming import Incoming
from hotline.session.records import Control, Lane, Task, TaskKind
from hotline.session.removal import erase_contact
from hotline.session.replay import replay, replay_on
from hotline.session.staffing import Outcome, Staffing, StaffingRefused
from hotline.session.store import Change

HER, OURS = "+447700900123", "+441632960100"


def make_send(session, send, body, now):
    payload = {"body": body}
    return Task(
        send, TaskKind.SEND, Lane.NORMAL, now, session.contact, session.serial, None, payload
    )


@pytest.fixture
def staffing(hotline):
    return Staffing(hotline.store, hotline.library, make_send)


@pytest.fixture
def says(hotline):
    """She texts; her session after it."""
    texts = iter(range(1000))

    def say(*words):
        for one in words:
            taken = hotline.turns.take(Incoming(HER, OURS, one, f"SM{next(texts):032d}"))
        return taken.session

    return say


def test_her_text_between_load_and_commit_is_not_lost(hotline, says):
    session = says("hi", "1")
    raced = []

    def clock():
        """Asked between the load and the commit: her text comes in at that moment."""
        if not raced:
            raced.append(says("no"))
        return 2e9

    racing = Staffing(hotline.store, hotline.library, make_send, clock)
    done = racing.take_over(session.id, "ann")
    assert raced
    assert done.session.control is Control.STAFF
    assert done.session.state.answers["heavy"] == "no"


def test_a_change_on_an_old_revision_is_refused_by_the_store(hotline, staffing, says):
    session = says("hi", "1")
    before = hotline.store.load(session.contact)
    staffing.note(session.id, "ann", "first")
    with pytest.raises(StaleSession):
        hotline.store.commit(Change(before.session, before.revision, 1, before.session))


def test_a_repeated_delivery_is_still_known_after_staff_acted(hotline, staffing, says):
    session = says("hi", "1")
    staffing.take_over(session.id, "ann")
    again = hotline.turns.take(Incoming(HER, OURS, "1", f"SM{1:032d}"))
    assert not again.fresh
    assert again.reply.messages


def test_staff_control_outlives_any_pause(hotline, staffing, says):
    session = says("hi", "1")
    staffing.take_over(session.id, "ann")
    later = Staffing(hotline.store, hotline.library, make_send, lambda: 4e9)
    assert later.reply(session.id, "ann", "still here").session.id == session.id


def test_a_session_of_somebody_erased_cannot_be_changed(hotline, staffing, says):
    session = says("hi", "1")
    erase_contact(hotline.store, session.contact)
    with pytest.raises(StaffingRefused, match="deleted"):
        staffing.take_over(session.id, "ann")


def test_every_outcome_closes(staffing, says):
    session = says("hi", "1")
    for outcome in Outcome:
        assert staffing.close(session.id, "ann", outcome).session.outcome == outcome


def test_a_session_with_staff_and_corrections_replays_to_the_same(hotline, staffing, says):
    session = says("hi", "1", "no")
    staffing.correct(session.id, "ann", "pregnant", "yes")
    staffing.take_over(session.id, "ann")
    staffing.correct(session.id, "ann", "collapse", "yes")
    loaded = hotline.store.load(session.contact)
    entries = [entry for _, entry in hotline.store.entries(loaded)]
    flow = hotline.library.flow
    assert loaded.session.state.level is Level.EMERGENCY
    assert replay(flow, loaded.session, entries).same
    assert replay_on(flow, flow, loaded.session, entries).level is Level.EMERGENCY


def test_a_danger_heard_by_staff_and_a_close_replay_too(hotline, staffing, says):
    session = says("hi", "1", "no")
    staffing.take_over(session.id, "ann")
    says("i fainted")
    loaded = hotline.store.load(session.contact)
    entries = [entry for _, entry in hotline.store.entries(loaded)]
    assert replay(hotline.library.flow, loaded.session, entries).same
    staffing.hand_back(session.id, "ann")
    staffing.close(session.id, "ann", Outcome.AMBULANCE)
    says("thank you")
    loaded = hotline.store.load(session.contact)
    entries = [entry for _, entry in hotline.store.entries(loaded)]
    again = replay(hotline.library.flow, loaded.session, entries)
    assert again.told is Level.EMERGENCY
    assert again.same

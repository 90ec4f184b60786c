"""Escalations and call-backs on their page."""

import pytest

from hotline.console.office import open_office
from hotline.console.rights import Role
from hotline.console.visits import Times
from hotline.escalation.orders import page_task, whose
from hotline.escalation.paging import Pager
from hotline.escalation.queue import Queue, Taken
from hotline.flow.levels import Level
from hotline.session.records import TaskKind


@pytest.fixture
def office(hotline):
    return open_office(hotline, Times())


@pytest.fixture
def escalated(room, office, hotline):
    """The session id of somebody whose page was opened by a worker."""
    room.says("i fainted and the blood is soaking through everything")
    queue = Queue(hotline.store, "test", office.now() - office.now())
    queue.prepare()
    pager = Pager(office.staff._station, office.rota)
    while (taken := queue.take()) is not None:
        if taken.task.kind is TaskKind.PAGE:
            pager.page(taken, office.now())
    return room.session_of().id


def test_take_reassign_give_back_and_resolve_with_a_reason(room, office, escalated):
    ann, _bea = room.sits(), room.sits(name="bea")
    assert "Emergency" in ann.get("/escalations").text
    ann.post(f"/escalations/{escalated}/take")
    assert "It is yours." in ann.get("/escalations").text
    assert office.board.load(escalated).escalation.acknowledged_by == "ann"
    ann.post(f"/escalations/{escalated}/reassign", to="nobody")
    assert office.board.load(escalated).escalation.acknowledged_by == "ann"
    ann.post(f"/escalations/{escalated}/reassign", to="bea")
    assert office.board.load(escalated).escalation.acknowledged_by == "bea"
    ann.post(f"/escalations/{escalated}/release")
    assert office.board.load(escalated).escalation.acknowledged_by is None
    ann.post(f"/escalations/{escalated}/resolve", reason=" ")
    assert not office.board.load(escalated).escalation.closed
    ann.post(f"/escalations/{escalated}/resolve", reason="She is in hospital")
    assert office.board.load(escalated).escalation.resolution == "She is in hospital"
    assert "No escalation is open" in ann.get("/escalations").text


def test_taking_over_takes_the_escalation_and_closing_resolves_it(room, office, escalated):
    desk = room.sits()
    desk.get(f"/sessions/{escalated}")
    desk.does(escalated, "take-over")
    assert office.board.load(escalated).escalation.acknowledged_by == "ann"
    text = desk.does(escalated, "close", outcome="ambulance")
    assert "Resolved" in text
    assert office.board.load(escalated).escalation.closed


def test_a_viewer_watches_only(room, escalated):
    desk = room.sits(Role.VIEWER)
    assert "Resolve" not in desk.get("/escalations").text
    for what in ("take", "reassign", "release", "resolve"):
        desk.post(f"/escalations/{escalated}/{what}", 403)


def test_a_call_that_is_owed_can_be_called_off(room, office, escalated):
    task = page_task("ask", whose(escalated), "person", Level.SOON, office.now())
    keys = office.store.keys(task.contact)
    office.calls.ask(Taken(task, keys, keys.lane("normal"), ""), office.now())
    desk = room.sits()
    if office.calls.book.owed():
        assert "Call-backs owed (1)" in desk.get("/escalations").text
        desk.post(f"/call-backs/{escalated}/cancel")
    assert "No call is owed" in desk.get("/escalations").text

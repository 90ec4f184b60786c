"""Promised calls: due times, attempts, the order of the queue."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hotline.escalation import callbacks
from hotline.escalation.callbacks import Asked, Asker, CallbackState, Outcome
from hotline.escalation.policy import load_policies
from hotline.flow.levels import Level

POLICY = load_policies(Path(__file__).parents[2] / "flows" / "escalation.yaml").callbacks
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def asked(name="c1", level=Level.URGENT, now=NOW):
    return callbacks.ask(name, Asked("s1", level, Asker.HER), POLICY, now)


def attempt(callback, outcome, now):
    started = callbacks.start(callback, "ann", now)
    assert started is not None
    return callbacks.finish(started, outcome, POLICY, now)


def test_a_call_is_due_by_its_level():
    assert asked().due == NOW + timedelta(minutes=10)
    assert asked(level=Level.EMERGENCY).due == NOW


def test_unanswered_calls_come_back_later_each_time_and_are_given_up_at_last():
    callback, due = asked(), []
    for _ in range(3):
        callback = attempt(callback, Outcome.NO_ANSWER, NOW)
        due.append((callback.due - NOW) // timedelta(minutes=1))
    assert due == [5, 15, 60]
    assert attempt(callback, Outcome.BUSY, NOW).state is CallbackState.GIVEN_UP


def test_a_staff_member_who_does_not_pick_up_costs_her_no_attempt():
    callback = attempt(asked(), Outcome.STAFF_DID_NOT_TAKE, NOW)
    assert callback.state is CallbackState.WAITING
    assert callback.due == asked().due
    assert callbacks.tries(callback) == 0


def test_two_staff_cannot_call_her_at_once():
    first = callbacks.start(asked(), "ann", NOW)
    assert first is not None
    assert callbacks.start(first, "bea", NOW) is None


def test_once_they_spoke_it_is_over():
    done = attempt(asked(), Outcome.SPOKE, NOW)
    assert done.state is CallbackState.DONE
    assert callbacks.cancel(done) == done
    assert callbacks.finish(done, Outcome.BUSY, POLICY, NOW) == done


def test_the_queue_is_worst_first_then_soonest_due():
    soon = asked("soon", Level.SOON, NOW - timedelta(days=1))
    urgent = asked("urgent")
    later = asked("later", now=NOW + timedelta(minutes=1))
    gone = callbacks.cancel(asked("gone", Level.EMERGENCY))
    assert [c.id for c in callbacks.queue([soon, later, gone, urgent])] == [
        "urgent", "later", "soon",
    ]  # fmt: skip
    assert [c.id for c in callbacks.overdue([soon, urgent], NOW)] == ["soon"]

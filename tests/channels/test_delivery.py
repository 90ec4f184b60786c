"""Delivery reports come in any order; the state only moves forward."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.channels.delivery import Report, SendState, forward, read_report

states = st.sampled_from(list(SendState))


@given(states, st.lists(states))
def test_a_state_never_goes_back_and_an_end_is_never_left(first, reports):
    current = first
    for reported in reports:
        following = forward(current, reported)
        assert following.rank >= current.rank
        if current.final:
            assert following is current
        current = following


@pytest.mark.parametrize("order", list(permutations(["queued", "sent", "delivered"])))
def test_whatever_the_order_delivered_stays_delivered(order):
    current = None
    for word in order:
        report = read_report("s1", {"MessageStatus": word, "MessageSid": "SM1"})
        assert report is not None
        current = forward(current, report.state)
    assert current is SendState.DELIVERED


def test_a_report_moves_on_what_was_perhaps_sent():
    assert forward(SendState.PERHAPS, SendState.SENT) is SendState.SENT
    assert forward(SendState.PERHAPS, SendState.UNDELIVERED) is SendState.UNDELIVERED


@pytest.mark.parametrize(
    ("form", "report"),
    [
        (
            {"MessageStatus": "undelivered", "MessageSid": "SM1", "ErrorCode": "30003"},
            Report("s1", SendState.UNDELIVERED, "SM1", 30003),
        ),
        ({"SmsStatus": "sent", "SmsSid": "SM1"}, Report("s1", SendState.SENT, "SM1")),
        ({"CallStatus": "no-answer", "CallSid": "CA1"}, Report("s1", SendState.FAILED, "CA1")),
        ({"CallStatus": "completed", "CallSid": "CA1"}, Report("s1", SendState.SENT, "CA1")),
        ({"MessageStatus": "sent", "ErrorCode": "x"}, Report("s1", SendState.SENT, "")),
        ({"MessageStatus": "a new word"}, None),
        ({"MessageStatus": "received"}, None),
        ({}, None),
    ],
)
def test_what_a_form_says(form, report):
    assert read_report("s1", form) == report


def test_a_report_without_our_id_is_nothing():
    assert read_report("", {"MessageStatus": "sent"}) is None

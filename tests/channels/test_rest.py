"""The REST client against a real HTTP server that misbehaves."""

import logging
import socket
from datetime import UTC, datetime, timedelta

import pytest

from hotline.channels.errors_table import CODES, Meaning, judge, judge_report
from hotline.channels.outcomes import Refused, Sent, Unknown
from hotline.channels.outgoing import Account, OutgoingCall, OutgoingText
from hotline.channels.rate import Bucket, Pace, Rate, take
from hotline.channels.rest import RestClient
from tests.standin import (
    LOST_AFTER_ACCEPTING,
    OPTED_OUT,
    SERVER_ERROR,
    TOO_FAST,
    UNREACHABLE,
    Fault,
    Standin,
)

HER, US = "+447700900001", "+447700900999"
TEXT = OutgoingText(HER, US, "Call 999 now", "https://h.example/d?send=1", timedelta(minutes=10))
CALL = OutgoingCall(HER, US, "https://h.example/c?send=1", "https://h.example/d?send=1")


@pytest.fixture
def standin():
    with Standin() as server:
        yield server


def client(url, **options):
    return RestClient(Account("AC1", "SK1", "secret", url), **options)


def test_a_text_goes_out_with_key_report_address_and_validity(standin):
    outcome = client(standin.url).send_text(TEXT)
    (asked,) = standin.requests
    assert outcome == Sent(asked.sid)
    assert asked.user == "SK1"
    assert asked.kind == "Messages"
    assert asked.form == {
        "To": HER,
        "From": US,
        "Body": "Call 999 now",
        "StatusCallback": TEXT.report_url,
        "ValidityPeriod": "600",
    }


def test_a_call_goes_out_and_reports_every_event(standin):
    outcome = client(standin.url).place_call(CALL)
    (asked,) = standin.calls(HER)
    assert outcome == Sent(asked.sid)
    assert asked.form["Url"] == CALL.url
    assert asked.form["Timeout"] == "25"
    assert asked.form["StatusCallbackEvent"] == "initiated,ringing,answered,completed"


@pytest.mark.parametrize(
    ("fault", "permanent", "meaning", "code"),
    [
        (SERVER_ERROR, False, Meaning.CARRIER_FAULT, 20500),
        (Fault(status=503), False, Meaning.CARRIER_FAULT, None),
        (TOO_FAST, False, Meaning.TOO_FAST, 20429),
        (OPTED_OUT, True, Meaning.OPTED_OUT, 21610),
        (UNREACHABLE, False, Meaning.UNREACHABLE, 30003),
        (Fault(status=400, code=21211), True, Meaning.NO_SUCH_NUMBER, 21211),
        (Fault(status=400, code=21614), True, Meaning.CANNOT_TEXT, 21614),
        (Fault(status=401, code=20003), False, Meaning.OUR_ACCOUNT, 20003),
        (Fault(status=400, code=99999), True, Meaning.UNKNOWN, 99999),
        (Fault(status=400, garbage=True), True, Meaning.UNKNOWN, None),
    ],
)
def test_a_refusal_says_whether_trying_again_can_help(standin, fault, permanent, meaning, code):
    standin.script([fault])
    outcome = client(standin.url).send_text(TEXT)
    assert isinstance(outcome, Refused)
    assert (outcome.permanent, outcome.meaning, outcome.code) == (permanent, meaning, code)
    assert outcome.wait == fault.retry_after
    assert standin.accepted == []
    assert len(standin.requests) == 1, "the client itself never repeats a request"


@pytest.mark.parametrize(
    "fault",
    [
        LOST_AFTER_ACCEPTING,
        Fault(drop=True),
        Fault(slow=0.6),
        Fault(garbage=True),
        Fault(status=504),
    ],
)
def test_a_request_that_left_without_an_answer_is_perhaps_sent_and_asked_once(standin, fault):
    standin.script([fault])
    outcome = client(standin.url, timeout=0.3).send_text(TEXT)
    assert isinstance(outcome, Unknown)
    assert len(standin.requests) == 1


def test_a_refused_connection_surely_sent_nothing():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    outcome = client(url).send_text(TEXT)
    assert isinstance(outcome, Refused)
    assert not outcome.permanent


def test_a_name_that_does_not_resolve_surely_sent_nothing():
    outcome = client("http://nowhere.invalid").send_text(TEXT)
    assert isinstance(outcome, Refused)


def test_a_server_that_speaks_no_tls_leaves_doubt(standin):
    outcome = client(standin.url.replace("http:", "https:"), timeout=1).send_text(TEXT)
    assert isinstance(outcome, Unknown)
    assert standin.requests == []


def test_neither_number_nor_words_nor_secret_reach_a_log_or_an_outcome(standin, caplog):
    caplog.set_level(logging.DEBUG)
    standin.script([OPTED_OUT, LOST_AFTER_ACCEPTING])
    said = [repr(client(standin.url).send_text(TEXT)) for _ in range(3)]
    said += [caplog.text, repr(Account("AC1", "SK1", "secret"))]
    for secret in (HER, HER[1:], "Call 999", "secret"):
        assert not any(secret in one for one in said)


def test_an_emergency_never_waits_for_our_own_rate_and_the_others_do(standin):
    now = datetime(2026, 11, 22, tzinfo=UTC)
    slept = []
    options = {"rate": Rate(per_second=1, burst=2), "clock": lambda: now, "sleep": slept.append}
    calm = client(standin.url, **options)
    for _ in range(4):
        assert isinstance(calm.send_text(TEXT), Sent)
    assert slept == [1.0, 2.0], "each that waits has a place of its own"
    urgent = OutgoingText(HER, US, "x", "https://h.example", timedelta(minutes=1), urgent=True)
    for _ in range(3):
        assert isinstance(calm.send_text(urgent), Sent)
    assert slept == [1.0, 2.0]
    refused = calm.send_text(TEXT)
    assert isinstance(refused, Refused)
    assert refused.wait == 6.0, "what the emergencies drew ahead, the others wait for"
    assert calm.send_text(TEXT) == refused, "one that goes back to the queue takes no place"
    assert len(standin.requests) == 7


def test_the_bucket_fills_with_time_and_never_over_its_burst():
    start = datetime(2026, 11, 22, tzinfo=UTC)
    empty = Bucket(0.0, start)
    hour = start + timedelta(hours=1)
    full, wait = take(empty, Rate(1, 5), 1, hour, urgent=False)
    assert (full.tokens, wait) == (4.0, timedelta(0))
    back, _ = take(full, Rate(1, 5), 1, start, urgent=False)
    assert back.tokens == 3.0, "a clock that goes back gives nothing"
    long, wait = take(None, Rate(1, 5), 12, start, urgent=False)
    assert wait == timedelta(0), "a text longer than the burst still goes"
    assert long.tokens == -7.0


def test_each_number_has_its_own_bucket():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    pace = Pace(Rate(1, 1), lambda: now)
    assert pace.wait("a", 1, urgent=False) == timedelta(0)
    assert pace.wait("b", 1, urgent=False) == timedelta(0)
    assert pace.wait("a", 1, urgent=False) == timedelta(seconds=1)


@pytest.mark.parametrize(
    ("code", "permanent"),
    [(21610, True), (21211, True), (21614, True), (30003, False), (30005, True), (30006, True),
     (30007, True), (20429, False), (20003, False)],
)  # fmt: skip
def test_the_table_knows_the_codes_that_matter(code, permanent):
    assert CODES[code].permanent is permanent
    assert judge(code, 400) is CODES[code]


def test_an_unknown_code_is_judged_by_its_status_and_an_unknown_report_may_pass():
    assert judge(12345, 500).permanent is False
    assert judge(None, 429).meaning is Meaning.TOO_FAST
    assert judge(12345, 400).permanent is True
    assert judge_report(54321).permanent is False

"""The log says what happened and never who wrote what."""

import io
import json
import logging

import pytest
import structlog

from hotline import logs

HER_NUMBER = "+447700900123"
HER_WORDS = "bleeding since this morning"


@pytest.fixture(autouse=True)
def _logging_as_before():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def stream():
    stream = io.StringIO()
    logs.configure("info", stream=stream)
    return stream


@pytest.fixture
def log(stream):
    return structlog.get_logger()


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_json_line_with_its_time_and_level(stream, log):
    log.info("turn done", route="/twilio/sms", duration_ms=12)

    (line,) = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "turn done",
        "level": "info",
        "route": "/twilio/sms",
        "duration_ms": 12,
    }


def test_a_key_that_is_not_on_the_list_is_dropped_and_counted(stream, log):
    log.info("turn done", body=HER_WORDS, From=HER_NUMBER, _hidden=HER_WORDS)

    (line,) = lines(stream)
    assert line["dropped"] == 3
    assert line.keys() == {"event", "level", "timestamp", "dropped"}


@pytest.mark.parametrize(
    "value",
    [
        HER_WORDS,
        HER_NUMBER,
        f"whatsapp:{HER_NUMBER}",
        "447700900123",
        [HER_WORDS],
        {"Body": HER_WORDS},
        "bled\u00a0today",
        "x" * 201,
        ValueError(HER_WORDS),
    ],
)
def test_words_and_numbers_are_withheld_under_a_known_key_too(stream, log, value):
    log.info("turn done", session=value)

    (line,) = lines(stream)
    assert line["session"] in ("(withheld)", ["(withheld)"])


@pytest.mark.parametrize(
    "value",
    ["SM0123456789abcdef0123456789abcdef", "AC00000000000000000000000000000000", "heavy-bleeding"],
)
def test_ids_and_names_stay(stream, log, value):
    log.info("turn done", delivery=value)

    assert lines(stream)[0]["delivery"] == value


def test_a_number_in_an_event_is_withheld(stream, log):
    log.info("text from " + HER_NUMBER)

    assert lines(stream)[0]["event"] == "(withheld)"


def test_an_exception_shows_its_kind_and_place_and_not_its_message(stream, log):
    try:
        raise ValueError(HER_WORDS)
    except ValueError:
        log.exception("turn failed")

    (line,) = lines(stream)
    assert line["error"] == "ValueError"
    assert line["where"][0].startswith("test_logs.py:")
    assert HER_WORDS not in stream.getvalue()


def test_a_library_cannot_quote_a_request(stream):
    logging.getLogger("twilio.http_client").warning("BODY %s", HER_WORDS)
    try:
        raise KeyError(HER_WORDS)
    except KeyError:
        logging.getLogger("flask.app").exception("Exception on %s", HER_NUMBER)

    assert [line["event"] for line in lines(stream)] == ["library message"] * 2
    assert [line["logger"] for line in lines(stream)] == ["twilio.http_client", "flask.app"]
    assert lines(stream)[1]["error"] == "KeyError"
    assert HER_WORDS not in stream.getvalue()
    assert HER_NUMBER not in stream.getvalue()


def test_the_server_says_what_it_does(stream):
    logging.getLogger("granian").info("Listening at: %s", "http://127.0.0.1:8000")

    assert lines(stream)[0]["event"] == "Listening at: http://127.0.0.1:8000"


def test_the_level_holds_for_our_log_and_for_libraries(stream):
    logs.configure("warning", stream=stream)

    structlog.get_logger().info("turn done")
    logging.getLogger("granian").info("Listening")

    assert stream.getvalue() == ""


def test_the_terminal_sees_the_same_and_no_more():
    stream = io.StringIO()
    logs.configure("info", human=True, stream=stream)

    structlog.get_logger().info("turn done", route="/twilio/sms", body=HER_WORDS)

    assert "turn done" in stream.getvalue()
    assert "/twilio/sms" in stream.getvalue()
    assert HER_WORDS not in stream.getvalue()

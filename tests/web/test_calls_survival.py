"""A call is never left mute: Redis stops, and it says the emergency line and tries again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.carrier import Call, calling
from tests.conftest import unused_port
from tests.server import data_dir, new_number, running_server
from tests.web.test_survival import redis_of

pytestmark = pytest.mark.fault


def test_with_redis_stopped_a_call_says_the_emergency_line_and_goes_on_when_it_is_back(
    tmp_path: Path,
):
    with running_server(unused_port(), **data_dir(tmp_path)) as server:
        call = calling(server, new_number()).press("1").press("1").press("2")
        assert call.last.startswith("Did you faint")
        redis = redis_of(server)
        took: list[float] = []

        def post(path: str, form: Mapping[str, str]) -> bytes:
            begun = time.monotonic()
            answer = server.post(path, dict(form))
            took.append(time.monotonic() - begun)
            assert answer.status == 200
            os.kill(redis, signal.SIGCONT)  # back before the next try,
            time.sleep(1.5)  # which comes when the words were spoken
            return answer.body

        os.kill(redis, signal.SIGSTOP)
        try:
            call.post = post
            heard = len(call.said)
            call.press("2")
        finally:
            os.kill(redis, signal.SIGCONT)

        assert call.said[heard].words.startswith("Hang up and call 9 9 9 now")
        assert took[0] < 3
        assert call.listens
        assert call.last.startswith(("Did you faint", "Do you have any pain?"))
        call.post = lambda path, form: server.post(path, dict(form)).body
        call.press("2")
        assert not call.over


def test_with_redis_gone_for_good_a_call_ends_with_the_emergency_words_twice(tmp_path: Path):
    with running_server(unused_port(), **data_dir(tmp_path)) as server:
        redis = redis_of(server)
        os.kill(redis, signal.SIGSTOP)
        try:
            call = Call(lambda path, form: server.post(path, dict(form)).body, new_number()).begin()
        finally:
            os.kill(redis, signal.SIGCONT)

        assert call.over
        assert not call.fell_off
        assert call.words().count("call 9 9 9 now") >= 4
        assert call.documents[-1].endswith(b"<Hangup /></Response>")


def test_a_report_that_could_not_be_kept_is_not_taken_for_kept(tmp_path: Path):
    with running_server(unused_port(), **data_dir(tmp_path)) as server:
        call = calling(server, new_number()).press("1")
        form = call.form({"CallStatus": "completed"})
        redis = redis_of(server)
        os.kill(redis, signal.SIGSTOP)
        try:
            assert server.post("/twilio/voice/status", form).status == 503
        finally:
            os.kill(redis, signal.SIGCONT)
        time.sleep(1.5)  # a server that did not answer is not asked for a moment
        assert server.post("/twilio/voice/status", form).status == 204

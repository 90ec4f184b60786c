"""The whole way on real processes: `hotline serve`, `hotline worker`, Redis, a carrier's API."""

import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from redis import Redis

from hotline.escalation.board import Board
from hotline.escalation.rota_store import RotaStore
from hotline.session.opening import open_store
from tests.conftest import unused_port
from tests.escalation.scene import ANN, BEA, ROTA
from tests.escalation.test_scene import HEAVY
from tests.server import SECRET, environment, new_number, running_server

SECONDS = 20


@contextmanager
def running_worker(**more):
    """A real `hotline worker`, ended by SIGTERM."""
    command = [sys.executable, "-m", "hotline.cli", "worker"]
    process = subprocess.Popen(command, env=environment(0, **more), stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def until(holds):
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.timeout(120)
def test_an_emergency_is_paged_taken_by_text_and_reported_on(redis_url, standin):
    settings = {"HOTLINE_REDIS_URL": redis_url, "TWILIO_API_BASE_URL": standin.url}
    her = new_number()
    with running_server(unused_port(), **settings) as server, running_worker(**settings):
        store = open_store(Redis.from_url(redis_url), [SECRET], 1)
        RotaStore(store).save(ROTA, 0)
        board = Board(store)
        reply = server.text(HEAVY, her)
        assert "999" in reply.text
        until(lambda: standin.texts(ANN.phone) and standin.calls(BEA.phone))
        page = standin.texts(ANN.phone)[0].form
        address = urlsplit(page["StatusCallback"])
        report = {"MessageStatus": "delivered", "MessageSid": "SM1", "To": ANN.phone}
        assert server.post(f"{address.path}?{address.query}", report).status == 204
        call = urlsplit(standin.calls(BEA.phone)[0].form["Url"])
        said = server.post(f"{call.path}?{call.query}", {"CallSid": "CA1"})
        assert b"To take it, press 1" in said.body
        (escalation,) = board.open_ones()
        taken = server.text(f"take {escalation.code}", ANN.phone)
        assert f"{escalation.code} is yours" in taken.text
        until(lambda: any("has taken it" in a.form["Body"] for a in standin.texts(BEA.phone)))
        assert standin.texts(her) == []
        assert store.load(store.contact_of(ANN.phone)).session is None

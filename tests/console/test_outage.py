"""A Redis that does not answer: the console says so quickly and keeps out of her way."""

import time

import pytest

from hotline.console.pages import REST_SECONDS
from hotline.embedded import EmbeddedRedis
from hotline.runtime import wire
from hotline.session.connection import connect
from hotline.settings import read_settings
from tests.console.scene import Room
from tests.server import environment


@pytest.fixture
def own(tmp_path, library):
    """A room on a Redis of its own, which the test may stop."""
    with EmbeddedRedis(tmp_path) as server:
        settings = read_settings(environment(8000, HOTLINE_REDIS_URL=server.url))
        hotline = wire(settings, library, connect(server.url))
        yield Room(hotline), server
        hotline.close()


def test_consoles_ask_a_hanging_redis_once_in_a_while_only(own):
    room, _ = own
    desk = room.sits()
    store = room.hotline.client
    store.execute_command("CLIENT", "PAUSE", "6000", "ALL")
    began = time.monotonic()
    assert "does not answer" in desk.get("/", 503).text
    first = time.monotonic() - began
    began = time.monotonic()
    for _ in range(50):
        assert "does not answer" in desk.get("/now", 503, headers={"X-Live": "1"}).text
    assert time.monotonic() - began < min(REST_SECONDS, first + 1)
    desk.get("/sign-in", 503)
    desk.get("/static/console.css").close()

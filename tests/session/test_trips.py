"""Trips to a server that hangs: waited for as long as was said, then nobody asks for a moment."""

import time

import pytest

from hotline.embedded import EmbeddedRedis
from hotline.errors import StoreUnavailable
from hotline.session.connection import ANSWER_SECONDS, connect
from hotline.session.trips import REST_SECONDS, Trips


@pytest.fixture
def trips(tmp_path):
    with EmbeddedRedis(tmp_path) as server:
        client = connect(server.url)
        yield Trips(client)
        client.close()


@pytest.mark.parametrize("asked_before", [True, False])
def test_a_server_that_hangs_is_waited_for_once_and_then_refused_at_once(trips, asked_before):
    if asked_before:
        trips.ask("a", "PING")
    trips.client.execute_command("CLIENT", "PAUSE", "2500", "ALL")
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        trips.ask("a", "GET", "a")
    assert 0.9 * ANSWER_SECONDS < time.monotonic() - began < ANSWER_SECONDS + 0.5
    began = time.monotonic()
    with pytest.raises(StoreUnavailable, match="a moment ago"):
        trips.ask("a", "GET", "a")
    assert time.monotonic() - began < REST_SECONDS / 5


def test_after_the_hanging_the_answers_are_those_of_the_new_questions(trips):
    trips.ask("a", "SET", "a", "1")
    trips.client.execute_command("CLIENT", "PAUSE", "1500", "ALL")
    with pytest.raises(StoreUnavailable):
        trips.ask("a", "GET", "a")
    time.sleep(1)
    assert trips.ask("a", "SET", "a", "2") == b"OK"
    assert trips.ask("a", "GET", "a") == b"2"


def test_a_lost_connection_is_made_again(trips):
    trips.ask("a", "SET", "a", "1")
    trips.client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    assert trips.ask("a", "GET", "a") == b"1"
    assert trips.ask("a", "GET", "a") == b"1"


def test_a_record_of_many_parts_comes_whole(trips):
    large = b"x" * 5_000_000
    trips.ask("a", "SET", "a", large)
    assert trips.ask("a", "GET", "a") == large

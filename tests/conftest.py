"""What any test may ask for: a real Redis, an empty database in it, a free port."""

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pygal  # noqa: F401 - first, for what follows below
import pytest
import redis

from hotline.embedded import EmbeddedRedis
from hotline.runtime import Hotline, start_hotline
from hotline.settings import read_settings
from tests.server import Server, environment, running_server

# pygal's import hook is of a kind that Python no longer knows (it has no find_spec), and pytest
# asks every hook when it imports a test. It serves pygal's plugins only; we use none.
sys.meta_path[:] = [hook for hook in sys.meta_path if hasattr(hook, "find_spec")]

REPOSITORY = Path(__file__).parents[1]
os.environ.setdefault("XDG_CACHE_HOME", str(REPOSITORY / ".cache"))  # for the programs started too


def unused_port() -> int:
    """A TCP port on 127.0.0.1 that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout, for tests that read its files or start its programs."""
    return REPOSITORY


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    """One real redis-server for the whole run (one for each xdist worker)."""
    with EmbeddedRedis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: EmbeddedRedis) -> str:
    """The address of the test run's Redis, emptied before this test."""
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
    return redis_server.url


@pytest.fixture
def redis_client(redis_url: str) -> Iterator[redis.Redis]:
    """A client on the emptied Redis; answers are bytes."""
    with redis.Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def free_port() -> int:
    """A TCP port on 127.0.0.1 that nothing listened on a moment ago."""
    return unused_port()


@pytest.fixture(scope="module")
def server(redis_server: EmbeddedRedis) -> Iterator[Server]:
    """A real `hotline serve` process on the test run's Redis, one for each test module."""
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
    with running_server(unused_port(), HOTLINE_REDIS_URL=redis_server.url) as running:
        yield running


@pytest.fixture
def hotline(redis_url: str) -> Iterator[Hotline]:
    """All parts of a hotline in this process, on the emptied Redis, without a server."""
    running = start_hotline(read_settings(environment(8000, HOTLINE_REDIS_URL=redis_url)))
    try:
        yield running
    finally:
        running.close()

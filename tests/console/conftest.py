"""The room is empty at the beginning of each test; the flows are read once for all of them."""

import pytest

from hotline.runtime import library_at, wire
from hotline.session.connection import connect
from hotline.settings import read_settings
from tests.console.scene import Room
from tests.server import environment


@pytest.fixture(scope="session")
def library():
    return library_at(read_settings(environment(8000)).flows)


@pytest.fixture
def hotline(redis_url, library):
    settings = read_settings(environment(8000, HOTLINE_REDIS_URL=redis_url))
    running = wire(settings, library, connect(redis_url))
    yield running
    running.close()


@pytest.fixture
def room(hotline):
    return Room(hotline)

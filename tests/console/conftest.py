"""The room is empty at the beginning of each test."""

import pytest

from tests.console.scene import Room


@pytest.fixture
def room(hotline):
    return Room(hotline)

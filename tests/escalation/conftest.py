"""The scene, set for each test anew."""

import pytest

from tests.escalation.scene import Scene
from tests.standin import Standin


@pytest.fixture
def standin():
    with Standin() as server:
        yield server


@pytest.fixture
def scene(redis_url, standin):
    return Scene(redis_url, standin)

"""That a worker lives is told by the worker's own loop, not by the process being there."""

import time

from hotline.escalation.heartbeat import last_seen
from hotline.escalation.worker import Habits, Hands
from tests.escalation.scene import make_station


def test_a_worker_that_takes_tasks_is_seen_and_others_are_not(redis_url):
    station = make_station(redis_url, "http://127.0.0.1:1")
    assert last_seen(station.store) is None
    hands = Hands(station, Habits())
    hands.queue.prepare()
    assert hands.once() is False
    assert abs(time.time() * 1000 - last_seen(station.store)) < 5000

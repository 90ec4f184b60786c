"""What is counted, for Prometheus: numbers only, never a word or a number of hers.

Counters are kept by the process that serves the webhooks; what stands in Redis (queues, open
escalations, the worker's last sign of life) is read when Prometheus asks.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hotline.channels.delivery import read_report
from hotline.errors import HotlineError
from hotline.escalation.board import OPEN
from hotline.escalation.heartbeat import last_seen
from hotline.escalation.queue import LANES
from hotline.flow.events import DangerHeard, LevelGiven, Misunderstood
from hotline.session.connection import FAILURES
from hotline.session.store import Store
from hotline.session.turn import Taken

LATENCY = Histogram(
    "hotline_webhook_seconds",
    "Time from a webhook's arrival to its reply",
    ["channel"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5),
)
TURNS = Counter("hotline_turns_total", "Inputs taken", ["channel", "delivery"])
SAFE_REPLIES = Counter("hotline_safe_replies_total", "Safe replies given", ["channel"])
SESSIONS = Counter("hotline_sessions_total", "Sessions begun", ["channel"])
LEVELS = Counter("hotline_levels_total", "Levels told", ["level", "channel"])
TIME_TO_LEVEL = Histogram(
    "hotline_time_to_level_seconds",
    "Time from the first input of a session to its level",
    ["channel"],
    buckets=(1, 10, 30, 60, 120, 180, 300, 600, 1200, 3600),
)
MISUNDERSTOOD = Counter(
    "hotline_misunderstood_total", "Inputs that were no answer", ["question", "language"]
)
DANGERS = Counter("hotline_dangers_total", "Dangers heard in free words", ["danger"])
CONFLICTS = Counter("hotline_commit_conflicts_total", "Commits that somebody else was faster than")
REPORTS = Counter("hotline_delivery_reports_total", "Delivery reports taken", ["state"])

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus_client's own setting: a folder in which several web processes add up."""


def count_turn(channel: str, taken: Taken) -> None:
    """Count what a committed turn led to; a repeated delivery leads to nothing."""
    _turns(channel, "new" if taken.fresh else "repeated").inc()
    if taken.tries > 1:
        CONFLICTS.inc(taken.tries - 1)
    turned, session = taken.turned, taken.session
    if turned is None or session is None:
        return
    if session.opened == session.updated:
        SESSIONS.labels(channel).inc()
    for event in turned.events:
        match event:
            case LevelGiven(level, repeated=False):
                LEVELS.labels(level.value, channel).inc()
                waited = (session.updated - session.opened) / 1000
                TIME_TO_LEVEL.labels(channel).observe(waited)
            case Misunderstood(question):
                MISUNDERSTOOD.labels(question, session.language).inc()
            case DangerHeard(dangers):
                for danger in dangers:
                    DANGERS.labels(danger).inc()
            case _:
                pass


@lru_cache(maxsize=16)
def _turns(channel: str, delivery: str) -> Counter:
    """The counter of these labels, which the library would look up under a lock each time."""
    return TURNS.labels(channel, delivery)


def count_report(form: Mapping[str, str]) -> None:
    """Count a delivery report by the state it tells."""
    report = read_report("counted", form)
    if report is not None:
        REPORTS.labels(report.state.value).inc()


def exposition(store: Store) -> bytes:
    """Everything in Prometheus's text format."""
    registry = CollectorRegistry()
    registry.register(StoreCollector(store))
    if os.environ.get(MULTIPROCESS):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest() + generate_latest(registry)


class StoreCollector(Collector):
    """Reads what stands in Redis. Without Redis it tells only that there is none."""

    def __init__(self, store: Store) -> None:
        """Nothing is read yet."""
        self._store = store

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Queue depth and age by lane, open escalations and the oldest, the worker, Redis."""
        try:
            found = [*self._queues(), *self._escalations(), *self._worker()]
        except (*FAILURES, HotlineError):
            found = []
        yield from found
        up = GaugeMetricFamily("hotline_redis_up", "1 when Redis answered this scrape")
        up.add_metric([], float(bool(found)))
        yield up

    def _queues(self) -> Iterable[GaugeMetricFamily]:
        depth = GaugeMetricFamily(
            "hotline_queue_depth", "Tasks that are due, those in work included", labels=["lane"]
        )
        age = GaugeMetricFamily(
            "hotline_queue_age_seconds", "For how long the oldest of them is due", labels=["lane"]
        )
        client, now = self._store.client, time.time()
        for lane in LANES:
            waiting, oldest = 0, now
            for keys in self._store.all_keys():
                waiting += int(client.xlen(keys.lane(lane)))
                rows = client.xrange(keys.lane(lane), count=1)
                if rows:
                    oldest = min(oldest, int(rows[0][0].split(b"-")[0]) / 1000)
            depth.add_metric([lane.value], waiting)
            age.add_metric([lane.value], max(0.0, now - oldest))
        later = GaugeMetricFamily("hotline_tasks_later", "Tasks that wait for their time")
        later.add_metric([], sum(int(client.zcard(keys.due)) for keys in self._store.all_keys()))
        return depth, age, later

    def _escalations(self) -> Iterable[GaugeMetricFamily]:
        count, oldest = 0, time.time()
        for keys in self._store.all_keys():
            index = keys.index(OPEN)
            count += int(self._store.client.zcard(index))
            for _, opened in self._store.client.zrange(index, 0, 0, withscores=True):
                oldest = min(oldest, opened / 1000)
        still = GaugeMetricFamily("hotline_escalations_open", "Escalations nobody resolved")
        still.add_metric([], count)
        age = GaugeMetricFamily("hotline_escalation_oldest_seconds", "Age of the oldest of them")
        age.add_metric([], max(0.0, time.time() - oldest))
        return still, age

    def _worker(self) -> Iterable[GaugeMetricFamily]:
        seen = GaugeMetricFamily(
            "hotline_worker_seen_seconds", "How long ago a worker last came by (-1: never)"
        )
        last = last_seen(self._store)
        seen.add_metric([], -1.0 if last is None else max(0.0, time.time() - last / 1000))
        return (seen,)

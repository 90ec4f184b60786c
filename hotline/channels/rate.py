"""How fast one of our numbers may send: a token bucket in which an emergency never waits."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Bucket:
    """`tokens` are what may go at once; below zero an emergency has drawn ahead."""

    tokens: float
    filled: datetime


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_second` segments in the long run, `burst` of them at once.

    A US long code carries about one segment a second; what is sent faster queues at the carrier
    for up to 10 hours (TWILIO.md F16), and there an emergency would stand at the end of the queue.
    """

    per_second: float = 1.0
    burst: float = 5.0


def take(
    bucket: Bucket | None, rate: Rate, cost: float, now: datetime, *, urgent: bool
) -> tuple[Bucket, timedelta]:
    """The bucket after `cost` segments are taken, and how long to wait before they may go.

    They are taken at once, so each that waits has a place of its own and nobody asks again. An
    `urgent` one never waits: it draws ahead and the others wait longer.
    """
    current = bucket or Bucket(rate.burst, now)
    passed = max(0.0, (now - current.filled).total_seconds())
    tokens = min(rate.burst, current.tokens + passed * rate.per_second)
    missing = 0.0 if urgent else max(0.0, min(cost, rate.burst) - tokens)
    filled = Bucket(tokens - cost, max(now, current.filled))
    return filled, timedelta(seconds=missing / rate.per_second)


class Pace:
    """The buckets of our numbers in this process."""

    def __init__(self, rate: Rate, clock: Callable[[], datetime]) -> None:
        """`clock` gives the present as an aware datetime."""
        self._rate = rate
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}
        self._lock = threading.Lock()

    def wait(
        self, number: str, segments: int, *, urgent: bool, most: timedelta = timedelta.max
    ) -> timedelta:
        """Take what a send from `number` costs; how long to wait before it may go.

        Over `most` nothing is taken: ask again after that time.
        """
        with self._lock:
            bucket, wait = take(
                self._buckets.get(number), self._rate, segments, self._clock(), urgent=urgent
            )
            if wait <= most:
                self._buckets[number] = bucket
            return wait

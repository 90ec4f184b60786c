"""The load generator: a process of its own that sends prepared requests and takes the time."""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass, field

from hotline.bench.people import Carrier

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length: "
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send. `rate` is requests a second (0: as fast as they are answered).

    `requests` is how many are prepared for each connection; `first` the first person's number.
    """

    port: int
    public_url: str
    token: str
    path: str
    seconds: float
    connections: int = 16
    requests: int = 1000
    first: int = 0
    rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back: answers, the seconds they took in all, percentiles in milliseconds.

    `own_share` is the share of the time in which the generator itself was busy on the processor:
    near 1 it would be the bottleneck.
    """

    answers: int
    seconds: float
    bad: int
    median_ms: float
    p95_ms: float
    p99_ms: float
    own_share: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


@dataclass(slots=True)
class _Wire:
    socket: socket.socket
    waiting: deque[bytes]
    began: float = 0.0
    busy: bool = False
    taken: bytearray = field(default_factory=bytearray)


class Load:
    """One run of a plan, by one thread over non-blocking sockets."""

    def __init__(self, plan: Plan) -> None:
        """Prepare and sign every request; nothing is sent yet."""
        carrier = Carrier(plan.public_url, plan.token)
        self._plan = plan
        self._times: list[float] = []
        self._bad = 0
        lines = [
            deque(carrier.line(plan.first + n, plan.connections, plan.requests, plan.path))
            for n in range(plan.connections)
        ]
        self._wires = [
            _Wire(socket.create_connection(("127.0.0.1", plan.port)), line) for line in lines
        ]
        self._selector = selectors.DefaultSelector()
        for wire in self._wires:
            wire.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(wire.socket, selectors.EVENT_READ, wire)
        self._free: deque[_Wire] = deque(self._wires)
        self._due = 0.0

    def run(self) -> Outcome:
        """Send for the plan's seconds, or until the prepared requests are used up."""
        began, own = time.perf_counter(), time.process_time()
        stop = began + self._plan.seconds
        self._due = began
        last = began
        while True:
            now = time.perf_counter()
            if now < stop:
                self._send_due(now)
            if not any(wire.busy for wire in self._wires) and (now >= stop or self._used_up()):
                break
            for key, _ in self._selector.select(self._pause(now)):
                last = self._receive(key.data)
        spent = last - began
        return self._outcome(spent, (time.process_time() - own) / spent)

    def _pause(self, now: float) -> float:
        return max(0.0, min(0.05, self._due - now)) if self._plan.rate else 0.05

    def _used_up(self) -> bool:
        return not any(wire.waiting for wire in self._wires)

    def _send_due(self, now: float) -> None:
        rate = self._plan.rate
        while self._free and (not rate or self._due <= now):
            wire = self._free.popleft()
            if not wire.waiting:
                continue
            wire.began = self._due if rate else now
            wire.busy = True
            wire.socket.sendall(wire.waiting.popleft())
            if rate:
                self._due += 1.0 / rate

    def _receive(self, wire: _Wire) -> float:
        part = wire.socket.recv(65536)
        now = time.perf_counter()
        if not part:
            raise ConnectionError("the server closed the connection")
        wire.taken += part
        if whole(wire.taken):
            self._times.append(now - wire.began)
            good = wire.taken.startswith(b"HTTP/1.1 200") and b"Respon" in wire.taken
            self._bad += not good
            wire.taken.clear()
            wire.busy = False
            self._free.append(wire)
        return now

    def _outcome(self, spent: float, own: float) -> Outcome:
        times = sorted(self._times)

        def percentile(percent: float) -> float:
            return times[min(len(times) - 1, int(len(times) * percent / _PERCENT))] * 1000

        for wire in self._wires:
            wire.socket.close()
        found = (percentile(50), percentile(95), percentile(99))
        return Outcome(len(times), spent, self._bad, *found, own_share=own)


def whole(taken: bytearray) -> bool:
    """Whether all of an answer with a Content-Length is there."""
    head = taken.find(_END_OF_HEAD)
    if head < 0:
        return False
    at = taken.find(_LENGTH, 0, head)
    if at < 0:
        at = taken.lower().find(_LENGTH, 0, head)
    end = taken.find(b"\r", at)
    length = int(taken[at + len(_LENGTH) : end])
    return len(taken) >= head + len(_END_OF_HEAD) + length


def main() -> None:
    """Run the plan on standard input (JSON) and write its outcome (JSON)."""
    load = Load(Plan(**json.load(sys.stdin)))
    print("ready", flush=True)  # noqa: T201 the protocol with the bench
    print(json.dumps(asdict(load.run())))  # noqa: T201 the same


if __name__ == "__main__":
    main()

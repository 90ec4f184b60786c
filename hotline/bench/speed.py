"""The webhook against the floor in the same run, by turns: both see the same machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from statistics import median

from hotline.bench.figures import Figure
from hotline.bench.floor import FLOOR, HELLO
from hotline.bench.load import Outcome, Plan
from hotline.bench.processes import Web, drive, floor_web, free_port, hotline_web

SMS = "/twilio/sms"
_PEOPLE_APART = 200_000
_EACH_SECOND = 400
_OURS_EACH_SECOND = 150
"""How many requests are prepared for each connection and second: more than a server answers."""

Say = Callable[[str], None]


@dataclass
class Raw:
    """Everything that was measured, as it came."""

    rounds: list[dict[str, object]] = field(default_factory=list)
    first: int = 0

    def drive(self, web: Web, path: str, seconds: float, rate: float = 0.0) -> Outcome:
        """One run of load; every run has people of its own."""
        self.first += _PEOPLE_APART
        each = _OURS_EACH_SECOND if path == SMS else _EACH_SECOND
        prepared = 50 + int(seconds * each)
        plan = Plan(web.port, web.url, web.token, path, seconds, requests=prepared)
        plan = Plan(**{**asdict(plan), "first": self.first % 90_000_000, "rate": rate})
        outcome = drive(plan)[0]
        self.rounds.append({"path": path, "rate": rate, **asdict(outcome)})
        if outcome.bad:
            raise RuntimeError(f"{outcome.bad} of {outcome.answers} answers were not what they are")
        return outcome


def measure_speed(
    env: Mapping[str, str], rounds: int, seconds: float, say: Say
) -> tuple[list[Figure], Raw]:
    """Requests a second of the webhook, the floor and a bare hello, and their 99th percentiles."""
    raw = Raw()
    with hotline_web(env) as first:
        cold = first.ready_seconds
    with hotline_web(env) as web, floor_web(env) as floor:
        peaks = _peaks(raw, (web, floor), rounds, seconds, say)
        tails = _tails(raw, (web, floor), peaks, rounds, seconds)
        refused = _safe_replies(web)
        memory = web.memory_mb()
    ours, theirs, hello = (median(column) for column in zip(*peaks, strict=True))
    own = max(float(str(one["own_share"])) for one in raw.rounds)
    return [
        Figure("webhook, one process, requests a second", ours, "/s"),
        Figure("floor on the same server", theirs, "/s"),
        Figure("bare hello on the same server", hello, "/s"),
        Figure("webhook against the floor", median(a / b for a, b, _ in peaks), "x", least=0.70),
        Figure("webhook against a bare hello", median(a / c for a, _, c in peaks), "x", least=0.20),
        Figure("webhook, 99th percentile at half its peak", median(a for a, _ in tails), "ms"),
        Figure("floor, 99th percentile at half its peak", median(b for _, b in tails), "ms"),
        Figure(
            "99th percentile against the floor's", median(a / b for a, b in tails), "x", most=2.5
        ),
        Figure("safe replies during all that", refused, "", most=0),
        Figure("web process, memory after the load", memory, "MB", most=150),
        Figure("start: hotline serve ready", web.ready_seconds, "s", most=2.0),
        Figure("the first start with these word lists, which it compiles", cold, "s"),
        Figure("load generator, share of one processor", own, "x", most=0.8),
    ], raw


def _peaks(
    raw: Raw, webs: tuple[Web, Web], rounds: int, seconds: float, say: Say
) -> list[tuple[float, float, float]]:
    web, floor = webs
    raw.drive(web, SMS, 0.5)
    raw.drive(floor, FLOOR, 0.5)
    found = []
    for number in range(rounds):
        ours = raw.drive(web, SMS, seconds).per_second
        theirs = raw.drive(floor, FLOOR, seconds).per_second
        hello = raw.drive(floor, HELLO, seconds / 2).per_second
        found.append((ours, theirs, hello))
        say(f"round {number + 1}: {ours:.0f}/s, floor {theirs:.0f}/s, hello {hello:.0f}/s")
    return found


def _tails(
    raw: Raw,
    webs: tuple[Web, Web],
    peaks: list[tuple[float, float, float]],
    rounds: int,
    seconds: float,
) -> list[tuple[float, float]]:
    web, floor = webs
    ours, theirs, _ = (median(column) for column in zip(*peaks, strict=True))
    return [
        (
            raw.drive(web, SMS, seconds, ours / 2).p99_ms,
            raw.drive(floor, FLOOR, seconds, theirs / 2).p99_ms,
        )
        for _ in range(rounds)
    ]


def _safe_replies(web: Web) -> float:
    lines = web.get("/metrics").splitlines()
    return sum(
        float(line.split()[-1]) for line in lines if line.startswith("hotline_safe_replies_total")
    )


def measure_two(env: Mapping[str, str], rounds: int, seconds: float) -> Figure:
    """What a second web process adds; load, Redis and both share this machine's processors."""
    raw, found = Raw(first=40_000_000), []
    with hotline_web(env) as one, hotline_web(_elsewhere(env), workers=2) as two:
        for _ in range(rounds):
            alone = raw.drive(one, SMS, seconds).per_second
            found.append(raw.drive(two, SMS, seconds).per_second / alone)
    remark = "load generator and Redis need the same processors"
    return Figure("two web processes against one", median(found), "x", least=1.6, remark=remark)


def _elsewhere(env: Mapping[str, str]) -> dict[str, str]:
    return {**env, "HOTLINE_PUBLIC_URL": f"http://127.0.0.1:{free_port()}"}

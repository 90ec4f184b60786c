"""What many stored sessions cost: the webhook's throughput, the console's lists, the memory."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from statistics import median

from hotline.bench.consoles import Visit
from hotline.bench.crowd import OLD_FLOW, build
from hotline.bench.figures import Figure
from hotline.bench.processes import Web, free_port, hotline_web
from hotline.bench.speed import SMS, Raw, Say
from hotline.bench.watching import PASSWORD, make_nurses
from hotline.embedded import EmbeddedRedis
from hotline.session.connection import connect

_NEXT = re.compile(r'<a href="([^"]+)" rel="next"')
_TIMES = 3
_OK = 200


def list_queries(now: datetime) -> list[str]:
    """The list without and with each filter, and combinations of two and more."""
    week = f"from={now - timedelta(days=10):%Y-%m-%d}&to={now - timedelta(days=4):%Y-%m-%d}"
    alone = [
        *("", "level=emergency", "level=soon", "level=none", "standing=open", "standing=ended"),
        *("channel=voice", "channel=sms", "language=es", "language=en", "country=IN", "country=GB"),
        *("country=unknown", f"flow={OLD_FLOW}", week, "danger=seizure", "person=1"),
    ]
    together = [
        *("level=emergency&language=hi", "level=soon&country=GB", "danger=seizure&country=IN"),
        *("person=1&channel=voice", f"level=urgent&{week}", f"flow={OLD_FLOW}&level=soon"),
        *("standing=open&language=en", f"danger=collapse&{week}", "standing=staff&level=soon"),
        "level=soon&channel=sms&language=en&country=GB",
        "person=1&level=self_care&channel=voice&language=hi&country=US",
    ]
    return [*alone, *together]


def measure_growth(
    env: Mapping[str, str], folder: Path, sessions: int, runs: tuple[int, float], say: Say
) -> tuple[list[Figure], Raw]:
    """Two stores side by side, one of them with so many sessions; rounds alternate.

    The lists are asked for over HTTP by a signed-in nurse: whole pages, one at a time.
    """
    raw = Raw(first=70_000_000)
    with EmbeddedRedis(folder / "empty") as one, EmbeddedRedis(folder / "full") as two:
        small, large = (_on(env, redis.url) for redis in (one, two))
        client = connect(two.url)
        client.config_set("appendfsync", "no")
        took = build(large, sessions)
        client.config_set("appendfsync", "always")
        say(f"{sessions} sessions stored in {took:.0f} s")
        client.close()
        with hotline_web(small) as empty, hotline_web(large) as full:
            kept = _throughput(raw, (empty, full), runs, say)
            before, after = _lists(small, empty), _lists(large, full)
            grown = full.memory_mb() - empty.memory_mb()
    raw.rounds.append({"lists_ms": after, "lists_without_ms": before})
    slowest, query = max((ms, query) for query, ms in after.items())
    name = f"with {sessions} sessions"
    remark = f"slowest: {query or 'all'}"
    return [
        Figure(f"{name}: storing them", took, "s"),
        Figure(f"{name}: throughput", kept, "x", least=0.9),
        Figure(f"{name}: first page", after[""], "ms", most=300),
        Figure(f"{name}: slowest filter", slowest, "ms", most=300, remark=remark),
        Figure(f"{name}: median filter", median(after.values()), "ms"),
        Figure("the same filters without them", median(before.values()), "ms"),
        Figure(f"{name}: more memory in the web process", grown, "MB", most=10),
    ], raw


def _on(env: Mapping[str, str], url: str) -> dict[str, str]:
    address = f"http://127.0.0.1:{free_port()}"
    return {**env, "HOTLINE_REDIS_URL": url, "HOTLINE_PUBLIC_URL": address}


def _throughput(raw: Raw, webs: tuple[Web, Web], runs: tuple[int, float], say: Say) -> float:
    rounds, seconds = runs
    found = []
    for web in webs:
        raw.drive(web, SMS, 0.5)
    for number in range(rounds):
        order = webs if number % 2 == 0 else webs[::-1]
        by_web = {web.port: raw.drive(web, SMS, seconds).per_second for web in order}
        alone, many = (by_web[web.port] for web in webs)
        found.append(many / alone)
        say(f"growth {number + 1}: {alone:.0f}/s without, {many:.0f}/s with them")
    return median(found)


def _lists(env: Mapping[str, str], web: Web) -> dict[str, float]:
    """Milliseconds for each query's first page, and for the page after the first page of all."""
    [name] = make_nurses(env, 1)
    visit = Visit(web.port)
    visit.sign_in(name, PASSWORD)
    found = {}
    for query in list_queries(datetime.now(UTC)):
        path = f"/console/sessions?{query}"
        found[query], page = _timed(visit, path)
        following = _NEXT.search(page)
        if following is not None:
            found[f"{query} (next page)"], _ = _timed(visit, unescape(following[1]))
    return found


def _timed(visit: Visit, path: str) -> tuple[float, str]:
    times, text = [], ""
    for _ in range(_TIMES):
        began = time.perf_counter()
        status, text = visit.ask("GET", path)
        times.append((time.perf_counter() - began) * 1000)
        if status != _OK:
            raise RuntimeError(f"{path} was answered with {status}")
    return median(times), text

"""What open consoles cost the webhook: rounds at its peak, by turns with and without them."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import IO

from hotline.bench.consoles import END, GO, REST, Staff, Watched
from hotline.bench.figures import Figure
from hotline.bench.processes import Web, hotline_web
from hotline.bench.speed import SMS, Raw, Say
from hotline.console.accounts import Accounts
from hotline.console.rights import Role
from hotline.session.connection import connect
from hotline.session.opening import open_store

PASSWORD = secrets.token_urlsafe(16)
_ACCOUNTS = 10


class Watching:
    """The process with the open consoles: `go` and `rest` as told, `leave` at the end."""

    def __init__(self, process: subprocess.Popen[str], told: IO[str]) -> None:
        """Everybody is signed in; nobody asks yet."""
        self._process = process
        self._told = told

    def tell(self, word: str) -> None:
        """One of GO, REST, END."""
        self._told.write(f"{word}\n")
        self._told.flush()

    def leave(self) -> Watched:
        """Close all consoles; what they got."""
        self.tell(END)
        said = self._process.stdout.read() if self._process.stdout else ""
        return Watched(**json.loads(said.splitlines()[-1]))


@contextmanager
def watching(env: Mapping[str, str], web: Web, count: int) -> Iterator[Watching]:
    """So many nurses with an open Now page, in a process of their own."""
    names = make_nurses(env, count)
    process = subprocess.Popen(
        [sys.executable, "-m", "hotline.bench.consoles"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no way to tell the consoles what to do")
    try:
        process.stdin.write(json.dumps(asdict(Staff(web.port, names, PASSWORD))) + "\n")
        process.stdin.flush()
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError("the consoles could not sign in")
        yield Watching(process, process.stdin)
    finally:
        process.kill()
        process.wait()


def make_nurses(env: Mapping[str, str], count: int) -> list[str]:
    """Who sits at so many consoles: accounts with a nurse's rights, several visits of each."""
    client = connect(env["HOTLINE_REDIS_URL"])
    accounts = Accounts(open_store(client, [env["HOTLINE_SECRET_KEY"]], 1))
    names = [f"bench{number}" for number in range(min(count, _ACCOUNTS))]
    known = {one.name for one in accounts.all()}
    for name in names:
        if name not in known:
            accounts.add(name, Role.NURSE, PASSWORD)
    client.close()
    return [names[number % len(names)] for number in range(count)]


def measure_consoles(
    env: Mapping[str, str], count: int, runs: tuple[int, float], say: Say
) -> tuple[list[Figure], Raw]:
    """The share of the webhook's peak that is left while so many consoles are open."""
    rounds, seconds = runs
    raw, pairs = Raw(first=50_000_000), list[tuple[_Run, _Run]]()
    with hotline_web(env) as web, watching(env, web, count) as consoles:
        raw.drive(web, SMS, 0.5)
        for number in range(rounds):
            # Each first in turn, so that what else the machine does falls on both.
            order = (REST, GO) if number % 2 == 0 else (GO, REST)
            runs_of = {told: _run(raw, web, consoles, told, seconds) for told in order}
            pairs.append((runs_of[REST], runs_of[GO]))
            alone, watched = (run.per_second for run in pairs[-1])
            say(f"consoles {number + 1}: {alone:.0f}/s alone, {watched:.0f}/s with {count} open")
        got = consoles.leave()
    raw.rounds.append({"consoles": count, **asdict(got)})
    if got.bad or not got.changed:
        raise RuntimeError(f"the consoles got {got.bad} bad answers and {got.changed} good ones")
    remark = f"{got.changed} pages anew, {got.same} unchanged, {got.bytes / 1e6:.1f} MB"
    kept = median(watched.per_second / alone.per_second for alone, watched in pairs)
    cost = median(watched.each_ms / alone.each_ms for alone, watched in pairs)
    slowest = quantiles(got.times, n=20)[-1]
    return [
        Figure(f"webhook with {count} live consoles", kept, "x", least=0.9, remark=remark),
        Figure("the same by the web process' time alone", 1 / cost, "x"),
        Figure("a console's answer, 95th percentile", slowest, "ms"),
    ], raw


@dataclass(frozen=True, slots=True)
class _Run:
    """Texts a second, and the web process' time for each (ms), consoles included."""

    per_second: float
    each_ms: float


def _run(raw: Raw, web: Web, consoles: Watching, told: str, seconds: float) -> _Run:
    consoles.tell(told)
    before = web.busy_seconds()
    outcome = raw.drive(web, SMS, seconds)
    spent = web.busy_seconds() - before
    consoles.tell(REST)
    return _Run(outcome.per_second, 1000 * spent / outcome.answers)

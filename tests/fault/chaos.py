"""The chaos: people who text, parts that die, and what must hold when it is quiet again."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import redis

from hotline.bench.people import talk_of
from hotline.embedded import EmbeddedRedis
from hotline.escalation.board import Board
from hotline.escalation.rota_store import RotaStore
from hotline.flow.levels import Level
from hotline.flow.library import Library
from hotline.session.connection import connect
from hotline.session.indexes import indexes_of
from hotline.session.opening import open_store
from hotline.session.records import Session
from hotline.session.replay import replay
from hotline.session.store import Loaded, Store
from tests.conftest import unused_port
from tests.escalation.scene import ROTA, SECRET
from tests.fault.callers import Callers
from tests.fault.carrier import Answer, Carrier, Crowd
from tests.fault.disk import Disk
from tests.server import Server, start_server

HEAVY = "help I am soaking a pad an hour"


@dataclass
class Webs:
    """Web servers that are started again when they die, as a service manager does."""

    redis_url: str
    carrier_url: str
    ports: list[int]
    running: dict[int, Server] = field(default_factory=dict)
    starting: list[threading.Thread] = field(default_factory=list)
    stopping: bool = False

    def start(self) -> None:
        threads = [threading.Thread(target=self.start_one, args=(port,)) for port in self.ports]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(self.running) == len(self.ports)

    def start_one(self, port: int) -> None:
        while not self.stopping:
            try:
                self.running[port] = start_server(
                    port,
                    HOTLINE_REDIS_URL=self.redis_url,
                    HOTLINE_SECRET_KEY=SECRET,
                    TWILIO_API_BASE_URL=self.carrier_url,
                    HOTLINE_LOG_LEVEL="error",
                )
            except (AssertionError, ProcessLookupError):  # Redis was away while it started
                continue
            return

    def kill(self, port: int) -> None:
        """SIGKILL to a server and all its processes; another one is on its way."""
        server = self.running.pop(port, None)
        if server is not None:
            with contextlib.suppress(ProcessLookupError):
                server.kill()
            thread = threading.Thread(target=self.start_one, args=(port,), daemon=True)
            thread.start()
            self.starting.append(thread)

    def stop(self) -> None:
        self.stopping = True
        for thread in self.starting:
            thread.join(30)
        for server in list(self.running.values()):
            server.kill()


@dataclass
class Workers:
    """Worker processes; a killed one is replaced."""

    redis_url: str
    carrier_url: str
    pids: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.nursery = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.escalation.worker_main",
                self.redis_url,
                self.carrier_url,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
            text=True,
        )

    def add(self) -> None:
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write("\n")
        self.nursery.stdin.flush()
        line = self.nursery.stdout.readline()
        while line and not line.strip().isdigit():  # the workers write their log to the same pipe
            line = self.nursery.stdout.readline()
        self.pids.append(int(line))

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pids.pop(0), signal.SIGKILL)
        self.add()

    def stop(self) -> None:
        self.nursery.kill()
        self.nursery.wait()
        for pid in self.pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pipe in (self.nursery.stdin, self.nursery.stdout):
            assert pipe is not None
            pipe.close()


class People:
    """Simulated people: each texts her talk, one after another; some deliveries come twice."""

    def __init__(self, carrier: Carrier, count: int, threads: int, seed: int) -> None:
        self._carrier = carrier
        self._chance = [random.Random(seed + n) for n in range(threads)]  # noqa: S311 load
        self._turns = [0] * count
        self._threads = threads
        self._next = list(range(threads))
        self.doubled: list[tuple[Answer, Answer]] = []

    def text(self, place: int) -> None:
        """The next person of this thread texts the next line of her talk."""
        person = self._next[place]
        self._next[place] = (person + self._threads) % len(self._turns)
        turn, chance = self._turns[person], self._chance[place]
        talk = talk_of(person)
        words = HEAVY if chance.random() < 0.03 else talk[turn % len(talk)]
        number = f"+44770{turn // 10:03d}{person:04d}"  # a new number after ten texts
        self._turns[person] += 1
        answer = self._carrier.text(number, words)
        if answer is not None and chance.random() < 0.1:
            again = self._carrier.text(number, words, answer.sid)
            if again is not None:
                self.doubled.append((answer, again))
        time.sleep(0.02)


@dataclass
class Chaos:
    """Everything together, and what to do to it."""

    folder: Path
    disk: Disk
    standin_url: str
    seed: int = 1
    people: int = 120
    callers: int = 80
    threads: int = 6
    lines: int = 4
    done: Counter = field(default_factory=Counter)

    def run(self, faults: list[str], pause: float) -> tuple[Carrier, People, Callers, Store]:
        """Let people text and call while these faults come; then wait until it is quiet."""
        server = EmbeddedRedis(self.folder / "redis", program=self.disk.program)
        self.redis = server
        self._store = open_store(connect(server.url), [SECRET], 1)
        RotaStore(self._store).save(ROTA, 0)
        webs = Webs(server.url, self.standin_url, [unused_port(), unused_port()])
        workers = Workers(server.url, self.standin_url)
        try:
            webs.start()
            workers.add()
            workers.add()
            carrier = Carrier(webs.ports)
            people, crowd = People(carrier, self.people, self.threads, self.seed), Crowd()
            callers = Callers(carrier, self.callers, self.lines, self.seed)
            crowd.start(self.threads, people.text)
            crowd.start(self.lines, callers.step)
            time.sleep(1.0)
            for fault in faults:
                self.cause(fault, webs, workers)
                time.sleep(pause)
            time.sleep(2.0)
            crowd.stop()
            self._await_pages()
        finally:
            webs.stop()
            workers.stop()
        return carrier, people, callers, self._store

    def cause(self, fault: str, webs: Webs, workers: Workers) -> None:
        self.done[fault] += 1
        match fault:
            case "web":
                webs.kill(webs.ports[self.done[fault] % 2])
            case "worker":
                workers.kill()
            case "redis":
                with contextlib.suppress(ProcessLookupError):  # it may be on its way up again
                    os.kill(self.redis.pid, signal.SIGKILL)
            case "disk":
                self.disk.fill()
                time.sleep(0.3)
                self.disk.free()
            case _:
                self._disturb(fault)

    def _disturb(self, fault: str) -> None:
        """Drop every connection, or hold Redis up for longer than a webhook waits."""
        slow = ("DEBUG", "SLEEP", 1.3)
        command = ("CLIENT", "KILL", "TYPE", "normal") if fault == "drop" else slow
        client = redis.Redis.from_url(self.redis.url, socket_timeout=3)
        with client, contextlib.suppress(redis.RedisError):
            client.execute_command(*command)

    def _await_pages(self, seconds: float = 25.0) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(Exception):
                if not unpaged(self._store):
                    return
            time.sleep(0.2)


def sessions(store: Store) -> list[Loaded]:
    """Every session that is stored, the archived ones too."""
    found = []
    for keys in store.all_keys():
        ids = store.client.zrange(keys.index("all"), 0, -1)
        found += [store.load_by_id(one.decode()) for one in ids]
    return found


def unpaged(store: Store) -> list[str]:
    """The sessions at the level emergency of which no person was told."""
    board, found = Board(store), []
    for loaded in sessions(store):
        session = loaded.session
        if session is not None and session.state.level is Level.EMERGENCY:
            posted = board.load(session.id).escalation
            if posted is None or not posted.paged:
                found.append(session.id)
    return found


def faults_of(library: Library, store: Store, loaded: Loaded) -> list[str]:
    """What is impossible about a stored session, each as a sentence."""
    session = loaded.session
    if session is None:
        return ["an index names a session that is not there"]
    flow = library.flow_of(session.flow)
    entries = [entry for _, entry in store.entries(loaded)]
    again = replay(flow, session, entries)
    found = []
    if len(entries) != len(loaded.entries):
        found.append("an entry that the session names is not in the log")
    if again.told != session.state.level:
        found.append(f"level {session.state.level}, but its log leads to {again.told}")
    if not again.same:
        found.append("the log leads to other answers or dangers")
    if session.state.question is not None and session.state.question not in flow.by_id:
        found.append("an open question that does not exist")
    if session.state.ended and session.state.question is not None:
        found.append("ended with a question open")
    return found + index_faults(store, session)


def index_faults(store: Store, session: Session) -> list[str]:
    """Lists that a session stands in without belonging there, or belongs in and does not."""
    keys = store.keys(session.contact)
    prefix = keys.index("")
    names = [key.decode().removeprefix(prefix) for key in store.client.scan_iter(f"{prefix}*")]
    held = {n for n in names if store.client.zscore(keys.index(n), session.id) is not None}
    held -= {"escalations", "callbacks"}  # the worker's lists, not the session's
    return [] if held == indexes_of(session) else [f"stands in {sorted(held)}"]

"""Real Redis servers in the shapes a nation runs: a cluster of 3+3; 1+2 with three sentinels."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis

from hotline.embedded import find_redis_server

NODE_TIMEOUT_MS = 2000
DOWN_AFTER_MS = 1000
SLOTS = 16384
NAME = "hotline"


@dataclass
class Node:
    """One redis-server process on a port of this machine."""

    port: int
    process: subprocess.Popen[bytes]
    folder: Path

    def client(self) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=2, decode_responses=True)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)


@dataclass
class Servers:
    """The running servers and the address that the hotline is given for them."""

    url: str
    nodes: list[Node] = field(default_factory=list)
    sentinels: list[Node] = field(default_factory=list)

    def primary_of_slot(self, slot: int) -> Node:
        ports = self.slot_ports()
        return next(n for n in self.nodes if n.port == ports[slot])

    def slot_ports(self) -> dict[int, int]:
        for node in self.nodes:
            try:
                rows = node.client().execute_command("CLUSTER SLOTS")
            except redis.RedisError:
                continue
            return {s: int(r[2][1]) for r in rows for s in range(int(r[0]), int(r[1]) + 1)}
        raise AssertionError("no node of the cluster answers")

    def sentinel_primary(self) -> Node:
        for sentinel in self.sentinels:
            with contextlib.suppress(redis.RedisError):
                found = sentinel.client().execute_command("SENTINEL GET-MASTER-ADDR-BY-NAME", NAME)
                return next(n for n in self.nodes if n.port == int(found[1]))
        raise AssertionError("no sentinel answers")


def free_ports(count: int) -> list[int]:
    """Ports whose cluster bus port (10,000 higher) exists and is free as well."""
    found: list[int] = []
    port = 20_000 + (os.getpid() * 37) % 15_000
    while len(found) < count:
        port += 1
        with socket.socket() as one, socket.socket() as bus:
            try:
                one.bind(("127.0.0.1", port))
                bus.bind(("127.0.0.1", port + 10_000))
            except OSError:
                continue
            found.append(port)
    return found


def start_node(port: int, folder: Path, *more: str) -> Node:
    """One server in a folder of its own, every write on disk before it is answered."""
    folder.mkdir(parents=True, exist_ok=True)
    options = ["--port", str(port), "--dir", str(folder), "--bind", "127.0.0.1", "--save", ""]
    options += ["--appendonly", "yes", "--appendfsync", "always", "--daemonize", "no"]
    options += ["--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"]
    return _started(port, folder, [*options, *more])


def _started(port: int, folder: Path, arguments: list[str]) -> Node:
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [str(find_redis_server()), *arguments], stdout=log, stderr=log, cwd=folder
        )
    node = Node(port, process, folder)
    await_that(lambda: node.client().ping(), 10, f"redis on port {port} does not answer")
    return node


def await_that(true, seconds: float, otherwise: str) -> None:
    """Wait until a condition holds; a Redis error counts as not yet."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(redis.RedisError, KeyError):
            if true():
                return
        time.sleep(0.02)
    raise AssertionError(otherwise)


@contextmanager
def cluster(folder: Path) -> Iterator[Servers]:
    """Three primaries and their replicas; slots in thirds."""
    ports = free_ports(6)
    options = ("--cluster-enabled", "yes", "--cluster-node-timeout", str(NODE_TIMEOUT_MS))
    options += ("--cluster-require-full-coverage", "no")
    nodes = [start_node(port, folder / str(port), *options) for port in ports]
    servers = Servers("redis+cluster://" + ",".join(f"127.0.0.1:{p}" for p in ports), nodes)
    try:
        _join(nodes)
        yield servers
    finally:
        _end(nodes)


def _join(nodes: list[Node]) -> None:
    third = SLOTS // 3 + 1
    for at, node in enumerate(nodes[:3]):
        slots = range(at * third, min(SLOTS, (at + 1) * third))
        node.client().execute_command("CLUSTER ADDSLOTS", *slots)
        node.client().execute_command("CLUSTER SET-CONFIG-EPOCH", at + 1)
    for node in nodes[1:]:
        node.client().execute_command("CLUSTER MEET", "127.0.0.1", nodes[0].port)
    for node in nodes:
        await_that(lambda n=node: _known(n) == len(nodes), 20, "the nodes do not meet")
    for primary, replica in zip(nodes[:3], nodes[3:], strict=True):
        name = primary.client().execute_command("CLUSTER MYID")
        await_that(
            lambda r=replica, n=name: r.client().execute_command("CLUSTER REPLICATE", n),
            10,
            "a replica does not know its primary",
        )
    for primary in nodes[:3]:
        await_that(lambda p=primary: _replicas(p) == 1, 20, "no replica is in step")
    for node in nodes:
        await_that(lambda n=node: _cluster_is_well(n), 20, "the cluster does not become ok")
    for node in nodes:
        await_that(lambda n=node: _sees_replicas(n), 20, "a node does not know the replicas")


def _known(node: Node) -> int:
    return int(node.client().cluster("INFO")["cluster_known_nodes"])


def _cluster_is_well(node: Node) -> bool:
    return node.client().cluster("INFO")["cluster_state"] == "ok"


def _sees_replicas(node: Node) -> bool:
    return all(len(row) == 4 for row in node.client().execute_command("CLUSTER SLOTS"))


def _replicas(node: Node) -> int:
    info = node.client().info("replication")
    count = int(info["connected_slaves"])
    return sum(info[f"slave{n}"]["state"] == "online" for n in range(count))


@contextmanager
def sentinels(folder: Path) -> Iterator[Servers]:
    """One primary, two replicas, three sentinels that agree by two."""
    ports = free_ports(6)
    first = start_node(ports[0], folder / "primary")
    nodes = [first]
    watchers: list[Node] = []
    try:
        for port in ports[1:3]:
            one = start_node(port, folder / str(port), "--replicaof", "127.0.0.1", str(ports[0]))
            nodes.append(one)
        await_that(lambda: _replicas(first) == 2, 20, "the replicas are not in step")
        watchers += [_sentinel(port, folder / f"s{port}", ports[0]) for port in ports[3:]]
        for watcher in watchers:
            await_that(lambda w=watcher: _watches_all(w), 30, "the sentinels do not find all")
        hosts = ",".join(f"127.0.0.1:{port}" for port in ports[3:])
        yield Servers(f"redis+sentinel://{hosts}/{NAME}", nodes, watchers)
    finally:
        _end([*watchers, *nodes])


def _sentinel(port: int, folder: Path, primary: int) -> Node:
    folder.mkdir()
    config = folder / "sentinel.conf"
    lines = (
        f"port {port}",
        f"dir {folder}",
        "bind 127.0.0.1",
        f"sentinel monitor {NAME} 127.0.0.1 {primary} 2",
        f"sentinel down-after-milliseconds {NAME} {DOWN_AFTER_MS}",
        f"sentinel failover-timeout {NAME} 6000",
        f"sentinel parallel-syncs {NAME} 1",
    )
    config.write_text("\n".join(lines) + "\n")
    return _started(port, folder, [str(config), "--sentinel"])


def _watches_all(sentinel: Node) -> bool:
    state = sentinel.client().sentinel_masters()[NAME]
    return (int(state["num-slaves"]), int(state["num-other-sentinels"])) == (2, 2)


def _end(nodes: list[Node]) -> None:
    for node in nodes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(node.process.pid, signal.SIGCONT)
        node.kill()

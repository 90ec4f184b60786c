"""A primary dies under load: safe replies meanwhile, the other shards undisturbed, then service."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.flow.library import Library
from hotline.flow.words import safe_reply
from hotline.runtime import library_at
from hotline.session.connection import connect
from hotline.session.opening import open_store
from hotline.session.store import Store
from tests.cluster.servers import Node, Servers, cluster, sentinels
from tests.conftest import unused_port
from tests.fault.carrier import Answer, Carrier, Crowd
from tests.fault.figures import note
from tests.server import SECRET, new_number, running_server

pytestmark = [pytest.mark.cluster, pytest.mark.fault]
PARTITIONS = 8
THREADS = 4


@pytest.fixture(scope="module")
def safe(repository: Path) -> str:
    library: Library = library_at(repository / "flows")
    return safe_reply(library.words, "GB", "en")


@pytest.fixture
def clustered(tmp_path: Path) -> Iterator[Servers]:
    with cluster(tmp_path) as servers:
        yield servers


def opened(servers: Servers) -> Store:
    return open_store(connect(servers.url), [SECRET], PARTITIONS)


def service(servers: Servers, **more: str):
    settings = {"HOTLINE_REDIS_URL": servers.url, "HOTLINE_PARTITIONS": str(PARTITIONS), **more}
    return running_server(unused_port(), **settings)


def node_of(store: Store, number: str) -> int:
    """The port of the primary that holds this number's sessions."""
    key = store.keys(store.contact_of(number)).log
    return int(store.client.get_node_from_key(key).port)


def killed_under_load(port: int, victim: Node, safe: str, limit: float) -> tuple[float, list]:
    """Kill the primary while people text, until all were served for a second or at the limit."""
    carrier, crowd = Carrier([port]), Crowd()
    crowd.start(THREADS, lambda _: carrier.text(new_number(), "hi"))
    time.sleep(1.5)
    killed = time.monotonic()
    victim.kill()
    while (now := time.monotonic()) - killed < limit:
        time.sleep(0.2)
        refused = [one.ended for one in list(carrier.answers) if safe in one.messages]
        if refused and now - max(refused) > 1.0 and now - killed > 2.0:
            break
    crowd.stop()
    assert carrier.unanswered == []
    assert {one.status for one in carrier.answers} == {200}
    return killed, carrier.answers


def all_logged_once(store: Store, answers: list[Answer]) -> None:
    for one in answers:
        entries = store.entries(store.load(store.contact_of(one.number)))
        count = Counter(entry.delivery for _, entry in entries)[one.sid]
        assert count == 1, f"acknowledged and in the log {count} times"


@pytest.mark.timeout(90)
def test_a_cluster_whose_primary_is_killed_serves_again_within_six_seconds(
    clustered: Servers, safe: str
):
    store = opened(clustered)
    victim = clustered.primary_of_slot(store.client.keyslot("hl:{0}:log"))
    nodes = {n: node_of(store, n) for n in (new_number() for _ in range(40))}
    assert len(set(nodes.values())) == 3, "every shard has people"
    with service(clustered) as server:
        shard = {n: p for n, p in nodes.items() if p == victim.port}
        assert shard
        killed, answers = killed_under_load(server.port, victim, safe, 12.0)
    assert max(one.slowest for one in answers) < 3.0
    during = [one for one in answers if safe in one.messages]
    assert during, "the primary died unnoticed"
    back = max(one.ended for one in during) - killed
    assert back < 6.0, f"served everybody again after {back:.1f} s"
    fresh = opened(clustered)
    # Which shard a number was on: the others never saw anything.
    hurt = {fresh.client.keyslot(fresh.keys(fresh.contact_of(o.number)).log) for o in during}
    dead_slots = {slot for slot, port in enumerate_slots(store) if port == victim.port}
    assert hurt <= dead_slots
    all_logged_once(
        fresh, [one for one in answers if safe not in one.messages and one.ended > killed]
    )
    note("cluster: seconds until everybody was served again", back)


def enumerate_slots(store: Store) -> list[tuple[int, int]]:
    """The slots as this client saw them before anything happened."""
    cache = store.client.nodes_manager.slots_cache
    return [(slot, int(nodes[0].port)) for slot, nodes in cache.items()]


@pytest.mark.timeout(90)
def test_nothing_acknowledged_with_the_replicas_word_is_lost(clustered: Servers, safe: str):
    """The promoted replica has no replica of its own: its shard stays unconfirmed meanwhile."""
    store = opened(clustered)
    victim = clustered.primary_of_slot(store.client.keyslot("hl:{0}:log"))
    with service(clustered, HOTLINE_REPLICAS="1") as server:
        _, answers = killed_under_load(server.port, victim, safe, 5.0)
    acknowledged = [one for one in answers if safe not in one.messages]
    assert len(acknowledged) > 50
    all_logged_once(opened(clustered), acknowledged)


@pytest.mark.timeout(60)
def test_a_text_that_no_replica_has_is_not_acknowledged(clustered: Servers, safe: str):
    with service(clustered, HOTLINE_REPLICAS="1") as server:
        carrier = Carrier([server.port])
        for replica in clustered.nodes[3:]:
            os.kill(replica.process.pid, signal.SIGSTOP)
        answer = carrier.text(new_number(), "hi")
        assert answer is not None
        assert answer.messages == [safe]
        for replica in clustered.nodes[3:]:
            os.kill(replica.process.pid, signal.SIGCONT)
        time.sleep(0.5)
        again = carrier.text(answer.number, "hi", answer.sid)
        assert again is not None
        assert again.messages != [safe]


@pytest.mark.timeout(90)
def test_behind_sentinel_a_killed_primary_is_replaced_within_fifteen_seconds(
    tmp_path: Path, safe: str
):
    with sentinels(tmp_path) as servers, service(servers) as server:
        victim = servers.sentinel_primary()
        killed, answers = killed_under_load(server.port, victim, safe, 20.0)
        assert max(one.slowest for one in answers) < 3.0
        during = [one for one in answers if safe in one.messages]
        assert during, "the primary died unnoticed"
        back = max(one.ended for one in during) - killed
        assert back < 15.0
        assert any(one.began > killed + back for one in answers), "and served again"
        later = [one for one in answers if one.began > killed + back]
        all_logged_once(opened(servers), later)
        note("sentinel: seconds until everybody was served again", back)

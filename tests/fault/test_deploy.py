"""A deploy in the middle of traffic: no failed request, and sessions finish on their version."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest

from hotline.embedded import EmbeddedRedis
from hotline.session.connection import connect
from hotline.session.opening import open_store
from hotline.session.replay import replay
from tests.conftest import unused_port
from tests.fault.carrier import Carrier, Crowd
from tests.server import SECRET, new_number, start_server

pytestmark = [pytest.mark.fault, pytest.mark.timeout(120)]
TALK = ("hi", "1", "2", "2", "mild cramps", "no", "11", "2", "4", "2", "4")


def test_a_new_version_is_deployed_in_the_middle_of_traffic(tmp_path: Path, repository: Path):
    flows = tmp_path / "flows"
    shutil.copytree(repository / "flows", flows)
    with EmbeddedRedis(tmp_path / "redis") as redis:
        settings = {"HOTLINE_REDIS_URL": redis.url, "HOTLINE_FLOWS": str(flows)}
        old = start_server(unused_port(), **settings)
        carrier, crowd = Carrier([old.port]), Crowd()
        people = [new_number() for _ in range(4)]
        turns = [0] * 4

        def text(place: int) -> None:
            carrier.text(people[place], TALK[turns[place] % len(TALK)])
            turns[place] += 1
            if turns[place] % len(TALK) == 0:
                people[place] = new_number()
            time.sleep(0.15)

        began = new_number()
        carrier.text(began, "hi")
        carrier.text(began, "1")
        crowd.start(4, text)
        file = flows / "bleeding" / "flow.yaml"
        file.write_text(file.read_text() + "\n# reviewed again\n")
        new = start_server(unused_port(), **settings)
        carrier.ports[:] = [new.port, old.port]  # the balancer's: the new one first
        time.sleep(0.5)
        stopping = threading.Thread(target=old.stop)
        stopping.start()
        stopping.join(30)
        time.sleep(1.0)
        for words in TALK[2:]:
            carrier.text(began, words)
        crowd.stop()
        new.stop()
        assert carrier.unanswered == []
        assert {one.status for one in carrier.answers} == {200}
        assert max(one.tries for one in carrier.answers) == 1, "no request failed"
        assert not any(
            "system is down" in one.messages[0] for one in carrier.answers if one.messages
        )
        client = connect(redis.url)
        store = open_store(client, [SECRET], 1)
        loaded = store.load(store.contact_of(began))
        assert loaded.session is not None
        versions = {key.decode() for key in client.hkeys("hl:flows")}
        assert len(versions) == 2
        assert loaded.session.flow in versions
        late = store.load(store.contact_of(carrier.answers[-1].number)).session
        assert late is not None
        client.close()


def test_a_session_ends_on_the_version_it_began_with(tmp_path: Path, repository: Path):
    flows = tmp_path / "flows"
    shutil.copytree(repository / "flows", flows)
    number = new_number()
    with EmbeddedRedis(tmp_path / "redis") as redis:
        settings = {"HOTLINE_REDIS_URL": redis.url, "HOTLINE_FLOWS": str(flows)}
        for change, words in (("", TALK[:4]), ("\n# reviewed again\n", TALK[4:])):
            file = flows / "bleeding" / "flow.yaml"
            file.write_text(file.read_text() + change)
            server = start_server(unused_port(), **settings)
            server.converse(*words, number=number)
            server.stop()
        client = connect(redis.url)
        store = open_store(client, [SECRET], 1)
        loaded = store.load(store.contact_of(number))
        assert loaded.session is not None
        assert loaded.session.state.level is not None
        first = client.hget("hl:flows", loaded.session.flow)
        assert first is not None
        assert b"reviewed again" not in first
        from hotline.flow.load import parse_flow  # noqa: PLC0415 beside its only use

        flow = parse_flow(first, "kept")
        entries = [entry for _, entry in store.entries(loaded)]
        assert replay(flow, loaded.session, entries).same
        client.close()

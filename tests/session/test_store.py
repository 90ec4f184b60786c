"""The store, the same suite on one server, behind Sentinel, and on a cluster of 3+3."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from hotline.channels.messages import text_twiml
from hotline.errors import StaleSession
from hotline.flow.library import Library
from hotline.runtime import library_at
from hotline.session.connection import connect
from hotline.session.incoming import Incoming
from hotline.session.keys import partition_of
from hotline.session.opening import open_store
from hotline.session.records import Entry
from hotline.session.store import Change, Store
from hotline.session.turn import Turns
from tests.cluster.servers import Servers, cluster, sentinels
from tests.server import new_number, new_sid

PARTITIONS = 7
SHAPES = [
    "one",
    pytest.param("sentinel", marks=pytest.mark.cluster),
    pytest.param("cluster", marks=pytest.mark.cluster),
]


@pytest.fixture(scope="module")
def library(repository: Path) -> Library:
    return library_at(repository / "flows")


@pytest.fixture(scope="module", params=SHAPES)
def url(request, redis_server, tmp_path_factory) -> Iterator[str]:
    if request.param == "one":
        with redis.Redis.from_url(redis_server.url) as client:
            client.flushall()
        yield redis_server.url
        return
    start = sentinels if request.param == "sentinel" else cluster
    with start(tmp_path_factory.mktemp(request.param)) as servers:
        assert isinstance(servers, Servers)
        yield servers.url


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[Store]:
    client = connect(url)
    yield open_store(client, [secrets.token_urlsafe(32)], PARTITIONS)
    client.close()


@pytest.fixture
def turns(store: Store, library: Library) -> Turns:
    return Turns(store, library, ("GB", "en"))


def text(words: str, number: str, sid: str | None = None) -> Incoming:
    return Incoming(number, "+441632960100", words, sid or new_sid())


def logged(store: Store, number: str) -> list[Entry]:
    return [entry for _, entry in store.entries(store.load(store.contact_of(number)))]


def at_once(*jobs) -> list:
    """Run the jobs in threads that start together; what each returned, in their order."""
    start = threading.Barrier(len(jobs))
    results: list = [None] * len(jobs)

    def run(place: int) -> None:
        start.wait()
        results[place] = jobs[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_session_comes_back_as_it_was_written(turns: Turns):
    number = new_number()
    taken = turns.take(text("I bleed a little, 12 weeks", number))
    loaded = turns.store.load(turns.store.contact_of(number))
    assert loaded.session == taken.session
    assert loaded.revision == 1
    assert len(loaded.entries) == 1


def test_contacts_spread_over_all_partitions_and_each_is_found_again(turns: Turns):
    numbers = [f"+44770090{n:04d}" for n in range(60)]
    for number in numbers:
        turns.take(text("hi", number))
    found = {partition_of(turns.store.contact_of(number), PARTITIONS) for number in numbers}
    assert found == set(range(PARTITIONS))
    assert all(turns.store.load(turns.store.contact_of(n)).session is not None for n in numbers)


def test_a_stale_commit_is_refused_and_changes_nothing(turns: Turns):
    number = new_number()
    turns.take(text("hi", number))
    store = turns.store
    loaded = store.load(store.contact_of(number))
    assert loaded.session is not None
    turns.take(text("1", number))
    before = store.load(store.contact_of(number))
    entry = Entry(kind="text", words="late")
    change = Change(session=loaded.session, revision=loaded.revision, now=1, entries=[entry])
    with pytest.raises(StaleSession):
        store.commit(change)
    assert store.load(store.contact_of(number)) == before


def test_one_delivery_at_eight_doors_at_once_is_one_event_and_one_reply(turns: Turns):
    number, sid = new_number(), new_sid()
    took = at_once(*[lambda: turns.take(text("hi", number, sid))] * 8)
    assert [one.fresh for one in took].count(True) == 1
    documents = {text_twiml(one.reply, "https://x.example/d") for one in took}
    assert len(documents) == 1
    assert len(logged(turns.store, number)) == 1


def test_two_different_texts_at_once_are_both_counted(turns: Turns):
    number = new_number()
    turns.take(text("hi", number))
    jobs = [lambda word=word: turns.take(text(word, number)) for word in ("1", "I am 12 weeks")]
    at_once(*jobs)
    assert sorted(one.words for one in logged(turns.store, number)) == ["1", "I am 12 weeks", "hi"]


def test_a_delivery_that_comes_again_gets_the_first_reply_byte_for_byte(turns: Turns):
    number, sids = new_number(), [new_sid() for _ in range(8)]
    words = ("hi", "1", "2", "2", "mild cramps", "no", "11", "2")
    first = [turns.take(text(w, number, sid)).reply for w, sid in zip(words, sids, strict=True)]
    again = [turns.take(text(w, number, sid)) for w, sid in zip(words, sids, strict=True)]
    assert [one.reply for one in again] == first
    assert not any(one.fresh for one in again)
    assert len(logged(turns.store, number)) == len(words)


def test_a_delivery_of_the_session_before_is_still_known_in_the_new_one(turns: Turns):
    number, sid = new_number(), new_sid()
    first = turns.take(text("hi", number, sid))
    turns.take(text("MENU", number))
    session = turns.store.load(turns.store.contact_of(number)).session
    assert session is not None
    assert session.serial == 2
    again = turns.take(text("hi", number, sid))
    assert (again.reply, again.fresh) == (first.reply, False)


def test_a_text_is_two_trips_to_redis(redis_client: redis.Redis, library: Library):
    store = open_store(redis_client, [secrets.token_urlsafe(32)], 1)
    turns = Turns(store, library, ("GB", "en"))
    number = new_number()
    turns.take(text("hi", number))
    with redis_client.monitor() as monitor:
        for words in ("1", "2", "I am soaking a pad an hour"):
            turns.take(text(words, number))
        redis_client.echo("done")
        sent = []
        for command in monitor.listen():
            if command["command"].startswith("ECHO"):
                break
            if command["client_type"] != "lua":
                sent.append(command["command"].split()[0])
    greeting = {"HELLO", "CLIENT"}  # of the connection that says done
    assert [name for name in sent if name not in greeting] == ["GET", "EVALSHA"] * 3

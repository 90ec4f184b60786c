"""Many sessions for measuring: real sealed records and indexes, written in bulk.

python -m tests.console.scale REDIS_URL 200000
"""

from __future__ import annotations

import random
import resource
import sys
import time

import click

from hotline.console.session_list import PAGE
from hotline.flow.levels import LEVELS
from hotline.flow.state import State
from hotline.flow.vocabulary import DANGERS
from hotline.session.connection import connect
from hotline.session.finding import Wanted, find, load_many
from hotline.session.indexes import indexes_of
from hotline.session.opening import open_store
from hotline.session.packing import pack_session
from hotline.session.records import Channel, Session
from tests.server import SECRET

FILTERS = (
    (),
    ("level:emergency",),
    ("level:soon",),
    ("level:none", "standing:open"),
    ("level:emergency", "language:hi"),
    ("danger:seizure", "country:IN"),
    ("danger:seizure", "channel:voice", "language:es"),
    ("level:soon", "channel:sms", "language:en", "country:GB"),
    ("person", "level:self_care", "channel:voice", "language:hi", "country:US"),
    ("standing:open", "level:emergency", "country:GB"),
)
_AT_ONCE = 2000


def fill(store, many, seed=7):
    """Write this many sessions, spread over 30 days."""
    chance = random.Random(seed)  # noqa: S311 made-up people
    start = int(time.time() * 1000) - 30 * 86_400_000
    pipe = store.client.pipeline(transaction=False)
    for number in range(many):
        session = _session(chance, number, start + number * (30 * 86_400_000 // many))
        keys = store.keys(session.contact)
        sealed = store.cipher.seal(pack_session(session), session.contact.encode())
        pipe.set(keys.session(session.contact), b"1;;" + sealed)
        for name in indexes_of(session):
            pipe.zadd(keys.index(name), {session.id: session.updated})
        if number % _AT_ONCE == _AT_ONCE - 1:
            pipe.execute()
    pipe.execute()


def _session(chance, number, at):
    told = chance.random() < 0.8
    level = chance.choices(LEVELS, (5, 25, 40, 20, 10))[0] if told else None
    grave = chance.random() < 0.12
    return Session(
        contact=f"{number:016d}".translate(str.maketrans("0189", "abcd")),
        serial=1,
        number=f"+4477{number:08d}",
        our_number="+441632960100",
        channel=Channel.VOICE if chance.random() < 0.15 else Channel.SMS,
        country=chance.choices(("GB", "US", "IN", None), (60, 20, 15, 5))[0],
        language=chance.choices(("en", "es", "hi"), (80, 12, 8))[0],
        flow="abcdef123456",
        state=State(
            answers={"safe_to_text": "yes", "heavy": "no", "weeks": 12},
            dangers=frozenset({chance.choice(DANGERS)}) if grave else frozenset(),
            question=None if told else "heavy",
            level=level,
            ended=told,
        ),
        opened=at,
        updated=at,
        wants_person=chance.random() < 0.03,
        last_words="hello",
    )


def measure(store, filters, times=3):
    """The best time (s) of a page with these filters, its length, and of the page after it."""
    best, deep, found = 9.0, 9.0, []
    for _ in range(times):
        began = time.perf_counter()
        found = find(store, Wanted(frozenset(filters), count=PAGE + 1))
        load_many(store, [one.id for one in found])
        best = min(best, time.perf_counter() - began)
        if len(found) > PAGE:
            began = time.perf_counter()
            cursor = found[-1].cursor
            load_many(store, [x.id for x in find(store, Wanted(frozenset(filters), cursor=cursor))])
            deep = min(deep, time.perf_counter() - began)
    return best, len(found), deep


def main(url, many):
    store = open_store(connect(url), [SECRET], 1)
    began = time.perf_counter()
    fill(store, many)
    click.echo(f"{many} sessions written in {time.perf_counter() - began:.0f} s")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for filters in FILTERS:
        first, rows, deep = measure(store, filters)
        click.echo(f"{first * 1000:7.1f} ms, next {deep * 1000:7.1f} ms, {rows:3} rows  {filters}")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    click.echo(f"memory grew by {(after - before) / 1024:.1f} MB")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

"""What sessions cost in Redis, and what many of them cost the webhook."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from hotline.bench.figures import Figure
from hotline.bench.people import OUR_NUMBER, TEN_TURNS, number_of
from hotline.flow.library import Library, load_library
from hotline.session.connection import Client, connect
from hotline.session.incoming import Incoming
from hotline.session.opening import open_store
from hotline.session.turn import Turns

_COPIED_AT_ONCE = 500


def measure_memory(url: str, flows: Path, sessions: int) -> Figure:
    """Bytes in Redis for one ten-turn session, over so many; Redis is emptied first."""
    client = connect(url)
    client.flushall()
    turns = Turns(open_store(client, [secrets.token_urlsafe(32)], 1), _library(flows), ("GB", "en"))
    before = _used(client)
    for person in range(sessions):
        for turn, words in enumerate(TEN_TURNS):
            delivery = f"SM{person:016x}{turn:016x}"
            turns.take(Incoming(number_of(person), OUR_NUMBER, words, delivery))
    each = (_used(client) - before) / sessions / 1000
    client.close()
    return Figure(f"a ten-turn session in Redis, over {sessions}", each, "KB", most=8.0)


def fill_with_sessions(client: Client, count: int) -> None:
    """Copy the first session, its log entries and its places in the indexes, so many times.

    The copies have contacts of their own and cannot be opened; Redis does not care.
    """
    [first, *_] = client.zrange("hl:{0}:i:all", 0, 0)
    contact, _, serial = first.decode().partition(".")
    record = client.get(f"hl:{{0}}:s:{contact}")
    indexes = [key for key in client.keys("hl:{0}:i:*") if client.zscore(key, first) is not None]
    entries: list[Any] = client.xrange("hl:{0}:log", count=len(TEN_TURNS))
    for start in range(0, count, _COPIED_AT_ONCE):
        with client.pipeline(transaction=False) as pipe:
            for number in range(start, min(count, start + _COPIED_AT_ONCE)):
                copy = f"{number:016x}"
                pipe.set(f"hl:{{0}}:s:{copy}", record)
                for key in indexes:
                    pipe.zadd(key, {f"{copy}.{serial}": number})
                for _, fields in entries:
                    pipe.xadd("hl:{0}:log", fields)
            pipe.execute()


def _library(flows: Path) -> Library:
    return load_library(flows)


def _used(client: Client) -> int:
    return int(client.info("memory")["used_memory"])

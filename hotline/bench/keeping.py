"""What sessions cost in Redis."""

from __future__ import annotations

import secrets
from pathlib import Path

from hotline.bench.figures import Figure
from hotline.bench.people import OUR_NUMBER, TEN_TURNS, number_of
from hotline.runtime import library_at
from hotline.session.connection import Client, connect
from hotline.session.incoming import Incoming
from hotline.session.opening import open_store
from hotline.session.turn import Turns


def measure_memory(url: str, flows: Path, sessions: int) -> Figure:
    """Bytes in Redis for one ten-turn session, over so many; Redis is emptied first."""
    client = connect(url)
    client.flushall()
    turns = Turns(
        open_store(client, [secrets.token_urlsafe(32)], 1), library_at(flows), ("GB", "en")
    )
    before = _used(client)
    for person in range(sessions):
        for turn, words in enumerate(TEN_TURNS):
            delivery = f"SM{person:016x}{turn:016x}"
            turns.take(Incoming(number_of(person), OUR_NUMBER, words, delivery))
    each = (_used(client) - before) / sessions / 1000
    client.close()
    return Figure(f"a ten-turn session in Redis, over {sessions}", each, "KB", most=8.0)


def _used(client: Client) -> int:
    return int(client.info("memory")["used_memory"])

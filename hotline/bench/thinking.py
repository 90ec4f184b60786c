"""How long one step of thinking takes, without Redis and without the web."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from hotline.bench.figures import Figure
from hotline.bench.people import OUR_NUMBER, TALKS, number_of
from hotline.flow.engine import step
from hotline.flow.library import Library
from hotline.runtime import library_at
from hotline.session.conversation import converse, heard_of, read_words
from hotline.session.desk import Desk
from hotline.session.incoming import Incoming
from hotline.session.lifetime import first_session
from hotline.session.packing import pack_session, unpack_session
from hotline.session.records import Session

_ROUNDS = 60


def measure_thinking(flows: Path) -> list[Figure]:
    """Microseconds for a whole step and for the engine alone, over the bench's conversations.

    A whole step is: the stored state decoded, the words scanned for danger and read with every
    language loaded, the engine's step, the state encoded again.
    """
    library = library_at(flows)
    _think(library, 0)
    whole: list[float] = []
    alone: list[float] = []
    for person in range(1, _ROUNDS):
        times = _think(library, person)
        whole += times[0]
        alone += times[1]
    return [
        Figure("thinking: a whole step, median", median(whole), "us", most=300),
        Figure(
            "thinking: a whole step, 95th percentile", quantiles(whole, n=20)[-1], "us", most=1000
        ),
        Figure("thinking: the engine's step alone, median", median(alone), "us", most=30),
    ]


def _think(library: Library, person: int) -> tuple[list[float], list[float]]:
    now = int(datetime(2026, 11, 22, tzinfo=UTC).timestamp() * 1000)
    whole, alone = [], []
    hello = Incoming(number_of(person), OUR_NUMBER, "", "")
    session = first_session(library, "a" * 16, hello, now, ("GB", "en"))
    for words in TALKS[person % len(TALKS)]:
        now += 30_000
        desk = Desk(library, now)
        heard = heard_of(read_words(desk, session, words))
        began = time.perf_counter()
        step(library.flow, session.state, heard)
        alone.append((time.perf_counter() - began) * 1e6)
        stored = pack_session(session)
        incoming = Incoming(number_of(person), OUR_NUMBER, words, "")
        began = time.perf_counter()
        session = _whole(stored, desk, incoming)
        whole.append((time.perf_counter() - began) * 1e6)
    return whole, alone


def _whole(stored: bytes, desk: Desk, incoming: Incoming) -> Session:
    turned = converse(desk, unpack_session(stored).session, incoming)
    pack_session(turned.session)
    return turned.session

"""Many stored sessions, made quickly: real records and entries, committed by the real script."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from hotline.bench.people import OUR_NUMBER, TALKS, number_of
from hotline.flow.levels import LEVELS
from hotline.flow.vocabulary import DANGERS
from hotline.runtime import library_at
from hotline.session.connection import connect
from hotline.session.incoming import Incoming
from hotline.session.opening import open_store
from hotline.session.records import Channel, Entry, Session
from hotline.session.store import Change, Store
from hotline.session.turn import Turns

OLD_FLOW = "0123456789ab"
"""The flow version of one in ten."""

DAYS = 30
_DAY_MS = 86_400_000
_FIRST = 60_000_000
_PATTERNS = 58_000_000

Pattern = tuple[Session, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """What one process makes: persons `first` to `first + count` of `whole`."""

    url: str
    secret: str
    flows: str
    first: int
    count: int
    whole: int


def build(env: Mapping[str, str], sessions: int) -> float:
    """Store so many sessions, spread over thirty days, by as many processes as processors.

    Returns the seconds that took. Their conversations are the bench's; level, dangers, country,
    language and channel are spread by chance.
    """
    began = time.perf_counter()
    many = os.cpu_count() or 1
    each = -(-sessions // many)
    running = []
    for first in range(0, sessions, each):
        part = Part(
            env["HOTLINE_REDIS_URL"],
            env["HOTLINE_SECRET_KEY"],
            *(env["HOTLINE_FLOWS"], first, min(each, sessions - first), sessions),
        )
        command = [sys.executable, "-m", "hotline.bench.crowd"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)  # noqa: S603 our own
        if process.stdin is None:
            raise RuntimeError("no way to tell the process its part")
        process.stdin.write(json.dumps(asdict(part)))
        process.stdin.close()
        running.append(process)
    ends = [process.wait() for process in running]
    if any(ends):
        raise RuntimeError("sessions could not be made")
    return time.perf_counter() - began


def make(part: Part) -> None:
    """Commit this part's sessions one by one."""
    store = open_store(connect(part.url), [part.secret], 1)
    patterns = _patterns(store, Path(part.flows), _PATTERNS + part.first)
    chance = random.Random(part.first)  # noqa: S311 made-up people
    start = int(time.time() * 1000) - DAYS * _DAY_MS
    for number in range(part.first, part.first + part.count):
        at = start + number * (DAYS * _DAY_MS // part.whole)
        pattern, entries = patterns[number % len(patterns)]
        session = _varied(chance, pattern, store, number_of(_FIRST + number), at)
        store.commit(Change(session, 0, at, entries=entries))


def _patterns(store: Store, flows: Path, first: int) -> list[Pattern]:
    """The bench's conversations, had once."""
    turns = Turns(store, library_at(flows), ("GB", "en"))
    found = []
    for person, talk in enumerate(TALKS, first):
        for turn, words in enumerate(talk):
            turns.take(Incoming(number_of(person), OUR_NUMBER, words, f"SM{person}{turn}"))
        loaded = store.load(store.contact_of(number_of(person)))
        if loaded.session is None:
            raise RuntimeError("a conversation left no session")
        found.append((loaded.session, tuple(entry for _, entry in store.entries(loaded))))
    return found


def _varied(chance: random.Random, pattern: Session, store: Store, number: str, at: int) -> Session:
    told = chance.random() < 0.8  # noqa: PLR2004 shares of made-up people, here and below
    grave = chance.random() < 0.12  # noqa: PLR2004
    state = pattern.state._replace(
        level=chance.choices(LEVELS, (5, 25, 40, 20, 10))[0] if told else None,
        dangers=frozenset({chance.choice(DANGERS)}) if grave else frozenset(),
        question=None if told else "heavy",
        ended=told,
    )
    return pattern._replace(
        contact=store.contact_of(number),
        number=number,
        state=state,
        channel=Channel.VOICE if chance.random() < 0.15 else Channel.SMS,  # noqa: PLR2004
        country=chance.choices(("GB", "US", "IN", None), (60, 20, 15, 5))[0],
        language=chance.choices(("en", "es", "fr", "hi"), (75, 12, 5, 8))[0],
        flow=OLD_FLOW if chance.random() < 0.1 else pattern.flow,  # noqa: PLR2004
        wants_person=chance.random() < 0.03,  # noqa: PLR2004
        opened=at,
        updated=at,
    )


if __name__ == "__main__":
    make(Part(**json.load(sys.stdin)))

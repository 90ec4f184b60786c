"""The power fails: what was acknowledged is there when it comes back, with the default settings."""

from __future__ import annotations

import os
import statistics
import threading
import time
from pathlib import Path

import pytest

from hotline.embedded import EmbeddedRedis
from hotline.errors import StoreUnavailable
from hotline.flow.library import Library
from hotline.runtime import library_at
from hotline.session.connection import connect
from hotline.session.incoming import Incoming
from hotline.session.opening import open_store
from hotline.session.turn import Turns
from tests.fault.disk import Disk, cut_power, make_disk
from tests.fault.figures import note
from tests.server import SECRET, new_number, new_sid

pytestmark = pytest.mark.fault
LONG = os.environ.get("HOTLINE_CHAOS") == "long"
CUTS = 20
"""Of the long form; the short one stops at the first cut that loses something."""


@pytest.fixture(scope="module")
def library(repository: Path) -> Library:
    return library_at(repository / "flows")


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return make_disk(tmp_path / "disk")


def acknowledged_until_the_power_fails(
    redis: EmbeddedRedis, disk: Disk, library: Library, seconds: float
) -> tuple[dict[str, tuple[str, float]], float, int]:
    """Four people text until the cut: number -> (delivery, when acknowledged); when; bytes lost."""
    client = connect(redis.url)
    turns = Turns(open_store(client, [SECRET], 1), library, ("GB", "en"))
    done: dict[str, tuple[str, float]] = {}
    off = threading.Event()

    def texting() -> None:
        while not off.is_set():
            number, sid = new_number() + "0", new_sid()
            try:
                turns.take(Incoming(number, "+441632960100", "hi", sid))
            except StoreUnavailable:
                return
            done[number] = (sid, time.monotonic())

    threads = [threading.Thread(target=texting) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    when = time.monotonic()
    lost = cut_power(redis, disk)
    off.set()
    for thread in threads:
        thread.join()
    client.close()
    return done, when, lost


def missing(folder: Path, disk: Disk, done: dict[str, tuple[str, float]]) -> list[str]:
    """The numbers whose acknowledged text is not in the log after the power is back."""
    with EmbeddedRedis(folder, program=disk.program) as redis:
        client = connect(redis.url)
        store = open_store(client, [SECRET], 1)
        gone = []
        for number, (sid, _) in done.items():
            found = store.entries(store.load(store.contact_of(number)))
            if [entry.delivery for _, entry in found].count(sid) != 1:
                gone.append(number)
        client.close()
    return gone


def test_with_the_default_every_acknowledged_text_survives_a_power_failure(
    tmp_path: Path, disk: Disk, library: Library
):
    folder = tmp_path / "redis"
    redis = EmbeddedRedis(folder, program=disk.program)
    done, _, _ = acknowledged_until_the_power_fails(redis, disk, library, 2.0)
    assert len(done) > 50
    note("always: acknowledged texts before the power failed", len(done))
    assert missing(folder, disk, done) == []


def lost_with_everysec(
    folder: Path, disk: Disk, library: Library, seconds: float
) -> tuple[int, int, float]:
    """One cut: how many acknowledged texts there were, how many are lost, the oldest one's age."""
    redis = EmbeddedRedis(folder, program=disk.program)
    with connect(redis.url) as client:
        client.config_set("appendfsync", "everysec")
    done, when, _ = acknowledged_until_the_power_fails(redis, disk, library, seconds)
    gone = missing(folder, disk, done)
    return len(done), len(gone), max((when - done[number][1] for number in gone), default=0.0)


@pytest.mark.timeout(600 if LONG else 240)
def test_with_everysec_up_to_some_seconds_of_acknowledged_texts_are_lost(
    tmp_path: Path, disk: Disk, library: Library
):
    """The moments of the cuts lie a tenth of a second apart: Redis syncs once in a second.

    A cut right after a sync loses nothing, so one cut alone says nothing.
    """
    cuts: list[tuple[int, int, float]] = []
    for n in range(CUTS):
        cuts.append(lost_with_everysec(tmp_path / f"redis{n}", disk, library, 2.7 + n / 10))
        if cuts[-1][1] and not LONG:
            break
    lost, ages = sorted(cut[1] for cut in cuts), sorted(cut[2] for cut in cuts)
    note("everysec: cuts", len(cuts))
    note("everysec: acknowledged texts in all", sum(cut[0] for cut in cuts))
    note("everysec: acknowledged texts lost at a cut, median", statistics.median(lost))
    note("everysec: acknowledged texts lost at a cut, most", lost[-1])
    note("everysec: age of the oldest lost, s, median", statistics.median(ages))
    note("everysec: age of the oldest lost, s, most", ages[-1])
    assert lost[-1], "everysec lost nothing: then this test does not cut the power"
    assert ages[-1] < 3.0


def test_a_full_disk_is_a_safe_reply_and_service_again_when_there_is_room(
    tmp_path: Path, disk: Disk, library: Library
):
    with EmbeddedRedis(tmp_path / "redis", program=disk.program) as redis:
        client = connect(redis.url)
        turns = Turns(open_store(client, [SECRET], 1), library, ("GB", "en"))
        number, sid = new_number(), new_sid()
        first = turns.take(Incoming(number, "+441632960100", "hi", sid))
        disk.fill()
        with pytest.raises(StoreUnavailable):
            turns.take(Incoming(number, "+441632960100", "1", new_sid()))
        disk.free()
        deadline = time.monotonic() + 10
        while True:
            try:
                again = turns.take(Incoming(number, "+441632960100", "hi", sid))
                break
            except StoreUnavailable:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        assert (again.reply, again.fresh) == (first.reply, False)
        client.close()

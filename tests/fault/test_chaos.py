"""Whatever dies: every text and call is answered, nothing acknowledged is lost or happens twice.

The short form runs with the tests; `make chaos` runs the long one (HOTLINE_CHAOS=long).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from hotline.flow.levels import Level
from hotline.flow.words import safe_reply
from hotline.runtime import library_at
from hotline.session.store import Loaded
from tests.fault.callers import END_PATH
from tests.fault.carrier import Answer
from tests.fault.chaos import Chaos, faults_of, sessions, unpaged
from tests.fault.disk import make_disk
from tests.fault.figures import note
from tests.standin import Standin

LONG = os.environ.get("HOTLINE_CHAOS") == "long"
SHORT_FAULTS = ["redis", "web", "worker", "drop", "slow", "disk", "redis", "worker", "web"]
LONG_FAULTS = ["web"] * 12 + ["worker"] * 10 + ["redis"] * 12 + ["drop", "slow", "disk"] * 4


def texted(answers: list[Answer]) -> list[Answer]:
    return [one for one in answers if one.path == "/twilio/sms"]


def stepped(answers: list[Answer]) -> list[Answer]:
    """The steps of calls, without the screening of staff and the reports that a call is over."""
    paths = ("/twilio/voice", "/twilio/voice/step")
    return [one for one in answers if one.path.partition("?")[0] in paths]


@pytest.mark.fault
@pytest.mark.timeout(600 if LONG else 120)
def test_chaos(tmp_path: Path, repository: Path):
    library = library_at(repository / "flows")
    words = library.words
    safe = safe_reply(words, "GB", "en")
    spoken = {safe_reply(words, "GB", one, voice=True) for one in words.languages}
    faults = list(LONG_FAULTS if LONG else SHORT_FAULTS)
    seed = int(os.environ.get("HOTLINE_SEED", "1"))
    if LONG:
        random.Random(seed).shuffle(faults)  # noqa: S311

    def refused(one: Answer) -> bool:
        return safe in one.messages or not spoken.isdisjoint(one.spoken)

    with Standin() as standin:
        chaos = Chaos(tmp_path, make_disk(tmp_path / "disk"), standin.url, seed)
        carrier, people, callers, store = chaos.run(faults, 2.0 if LONG else 0.8)
        try:
            texts, steps = texted(carrier.answers), stepped(carrier.answers)
            reports = [one for one in carrier.answers if one.path == END_PATH]
            assert carrier.unanswered == []
            assert {one.status for one in carrier.answers if one.path != END_PATH} == {200}
            assert {one.status for one in reports} <= {204, 503}
            assert callers.mute == []
            assert callers.fell_off == 0
            kept = sessions(store)
            found = [fault for one in kept for fault in faults_of(library, store, one)]
            assert found == []
            entries = [entry for one in kept for _, entry in store.entries(one)]
            logged = Counter(one.delivery for one in entries if one.kind in {"text", "call"})
            assert [sid for sid, count in logged.items() if count > 1] == []
            acknowledged = {one.sid for one in (*texts, *steps) if not refused(one)}
            assert [sid for sid in acknowledged if logged[sid] != 1] == []
            doubled = [*people.doubled, *callers.doubled]
            for first, again in doubled:
                if not refused(first) and not refused(again):
                    assert again.body == first.body
            assert unpaged(store) == []
        finally:
            store.client.close()
            chaos.redis.stop()
    assert len(steps) > len(carrier.answers) // 10
    note("chaos: texts answered", len(texts))
    note("chaos: steps of calls answered", len(steps))
    note("chaos: reports that a call is over", len(reports))
    note("chaos: reports answered 503, to come again", sum(one.status == 503 for one in reports))
    note("chaos: safe replies by text", sum(map(refused, texts)))
    note("chaos: safe replies by telephone", sum(map(refused, steps)))
    note("chaos: delivered twice", len(doubled))
    note("chaos: faults", len(faults))
    note("chaos: sessions replayed", len(kept))
    note("chaos: emergencies, all paged", sum(is_emergency(one) for one in kept))
    note("chaos: slowest answer of one request, s", max(one.slowest for one in carrier.answers))


def is_emergency(loaded: Loaded) -> bool:
    session = loaded.session
    return session is not None and session.state.level is Level.EMERGENCY

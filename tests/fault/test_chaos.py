"""Whatever dies: every text is answered, nothing acknowledged is lost, nothing happens twice.

The short form runs with the tests; `make chaos` runs the long one (HOTLINE_CHAOS=long).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from hotline.flow.library import load_library
from hotline.flow.words import safe_reply
from tests.fault.chaos import Chaos, faults_of, sessions, unpaged
from tests.fault.disk import make_disk
from tests.fault.figures import note
from tests.standin import Standin

LONG = os.environ.get("HOTLINE_CHAOS") == "long"
SHORT_FAULTS = ["redis", "web", "worker", "drop", "slow", "disk", "redis", "worker", "web"]
LONG_FAULTS = ["web"] * 12 + ["worker"] * 10 + ["redis"] * 12 + ["drop", "slow", "disk"] * 4


@pytest.mark.fault
@pytest.mark.timeout(600 if LONG else 120)
def test_chaos(tmp_path: Path, repository: Path):
    library = load_library(repository / "flows")
    safe = safe_reply(library.words, "GB", "en")
    faults = list(LONG_FAULTS if LONG else SHORT_FAULTS)
    if LONG:
        random.Random(int(os.environ.get("HOTLINE_SEED", "1"))).shuffle(faults)  # noqa: S311
    with Standin() as standin:
        chaos = Chaos(tmp_path, make_disk(tmp_path / "disk"), standin.url)
        carrier, people, store = chaos.run(faults, 2.0 if LONG else 0.8)
        try:
            assert carrier.unanswered == []
            assert {one.status for one in carrier.answers} == {200}
            assert all(one.messages is not None for one in carrier.answers)
            kept = sessions(store)
            found = [fault for one in kept for fault in faults_of(library, store, one)]
            assert found == []
            entries = [entry for one in kept for _, entry in store.entries(one)]
            logged = Counter(one.delivery for one in entries if one.kind == "text")
            assert [sid for sid, count in logged.items() if count > 1] == []
            acknowledged = {one.sid for one in carrier.answers if safe not in one.messages}
            assert [sid for sid in acknowledged if logged[sid] != 1] == []
            for first, again in people.doubled:
                if safe not in first.messages and safe not in again.messages:
                    assert again.body == first.body
            assert unpaged(store) == []
        finally:
            store.client.close()
            chaos.redis.stop()
    note("chaos: texts answered", len(carrier.answers))
    note("chaos: safe replies among them", len(carrier.answers) - len(acknowledged))
    note("chaos: faults", len(faults))
    note("chaos: sessions replayed", len(kept))
    note("chaos: slowest answer of one request, s", max(one.slowest for one in carrier.answers))

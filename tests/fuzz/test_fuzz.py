"""A short run of the fuzzer on every parser (`make fuzz` is the long one), and every seed alone."""

from __future__ import annotations

import os
import platform
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzz.campaign import run
from tests.fuzz.names import NAMES, ROOMS, target_of

SECONDS = 2
SEED = 23
"""The short run is the same everywhere; `make fuzz` takes a new chance every time."""


@pytest.mark.parametrize("name", NAMES)
def test_every_seed_is_taken(name: str):
    target = target_of(name)
    for seed in target.seeds:
        target.take(seed)


@pytest.mark.timeout(180)  # 12 s of processor time in all; loading alone takes longer when busy
@pytest.mark.parametrize("room", ROOMS)
def test_the_fuzzer_finds_nothing_in_two_seconds(room: str, tmp_path: Path):
    need_atheris()
    outcome = run(room, SECONDS, tmp_path, seed=SEED)
    assert not outcome.finding, outcome.finding
    assert outcome.executions > 50


def need_atheris() -> None:
    """Skip where atheris has no wheel; fail there in CI on the machines that it has one for."""
    if find_spec("atheris"):
        return
    reason = "atheris is not installed: it has wheels for Linux on x86_64 alone"
    if os.environ.get("CI") and sys.platform == "linux" and platform.machine() == "x86_64":
        pytest.fail(reason)
    pytest.skip(reason)

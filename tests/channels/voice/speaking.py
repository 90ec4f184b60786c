"""Speaking with espeak-ng, to measure how long a caller listens."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache

import pytest

SPEAKERS = {"en": "en-gb", "es": "es", "fr": "fr-fr", "hi": "hi"}
WORDS_A_MINUTE = 175
SAMPLES_A_SECOND = 22_050
HEADER = 44
_SENTENCE = re.compile(r"(?<=[.!?।])\s+")


def need_espeak() -> None:
    """Skip where espeak-ng is not installed; fail there in CI."""
    if shutil.which("espeak-ng"):
        return
    reason = "espeak-ng is not installed (apt-get install espeak-ng), so nothing can be measured"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def seconds(words: str, language: str, *, slow: bool = False) -> float:
    """How long the words last, at the usual rate or at that of a level."""
    rate = int(WORDS_A_MINUTE * (0.9 if slow else 1))
    sound = subprocess.run(
        ["espeak-ng", "-v", SPEAKERS[language], "-s", str(rate), "--stdout"],
        input=words.encode(),
        capture_output=True,
        check=True,
    ).stdout
    return (len(sound) - HEADER) / 2 / SAMPLES_A_SECOND


def first_sentence(words: str) -> str:
    """The words up to the first full stop."""
    return _SENTENCE.split(words)[0]


def first_clause(words: str) -> str:
    """The words up to the first comma or full stop."""
    return re.split(r"[,:;]|(?<=[.!?।])\s", words)[0]

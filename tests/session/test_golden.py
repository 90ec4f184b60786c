"""The golden transcripts still go as they are written down.

After a wanted change of words: `python -m tests.session.golden` writes them anew; read the diff.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.runtime import Hotline
from tests.session.transcript import play, transcripts

FOLDER = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("path", transcripts(FOLDER), ids=lambda path: path.stem)
def test_the_conversation_goes_as_written(hotline: Hotline, path: Path):
    text = path.read_text(encoding="utf-8")
    assert play(hotline.turns, text) == text


def test_there_are_transcripts():
    assert len(transcripts(FOLDER)) >= 10

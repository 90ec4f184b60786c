"""Writes the golden transcripts anew: `python -m tests.session.golden`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hotline.embedded import EmbeddedRedis
from hotline.runtime import start_hotline
from hotline.settings import read_settings
from tests.server import environment
from tests.session.transcript import play, transcripts

FOLDER = Path(__file__).parents[1] / "golden"


def main() -> None:
    with tempfile.TemporaryDirectory() as place, EmbeddedRedis(Path(place) / "redis") as redis:
        hotline = start_hotline(read_settings(environment(8000, HOTLINE_REDIS_URL=redis.url)))
        for path in transcripts(FOLDER):
            hotline.client.flushdb()
            again = start_hotline(read_settings(environment(8000, HOTLINE_REDIS_URL=redis.url)))
            path.write_text(play(again.turns, path.read_text(encoding="utf-8")), encoding="utf-8")
            again.close()
        hotline.close()


if __name__ == "__main__":
    main()

"""The targets one after another under the fuzzer: python -m tests.fuzz.campaign [SECONDS].

Each begins with its seeds. What is found stays in .fuzz/found, to be made an ordinary test.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.names import NAMES, target_of

REPOSITORY = Path(__file__).parents[2]
FOUND = REPOSITORY / ".fuzz" / "found"
SLOWEST_SECONDS = 10
"""An input that takes longer is a finding, on a busy machine too."""

MOST_MB = 1_000
_EXECUTIONS = re.compile(r"stat::number_of_executed_units:\s+(\d+)")


@dataclass(frozen=True)
class Outcome:
    """How often a target was executed, and what the fuzzer said when it found something."""

    executions: int
    finding: str


def run(name: str, seconds: int, found: Path, seed: int = 0) -> Outcome:
    """Fuzz a target, or all of a room, for so many seconds; `seed` 0 is a new chance every time."""
    target = target_of(name)
    found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hotline-fuzz-") as place:
        folder = Path(place)
        corpus = folder / "corpus"
        corpus.mkdir()
        for count, data in enumerate(target.seeds):
            (corpus / f"seed{count}").write_bytes(data)
        words = folder / "words"
        words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words))
        flags = [f"-max_total_time={seconds}", f"-max_len={target.longest}", f"-dict={words}"]
        flags += [f"-timeout={SLOWEST_SECONDS}", f"-rss_limit_mb={MOST_MB}", f"-seed={seed}"]
        flags += ["-print_final_stats=1", f"-artifact_prefix={found}/{name}-", str(corpus)]
        done = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.one", name, *flags],
            cwd=REPOSITORY,
            env={**os.environ, "TMPDIR": place},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    counted = _EXECUTIONS.search(done.stderr)
    told = [line for line in done.stderr.splitlines() if not line.startswith("#")]
    finding = "\n".join([done.stdout[-5_000:], *told[-25:]]) if done.returncode else ""
    return Outcome(int(counted[1]) if counted else 0, finding)


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02X}" for byte in word.encode())


def main(seconds: str = "60") -> int:
    """All targets; the count of executions of each; 1 when anything was found."""
    shutil.rmtree(FOUND, ignore_errors=True)
    total, failed = 0, []
    for name in NAMES:
        outcome = run(name, int(seconds), FOUND)
        total += outcome.executions
        print(f"{name:14}{outcome.executions:>10,}", "FOUND" if outcome.finding else "")  # noqa: T201 it is a command
        if outcome.finding:
            failed.append(name)
            print(outcome.finding)  # noqa: T201 the same
    print(f"{'in all':14}{total:>10,} executions; found in: {', '.join(failed) or 'none'}")  # noqa: T201 the same
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

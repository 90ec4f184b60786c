"""hotline bench: this hotline measured on this machine, against its floor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import click

from hotline.bench.figures import Figure
from hotline.bench.growth import measure_growth
from hotline.bench.keeping import measure_memory
from hotline.bench.processes import environment, free_port
from hotline.bench.speed import Raw, measure_speed, measure_two
from hotline.bench.thinking import measure_thinking
from hotline.bench.watching import measure_consoles
from hotline.embedded import EmbeddedRedis
from hotline.settings import flows_dir


@click.command()
@click.option("--json", "file", type=click.Path(path_type=Path), help="Keep the raw figures here.")
@click.option("--rounds", default=7, show_default=True, type=click.IntRange(1, 100))
@click.option("--seconds", default=1.5, show_default=True, type=click.FloatRange(0.2, 60))
@click.option("--sessions", default=2000, show_default=True, help="How many to weigh.")
@click.option("--consoles", default=50, show_default=True, help="How many to open (0: none).")
@click.option("--growth", default=0, help="Also fill the store with so many sessions (200000).")
def bench(  # noqa: PLR0913 one parameter an option
    file: Path | None, rounds: int, seconds: float, *, sessions: int, consoles: int, growth: int
) -> None:
    """Measure this hotline on this machine.

    Real processes, a real Redis in a temporary folder, signed requests, everything on. The floor
    is a bare view on the same server with two plain pipelined Redis trips. Runs alternate, so that
    what else the machine does falls on both.
    """
    began = time.monotonic()
    flows = Path(os.environ.get("HOTLINE_FLOWS", flows_dir()))
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        with EmbeddedRedis(Path(folder) / "redis") as redis:
            env = environment(redis.url, free_port(), Path(folder) / "data")
            figures, raw = measure_speed(env, rounds, seconds, _say)
            fewer = (max(2, rounds // 2), seconds)
            figures.append(measure_two(env, *fewer))
            if consoles:
                more, runs = measure_consoles(env, consoles, (fewer[0] + 1, seconds), _say)
                figures += more
                raw.rounds += runs.rounds
        if growth:
            more, runs = measure_growth(env, Path(folder), growth, (rounds, seconds), _say)
            figures += more
            raw.rounds += runs.rounds
        with EmbeddedRedis(Path(folder) / "weighed") as redis:
            figures.append(measure_memory(redis.url, flows, sessions))
    figures += measure_thinking(flows)
    figures.append(_measure_help())
    _table(figures)
    click.echo(f"{time.monotonic() - began:.0f} s, {os.cpu_count()} processors")
    if file is not None:
        _keep(file, figures, raw)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _measure_help() -> Figure:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        command = [sys.executable, "-m", "hotline.cli", "--help"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 our own
        times.append(time.perf_counter() - began)
    return Figure("start: hotline --help", median(times), "s", most=0.5)


def _table(figures: list[Figure]) -> None:
    from rich.console import Console  # noqa: PLC0415 only for the table
    from rich.table import Table  # noqa: PLC0415 the same

    table = Table("figure", "found", "promised", "", title="hotline bench")
    words = {True: "holds", False: "MISSED", None: ""}
    for one in figures:
        table.add_row(one.name, f"{one.value:.4g} {one.unit}", one.promise, words[one.holds])
    Console(width=100).print(table)


def _keep(file: Path, figures: list[Figure], raw: Raw) -> None:
    found = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "processors": os.cpu_count(),
        "figures": [{**asdict(one), "holds": one.holds} for one in figures],
        "runs": raw.rounds,
    }
    file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")

"""hotline run: everything on this machine, to try it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click

from hotline import logs
from hotline.embedded import EmbeddedRedis
from hotline.runtime import library_at, redis_address
from hotline.settings import demo_settings


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--data-dir",
    default=Path("data"),
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the demo keeps its Redis and its secrets.",
)
def run(port: int, data_dir: Path) -> None:
    """Start Redis, web, worker, console and simulator on 127.0.0.1.

    For trying it out: drafts are served, secrets are made up, and no text leaves this machine.
    """
    from hotline.cli.serving import hand_over, serve_app  # noqa: PLC0415 granian takes 100 ms

    address = f"http://127.0.0.1:{port}"
    settings = demo_settings(data_dir, public_url=address, environ=os.environ)
    logs.configure(settings.log_level, human=True)
    library_at(settings.flows)
    redis = None if settings.redis_url else EmbeddedRedis(settings.data_dir)
    worker: subprocess.Popen[bytes] | None = None
    try:
        hand_over(settings, redis_address(settings, redis))
        worker = _start_worker()
        _greet(address)
        serve_app("hotline.app:demo_from_environment", "127.0.0.1", port)
    finally:
        if worker is not None:
            worker.terminate()
            worker.wait(timeout=15)
        if redis is not None:
            redis.stop()


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "hotline.cli", "worker"])


def _greet(address: str) -> None:
    click.echo(f"Webhooks   {address}/twilio/sms")
    click.echo(f"Console    {address}/console")
    click.echo(f"Simulator  {address}/simulator")

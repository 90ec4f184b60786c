"""hotline run: everything on this machine, to try it."""

from __future__ import annotations

import hmac
import os
import subprocess
import sys
from pathlib import Path

import click

from hotline import logs
from hotline.cli.proving import ensure_proved
from hotline.console.accounts import Accounts
from hotline.console.rights import Role
from hotline.embedded import EmbeddedRedis
from hotline.runtime import library_at, redis_address
from hotline.session.connection import connect
from hotline.session.opening import open_store
from hotline.settings import Settings, demo_settings

DEMO_STAFF = "demo"


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
        redis_url = redis_address(settings, redis)
        with connect(redis_url) as client:
            ensure_proved(settings.flows, client)
        hand_over(settings, redis_url)
        login = _demo_login(settings, redis_url)
        worker = _start_worker()
        _greet(address, login)
        serve_app("hotline.app:demo_from_environment", "127.0.0.1", port)
    finally:
        if worker is not None:
            worker.terminate()
            worker.wait(timeout=15)
        if redis is not None:
            redis.stop()


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "hotline.cli", "worker"])


def _demo_login(settings: Settings, redis_url: str) -> tuple[str, str]:
    """The demo's staff account, made at the first start; its password follows from its secret."""
    secret = settings.secret_keys[0].get_secret_value()
    password = hmac.digest(secret.encode(), b"demo staff login", "sha256").hex()[:16]
    client = connect(redis_url)
    try:
        secrets = [one.get_secret_value() for one in settings.secret_keys]
        accounts = Accounts(open_store(client, secrets, settings.partitions))
        if accounts.get(DEMO_STAFF) is None:
            accounts.add(DEMO_STAFF, Role.LEAD, password, shown="Demo nurse")
    finally:
        client.close()
    return DEMO_STAFF, password


def _greet(address: str, login: tuple[str, str]) -> None:
    click.echo(f"Webhooks   {address}/twilio/sms")
    click.echo(f"Console    {address}/console")
    click.echo(f"Simulator  {address}/simulator")
    click.echo(f"Staff      {login[0]} / {login[1]}   (this demo only)")

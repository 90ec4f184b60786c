"""hotline doctor: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Final

import click
from redis.exceptions import RedisError
from rich.console import Console
from rich.text import Text

from hotline import logs
from hotline.cli.doctor_care import (
    check_accounts,
    check_flow,
    check_places,
    check_rota,
    check_worker,
)
from hotline.cli.doctor_findings import Check, Finding, Patient, Verdict, fault, ok, warning
from hotline.cli.doctor_outside import check_address, check_disk, check_number
from hotline.cli.doctor_store import check_redis
from hotline.embedded.folder import running_url
from hotline.errors import FlowError, FlowErrors, HotlineError, SettingsError
from hotline.flow.library import Library
from hotline.runtime import library_at
from hotline.session.connection import Client, connect
from hotline.session.keys import META
from hotline.session.opening import open_store
from hotline.session.store import Store
from hotline.settings import Settings, read_settings

CHECKS: Final[dict[str, Check]] = {
    "redis": check_redis,
    "address": check_address,
    "number": check_number,
    "flow": check_flow,
    "places": check_places,
    "rota": check_rota,
    "worker": check_worker,
    "staff": check_accounts,
    "disk": check_disk,
}
_MARKS = {
    Verdict.OK: ("ok     ", "green"),
    Verdict.WARNING: ("warning", "yellow"),
    Verdict.FAULT: ("fault  ", "bold red"),
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object per finding.")
@click.option("--only", type=click.Choice(list(CHECKS)), help="Look at this alone (for probes).")
def doctor(*, as_json: bool, only: str | None) -> None:
    """Say what is wrong with this installation, and how to mend it.

    Run it with the environment of the web process. Exit code 0: no fault; 1: at least one.
    """
    logs.configure("error", stream=sys.stderr)
    console = Console(highlight=False, soft_wrap=True)
    worst = 0
    for finding in examine(dict(os.environ), only):
        worst = max(worst, int(finding.verdict is Verdict.FAULT))
        if as_json:
            click.echo(json.dumps({name: getattr(finding, name) for name in Finding.__slots__}))
        else:
            _show(console, finding)
    sys.exit(worst)


def examine(environ: dict[str, str], only: str | None = None) -> Iterator[Finding]:
    """Every finding about the installation that this environment describes, in a fixed order.

    `only` names one of CHECKS; the settings are looked at in any case.
    """
    try:
        settings = read_settings(environ)
    except SettingsError as error:
        yield from (fault("settings", one, "") for one in error.faults)
        return
    yield ok("settings", "All settings are there and have the right form.")
    yield from _leftovers(settings)
    library, faults = (None, []) if only == "worker" else _library(settings)
    yield from faults
    client = _client(settings)
    if client is None:
        mend = "Start hotline serve, or set HOTLINE_REDIS_URL; then look again."
        says = f"No hotline runs on {settings.data_dir}: its Redis was not looked at."
        yield warning("redis", says, mend)
    patient = Patient(settings, library, client, _store(settings, client))
    for name, check in CHECKS.items():
        if only in {None, name}:
            yield from check(patient)
    if client is not None:
        client.close()


def _leftovers(settings: Settings) -> Iterator[Finding]:
    if settings.twilio_api_base_url is not None:
        mend = "Unset TWILIO_API_BASE_URL to reach Twilio."
        says = f"Texts and calls go to a stand-in: {settings.twilio_api_base_url}."
        yield warning("settings", says, mend)


def _library(settings: Settings) -> tuple[Library | None, list[Finding]]:
    try:
        return library_at(settings.flows), []
    except FlowErrors as error:
        return None, [_flow_fault(one) for one in error.errors]
    except FlowError as error:
        return None, [_flow_fault(error)]


def _flow_fault(error: FlowError) -> Finding:
    place = f"{error.file}:{error.line}" if error.line else error.file
    return fault("flow", f"{place}: {error.problem}.", error.mend)


def _client(settings: Settings) -> Client | None:
    if settings.redis_url is not None:
        return connect(settings.redis_url.get_secret_value())
    url = running_url(settings.data_dir)
    return connect(url) if url is not None else None


def _store(settings: Settings, client: Client | None) -> Store | None:
    """The store, where one was made already: looking must not make one."""
    if client is None:
        return None
    try:
        if not client.exists(META):
            return None
        secrets = [key.get_secret_value() for key in settings.secret_keys]
        return open_store(client, secrets, settings.partitions)
    except (RedisError, HotlineError):
        return None  # check_redis says why


def _show(console: Console, finding: Finding) -> None:
    mark, colour = _MARKS[finding.verdict]
    line = Text.assemble((mark, colour), f"  {finding.about}: {finding.says}")
    console.print(line)
    if finding.mend:
        console.print(Text(f"         {finding.mend}", style="dim"))

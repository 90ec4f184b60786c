"""hotline worker: does the committed tasks until told to stop."""

from __future__ import annotations

import os

import click

from hotline import logs
from hotline.settings import read_settings


@click.command()
def worker() -> None:
    """Do the committed tasks: pages, calls, follow-ups, the safety net for silence."""
    settings = read_settings(os.environ)
    logs.configure(settings.log_level)
    raise click.ClickException("the worker is not wired yet")

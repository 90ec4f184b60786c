"""hotline worker: does the committed tasks until told to stop."""

from __future__ import annotations

import os
import signal
from types import FrameType

import click

from hotline import logs
from hotline.escalation.worker import Worker
from hotline.runtime import start_hotline, station_of
from hotline.settings import read_settings


@click.command()
def worker() -> None:
    """Do the committed tasks: pages, calls, follow-ups, the safety net for silence.

    SIGTERM lets the tasks in work be finished; the others wait for the next worker.
    """
    settings = read_settings(os.environ)
    logs.configure(settings.log_level)
    hotline = start_hotline(settings)
    working = Worker(station_of(hotline, sends=True))

    def stop(_signal: int, _frame: FrameType | None) -> None:
        working.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        working.run()
    finally:
        hotline.close()

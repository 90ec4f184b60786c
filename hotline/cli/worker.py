"""hotline worker: does the committed tasks until told to stop."""

from __future__ import annotations

import os
import signal
import threading
import time
from types import FrameType

import click
import structlog

from hotline import logs
from hotline.errors import HotlineError
from hotline.escalation.worker import Worker
from hotline.runtime import Hotline, start_hotline, station_of
from hotline.session.removal import trim_daily
from hotline.settings import read_settings

log = structlog.get_logger(__name__)
_RETENTION_SECONDS = 600


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

    threading.Thread(target=_keep_retention, args=(hotline,), daemon=True).start()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        working.run()
    finally:
        hotline.close()


def _keep_retention(hotline: Hotline) -> None:
    """Remove what is older than the retention, once a day; a failure waits for the next look."""
    while True:
        try:
            days = hotline.settings.retention_days
            removed = trim_daily(hotline.store, int(time.time() * 1000), days)
            if removed is not None:
                log.info("retention kept", count=removed)
        except HotlineError as error:
            log.warning("retention postponed", error=error)
        time.sleep(_RETENTION_SECONDS)

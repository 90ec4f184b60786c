"""What goes before and into a start: the right version, no server left over, a first answer."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from hotline.embedded.binary import server_version
from hotline.embedded.lock import FileLock
from hotline.errors import StoreUnavailable

_LOWEST_VERSION = (6, 2)
# From here on the append-only file is a folder of files, which older servers do not look for.
_FOLDER_VERSION = (7, 0)
_APPEND_ONLY_FOLDER = "appendonlydir"
_START_SECONDS = 30.0
_KNOCK_SECONDS = 0.005


def await_answer(process: subprocess.Popen[bytes], socket: Path) -> None:
    """Return when the server answers; it may take its time while it reads a large file."""
    deadline = time.monotonic() + _START_SECONDS
    once = Retry(NoBackoff(), 0)
    with redis.Redis(
        unix_socket_path=str(socket), socket_timeout=_START_SECONDS, retry=once
    ) as client:
        while process.poll() is None:
            try:
                client.ping()
            except redis.exceptions.BusyLoadingError:
                deadline = time.monotonic() + _START_SECONDS
            except redis.exceptions.ConnectionError:
                pass
            else:
                return
            if time.monotonic() > deadline:
                raise StoreUnavailable(f"redis-server did not answer in {_START_SECONDS:.0f} s.")
            time.sleep(_KNOCK_SECONDS)
    raise StoreUnavailable(f"redis-server ended at once (code {process.returncode}).")


def check_version(program: Path, folder: Path) -> None:
    """Refuse a server that lacks what we use, or that would not see the data and start empty."""
    version = server_version(program)
    if version < _LOWEST_VERSION:
        raise StoreUnavailable(f"{program} is too old; install redis-server 6.2 or newer.")
    if version < _FOLDER_VERSION and (folder / _APPEND_ONLY_FOLDER).is_dir():
        raise StoreUnavailable(
            f"{folder} was written by redis-server 7 or newer and {program} is older: it would"
            " start without the data. Put a newer redis-server first, or name another folder."
        )


def end_leftover(lock: FileLock, folder: Path, seconds: float) -> None:
    """End the server that a killed hotline left behind, which `lock` shows and names.

    It is ended rather than taken over, because only a child of ours can be watched. A server
    that does not stop within `seconds` is killed: every answered write is on disk.
    """
    if lock.take():
        return
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        pid = lock.holder()
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal_number)
        if lock.take(seconds):
            return
    raise StoreUnavailable(
        f"A redis-server of an earlier hotline still holds {folder} and does not stop."
        " End that process, then start again."
    )

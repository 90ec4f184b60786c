"""The data folder: private, held by one hotline at a time, and where its socket is found."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path
from typing import NoReturn, Self
from urllib.parse import quote

from hotline.embedded.lock import FileLock
from hotline.errors import SettingsError

LOCK_FILE = "hotline.lock"
SOCKET_NAME = "redis.sock"
# A socket's path has room for 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET_PATH = 100
_ELSEWHERE_FILE = "redis.socket-folder"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class DataFolder:
    """A data folder that this process holds alone until `release`.

    `path` has its symbolic links resolved, so that two names of one folder are one folder.
    Raises SettingsError when the folder is somebody else's, open to others, or already held.
    """

    def __init__(self, data_dir: Path) -> None:
        self.path = _private(data_dir)
        try:
            self._lock = FileLock(self.path / LOCK_FILE)
        except OSError as error:
            _refuse_for(data_dir, error)
        if not self._lock.take():
            holder = self._lock.holder()
            self._lock.close()
            _refuse(
                f"{data_dir} is in use by another hotline (process {holder or 'unknown'}).",
                "Stop that one, or name another folder.",
            )
        self._lock.write_holder(os.getpid())

    def release(self) -> None:
        """Let the next hotline have the folder. Releasing twice is once."""
        self._lock.close()

    def __enter__(self) -> Self:
        """Hold the folder for a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Release the folder."""
        self.release()

    def new_socket(self) -> Path:
        """Where a new server shall listen; a private temporary folder when ours is too deep."""
        self.forget_socket()
        socket = self.path / SOCKET_NAME
        if len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH:
            return socket
        elsewhere = Path(tempfile.mkdtemp(prefix="hotline-"))
        (self.path / _ELSEWHERE_FILE).write_text(str(elsewhere), encoding="utf-8")
        return elsewhere / SOCKET_NAME

    def forget_socket(self) -> None:
        """Remove what a server before this one left behind."""
        (self.path / SOCKET_NAME).unlink(missing_ok=True)
        elsewhere = _elsewhere(self.path)
        if elsewhere is not None:
            (elsewhere / SOCKET_NAME).unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # gone already, or no longer only ours
                elsewhere.rmdir()
            (self.path / _ELSEWHERE_FILE).unlink()


def socket_url(socket: Path) -> str:
    """A socket as HOTLINE_REDIS_URL would say it."""
    return f"unix://{quote(str(socket))}"


def running_url(data_dir: Path) -> str | None:
    """The address of the server that a running hotline keeps on this data folder, if any.

    For commands beside a running hotline. It does not knock: the server may just have died.
    """
    folder = data_dir.resolve()
    for place in (folder, _elsewhere(folder)):
        if place is not None and (place / SOCKET_NAME).is_socket():
            return socket_url(place / SOCKET_NAME)
    return None


def _elsewhere(folder: Path) -> Path | None:
    try:
        return Path((folder / _ELSEWHERE_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def _private(data_dir: Path) -> Path:
    """Make the folder, or make sure that an existing one is ours alone.

    Only an empty folder, or one that a hotline has held before, is closed to others by us:
    HOTLINE_DATA_DIR=/home/me must not change the rights of a home.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = data_dir.resolve(strict=True)
        facts = folder.stat()
        if facts.st_uid != os.geteuid():
            _refuse(
                f"{data_dir} belongs to another user (id {facts.st_uid}).",
                "Hand it over with chown, or name another folder.",
            )
        if facts.st_mode & _OTHERS:
            if any(folder.iterdir()) and not (folder / LOCK_FILE).is_file():
                _refuse(
                    f"{data_dir} is open to other users and holds files that are not ours.",
                    "Name an empty or new folder, or close it with chmod 700.",
                )
            folder.chmod(0o700)
    except OSError as error:
        _refuse_for(data_dir, error)
    return folder


def _refuse_for(data_dir: Path, error: OSError) -> NoReturn:
    _refuse(
        f"{data_dir} cannot be used: {error.strerror}.", "Mend its rights, or name another folder."
    )


def _refuse(problem: str, mend: str) -> NoReturn:
    raise SettingsError([f"HOTLINE_DATA_DIR {problem} {mend}"]) from None

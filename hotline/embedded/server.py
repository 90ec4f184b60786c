"""One redis-server process: started, watched, started again when it dies, stopped cleanly."""

import subprocess
import threading
from pathlib import Path
from typing import Self

import structlog

from hotline.embedded.binary import find_redis_server
from hotline.embedded.folder import DataFolder, socket_url
from hotline.embedded.lock import FileLock
from hotline.embedded.starting import await_answer, check_version, end_leftover
from hotline.errors import StoreUnavailable

LOG_FILE = "redis.log"
_SERVER_LOCK_FILE = "redis.lock"
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0

_log = structlog.get_logger(__name__)


class EmbeddedRedis:
    """A redis-server on a unix socket in `data_dir`, every write on disk before it is answered.

    It runs from construction to `stop`; a thread starts it again whenever it dies in between.
    A server that does not stop within `stop_seconds` when asked is killed.
    Raises SettingsError when the folder cannot be ours (see DataFolder) and StoreUnavailable
    when there is no redis-server or it does not come up.
    """

    def __init__(
        self, data_dir: Path, *, program: Path | None = None, stop_seconds: float = 20.0
    ) -> None:
        self._stop_seconds = stop_seconds
        self._program = program or find_redis_server()
        self._folder = DataFolder(data_dir)
        self._stopping = threading.Event()
        try:
            # The server inherits this lock and so holds it for exactly as long as it lives.
            self._server_lock = FileLock(self._folder.path / _SERVER_LOCK_FILE)
        except BaseException:
            self._folder.release()
            raise
        try:
            check_version(self._program, self._folder.path)
            end_leftover(self._server_lock, self._folder.path, stop_seconds)
            self.socket = self._folder.new_socket()
            self._process = self._start()
        except BaseException:
            self._release()
            raise
        self._watcher = threading.Thread(target=self._watch, name="embedded-redis", daemon=True)
        self._watcher.start()

    @property
    def url(self) -> str:
        """The address for a client: unix://..."""
        return socket_url(self.socket)

    @property
    def pid(self) -> int:
        """The server's process id; another one after the server died and was started again."""
        return self._process.pid

    def stop(self) -> None:
        """Shut the server down, wait until it has ended, and let go of the data folder."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._process.terminate()
        self._watcher.join(self._stop_seconds)
        if self._watcher.is_alive():
            self._process.kill()
            self._watcher.join()
        self._folder.forget_socket()
        self._release()

    def __enter__(self) -> Self:
        """Run for a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def _release(self) -> None:
        self._server_lock.close()
        self._folder.release()

    def _start(self) -> subprocess.Popen[bytes]:
        with (self._folder.path / LOG_FILE).open("ab") as log:
            before = log.tell()
            process = subprocess.Popen(  # noqa: S603 - our own program and arguments
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder.path,
                pass_fds=(self._server_lock.fd,),
                # Ctrl-C in a terminal reaches the whole group; the store must outlive the rest.
                start_new_session=True,
            )
        try:
            self._server_lock.write_holder(process.pid)
            await_answer(process, self.socket)
        except StoreUnavailable as error:
            process.kill()
            process.wait()
            said = (self._folder.path / LOG_FILE).read_bytes()[before:].decode("utf-8", "replace")
            raise StoreUnavailable(f"{error} It said:\n{said[-2000:].strip()}") from None
        except BaseException:
            process.kill()
            process.wait()
            raise
        return process

    def _command(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self._folder.path),
            "daemonize": "no",
            "supervised": "no",
            "appendonly": "yes",
            "appendfsync": "always",
            "save": "",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        return [
            str(self._program),
            *(part for key, value in settings.items() for part in (f"--{key}", value)),
        ]

    def _watch(self) -> None:
        """Start the server again whenever it ends unasked."""
        while True:
            code = self._process.wait()
            if self._stopping.is_set():
                return
            _log.error("embedded redis ended", code=code)
            if not self._start_again():
                return
            _log.warning("embedded redis started again", pid=self.pid)
            if self._stopping.is_set():  # stop() may have signalled the one that was dead already
                self._process.terminate()

    def _start_again(self) -> bool:
        """Try with growing pauses until a server runs; False when asked to stop before."""
        pause = _FIRST_PAUSE
        while not self._stopping.wait(pause):
            try:
                self._process = self._start()
            except (StoreUnavailable, OSError):
                _log.exception("embedded redis does not start")
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return True
        return False

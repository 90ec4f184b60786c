"""A lock that ends with its holder, however the holder ends."""

import fcntl
import os
import time
from pathlib import Path

_LOOK_AGAIN_SECONDS = 0.01


class FileLock:
    """A file that one holder at a time has locked; its content is the holder's process id.

    The kernel drops the lock when the last process that has the open file ends, however it ends.
    """

    def __init__(self, file: Path) -> None:
        self.fd = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)

    def take(self, seconds: float = 0) -> bool:
        """Try for so long to be the holder; whether that came true."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(_LOOK_AGAIN_SECONDS)
            else:
                return True

    def write_holder(self, pid: int) -> None:
        """Say who holds the lock."""
        os.ftruncate(self.fd, 0)
        os.pwrite(self.fd, f"{pid}\n".encode("ascii"), 0)

    def holder(self) -> int | None:
        """Who said to hold the lock, if anybody yet."""
        said = os.pread(self.fd, 20, 0).strip()
        return int(said) if said.isdigit() else None

    def close(self) -> None:
        """Let go. Closing twice is once."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

"""A redis-server on a disk that can be full, and that tells what would survive a power failure."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from hotline.embedded import EmbeddedRedis, find_redis_server

SOURCE = Path(__file__).with_name("disk.c")


@dataclass
class Disk:
    """The preloaded library in a folder; `program` is a redis-server on this disk."""

    folder: Path
    program: Path

    def fill(self) -> None:
        (self.folder / "full").touch()

    def free(self) -> None:
        (self.folder / "full").unlink(missing_ok=True)

    def synced(self) -> tuple[int, Path]:
        """The length of the file that was synced last, and its name."""
        length, name = (self.folder / "synced").read_text().split("\n")[0].split(" ", 1)
        return int(length), Path(name)


def make_disk(folder: Path) -> Disk:
    """Compile the library; skip where there is no compiler (a real CI has one)."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        if os.environ.get("CI"):
            pytest.fail("no C compiler for the disk that fills up")
        pytest.skip("no C compiler for the disk that fills up")
    folder.mkdir(parents=True)
    library = folder / "disk.so"
    build = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(build, check=True)
    program = folder / "redis-server"
    program.write_text(
        "#!/bin/sh\n"
        f"export FAULT_DIR='{folder}' LD_PRELOAD='{library}'\n"
        f"exec '{find_redis_server()}' \"$@\"\n"
    )
    program.chmod(0o700)
    return Disk(folder, program)


def cut_power(redis: EmbeddedRedis, disk: Disk) -> int:
    """End the server at once and cut its file to what was synced; the bytes that were lost."""
    redis._stopping.set()  # it is not to be started again: the machine is off
    os.kill(redis.pid, signal.SIGKILL)
    redis._watcher.join(10)
    redis._release()
    length, file = disk.synced()
    lost = file.stat().st_size - length
    os.truncate(file, length)
    time.sleep(0.05)
    return lost

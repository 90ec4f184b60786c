"""Running the web server: granian, with the settings handed over in the environment."""

from __future__ import annotations

import os

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from hotline.settings import Settings

THREADS = 4
BACKLOG = 1024


def hand_over(settings: Settings, redis_url: str) -> None:
    """Put the settings into the environment, where the server's processes read them."""
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        alias = str(field.alias)
        os.environ.pop(f"{alias}_FILE", None)
        if value is not None:
            os.environ[alias] = _written(value)
    os.environ["HOTLINE_REDIS_URL"] = redis_url


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ",".join(_written(one) for one in value)
    secret = getattr(value, "get_secret_value", None)
    return str(secret() if secret else value)


def serve_app(factory: str, host: str, port: int, workers: int = 1) -> None:
    """Serve the app that the factory ("module:function") makes, until told to stop."""
    Server(
        factory,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        http=HTTPModes.http1,
        websockets=False,
    ).serve()

"""What the commands about sessions and staff work on: settings, store, library; opened once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from hotline import logs
from hotline.embedded import EmbeddedRedis
from hotline.embedded.folder import running_url
from hotline.flow.library import Library
from hotline.runtime import keep_version, library_at
from hotline.session.connection import connect
from hotline.session.opening import open_store
from hotline.session.store import Store
from hotline.settings import Settings, demo_settings, read_settings

Command = Callable[..., Any]


def demo_option(command: Command) -> Command:
    """Adds --demo FOLDER: work on the data of `hotline run` instead of the environment's."""
    return click.option(
        "--demo",
        metavar="FOLDER",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="The folder of a `hotline run` (its --data-dir), instead of the environment.",
    )(command)


def settings_of(demo: Path | None) -> Settings:
    """The settings of the demo in a folder, else of the environment. Raises SettingsError."""
    logs.configure("warning")
    return demo_settings(demo, environ=os.environ) if demo else read_settings(os.environ)


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    """The store, on the Redis in use; our own is started when it does not run yet."""
    redis = None
    address = settings.redis_url.get_secret_value() if settings.redis_url else None
    if address is None:
        address = running_url(settings.data_dir)
    if address is None:
        redis = EmbeddedRedis(settings.data_dir)
        address = redis.url
    client = connect(address)
    try:
        secrets = [secret.get_secret_value() for secret in settings.secret_keys]
        yield open_store(client, secrets, settings.partitions)
    finally:
        client.close()
        if redis is not None:
            redis.stop()


def library_of(settings: Settings, store: Store) -> Library:
    """The library, with older versions of the flow out of this store."""
    return keep_version(library_at(settings.flows), store.client)

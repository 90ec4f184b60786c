"""hotline serve: the webhooks and the console, as a production process."""

from __future__ import annotations

import gc
import os

import click

from hotline import logs
from hotline.cli.proving import ensure_proved
from hotline.embedded import EmbeddedRedis
from hotline.runtime import library_at, redis_address, refuse_draft
from hotline.session.connection import connect
from hotline.settings import read_settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Serve the webhooks and the console.

    Refuses to start on settings or flows with a fault, and names every fault.
    """
    gc.disable()  # walking what is all kept takes a tenth of the start
    settings = read_settings(os.environ)
    logs.configure(settings.log_level)
    refuse_draft(library_at(settings.flows), settings)
    # Imported here so that the workers have it, and after the loading, whose memory it uses again.
    from hotline.app import from_environment  # noqa: PLC0415
    from hotline.cli.serving import hand_over, serve_app  # noqa: PLC0415

    redis = None if settings.redis_url else EmbeddedRedis(settings.data_dir)
    try:
        redis_url = redis_address(settings, redis)
        with connect(redis_url) as client:
            ensure_proved(settings.flows, client)
        hand_over(settings, redis_url)
        gc.freeze()
        gc.enable()
        factory = f"{from_environment.__module__}:{from_environment.__name__}"
        serve_app(factory, host, port, workers)
    finally:
        if redis is not None:
            redis.stop()

"""The floor: the least that a web application with two Redis trips could do on the same server."""

from __future__ import annotations

import itertools
import os

from flask import Flask, Response

from hotline.session.connection import connect

HELLO = "/hello"
FLOOR = "/floor"
RECORD = b"x" * 700
"""As many bytes as a session record of ours has in the middle of a conversation."""

ENTRY = b"x" * 350
"""As many bytes as a log entry of ours has."""

_PEOPLE = 10_000


def floor_app() -> Flask:
    """A bare view with two plain pipelined Redis trips, and a bare hello. No form is read."""
    app = Flask("floor", static_folder=None)
    client = connect(os.environ["HOTLINE_REDIS_URL"])
    count = itertools.count()

    @app.post(FLOOR)
    def floor() -> Response:
        person = next(count) % _PEOPLE
        with client.pipeline(transaction=False) as pipe:
            pipe.get(f"floor:s:{person}")
            pipe.get(f"floor:r:{person}")
            pipe.execute()
        with client.pipeline(transaction=False) as pipe:
            pipe.set(f"floor:s:{person}", RECORD)
            pipe.xadd("floor:log", {"s": person, "d": ENTRY})
            pipe.execute()
        return Response("<Response />", mimetype="text/xml")

    @app.post(HELLO)
    def hello() -> Response:
        return Response("<Response />", mimetype="text/xml")

    return app

"""The Now page: who needs somebody, worst first, kept up to date by a small fragment."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from hotline.console.office import Office
from hotline.console.pages import Pages
from hotline.console.rights import Right
from hotline.console.sight import Alarm, Line, Sight, Snapshot

FRESH_SECONDS = 0.5
"""How old the shared picture may be. Polls come every 2 s; a text shows within 2.5 s."""

OLDEST_SECONDS = 0.8
"""How old it may be where many people write at once: a text still shows within 3 s."""

SHARE = 0.04
"""The share of one processor that looking may take before the picture may grow older."""

_Row = tuple[Alarm | Line, Markup]


@dataclass(frozen=True, slots=True)
class Picture:
    """What every console shows: its HTML, the same compressed, its tag (ETag), what it is of."""

    html: str
    packed: bytes
    tag: str
    snapshot: Snapshot


class Pulse:
    """The one picture of this process: all consoles that ask get the same rendered fragment.

    Polling or server-sent events? 50 consoles are 25 polls a second, and the picture is made at
    most twice a second for all of them: `hotline bench` measures what that leaves the webhook.
    Events would hold one of the server's four threads for each open console.
    """

    def __init__(self, office: Office) -> None:
        """Nothing is read yet."""
        self._sight = Sight(office)
        self._lock = threading.Lock()
        self._fresh_until = 0.0
        self._picture: Picture | None = None
        self._rows: dict[str, _Row] = {}

    def picture(self) -> Picture:
        """The picture, made anew when it is too old."""
        with self._lock:
            if self._picture is None or time.monotonic() > self._fresh_until:
                began, worked = time.monotonic(), time.thread_time()
                snapshot = self._sight.look()
                if self._picture is None or snapshot != self._picture.snapshot:
                    self._picture = self._draw(snapshot)
                rest = (time.thread_time() - worked) / SHARE
                self._fresh_until = began + min(max(FRESH_SECONDS, rest), OLDEST_SECONDS)
            return self._picture

    def _draw(self, snapshot: Snapshot) -> Picture:
        """Rows that stayed as they were are not rendered again."""
        known, self._rows = self._rows, {}
        base = url_for("console.show_sessions") + "/"
        rows: Any = current_app.jinja_env.get_template("console/now_rows.html").module
        for kind, make, things in (
            ("alarm", rows.alarm_row, snapshot.alarms),
            ("line", rows.line_row, snapshot.lines),
        ):
            for one in things:
                name = f"{kind} {one.session if isinstance(one, Alarm) else one.id}"
                old = known.get(name)
                same = old is not None and old[0] == one
                self._rows[name] = old if old is not None and same else (one, make(one, base))
        html = render_template(
            "console/now_fragment.html",
            now=snapshot,
            alarms=[self._rows[f"alarm {one.session}"][1] for one in snapshot.alarms],
            lines=[self._rows[f"line {one.id}"][1] for one in snapshot.lines],
        )
        plain = html.encode()
        tag = hashlib.sha256(plain).hexdigest()[:20]
        return Picture(html, gzip.compress(plain, compresslevel=1, mtime=0), tag, snapshot)


def add_now(pages: Pages) -> None:
    """The page and its fragment."""
    pages.add("/", show_now, Right.SEE)
    pages.add("/now", now_fragment, Right.SEE)


def show_now(office: Office) -> ResponseReturnValue:
    """The whole page."""
    picture = _pulse(office).picture()
    return render_template("console/now.html", fragment=picture.html, tag=picture.tag)


def now_fragment(office: Office) -> ResponseReturnValue:
    """The changing part; 304 when it has not changed."""
    picture = _pulse(office).picture()
    headers = {"ETag": f'"{picture.tag}"', "Vary": "Accept-Encoding"}
    if request.if_none_match.contains(picture.tag):
        return Response(status=304, headers=headers)
    if request.accept_encodings["gzip"]:
        headers["Content-Encoding"] = "gzip"
        return Response(picture.packed, mimetype="text/html", headers=headers)
    return Response(picture.html, mimetype="text/html", headers=headers)


def _pulse(office: Office) -> Pulse:
    known: Pulse | None = current_app.extensions.get("console_pulse")
    if known is None:
        known = current_app.extensions.setdefault("console_pulse", Pulse(office))
    return known

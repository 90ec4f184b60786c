"""What of Flask and werkzeug is done a shorter way for webhooks, each by a hook they offer.

Twilio's requests are many and all alike: a urlencoded form, no cookie, no host that matters. What
is not like that takes the way it would take without this module.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import structlog
from flask import Blueprint, Flask, Request, Response, request
from flask.blueprints import BlueprintSetupState
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import ClientDisconnected, HTTPException
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.routing import MapAdapter
from werkzeug.utils import cached_property

from hotline.channels.forms import read_pairs

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = structlog.get_logger(__name__)

WEBHOOKS = "/twilio/"
"""What the paths of all webhooks begin with."""

LARGEST_FORM = 64 * 1024

_URLENCODED = "application/x-www-form-urlencoded"
_STATUS = {code: f"{code} {name.upper()}" for code, name in HTTP_STATUS_CODES.items()}


class Posted(NamedTuple):
    """A form that was posted: the path with its query, its names and values in their order."""

    path: str
    pairs: Sequence[tuple[str, str]]
    environ: WSGIEnvironment

    @property
    def fields(self) -> dict[str, str]:
        """The form's fields by name, of several of one name the first."""
        return dict(reversed(self.pairs))


class Answered(NamedTuple):
    """What a view answers: a whole document of a kind (its Content-Type)."""

    document: str
    status: int = 200
    kind: str = "text/xml; charset=utf-8"


class QuickRequest(Request):
    """A request whose urlencoded form is read by `read_pairs` (werkzeug takes five times as long).

    A form of any other kind is werkzeug's matter, and so is the limit of a body's length.
    """

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """The form's names and values in their order.

        Raises ClientDisconnected for a body that is shorter than it was said to be, and
        RequestEntityTooLarge for one that is too long.
        """
        if self.environ.get("CONTENT_TYPE", "").startswith(_URLENCODED):
            return read_pairs(self._body())
        return list(super().form.items(multi=True))

    @property
    def posted(self) -> Posted:
        """The form as a view takes it."""
        path = self.full_path if self.query_string else self.path
        return Posted(path, self.pairs, self.environ)

    @property
    def form(self) -> ImmutableMultiDict[str, str]:
        """The form's fields; the same object each time."""
        found: ImmutableMultiDict[str, str] | None = self.__dict__.get("quick_form")
        if found is None:
            found = self.__dict__["quick_form"] = ImmutableMultiDict(self.pairs)
        return found

    @cached_property
    def blueprints(self) -> list[str]:
        """The blueprint that serves it; asked for three times in a request, known after routing."""
        return super().blueprints

    def _body(self) -> bytes:
        """The body at once where its length is told and small enough, else as werkzeug reads it."""
        length = _told_length(self.environ)
        if length is None:
            return self.get_data()
        body = _body_of(self.environ, length)
        self.stream = io.BytesIO(body)  # for whoever asks werkzeug for the body again
        return body


class QuickResponse(Response):
    """A whole document, whose head needs no second look."""

    def get_wsgi_response(
        self, environ: WSGIEnvironment
    ) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        """The body, the status and the headers as they are."""
        if environ["REQUEST_METHOD"] != "POST":
            return super().get_wsgi_response(environ)
        return self.iter_encoded(), self.status, self.headers.to_wsgi_list()


class QuietSessions(SecureCookieSessionInterface):
    """Cookie sessions for people only: the carrier's requests carry none and pay for none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """No session for a webhook, the cookie's for everybody else."""
        if request.path.startswith(WEBHOOKS):
            return None
        return super().open_session(app, request)


View = Callable[[Posted], Answered]
"""A view that needs nothing of Flask."""


class QuickFlask(Flask):
    """Flask without what no view of ours needs."""

    request_class = QuickRequest

    def __init__(self, name: str) -> None:
        """An app without a folder of static files (the console brings its own)."""
        super().__init__(name, static_folder=None)
        self.short_ways: dict[str, View] = {}
        self.session_interface = QuietSessions()
        self.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
        self.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_FORM

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Take a plain webhook the short way where it has one, all else Flask's.

        The short way has no contexts, no signals, no hooks and no objects of request and response,
        which are a quarter of what a text costs. Who hooks all requests (traces) clears
        `short_ways`.
        """
        path = environ.get("PATH_INFO", "")
        view = self.short_ways.get(path)
        length = None if view is None else _plain_length(environ)
        if view is None or length is None:
            return super().wsgi_app(environ, start_response)
        try:
            answered = view(Posted(path, read_pairs(_body_of(environ, length)), environ))
        except HTTPException as error:
            return error.get_response(environ)(environ, start_response)
        except Exception as error:  # noqa: BLE001 as Flask does, but without words of hers
            log.error("webhook failed", error=error)  # noqa: TRY400 the trace may hold her words
            answered = Answered("", 500)
        document = answered.document.encode()
        told = [("Content-Type", answered.kind), ("Content-Length", str(len(document)))]
        start_response(_STATUS[answered.status], told)
        return [document]

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: no view or hook is a coroutine."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """For a webhook without a look at the Host header, which nothing there depends on.

        A path with a doubled slash would be redirected, and that needs the host.
        """
        if request is None or not request.path.startswith(WEBHOOKS) or "//" in request.path:
            return super().create_url_adapter(request)
        return MapAdapter(
            self.url_map,
            server_name="localhost",
            script_name="/",
            subdomain="",
            url_scheme=request.scheme,
            path_info=request.path,
            default_method=request.method,
        )


def shorten(blueprint: Blueprint, path: str, view: View) -> None:
    """Let plain requests to this path of the blueprint take the short way (QuickFlask) to a view.

    The path has to have a route as well: what is not plain goes there.
    """

    def note(state: BlueprintSetupState) -> None:
        if isinstance(state.app, QuickFlask):
            state.app.short_ways[path] = view

    blueprint.record(note)


def this_request() -> QuickRequest:
    """The request being answered, itself: its proxy costs a microsecond for each name."""
    return cast("QuickRequest", request._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 documented


def respond(answered: Answered) -> Response:
    """The same answer as Flask's views give it."""
    return QuickResponse(answered.document, answered.status, content_type=answered.kind)


def _plain_length(environ: WSGIEnvironment) -> int | None:
    """The body's length if it is a POST of a urlencoded form, of a told and small size."""
    kind: str = environ.get("CONTENT_TYPE", "")
    plain = environ["REQUEST_METHOD"] == "POST" and kind.startswith(_URLENCODED)
    return _told_length(environ) if plain and not environ.get("QUERY_STRING") else None


def _body_of(environ: WSGIEnvironment, length: int) -> bytes:
    """The body, told to be so long. Raises ClientDisconnected where it is shorter."""
    body: bytes = environ["wsgi.input"].read(length)
    if len(body) < length:
        raise ClientDisconnected
    return body


def _told_length(environ: WSGIEnvironment) -> int | None:
    """How long the body is said to be; None where that is not told or is too long."""
    told = environ.get("CONTENT_LENGTH", "")
    if "HTTP_TRANSFER_ENCODING" in environ or not (told.isascii() and told.isdecimal()):
        return None
    return int(told) if int(told) <= LARGEST_FORM else None

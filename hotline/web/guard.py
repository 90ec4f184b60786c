"""The guard before every webhook: no valid signature, no entry, nothing written."""

from __future__ import annotations

import structlog
from flask import Blueprint, Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.datastructures import ImmutableMultiDict

from hotline.channels.forms import read_pairs
from hotline.channels.signature import SETTINGS, SIGNATURE, Signatures

log = structlog.get_logger(__name__)

WEBHOOKS = "/twilio/"
"""What the paths of all webhooks begin with."""

_URLENCODED = "application/x-www-form-urlencoded"
_SIGNATURE = "HTTP_" + SIGNATURE.upper().replace("-", "_")
_SETTINGS = "HTTP_" + SETTINGS.upper().replace("-", "_")


class QuickRequest(Request):
    """A request whose urlencoded form is read by `read_pairs` (werkzeug takes five times as long).

    A form of any other kind is werkzeug's matter, and so is the limit of a body's length.
    """

    @property
    def form(self) -> ImmutableMultiDict[str, str]:
        """The form's fields; the same object each time."""
        found: ImmutableMultiDict[str, str] | None = self.__dict__.get("quick_form")
        if found is None:
            if self.environ.get("CONTENT_TYPE", "").startswith(_URLENCODED):
                found = ImmutableMultiDict(read_pairs(self.get_data()))
            else:
                found = super().form
            self.__dict__["quick_form"] = found
        return found


class QuietSessions(SecureCookieSessionInterface):
    """Cookie sessions for people only: the carrier's requests carry none and pay for none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """An empty session for a webhook, the cookie's for everybody else."""
        if request.environ.get("PATH_INFO", "").startswith(WEBHOOKS):
            return self.session_class()
        return super().open_session(app, request)


def guard(blueprint: Blueprint, signatures: Signatures) -> None:
    """Refuse every request to this blueprint that Twilio did not sign (403)."""

    def check_signature() -> Response | None:
        environ = request.environ
        path = request.full_path if request.query_string else request.path
        signature, settings = environ.get(_SIGNATURE, ""), environ.get(_SETTINGS, "")
        if signature and signatures.valid(path, request.form, signature, settings):
            return None
        log.warning("webhook refused", route=request.path[:60], status=403)
        return Response("Forbidden\n", 403, mimetype="text/plain")

    blueprint.before_request(check_signature)

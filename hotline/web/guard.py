"""The guard before every webhook: no valid signature, no entry, nothing written."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Blueprint, Response

from hotline.channels.signature import SETTINGS, SIGNATURE, Signatures
from hotline.web.quick import QuickRequest, this_request

log = structlog.get_logger(__name__)

_SIGNATURE = "HTTP_" + SIGNATURE.upper().replace("-", "_")
_SETTINGS = "HTTP_" + SETTINGS.upper().replace("-", "_")


Guard = Callable[[QuickRequest], Response | None]
"""What a request that may enter gets: nothing; any other: the answer that refuses it."""


def guard(blueprint: Blueprint, signatures: Signatures) -> Guard:
    """Refuse every request to this blueprint that Twilio did not sign (403)."""

    def check(came: QuickRequest) -> Response | None:
        environ = came.environ
        path = came.full_path if came.query_string else came.path
        signature, settings = environ.get(_SIGNATURE, ""), environ.get(_SETTINGS, "")
        if signature and signatures.valid(path, came.pairs, signature, settings):
            return None
        log.warning("webhook refused", route=came.path[:60], status=403)
        return Response("Forbidden\n", 403, mimetype="text/plain")

    def check_signature() -> Response | None:
        return check(this_request())

    blueprint.before_request(check_signature)
    return check

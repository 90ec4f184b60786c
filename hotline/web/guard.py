"""The guard before every webhook: no valid signature, no entry, nothing written."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Blueprint, Response

from hotline.channels.signature import SETTINGS, SIGNATURE, Signatures
from hotline.web.quick import Answered, Posted, respond, this_request

log = structlog.get_logger(__name__)

_SIGNATURE = "HTTP_" + SIGNATURE.upper().replace("-", "_")
_SETTINGS = "HTTP_" + SETTINGS.upper().replace("-", "_")
_FORBIDDEN = Answered("Forbidden\n", 403, "text/plain; charset=utf-8")


Guard = Callable[[Posted], Answered | None]
"""What a request that may enter gets: nothing; any other: the answer that refuses it."""


def guard(blueprint: Blueprint, signatures: Signatures) -> Guard:
    """Refuse every request to this blueprint that Twilio did not sign (403)."""

    def check(came: Posted) -> Answered | None:
        environ = came.environ
        signature, settings = environ.get(_SIGNATURE, ""), environ.get(_SETTINGS, "")
        if signature and signatures.valid(came.path, came.pairs, signature, settings):
            return None
        route = came.path.partition("?")[0]
        log.warning("webhook refused", route=route[:60], status=_FORBIDDEN.status)
        return _FORBIDDEN

    def check_signature() -> Response | None:
        refused = check(this_request().posted)
        return None if refused is None else respond(refused)

    blueprint.before_request(check_signature)
    return check

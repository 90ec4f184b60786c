"""The guard before every webhook: no valid signature, no entry, nothing written."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, request

from hotline.channels.signature import SETTINGS, SIGNATURE, Signatures

log = structlog.get_logger(__name__)


def guard(blueprint: Blueprint, signatures: Signatures) -> None:
    """Refuse every request to this blueprint that Twilio did not sign (403)."""

    def check_signature() -> Response | None:
        path = request.full_path if request.query_string else request.path
        headers = request.headers
        signature = headers.get(SIGNATURE, "")
        if signature and signatures.valid(path, request.form, signature, headers.get(SETTINGS, "")):
            return None
        log.warning("webhook refused", route=request.path[:60], status=403)
        return Response("Forbidden\n", 403, mimetype="text/plain")

    blueprint.before_request(check_signature)

"""GET /healthz: the process lives. GET /readyz: Redis answers and the flow is served. /metrics."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST
from redis.exceptions import RedisError

from hotline.metrics import exposition
from hotline.runtime import Hotline


def health_blueprint(hotline: Hotline) -> Blueprint:
    """Open to anyone who can reach the port: it tells nothing about anybody."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def alive() -> Response:
        return jsonify(status="ok")

    @blueprint.get("/readyz")
    def ready() -> tuple[Response, int]:
        try:
            hotline.client.ping()
        except RedisError as error:
            return jsonify(status="unavailable", redis=type(error).__name__), 503
        flow = hotline.library.flow
        return jsonify(
            status="ok", flow=flow.id, version=flow.version, review=flow.meta.status
        ), 200

    @blueprint.get("/metrics")
    def metrics() -> Response:
        return Response(exposition(hotline.store), content_type=CONTENT_TYPE_LATEST)

    return blueprint

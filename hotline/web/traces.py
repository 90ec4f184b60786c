"""OpenTelemetry traces of requests, when the extra `hotline[otel]` and an exporter are there.

A span holds the method, the route as written in the code and the status: no address with its
query, no form, no words, no number, and of an error only its kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, request

from hotline.errors import SettingsError
from hotline.web.quick import QuickFlask

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_MEND = (
    f"{ENDPOINT} is set, but OpenTelemetry is not installed. Install hotline[otel], or unset it."
)
_FAILED = 500


def trace_requests(app: Flask, environ: Mapping[str, str]) -> bool:
    """Trace every request when an endpoint is set; whether that is so.

    Raises SettingsError when the packages of the extra are missing.
    """
    if not environ.get(ENDPOINT):
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 an extra
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 an extra
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 an extra
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 an extra
    except ImportError:
        raise SettingsError([_MEND]) from None
    name = environ.get("OTEL_SERVICE_NAME", "hotline")
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    add_spans(app, provider.get_tracer("hotline"))
    return True


def add_spans(app: Flask, tracer: Any) -> None:  # noqa: ANN401 a tracer of an extra
    """Begin a span with each request and end it with its reply; none takes the short way now."""
    if isinstance(app, QuickFlask):
        app.short_ways.clear()

    @app.before_request
    def begin() -> None:
        route = request.url_rule.rule if request.url_rule else "unknown"
        g.span = tracer.start_span(f"{request.method} {route}")
        g.span.set_attribute("http.request.method", request.method)
        g.span.set_attribute("http.route", route)

    @app.after_request
    def note(response: Response) -> Response:
        span = g.get("span")
        if span is not None:
            span.set_attribute("http.response.status_code", response.status_code)
        return response

    @app.teardown_request
    def end(error: BaseException | None) -> None:
        span = g.pop("span", None)
        if span is None:
            return
        if error is not None:
            span.set_attribute("error.type", type(error).__name__)
            span.set_attribute("http.response.status_code", _FAILED)
        span.end()

"""Traces: the route and the status, never what was sent."""

import pytest
from flask import Flask, request
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from hotline.web.traces import add_spans, trace_requests


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def app(spans: InMemorySpanExporter) -> Flask:
    app = Flask("traced")
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    add_spans(app, provider.get_tracer("test"))

    @app.post("/text/<one>")
    def text(one: str) -> str:
        if one == "broken":
            raise ValueError(request.form["Body"])
        return "ok"

    return app


def test_a_span_holds_the_route_and_the_status_and_nothing_of_hers(
    app: Flask, spans: InMemorySpanExporter
) -> None:
    app.test_client().post("/text/secret?d=SM1", data={"Body": "i bleed", "From": "+447700900111"})
    (span,) = spans.get_finished_spans()
    assert span.name == "POST /text/<one>"
    assert dict(span.attributes) == {
        "http.request.method": "POST",
        "http.route": "/text/<one>",
        "http.response.status_code": 200,
    }


def test_an_error_is_told_by_its_kind_alone(app: Flask, spans: InMemorySpanExporter) -> None:
    app.test_client().post("/text/broken", data={"Body": "i bleed"})
    (span,) = spans.get_finished_spans()
    told = span.to_json()
    assert "i bleed" not in told
    assert span.attributes["http.response.status_code"] == 500


def test_nothing_is_traced_unless_an_endpoint_is_set() -> None:
    assert trace_requests(Flask("untraced"), {}) is False


def test_with_an_endpoint_requests_are_traced() -> None:
    app = Flask("traced")
    assert trace_requests(app, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}) is True
    assert app.before_request_funcs[None]

"""The short ways for webhooks end where Flask's own would."""

import io
import json

import pytest
import structlog
from flask import Blueprint, Flask, request, request_started
from opentelemetry.sdk.trace import TracerProvider

from hotline import logs
from hotline.app import create_app
from hotline.web.quick import LARGEST_FORM, Answered, QuickFlask, respond, shorten
from hotline.web.traces import add_spans

FORM = b"From=%2B447700900001&Body=I+am+bleeding&Body=second&Empty="
CHUNKED = {"HTTP_TRANSFER_ENCODING": "chunked"}
URLENCODED = "application/x-www-form-urlencoded"


def echo(app, *, short=False):
    blueprint = Blueprint("echo", __name__)

    def answer(pairs):
        told = {}
        for name, value in pairs:
            told.setdefault(name, []).append(value)
        return Answered(json.dumps({"form": told}), kind="application/json")

    @blueprint.post("/twilio/echo")
    def told():
        answered = respond(answer(request.form.items(multi=True)))
        app.config["AGAIN"] = request.get_data()
        return answered

    if short:
        shorten(blueprint, "/twilio/echo", lambda came: seen(app, answer(came.pairs)))
    app.register_blueprint(blueprint)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    return app.test_client()


def seen(app, answer):
    app.config["SHORTENED"] = True
    return answer


@pytest.fixture(params=[False, True])
def quick(request):
    return echo(QuickFlask("quick"), short=request.param)


@pytest.fixture
def flasks():
    return echo(Flask("plain"))


def post(client, body, **how):
    how = {"content_type": URLENCODED, **how}
    return client.post("/twilio/echo", input_stream=io.BytesIO(body), **how)


def test_a_form_is_read_as_flask_reads_it(quick, flasks):
    ours, theirs = (post(one, FORM, content_length=len(FORM)) for one in (quick, flasks))
    assert ours.get_json() == theirs.get_json()
    assert quick.application.config.get("AGAIN", FORM) == FORM


@pytest.mark.parametrize(
    ("body", "how", "status"),
    [
        (b"x" * (LARGEST_FORM + 1), {"CONTENT_LENGTH": str(LARGEST_FORM + 1)}, 413),
        (FORM, {"CONTENT_LENGTH": str(len(FORM) + 1)}, 400),
        (FORM, {"CONTENT_LENGTH": "²"}, 200),
        (FORM, {"CONTENT_LENGTH": "-1"}, 200),
        (FORM, {"CONTENT_LENGTH": "5", "HTTP_TRANSFER_ENCODING": "chunked"}, 200),
        (b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n', {}, 200),
    ],
)
def test_a_body_that_is_not_as_told_ends_as_with_flask(quick, flasks, body, how, status):
    how = {"environ_overrides": how}
    if body.startswith(b"--b"):
        how["content_type"] = "multipart/form-data; boundary=b"
    ours, theirs = post(quick, body, **how), post(flasks, body, **how)
    assert (ours.status_code, theirs.status_code) == (status, status)
    if status == 200:
        assert ours.get_json() == theirs.get_json()


@pytest.mark.parametrize("path", ["/twilio//echo", "//twilio/echo", "/twilio/echo/", "/twilio/"])
def test_a_path_written_otherwise_goes_where_flask_sends_it(quick, flasks, path):
    ours, theirs = (client.post(path, data={"a": "1"}) for client in (quick, flasks))
    assert ours.status_code == theirs.status_code
    assert ours.headers.get("Location") == theirs.headers.get("Location")


@pytest.mark.parametrize("method", ["get", "head", "options", "put"])
def test_another_method_is_answered_as_by_flask(quick, flasks, method):
    ours, theirs = (getattr(client, method)("/twilio/echo") for client in (quick, flasks))
    assert (ours.status_code, ours.headers.get("Allow")) == (
        theirs.status_code,
        theirs.headers.get("Allow"),
    )


def test_only_a_plain_form_takes_the_short_way_and_its_answer_is_the_same():
    app = QuickFlask("short")
    client, long = echo(app, short=True), echo(QuickFlask("long"))
    for body, how in (
        (b"--b--", {"content_type": "multipart/form-data; boundary=b"}),
        (FORM, {"environ_overrides": CHUNKED}),
    ):
        post(client, body, **how)
        assert "SHORTENED" not in app.config
    ours, theirs = (post(one, FORM, content_length=len(FORM)) for one in (client, long))
    assert app.config["SHORTENED"]
    assert (ours.status, ours.headers, ours.data) == (theirs.status, theirs.headers, theirs.data)


def test_a_view_that_breaks_on_the_short_way_is_a_500_without_her_words():
    stream = io.StringIO()
    app = QuickFlask("broken")
    blueprint = Blueprint("broken", __name__)

    def breaks(came):
        raise ValueError(came.fields["Body"])

    shorten(blueprint, "/twilio/echo", breaks)
    app.register_blueprint(blueprint)
    logs.configure("info", stream=stream)
    try:
        answer = post(app.test_client(), FORM, content_length=len(FORM))
    finally:
        structlog.reset_defaults()
    assert answer.status_code == 500
    told = stream.getvalue()
    assert "webhook failed" in told
    assert "I am bleeding" not in told


@pytest.mark.parametrize("traced", [False, True])
def test_a_text_takes_the_short_way_unless_requests_are_traced(hotline, traced):
    app, began = create_app(hotline), []

    def note(_app, **_more):
        began.append("by Flask")

    request_started.connect(note, app)
    if traced:
        add_spans(app, TracerProvider().get_tracer("test"))
    form = {"From": "+447700900001", "To": "+441632960100", "Body": "hi"}
    signed = hotline.signatures.sign(hotline.signatures.url("/twilio/sms"), form)
    headers = {"X-Twilio-Signature": signed}
    answer = app.test_client().post("/twilio/sms", data=form, headers=headers)
    assert (answer.status_code, bool(began)) == (200, traced)

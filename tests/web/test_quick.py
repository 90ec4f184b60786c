"""The short ways for webhooks end where Flask's own would."""

import io

import pytest
from flask import Flask, request

from hotline.web.quick import LARGEST_FORM, QuickFlask

FORM = b"From=%2B447700900001&Body=I+am+bleeding&Body=second&Empty="
URLENCODED = "application/x-www-form-urlencoded"


def echo(app):
    @app.post("/twilio/echo")
    def told():
        return {"form": list(request.form.items(multi=True)), "again": len(request.get_data())}

    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    return app.test_client()


@pytest.fixture
def quick():
    return echo(QuickFlask("quick"))


@pytest.fixture
def flasks():
    return echo(Flask("plain"))


def post(client, body, **how):
    how = {"content_type": URLENCODED, **how}
    return client.post("/twilio/echo", input_stream=io.BytesIO(body), **how)


def test_a_form_is_read_as_flask_reads_it(quick, flasks):
    ours = post(quick, FORM, content_length=len(FORM)).get_json()
    assert ours["form"] == post(flasks, FORM, content_length=len(FORM)).get_json()["form"]
    assert ours["again"] == len(FORM)


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
        assert ours.get_json()["form"] == theirs.get_json()["form"]


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

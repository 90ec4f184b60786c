"""Nothing gets in that Twilio did not sign, and nothing is written for it."""

from __future__ import annotations

import pytest
import redis
import requests
from twilio.request_validator import RequestValidator

from hotline.embedded import EmbeddedRedis
from tests.server import TOKEN, Server, new_number, new_sid

FORM = {"From": "+447700900001", "To": "+441632960100", "Body": "hi"}


@pytest.fixture
def written(redis_server: EmbeddedRedis):
    with redis.Redis.from_url(redis_server.url) as client:
        yield client.dbsize


@pytest.mark.parametrize("signature", ["", "AAAA", "ünïcode", "=" * 5000])
def test_a_wrong_or_missing_signature_is_403_and_writes_nothing(server: Server, written, signature):
    before = written()
    form = {**FORM, "MessageSid": new_sid()}
    signed = signature.encode().decode("latin-1")
    assert server.post("/twilio/sms", form, signed).status == 403
    assert written() == before


def test_a_signature_for_another_url_or_another_form_is_403(server: Server):
    form = {**FORM, "MessageSid": new_sid()}
    other_url = server.sign("/twilio/voice", form)
    assert server.post("/twilio/sms", form, other_url).status == 403
    other_form = server.sign("/twilio/sms", {**form, "Body": "bye"})
    assert server.post("/twilio/sms", form, other_form).status == 403
    other_token = server.sign("/twilio/sms", form, token="0" * 32)
    assert server.post("/twilio/sms", form, other_token).status == 403


def test_the_query_string_is_part_of_what_is_signed(server: Server):
    form = {**FORM, "From": new_number(), "MessageSid": new_sid()}
    good = server.sign("/twilio/sms?a=1", form)
    assert server.post("/twilio/sms?a=1", form, good).status == 200
    assert server.post("/twilio/sms?a=2", form, good).status == 403


def test_the_sha256_signature_of_a_shared_key_is_taken(server: Server):
    form = {**FORM, "From": new_number(), "MessageSid": new_sid()}
    url = f"{server.public}/twilio/sms"
    signature = RequestValidator(TOKEN).compute_signature(url, form, "HMAC_SHA256")
    header = {"X-Twilio-Webhooks-Signature-Settings": "key=sk_1,algorithm=HMAC_SHA256"}
    assert server.post("/twilio/sms", form, signature, **header).status == 200
    assert server.post("/twilio/sms", form, signature).status == 403


def test_a_signature_made_with_the_port_in_the_url_is_taken(server: Server):
    form = {**FORM, "From": new_number(), "MessageSid": new_sid()}
    url = "https://hotline.example:443/twilio/sms"
    signature = RequestValidator(TOKEN).compute_signature(url, form)
    assert server.post("/twilio/sms", form, signature).status == 200


def test_paths_that_do_not_exist_are_404(server: Server):
    assert requests.get(f"{server.address}/nothing", timeout=5).status_code == 404
    assert requests.get(f"{server.address}/twilio/sms", timeout=5).status_code in {403, 404, 405}

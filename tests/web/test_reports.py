"""The webhooks of what we send: delivery reports and the calls we place, signed as by Twilio."""

import pytest
from werkzeug.datastructures import MultiDict

from hotline.channels.delivery import SendState
from hotline.channels.messages import text_twiml
from hotline.escalation.ledger import Ledger
from hotline.escalation.station import Addresses, open_station
from hotline.session.connection import connect
from hotline.session.incoming import Incoming
from hotline.session.records import Reply
from hotline.session.trips import Trips
from hotline.web.quick import QuickFlask
from hotline.web.reports import reports_blueprint

HER = "+447700900001"


@pytest.fixture
def client(hotline):
    settings = hotline.settings
    addresses = Addresses(str(settings.public_url), settings.number, settings.country)
    station = open_station(hotline.store, hotline.library, settings.flows, addresses, None)
    app = QuickFlask(__name__)
    app.register_blueprint(reports_blueprint(hotline, station))
    return app.test_client()


def post(hotline, client, path, form):
    signature = hotline.signatures.sign(hotline.signatures.url(path), MultiDict(form))
    return client.post(path, data=form, headers={"X-Twilio-Signature": signature})


def test_the_report_on_a_reply_is_kept_under_the_id_of_her_text(hotline, client):
    hotline.turns.take(Incoming(HER, "+447700900999", "hello", "SM" + "1" * 32))
    form = {"MessageStatus": "delivered", "MessageSid": "SM" + "2" * 32, "To": HER}
    answer = post(hotline, client, "/twilio/delivery?d=SM" + "1" * 32, form)
    assert answer.status_code == 204
    keys = hotline.store.keys(hotline.store.contact_of(HER))
    record = Ledger(hotline.store).read(keys, "SM" + "1" * 32)
    assert record.state is SendState.DELIVERED


def test_the_arrival_of_a_second_message_is_not_that_of_the_first(hotline, client):
    url = "https://h.example/twilio/delivery?d=SM1"
    twiml = text_twiml(Reply(("CALL 999", "One more question")), url)
    assert 'statusCallback="https://h.example/twilio/delivery?d=SM1"' in twiml
    assert 'statusCallback="https://h.example/twilio/delivery?d=SM1&amp;m=1"' in twiml
    form = {"MessageStatus": "delivered", "MessageSid": "SM" + "2" * 32, "To": HER}
    post(hotline, client, "/twilio/delivery?d=SM1&m=1", form)
    keys = hotline.store.keys(hotline.store.contact_of(HER))
    assert Ledger(hotline.store).read(keys, "SM1") is None
    assert Ledger(hotline.store).read(keys, "SM1.1").state is SendState.DELIVERED


@pytest.mark.parametrize("path", ["/twilio/delivery?send=x&p=0", "/twilio/call?send=x&p=0"])
def test_without_a_signature_nothing_is_taken(hotline, client, path):
    answer = client.post(path, data={"MessageStatus": "delivered", "To": HER})
    assert answer.status_code == 403
    keys = hotline.store.keys(hotline.store.contact_of(HER))
    assert Ledger(hotline.store).read(keys, "x") is None


@pytest.mark.parametrize(
    "path",
    [
        "/twilio/delivery",
        "/twilio/delivery?send=x&p=99",
        "/twilio/delivery?send=x&p=²",
        "/twilio/delivery?d=x",
    ],
)
def test_a_report_that_says_nothing_changes_nothing(hotline, client, path):
    answer = post(hotline, client, path, {"MessageStatus": "a new word"})
    assert answer.status_code in {204, 403}


@pytest.mark.parametrize("turn", ["", "0", "x", "-1", "99"])
def test_a_call_nobody_placed_hangs_up(hotline, client, turn):
    path = f"/twilio/call?send=x&p=0&step=key&n={turn}"
    answer = post(hotline, client, path, {"Digits": "1", "CallSid": "CA1"})
    assert answer.status_code == 200
    assert b"<Hangup" in answer.data


def test_with_redis_gone_a_call_still_says_the_emergency_words(hotline, client):
    hotline.store.client = connect("unix:///nowhere/redis.sock")
    hotline.store.trips = Trips(hotline.store.client)
    answer = post(hotline, client, "/twilio/call?send=x&p=0", {"CallSid": "CA1"})
    assert answer.status_code == 200
    assert b"<Say" in answer.data
    assert b"9 9 9" in answer.data or b"999" in answer.data
    report = post(hotline, client, "/twilio/delivery?send=x&p=0", {"MessageStatus": "sent"})
    assert report.status_code == 503

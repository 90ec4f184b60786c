"""POST /twilio/delivery and /twilio/call: what became of our sends, and what our calls say."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, request

from hotline.errors import StoreUnavailable
from hotline.escalation.call_answers import CallAnswers
from hotline.escalation.call_words import Close, call_twiml
from hotline.escalation.rota_store import RotaStore
from hotline.escalation.station import CALL_PATH, DELIVERY_PATH, Station
from hotline.escalation.watching import Watcher
from hotline.flow.words import safe_reply
from hotline.metrics import count_report
from hotline.runtime import Hotline
from hotline.session.keys import partition_of
from hotline.web.guard import guard

log = structlog.get_logger(__name__)


def reports_blueprint(hotline: Hotline, station: Station) -> Blueprint:
    """The webhooks of what we send, guarded like those of what we receive."""
    blueprint = Blueprint("reports", __name__)
    guard(blueprint, hotline.signatures)
    watcher = Watcher(station)
    answers = CallAnswers(station, RotaStore(station.store))

    @blueprint.post(DELIVERY_PATH)
    def take_report() -> Response:
        """Take what became of a send.

        `send` and `p` name a send of the worker; `d` the reply to the text with this id, `m` the
        second and later messages of it.
        """
        try:
            watcher.report(_send(), _partition(station), request.form)
            count_report(request.form)
        except StoreUnavailable as error:
            log.error("report lost", error=error, route=DELIVERY_PATH)  # noqa: TRY400
            return Response(status=503)
        return Response(status=204)

    @blueprint.post(CALL_PATH)
    def answer_call() -> Response:
        turn = request.args.get("n", "0")
        step = request.args.get("step", "")
        number = int(turn) if turn.isascii() and turn.isdecimal() else 0
        try:
            said = answers.answer(_send(), _partition(station), step, number, request.form)
        except Exception as error:  # noqa: BLE001 the webhook's edge: a call must never be silent
            log.error("safe reply given", error=error, channel="voice", route=CALL_PATH)  # noqa: TRY400
            said = call_twiml(Close(_sorry(hotline)))
        return Response(said, mimetype="text/xml")

    return blueprint


def _send() -> str:
    """Our id of the send; of a reply in several messages only the first goes by its plain id."""
    reply, place = request.args.get("d", ""), request.args.get("m", "")
    if reply and place:
        return f"{reply}.{place}"
    return request.args.get("send") or reply


def _partition(station: Station) -> int:
    """The partition named in the address; a reply's report tells it by the number it went to."""
    named = request.args.get("p", "")
    if named.isascii() and named.isdecimal():
        return int(named)
    number = request.form.get("To", "").removeprefix("whatsapp:")
    return partition_of(station.store.contact_of(number), station.store.partitions)


def _sorry(hotline: Hotline) -> str:
    words, country = hotline.library.words, hotline.settings.country
    return safe_reply(words, country, words.first_language(country), voice=True)

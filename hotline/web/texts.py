"""POST /twilio/sms: a text comes in, the reply goes out, whatever breaks in between."""

from __future__ import annotations

import time

import structlog
from flask import Blueprint, Response

from hotline.channels.forms import read_text_form
from hotline.channels.messages import text_twiml
from hotline.escalation.staff_actions import StaffActions
from hotline.flow.words import safe_reply
from hotline.metrics import LATENCY, SAFE_REPLIES, count_turn
from hotline.runtime import Hotline
from hotline.session.incoming import Incoming
from hotline.session.lifetime import country_of_number
from hotline.session.records import Reply
from hotline.web.guard import guard
from hotline.web.quick import Answered, Posted, respond, shorten, this_request
from hotline.web.staff_texts import answer_staff

log = structlog.get_logger(__name__)

TEXTS_PATH = "/twilio/sms"
DELIVERY_PATH = "/twilio/delivery"


def texts_blueprint(hotline: Hotline, staff: StaffActions) -> Blueprint:
    """The webhook for texts, guarded. `staff` answers what staff text (TAKE 1234)."""
    blueprint = Blueprint("texts", __name__)
    refused = guard(blueprint, hotline.signatures)
    latency = LATENCY.labels("sms")
    delivered_to = hotline.signatures.url(f"{DELIVERY_PATH}?d=")

    @blueprint.post(TEXTS_PATH)
    def take_text() -> Response:
        return respond(answer(this_request().posted))

    def answer(came: Posted) -> Answered:
        began = time.perf_counter()
        incoming = read_text_form(came.fields)
        reply = _safe(hotline, None) if incoming is None else _reply(hotline, staff, incoming)
        delivery = incoming.delivery if incoming else "none"
        twiml = text_twiml(reply, f"{delivered_to}{delivery}")
        latency.observe(time.perf_counter() - began)
        return Answered(twiml)

    shorten(blueprint, TEXTS_PATH, lambda came: refused(came) or answer(came))
    return blueprint


def _reply(hotline: Hotline, staff: StaffActions, incoming: Incoming) -> Reply:
    try:
        answer = answer_staff(staff, incoming)
        if answer is not None:
            return answer
        taken = hotline.turns.take(incoming)
    except Exception as error:  # noqa: BLE001 the webhook's edge: she must never get silence
        log.error("safe reply given", error=error, delivery=incoming.delivery, channel="sms")  # noqa: TRY400 the trace may hold her words
        SAFE_REPLIES.labels("sms").inc()
        return _safe(hotline, incoming.number)
    count_turn("sms", taken)
    return taken.reply


def _safe(hotline: Hotline, number: str | None) -> Reply:
    words = hotline.library.words
    code = country_of_number(hotline.library, number or "", hotline.settings.country)
    return Reply((safe_reply(words, code, words.first_language(code)),))

"""POST /twilio/voice and its steps, the report of a call's end, and the screening of staff."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

import structlog
from flask import Blueprint, Response, request

from hotline.channels.voice.forms import caller, read_call_form, read_end_form
from hotline.channels.voice.page import SCREEN_PATH, STEP_PATH
from hotline.channels.voice.render import VoiceRender
from hotline.channels.voice.screening import (
    TRIES_AFTER_FAILURE,
    refused_twiml,
    safe_twiml,
    screen_twiml,
    taken_twiml,
)
from hotline.channels.voice.voices import VOICES_FILE, Voices, load_voices
from hotline.flow.words import Place, safe_reply
from hotline.metrics import LATENCY, SAFE_REPLIES, count_turn
from hotline.runtime import Hotline
from hotline.session.calls import mark_taken
from hotline.session.incoming import Incoming
from hotline.web.guard import guard

log = structlog.get_logger(__name__)

STATUS_PATH = "/twilio/voice/status"
"""Where the carrier reports on calls to us; /twilio/call is for the calls that we make."""

NumbersOnCall = Callable[[datetime], tuple[str, ...]]
"""Who is to be rung at a moment: telephone numbers in E.164, the first to be rung first."""


def nobody_on_call(_now: datetime) -> tuple[str, ...]:
    """No rota: calls to a person become promised call backs."""
    return ()


def calls_blueprint(hotline: Hotline, numbers_on_call: NumbersOnCall = nobody_on_call) -> Blueprint:
    """The webhooks for calls, guarded.

    Raises FlowError or FlowErrors when flows/voices.yaml has a fault.
    """
    languages = frozenset(hotline.library.words.languages)
    voices = load_voices(hotline.settings.flows / VOICES_FILE, languages)
    desk = _Exchange(hotline, voices, numbers_on_call)
    blueprint = Blueprint("calls", __name__)
    guard(blueprint, hotline.signatures)

    @blueprint.post("/twilio/voice", defaults={"step": None})
    @blueprint.post("/twilio/voice/<any(step):step>")
    def take_step(step: str | None) -> Response:
        with LATENCY.labels("voice").time():
            return _xml(desk.step(begins=step is None))

    @blueprint.post(STATUS_PATH)
    def end_call() -> Response:
        return Response(status=204 if desk.end() else 503)

    @blueprint.post(SCREEN_PATH)
    def screen_staff() -> Response:
        return _xml(desk.screen())

    @blueprint.post(f"{SCREEN_PATH}/take")
    def take_call() -> Response:
        return _xml(desk.take())

    return blueprint


def _xml(document: str) -> Response:
    return Response(document, mimetype="text/xml")


class _Exchange:
    """Answers the carrier's requests about calls, whatever fails behind them."""

    def __init__(self, hotline: Hotline, voices: Voices, numbers: NumbersOnCall) -> None:
        self.hotline = hotline
        self.voices = voices
        self.numbers = numbers

    def step(self, *, begins: bool) -> str:
        """The document for a step of a call."""
        incoming = read_call_form(request.form, {} if begins else request.args)
        if incoming is None:
            return self._safe(None)
        try:
            taken = self.hotline.turns.take(incoming, self._render())
        except Exception as error:  # noqa: BLE001 the webhook's edge: a call is never left mute
            log.error("safe reply given", error=error, delivery=incoming.delivery, channel="voice")  # noqa: TRY400 the trace may hold her words
            return self._safe(incoming)
        count_turn("voice", taken)
        return taken.reply.document or self._safe(None)

    def end(self) -> bool:
        """Keep that a call is over; False when that failed and the report should come again.

        Late and repeated reports, and other calls', do nothing.
        """
        incoming = read_end_form(request.form)
        if incoming is None:
            return True
        turns = self.hotline.turns
        try:
            session = turns.store.load(turns.store.contact_of(incoming.address)).session
            if session is not None and session.call == incoming.call:
                turns.take(incoming, self._render())
        except Exception as error:  # noqa: BLE001 the webhook's edge
            log.error("end of call not kept", error=error, delivery=incoming.delivery)  # noqa: TRY400 the trace may hold her words
            return False
        return True

    def screen(self) -> str:
        """What a staff member hears who answers."""
        query = urlencode({"c": request.args.get("c", ""), "k": request.args.get("k", "")})
        take = self.hotline.signatures.url(f"{SCREEN_PATH}/take?{query}")
        return screen_twiml(self.voices, *self._staff_place(), take)

    def take(self) -> str:
        """Connect the staff member who pressed 1."""
        if request.form.get("Digits", "") != "1":
            return refused_twiml()
        contact, call = request.args.get("c", ""), request.args.get("k", "")
        turns = self.hotline.turns
        try:
            mark_taken(turns.store, contact, call, turns.now())
        except Exception as error:  # noqa: BLE001 the webhook's edge: they are to talk all the same
            log.error("taking of a call not kept", error=error)  # noqa: TRY400 the trace may hold words
        return taken_twiml(self.voices, *self._staff_place())

    def _render(self) -> VoiceRender:
        return VoiceRender(
            self.voices,
            self.hotline.signatures.url,
            self._staff,
            caller(self.hotline.settings.number or ""),
        )

    def _staff(self) -> tuple[str, ...]:
        try:
            return self.numbers(datetime.now(UTC))
        except Exception as error:  # noqa: BLE001 without the rota a call back is promised
            log.error("rota not read", error=error)  # noqa: TRY400
            return ()

    def _staff_place(self) -> tuple[Place, str]:
        settings = self.hotline.settings
        language = settings.language
        return self.hotline.library.words.place(settings.country, language), language

    def _safe(self, incoming: Incoming | None) -> str:
        """The emergency words; then the same step is tried again, a few times."""
        SAFE_REPLIES.labels("voice").inc()
        words = self.hotline.library.words
        country = words.countries.of(incoming.number) if incoming and incoming.number else None
        code = country.code if country else self.hotline.settings.country
        language = request.args.get("l", "")
        if language not in words.languages:
            language = words.first_language(code)
        said = safe_reply(words, code, language, voice=True)
        tries = request.args.get("again", "0")
        done = int(tries) if tries in {"0", "1", "2"} else TRIES_AFTER_FAILURE
        url = ""
        if incoming is not None and incoming.phone is not None and done < TRIES_AFTER_FAILURE:
            query = urlencode(
                {"n": str(incoming.phone.number), "l": language, "again": str(done + 1)}
            )
            url = self.hotline.signatures.url(f"{STEP_PATH}?{query}")
        return safe_twiml(self.voices, said, (language, code), url)

"""Carrying texts: from a phone to the hotline and back, with delivery reports."""

from __future__ import annotations

import time
from collections.abc import Callable

from hotline.flow.sms_text import measure
from hotline.simulator.ledger import Habit, Ledger, Text, new_sid, now
from hotline.simulator.twiml import BadTwiml, read_messages
from hotline.simulator.wire import Wire

STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit"})
START_WORDS = frozenset({"start", "unstop"})
SENT_AFTER = 0.15
DELIVERED_AFTER = 0.35
UNREACHABLE = 30003
OPTED_OUT = 21610


class Texting:
    """Carries texts. `later` runs something in another thread; `pace` 0 leaves out the waiting."""

    def __init__(
        self, wire: Wire, ledger: Ledger, later: Callable[..., object], pace: float = 1.0
    ) -> None:
        """Carry over this wire."""
        self._wire = wire
        self._ledger = ledger
        self._later = later
        self._pace = pace

    def from_phone(self, number: str, body: str) -> Text:
        """Someone texts the hotline; its replies arrive later."""
        text = Text(new_sid("SM"), number, self._wire.line.number, body, "received", now())
        self._ledger.add_text(text)
        self._later(self._hand_over, text)
        return text

    def from_hotline(self, to: str, body: str, report_url: str) -> Text:
        """The hotline sends a text (TwiML or REST); it travels later."""
        line = self._wire.line
        text = Text(new_sid("SM"), line.number, to, body, "queued", now(), report_url)
        self._ledger.add_text(text)
        self._later(self._deliver, text)
        return text

    def _hand_over(self, text: Text) -> None:
        answer = self._wire.post("text in", self._wire.line.text_url, self._form(text))
        if not answer.good:
            with self._ledger.change():
                text.status, text.error = "failed", 11200
            return
        try:
            messages = read_messages(answer.body)
        except BadTwiml:
            with self._ledger.change():
                text.status, text.error = "failed", 12100
            return
        for message in messages:
            self.from_hotline(text.sender, message.body, message.report_url)

    def _form(self, text: Text) -> dict[str, str]:
        form = {
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "SmsMessageSid": text.sid,
            "SmsStatus": "received",
            "From": text.sender,
            "To": text.to,
            "Body": text.body,
            "NumMedia": "0",
            "NumSegments": str(measure(text.body).segments),
        }
        word = text.body.strip().lower()
        with self._ledger.change():
            if word in STOP_WORDS:
                self._ledger.stopped.add(text.sender)
                form["OptOutType"] = "STOP"
            elif word in START_WORDS:
                self._ledger.stopped.discard(text.sender)
                form["OptOutType"] = "START"
        return form

    def _deliver(self, text: Text) -> None:
        habit = self._ledger.habit(text.to)
        if text.to in self._ledger.stopped:
            self._report(text, "failed", OPTED_OUT)
            return
        time.sleep(SENT_AFTER * self._pace)
        self._report(text, "sent")
        time.sleep(DELIVERED_AFTER * self._pace)
        match habit:
            case Habit.OFF:
                self._report(text, "undelivered", UNREACHABLE)
            case Habit.NO_REPORT:
                pass
            case Habit.NORMAL | Habit.IGNORES:
                self._report(text, "delivered")

    def _report(self, text: Text, status: str, error: int | None = None) -> None:
        with self._ledger.change():
            text.status, text.error = status, error
        if not text.report_url:
            return
        form = {
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "From": text.sender,
            "To": text.to,
        }
        if error is not None:
            form["ErrorCode"] = str(error)
        self._wire.post("delivery report", text.report_url, form)

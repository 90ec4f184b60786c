"""The carrier's requests to the hotline: signed like Twilio's, over HTTP, each kept as a step."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

import requests
from twilio.request_validator import RequestValidator

from hotline.simulator.ledger import Ledger, Step, now

SECONDS = 15.0
"""How long Twilio waits for a webhook in all (TWILIO.md, F3)."""


@dataclass(frozen=True, slots=True)
class Line:
    """The hotline's number at the carrier: where it is told of texts and calls."""

    number: str
    public_url: str
    account_sid: str
    token: str

    @property
    def text_url(self) -> str:
        """Where texts are posted."""
        return f"{self.public_url}/twilio/sms"

    @property
    def voice_url(self) -> str:
        """Where calls are posted."""
        return f"{self.public_url}/twilio/voice"

    @property
    def status_url(self) -> str:
        """Where the end of a call is posted."""
        return f"{self.public_url}/twilio/voice/status"

    def __repr__(self) -> str:
        """Without the token."""
        return f"Line({self.number!r})"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the hotline answered; status 0 when nothing came back."""

    status: int
    body: str

    @property
    def good(self) -> bool:
        """Whether it is an answer to go by."""
        return 200 <= self.status < 300  # noqa: PLR2004 the success codes of HTTP


class Wire:
    """Posts forms to the hotline's webhooks."""

    def __init__(self, line: Line, ledger: Ledger) -> None:
        """Sign with the line's token."""
        self.line = line
        self._ledger = ledger
        self._validator = RequestValidator(line.token)

    def post(self, what: str, url: str, form: Mapping[str, str]) -> Answer:
        """Post one signed form. Never raises for what the other side does."""
        url = urljoin(f"{self.line.public_url}/", url)
        whole = {"AccountSid": self.line.account_sid, "ApiVersion": "2010-04-01", **form}
        signature = str(self._validator.compute_signature(url.partition("#")[0], whole))
        headers = {
            "X-Twilio-Signature": signature,
            "User-Agent": "TwilioProxy/1.1 (the hotline's simulator)",
        }
        started = time.monotonic()
        try:
            got = requests.post(url, data=whole, headers=headers, timeout=SECONDS)
            got.encoding = "utf-8"
            answer = Answer(got.status_code, got.text)
        except requests.RequestException as error:
            answer = Answer(0, type(error).__name__)
        took = round((time.monotonic() - started) * 1000)
        number = self._ledger.next_number()
        self._ledger.add_step(
            Step(number, now(), what, url, whole, signature, answer.status, answer.body, took)
        )
        return answer

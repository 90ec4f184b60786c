"""Made-up people for load: what each texts, as requests signed the way the carrier signs them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from hotline.channels.signature import Signatures

OUR_NUMBER = "+441632960100"

TALKS = tuple(
    tuple(talk.split(" / "))
    for talk in (
        "hi / 1 / 2 / 2 / mild cramps / no / 11 / 1 / 1 / 3 / 4 / 1",
        "I have some spotting and I am 8 weeks / yes / no / no / no pain at all / no / 4 / no / 5",
        "Hello, I started bleeding this morning / 1 / 2 / 2 / 3 / 3 / 20 weeks / 2 / 4 / 2 / 6 / 1",
        "hello / 1 / 2 / 2 / not sure / 3 / 24 weeks / ok / thank you / what now",
    )
)
"""Conversations of ten to twelve texts: by digits, by words, told unasked, and one emergency."""

TEN_TURNS = ("hi", "1", "2", "2", "mild cramps", "no", "11", "2", "4", "2")
"""The ten-turn session that memory is measured with (an eleventh text tells its level)."""


def number_of(person: int) -> str:
    """The number of the n-th made-up person."""
    return f"+4470{person:08d}"


def talk_of(person: int) -> tuple[str, ...]:
    """What the n-th person texts."""
    return TALKS[person % len(TALKS)]


class Carrier:
    """Makes the requests that the carrier would, byte for byte, signed with its token."""

    def __init__(self, public_url: str, token: str, account: str = "AC" + "0" * 32) -> None:
        """`public_url` is the address that signatures are made for."""
        self._url = public_url
        self._host = public_url.partition("://")[2]
        self._signatures = Signatures(public_url, [token])
        self._account = account

    def text(self, person: int, turn: int, words: str, path: str = "/twilio/sms") -> bytes:
        """One text as an HTTP request; the same person and turn are the same delivery."""
        sid = f"SM{person:016x}{turn:016x}"
        return self.post(path, text_form(self._account, number_of(person), words, sid))

    def post(self, path: str, form: dict[str, str]) -> bytes:
        """Any form, signed."""
        body = urlencode(form).encode()
        signature = self._signatures.sign(f"{self._url}{path}", form)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\n"
            "User-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
            "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nX-Twilio-Signature: {signature}\r\n"
            f"I-Twilio-Idempotency-Token: {form.get('MessageSid', '')}\r\n\r\n"
        )
        return head.encode() + body

    def line(self, first: int, step: int, count: int, path: str) -> Iterator[bytes]:
        """Requests of one connection: person after person, each with her whole talk."""
        made = 0
        person = first
        while True:
            for turn, words in enumerate(talk_of(person)):
                if made >= count:
                    return
                yield self.text(person, turn, words, path)
                made += 1
            person += step


def text_form(account: str, number: str, words: str, sid: str) -> dict[str, str]:
    """The form of a text as Twilio posts it, with all the fields that we do not need."""
    return {
        "ToCountry": "GB",
        "ToState": "",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": sid,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": words,
        "FromCountry": "GB",
        "To": OUR_NUMBER,
        "ToZip": "",
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": account,
        "From": number,
        "ApiVersion": "2010-04-01",
    }

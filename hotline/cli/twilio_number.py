"""The hotline's number at Twilio: what is set there, what should be, and changing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import requests
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from hotline.channels.carrier_http import CarrierHttp, NoAnswer
from hotline.errors import HotlineError
from hotline.settings import Settings

POST = "POST"
GET = "GET"


class NumberError(HotlineError):
    """The number cannot be read or changed at Twilio; `refused` when the key was not taken."""

    def __init__(self, problem: str, *, refused: bool = False) -> None:
        super().__init__(problem)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Number:
    """The number as Twilio has it: its id there, and its settings by the names of Twilio's API."""

    sid: str
    settings: Mapping[str, str]

    def changes(self, wanted: Mapping[str, str]) -> dict[str, tuple[str, str]]:
        """What differs from what is wanted: name -> (now, then)."""
        return {
            name: (self.settings.get(name, ""), value)
            for name, value in wanted.items()
            if self.settings.get(name, "") != value
        }


def wanted_settings(settings: Settings, fallback: str | None = None) -> dict[str, str]:
    """The settings the hotline needs; `fallback` is where the static TwiML is hosted."""
    base = str(settings.public_url)
    wanted = {
        "sms_url": f"{base}/twilio/sms",
        "sms_method": POST,
        "voice_url": f"{base}/twilio/voice",
        "voice_method": POST,
        "status_callback": f"{base}/twilio/voice/status",
        "status_callback_method": POST,
    }
    if fallback:
        place = f"{settings.country}.{settings.language}"
        for channel in ("sms", "voice"):
            wanted[f"{channel}_fallback_url"] = f"{fallback.rstrip('/')}/{channel}.{place}.xml"
            wanted[f"{channel}_fallback_method"] = GET
    return wanted


def twilio_client(settings: Settings) -> Client:
    """The REST client with the API key; a stand-in's address when one is set."""
    http = CarrierHttp(base_url=settings.twilio_api_base_url)
    secret = settings.twilio_api_secret.get_secret_value()
    return Client(settings.twilio_api_key, secret, settings.twilio_account_sid, http_client=http)


def read_number(client: Client, number: str) -> Number | None:
    """The number as it is set at Twilio, None when the account has no such number.

    Raises NumberError.
    """
    try:
        found = client.incoming_phone_numbers.list(phone_number=number, limit=1)
    except (TwilioException, NoAnswer, requests.RequestException) as error:
        raise _failed(error) from error
    if not found:
        return None
    names = [
        *("sms_url", "sms_method", "sms_fallback_url", "sms_fallback_method"),
        *("voice_url", "voice_method", "voice_fallback_url", "voice_fallback_method"),
        *("status_callback", "status_callback_method", "sms_application_sid"),
        "voice_application_sid",
    ]
    return Number(found[0].sid, {name: getattr(found[0], name, "") or "" for name in names})


def change_number(client: Client, number: Number, wanted: Mapping[str, str]) -> None:
    """Set what differs. Raises NumberError."""
    values = {name: then for name, (_, then) in number.changes(wanted).items()}
    try:
        client.incoming_phone_numbers(number.sid).update(**values)
    except (TwilioException, NoAnswer, requests.RequestException) as error:
        raise _failed(error) from error


def _failed(error: Exception) -> NumberError:
    answers = (getattr(one, "status_code", None) for one in error.args)
    status = getattr(error, "status", None) or next(filter(None, answers), None)
    if status in {401, 403}:
        return NumberError(f"Twilio refused the API key (HTTP {status}).", refused=True)
    return NumberError(f"Twilio could not be asked: {type(error).__name__} {status or ''}".strip())

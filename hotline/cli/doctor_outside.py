"""What the outside sees: the public address as Twilio calls it, the number, this machine's disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests

from hotline.channels.signature import SIGNATURE, Signatures
from hotline.cli.doctor_findings import Finding, Patient, fault, ok, warning
from hotline.cli.twilio_number import NumberError, read_number, twilio_client, wanted_settings

SECONDS = 5.0
SLOW = 3.0
LITTLE, TOO_LITTLE = 1_000_000_000, 200_000_000
FORBIDDEN = 403
CLOCK_WARNING = 30.0


def check_address(patient: Patient) -> Iterator[Finding]:
    """Whether HOTLINE_PUBLIC_URL leads here, and a signature made for it is taken.

    What is posted is a text without a sender, which is answered and leaves nothing behind.
    """
    settings = patient.settings
    url = f"{settings.public_url}/twilio/sms"
    if urlsplit(str(settings.public_url)).scheme == "http":
        mend = "Set HOTLINE_PUBLIC_URL to the https address that Twilio calls."
        yield warning("public address", f"{settings.public_url} is only on this machine.", mend)
    tokens = [token.get_secret_value() for token in settings.twilio_auth_tokens]
    signature = Signatures(str(settings.public_url), tokens).sign(url, {})
    mend = "Mend HOTLINE_PUBLIC_URL, DNS, the certificate or the proxy in front; is web running?"
    try:
        plain = requests.post(url, timeout=SECONDS)
        signed = requests.post(url, headers={SIGNATURE: signature}, timeout=SECONDS)
    except requests.RequestException as error:
        yield fault("public address", f"{url} is not reached: {type(error).__name__}.", mend)
        return
    yield from _answered(url, plain, signed)
    yield from _its_clock(patient, signed)


def _answered(url: str, plain: requests.Response, signed: requests.Response) -> Iterator[Finding]:
    about = "public address"
    if signed.status_code == FORBIDDEN:
        yield fault(
            about,
            f"{url} is reached, but a signature made for it is refused.",
            "The web process has another HOTLINE_PUBLIC_URL or TWILIO_AUTH_TOKEN than this one.",
        )
    elif not signed.ok or "<Response" not in signed.text:
        mend = "Something else answers there, or a proxy breaks the request."
        yield fault(about, f"{url} answers {signed.status_code}, not as the hotline.", mend)
    elif plain.status_code != FORBIDDEN:
        mend = "Let the requests through as they are, to the hotline itself."
        yield fault(about, f"{url} takes a request without a signature.", mend)
    elif signed.elapsed.total_seconds() > SLOW:
        mend = "Twilio waits 15 s in all; she waits too. Look at the proxy and the load."
        yield warning(about, f"{url} takes {signed.elapsed.total_seconds():.1f} s.", mend)
    else:
        yield ok(about, f"{url} is reached, and takes only what is signed.")


def _its_clock(patient: Patient, answer: requests.Response) -> Iterator[Finding]:
    sent = answer.headers.get("Date")
    if sent is None:
        return
    away = abs((patient.now - parsedate_to_datetime(sent)).total_seconds())
    if away > CLOCK_WARNING:
        mend = "Set the clocks by NTP."
        yield warning("clock", f"The web's clock is {away:.0f} s from this one.", mend)


def check_number(patient: Patient) -> Iterator[Finding]:
    """Whether the number exists at Twilio and leads here, and what is said when we are down."""
    settings = patient.settings
    about = "number"
    try:
        number = read_number(twilio_client(settings), settings.number)
    except NumberError as error:
        if error.refused:
            mend = "Mend TWILIO_API_KEY and TWILIO_API_SECRET; make a new key in the console."
            yield fault(about, str(error), mend)
        else:
            mend = "Try again; see status.twilio.com. TWILIO_API_BASE_URL is for stand-ins only."
            yield warning(about, str(error), mend)
        return
    if number is None:
        mend = "Mend HOTLINE_NUMBER, or buy the number."
        yield fault(about, f"The account has no number {settings.number}.", mend)
        return
    wrong = number.changes(wanted_settings(settings))
    grave = [name for name in ("sms_url", "voice_url") if name in wrong]
    if grave:
        mend = "Run: hotline twilio setup"
        yield fault(about, f"{', '.join(grave)} of {settings.number} leads elsewhere.", mend)
    elif wrong:
        yield warning(about, f"{', '.join(wrong)} is not as it should be.", "hotline twilio setup")
    else:
        yield ok(about, f"{settings.number} leads here.")
    lacking = [c for c in ("sms", "voice") if not number.settings.get(f"{c}_fallback_url")]
    if lacking:
        mend = "hotline twilio fallback FOLDER, host it, then: hotline twilio setup --fallback URL"
        yield warning("fallback", f"No fallback for {' and '.join(lacking)}.", mend)


def check_disk(patient: Patient) -> Iterator[Finding]:
    """Room in the data folder, or where it will be, and who may read it."""
    folder = patient.settings.data_dir
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    mend = "Make room, or put HOTLINE_DATA_DIR on a larger disk."
    if free < TOO_LITTLE:
        yield fault("disk", f"{free / 1e6:.0f} MB are free in {folder}.", mend)
    elif free < LITTLE:
        yield warning("disk", f"{free / 1e6:.0f} MB are free in {folder}.", mend)
    else:
        yield ok("disk", f"{free / 1e9:.0f} GB are free in {folder}.")
    if folder.exists() and folder.stat().st_mode & 0o077:
        yield warning("disk", f"{folder} is open to other users.", f"chmod 700 {folder}")

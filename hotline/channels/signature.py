"""Twilio's signature on a webhook: whether it was made by who knows the auth token.

Follows `twilio.request_validator` 9.13 (HMAC over the exact URL and the sorted form): SHA-1 with
the auth token, or SHA-256 with a shared key named in X-Twilio-Webhooks-Signature-Settings.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from urllib.parse import urlsplit

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    RequestValidator,
    add_port,
    get_signature_algorithm,
    remove_port,
    urlparse,
)
from werkzeug.datastructures import MultiDict

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"


class Signatures:
    """Checks signatures against the configured public address, never against a Host header."""

    def __init__(self, public_url: str, tokens: Sequence[str]) -> None:
        """`tokens`: all that may have signed (several while one is being rotated)."""
        self._base = public_url.rstrip("/")
        self._validators = [RequestValidator(token) for token in tokens]
        split = urlsplit(self._base)
        self._other_base = _other_port(self._base) if split.netloc else self._base

    def url(self, path_and_query: str) -> str:
        """The full URL of a path on this hotline, as Twilio calls it."""
        return f"{self._base}{path_and_query}"

    def valid(
        self, path_and_query: str, form: MultiDict[str, str], signature: str, settings: str
    ) -> bool:
        """Whether any of our tokens made this signature for this URL and form."""
        algorithm = get_signature_algorithm(settings).upper()
        if not signature.isascii() or algorithm not in (HMAC_SHA1, HMAC_SHA256):
            return False
        for base in (self._base, self._other_base):
            for validator in self._validators:
                made = validator.compute_signature(f"{base}{path_and_query}", form, algorithm)
                if hmac.compare_digest(made, signature):
                    return True
        return False

    def sign(self, url: str, form: MultiDict[str, str] | dict[str, str]) -> str:
        """The signature Twilio would send (for the simulator and `hotline doctor`)."""
        return str(self._validators[0].compute_signature(url, form))


def _other_port(base: str) -> str:
    """The base with its default port written out, or without its port: Twilio signs either."""
    parsed = urlparse(base)
    other = remove_port(parsed) if parsed.port else add_port(parsed)
    return str(other)

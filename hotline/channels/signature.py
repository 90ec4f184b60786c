"""Twilio's signature on a webhook: whether it was made by who knows the auth token.

Follows `twilio.request_validator` 9.13 (HMAC over the exact URL and the sorted form): SHA-1 with
the auth token, or SHA-256 with a shared key named in X-Twilio-Webhooks-Signature-Settings. Its
`compute_signature` takes ten times as long; a test holds both to the same signatures.
"""

from __future__ import annotations

import hmac
from binascii import b2a_base64
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import eq
from urllib.parse import urlsplit

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    add_port,
    get_signature_algorithm,
    remove_port,
    urlparse,
)
from werkzeug.datastructures import MultiDict

_DIGESTS = {HMAC_SHA1: "sha1", HMAC_SHA256: "sha256"}

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"


class Signatures:
    """Checks signatures against the configured public address, never against a Host header."""

    def __init__(self, public_url: str, tokens: Sequence[str]) -> None:
        """`tokens`: all that may have signed (several while one is being rotated)."""
        self._base = public_url.rstrip("/")
        self._keyed = {
            digest: [hmac.new(token.encode(), digestmod=digest) for token in tokens]
            for digest in _DIGESTS.values()
        }
        split = urlsplit(self._base)
        self._other_base = _other_port(self._base) if split.netloc else self._base

    def url(self, path_and_query: str) -> str:
        """The full URL of a path on this hotline, as Twilio calls it."""
        return f"{self._base}{path_and_query}"

    def valid(
        self, path_and_query: str, pairs: Iterable[tuple[str, str]], signature: str, settings: str
    ) -> bool:
        """Whether any of our tokens made this signature for this URL and the form's pairs."""
        digest = _digest(settings)
        if digest is None or not signature.isascii():
            return False
        tail = path_and_query + _sorted_text(pairs)
        for base in (self._base, self._other_base):
            signed = f"{base}{tail}".encode()
            for keyed in self._keyed[digest]:
                if hmac.compare_digest(_signature(keyed, signed), signature.encode()):
                    return True
        return False

    def sign(self, url: str, form: MultiDict[str, str] | dict[str, str]) -> str:
        """The signature Twilio would send (for the simulator and `hotline doctor`)."""
        pairs = form.items(multi=True) if isinstance(form, MultiDict) else form.items()
        signed = f"{url}{_sorted_text(pairs)}".encode()
        return _signature(self._keyed["sha1"][0], signed).decode()


def _digest(settings: str) -> str | None:
    """The digest that the settings header names; None for one we do not know."""
    return _DIGESTS.get(get_signature_algorithm(settings).upper()) if settings else "sha1"


def _sorted_text(pairs: Iterable[tuple[str, str]]) -> str:
    """Names with their values, each pair once, in order: as compute_signature joins them."""
    ordered = sorted(pairs)
    if any(map(eq, ordered, ordered[1:])):  # seldom, so the others need not be hashed
        ordered = sorted(set(ordered))
    return "".join(chain.from_iterable(ordered))


def _signature(keyed: hmac.HMAC, signed: bytes) -> bytes:
    """The HMAC of what is signed; a copy of the keyed one costs half of keying it anew."""
    own = keyed.copy()
    own.update(signed)
    return b2a_base64(own.digest(), newline=False)


def _other_port(base: str) -> str:
    """The base with its default port written out, or without its port: Twilio signs either."""
    parsed = urlparse(base)
    other = remove_port(parsed) if parsed.port else add_port(parsed)
    return str(other)

"""Encryption at rest: AES-256-GCM with rotating keys, and the keyed hash that names a contact."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotline.errors import HotlineError

NONCE_BYTES = 12
CONTACT_BYTES = 10

_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _BASE32 for second in _BASE32]
"""What ten bits are in base 32 (RFC 4648, in small letters)."""


class UnreadableRecord(HotlineError):  # noqa: N818 it says what the record is
    """No key of ours opens this record: the secret key was lost, or the data was changed."""


class Cipher:
    """Encrypts with the first key and opens with any, so that keys can be rotated.

    The secrets are text of any length; a 256-bit key is derived from each (HKDF-SHA256, RFC 5869).
    A sealed record is one byte that tells the key, a 12-byte random nonce, and the ciphertext with
    its tag (NIST SP 800-38D). `about` is bound to it: a record cannot be moved to another contact.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        """Derive the keys. Raises ValueError without any secret."""
        if not secrets:
            raise ValueError("at least one secret is needed")
        keys = [_derived(secret, b"hotline records v1") for secret in secrets]
        self._marks = [hashlib.sha256(key).digest()[:1] for key in keys]
        self._keys = [AESGCM(key) for key in keys]

    def seal(self, plain: bytes, about: bytes) -> bytes:
        """Encrypt bytes that belong to `about`."""
        return self.seal_all([plain], about)[0]

    def seal_all(self, plains: Sequence[bytes], about: bytes) -> list[bytes]:
        """Encrypt each, under a nonce of its own; the randomness is asked for once."""
        mark, encrypt = self._marks[0], self._keys[0].encrypt
        random = os.urandom(NONCE_BYTES * len(plains))
        sealed = []
        for place, plain in enumerate(plains):
            nonce = random[place * NONCE_BYTES : (place + 1) * NONCE_BYTES]
            sealed.append(mark + nonce + encrypt(nonce, plain, about))
        return sealed

    def open(self, sealed: bytes, about: bytes) -> bytes:
        """Decrypt. Raises UnreadableRecord when no key fits."""
        mark, nonce, rest = sealed[:1], sealed[1 : NONCE_BYTES + 1], sealed[NONCE_BYTES + 1 :]
        for known, key in zip(self._marks, self._keys, strict=True):
            if known != mark:
                continue
            try:
                return key.decrypt(nonce, rest, about)
            except (InvalidTag, ValueError):  # the nonce of a record that was cut is too short
                continue
        raise UnreadableRecord("a record cannot be decrypted with the keys in HOTLINE_SECRET_KEY")

    def sealed_by_first(self, sealed: bytes) -> bool:
        """Whether the newest key sealed it (else it is due to be sealed anew)."""
        return sealed[:1] == self._marks[0]


class ContactNames:
    """Names contacts by a keyed hash of their number, so that no key in Redis shows a number.

    The hash key is random, made at first start and kept sealed in Redis; it outlives a rotation of
    the secret key, so sessions keep their names.
    """

    def __init__(self, key: bytes) -> None:
        """Use this 32-byte key."""
        self._keyed = hmac.new(key, digestmod="sha256")

    def name(self, number: str) -> str:
        """16 letters and digits (80 bits of HMAC-SHA256, RFC 2104) for a number or a call id."""
        keyed = self._keyed.copy()
        keyed.update(number.encode())
        bits = int.from_bytes(keyed.digest()[:CONTACT_BYTES], "big")
        return "".join([_PAIRS[bits >> shift & 1023] for shift in range(70, -1, -10)])


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, purpose).derive(secret.encode())

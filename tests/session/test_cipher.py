"""Names are the keyed hash they were ever made of; what is sealed together opens each by itself."""

import base64
import hashlib
import hmac

import pytest

from hotline.session.cipher import NONCE_BYTES, Cipher, ContactNames, UnreadableRecord


@pytest.mark.parametrize("number", ["+447700900123", "", "call:CA0", "नहीं"])
def test_a_contacts_name_is_eighty_bits_of_its_hmac_in_base_32(number):
    key = hashlib.sha256(b"key").digest()
    bits = hmac.digest(key, number.encode(), "sha256")[:10]
    assert ContactNames(key).name(number) == base64.b32encode(bits).decode().lower()


def test_records_sealed_together_have_nonces_of_their_own_and_open_by_themselves():
    cipher = Cipher(["a secret of more than thirty-two letters"])
    plains = [b"session", b"", b"session"]
    sealed = cipher.seal_all(plains, b"her")
    assert [cipher.open(one, b"her") for one in sealed] == plains
    assert len({one[1 : NONCE_BYTES + 1] for one in sealed}) == len(plains)
    with pytest.raises(UnreadableRecord):
        cipher.open(sealed[0], b"somebody else")

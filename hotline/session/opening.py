"""Opening the store at start: its meta record, the contact key, the number of partitions."""

from __future__ import annotations

import os
from collections.abc import Sequence

from hotline.errors import SettingsError, StoreUnavailable
from hotline.session.cipher import Cipher, ContactNames, UnreadableRecord
from hotline.session.connection import FAILURES, Client
from hotline.session.keys import META
from hotline.session.store import Store

_ABOUT = b"hl:meta"
_KEY_BYTES = 32
_NO_KEY_FITS = (
    "HOTLINE_SECRET_KEY opens nothing in this store: put the former secret behind the new one, "
    "separated by a comma"
)


def open_store(client: Client, secrets: Sequence[str], partitions: int, replicas: int = 0) -> Store:
    """Read or, at first start, write the meta record; returns the store.

    `replicas` must have a write before it counts as written.

    Raises SettingsError when the stored number of partitions differs or no secret opens the
    contact key, StoreUnavailable when Redis fails.
    """
    cipher = Cipher(secrets)
    try:
        sealed = cipher.seal(os.urandom(_KEY_BYTES), _ABOUT)
        client.hsetnx(META, "contact_key", sealed)
        client.hsetnx(META, "partitions", partitions)
        stored_key, stored = client.hmget(META, ["contact_key", "partitions"])
        if int(stored) != partitions:
            raise SettingsError([_other_partitions(partitions, int(stored))])
        key = cipher.open(stored_key, _ABOUT)
        if not cipher.sealed_by_first(stored_key):
            client.hset(META, "contact_key", cipher.seal(key, _ABOUT))
    except UnreadableRecord as error:
        raise SettingsError([_NO_KEY_FITS]) from error
    except FAILURES as error:
        raise StoreUnavailable(str(error)) from error
    return Store(client, cipher, ContactNames(key), partitions, replicas)


def _other_partitions(wanted: int, stored: int) -> str:
    return (
        f"HOTLINE_PARTITIONS is {wanted}, but this store was made with {stored}: set it to "
        f"{stored} (the number is fixed at first start)"
    )

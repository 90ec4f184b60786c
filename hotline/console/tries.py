"""Limits on wrong passwords: by account, by address, and by both, counted in Redis."""

from __future__ import annotations

import hashlib

from redis.exceptions import RedisError

from hotline.errors import StoreUnavailable
from hotline.session.store import Store

WINDOW_SECONDS = 15 * 60
PER_BOTH = 8
PER_ACCOUNT = 40
PER_ADDRESS = 60


class Tries:
    """Counts failed sign-ins. The same commands on one server, Sentinel and Cluster.

    Failures count, not requests: a ward that signs in at eight o'clock is not locked out. One
    address is stopped at 8 for an account; all addresses together at 40, so that a stranger who
    types a nurse's name from elsewhere does not keep her out at once.
    """

    def __init__(self, store: Store) -> None:
        """Use this store's client."""
        self._client = store.client

    def too_many(self, name: str, address: str) -> bool:
        """Whether this account or address must wait."""
        try:
            counts = [self._client.get(key) for key, _ in _limits(name, address)]
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error
        limits = [limit for _, limit in _limits(name, address)]
        return any(int(n or 0) >= limit for n, limit in zip(counts, limits, strict=True))

    def failed(self, name: str, address: str) -> None:
        """Note a wrong password or code."""
        try:
            for key, _ in _limits(name, address):
                if self._client.incr(key) == 1:
                    self._client.expire(key, WINDOW_SECONDS)
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error


def _limits(name: str, address: str) -> list[tuple[str, int]]:
    by = (f"{name}@{address}", PER_BOTH), (f"{name}@", PER_ACCOUNT), (f"@{address}", PER_ADDRESS)
    return [(f"hl:console:tries:{hashlib.sha256(b.encode()).hexdigest()[:24]}", n) for b, n in by]

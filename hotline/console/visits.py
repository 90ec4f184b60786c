"""Signed-in visits in Redis: a random token in the cookie, its end kept on our side."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass

from redis.exceptions import RedisError

from hotline.console.accounts import ACCOUNTS, Account, Accounts
from hotline.errors import StoreUnavailable
from hotline.session.store import Store

_TOKEN_BYTES = 24
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Times:
    """How long a visit lasts: without a request (`idle`), and in all (`whole`), in seconds.

    The Now page asks every two seconds and so keeps a visit: a screen that goes dark at night
    would miss an emergency. `whole` ends every visit.
    """

    idle: int = 30 * 60
    whole: int = 12 * 3600


class Visits:
    """Begins, checks and ends visits. Raises StoreUnavailable when Redis fails."""

    def __init__(self, store: Store, accounts: Accounts, times: Times) -> None:
        """Use this store; nothing is sent yet."""
        self._store = store
        self._accounts = accounts
        self._times = times
        self._moved: dict[str, float] = {}
        self._known: dict[str, tuple[bytes, Account]] = {}

    def begin(self, account: Account) -> str:
        """A new visit of an account; the token for the cookie."""
        token = f"{account.name}:{secrets.token_urlsafe(_TOKEN_BYTES)}"
        value = f"{int(time.time())};{account.ends}"
        try:
            self._store.client.set(_key(token), value, ex=self._times.idle)
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error
        return token

    def account(self, token: str) -> Account | None:
        """Whose visit this is, None when it is over; two short trips. Prolongs the idle time."""
        name, _, rest = token.partition(":")
        if not rest:
            return None
        try:
            value = self._prolonged(_key(token))
            sealed = self._store.trips.ask(ACCOUNTS, "HGET", ACCOUNTS, name)
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error
        if value is None or sealed is None:
            return None
        began, ends = (int(part) for part in value.split(b";"))
        account = self._opened(name, sealed)
        if account.disabled or account.ends != ends or time.time() - began > self._times.whole:
            self.end(token)
            return None
        return account

    def _prolonged(self, key: str) -> bytes | None:
        """The visit's record. Its end is moved (a write, and so a sync of the disk) now and then.

        An open page asks every two seconds; the end moves when a thirtieth of the idle time is
        over.
        """
        now, idle = time.monotonic(), self._times.idle
        ask = self._store.trips.ask
        value: bytes | None
        if now - self._moved.get(key, -idle) < idle / 30:
            value = ask(key, "GET", key)
            return value
        if len(self._moved) >= _REMEMBERED:
            self._moved.clear()
        self._moved[key] = now
        value = ask(key, "GETEX", key, "EX", idle)
        return value

    def _opened(self, name: str, sealed: bytes) -> Account:
        """An account's record is opened again only when it has changed."""
        known = self._known.get(name)
        if known is None or known[0] != sealed:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[name] = (sealed, self._accounts.opened(name, sealed))
        return known[1]

    def end(self, token: str) -> None:
        """Sign out."""
        try:
            self._store.client.delete(_key(token))
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error


def _key(token: str) -> str:
    return f"hl:console:visit:{hashlib.sha256(token.encode()).hexdigest()[:40]}"

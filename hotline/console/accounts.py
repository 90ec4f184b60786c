"""Staff accounts in Redis: sealed records with an argon2 hash, a role, and one-time codes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import TypeAdapter
from redis.exceptions import RedisError

from hotline.console.rights import RIGHTS, Right, Role
from hotline.errors import HotlineError, StoreUnavailable
from hotline.session.packing import pack, unpack
from hotline.session.store import Store

ACCOUNTS = "hl:accounts"
"""A hash: account name -> sealed record."""

SHORTEST_PASSWORD = 10
ISSUER = "Hotline"
_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}\Z")
_CODE_KEPT_SECONDS = 120


class AccountError(HotlineError):
    """The account cannot be made or changed so; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class Account:
    """One staff member. `ends` counts up to end all sessions; `totp` is the secret or ""."""

    name: str
    shown: str
    role: Role
    password: str
    more: frozenset[Right] = frozenset()
    totp: str = ""
    disabled: bool = False
    ends: int = 0
    made: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    @property
    def rights(self) -> frozenset[Right]:
        """The role's rights and those given besides."""
        return RIGHTS[self.role] | self.more

    def may(self, right: Right) -> bool:
        """Whether the account has this right."""
        return right in self.rights


@cache
def _shape() -> TypeAdapter[Account]:
    """Built when first used: built at import, it costs every start 20 ms."""
    return TypeAdapter(Account)


class Accounts:
    """Reads and writes the accounts. Raises StoreUnavailable when Redis fails."""

    def __init__(self, store: Store) -> None:
        """Use this store's client and cipher."""
        self._store = store
        self._hasher = PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """What a password is held against where there is no account, so that it takes as long.

        Hashed at the first sign-in of anybody: at the start it would take 150 ms.
        """
        return self._hasher.hash(secrets.token_hex(16))

    def get(self, name: str) -> Account | None:
        """The account with this name, None when there is none."""
        try:
            sealed = self._store.client.hget(ACCOUNTS, name)
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error
        return None if sealed is None else self.opened(name, sealed)

    def all(self) -> tuple[Account, ...]:
        """Every account, by name."""
        try:
            found = self._store.client.hgetall(ACCOUNTS)
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error
        accounts = (self.opened(name.decode(), sealed) for name, sealed in found.items())
        return tuple(sorted(accounts, key=lambda one: one.name))

    def opened(self, name: str, sealed: bytes) -> Account:
        """A stored record opened. Raises UnreadableRecord."""
        plain: Any = unpack(self._store.cipher.open(sealed, _about(name)))
        return _shape().validate_python(plain)

    def add(
        self, name: str, role: Role, password: str, *, shown: str = "", more: Collection[Right] = ()
    ) -> Account:
        """Make an account. Raises AccountError for a bad name, password, or a name that exists."""
        if not _NAME.match(name):
            raise AccountError(
                "An account name is 2 to 32 small letters, digits, dots, dashes; a letter first."
            )
        _check_password(password)
        made = datetime.now(UTC).replace(microsecond=0)
        hashed = self._hasher.hash(password)
        account = Account(name, shown or name, role, hashed, frozenset(more), made=made)
        try:
            if not self._store.client.hsetnx(ACCOUNTS, name, self._sealed(account)):
                raise AccountError(f"The account {name} exists already.")
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error
        return account

    def set_password(self, name: str, password: str) -> None:
        """Change the password and end the account's sessions. Raises AccountError."""
        _check_password(password)
        account = self._known(name)
        hashed = self._hasher.hash(password)
        self._save(replace(account, password=hashed, ends=account.ends + 1))

    def set_disabled(self, name: str, *, disabled: bool) -> None:
        """Shut an account (its sessions end) or open it again. Raises AccountError."""
        account = self._known(name)
        self._save(replace(account, disabled=disabled, ends=account.ends + 1))

    def set_totp(self, name: str, *, wanted: bool) -> str:
        """Ask for one-time codes from now on, or no longer; the address for the phone's app."""
        account = self._known(name)
        secret = pyotp.random_base32() if wanted else ""
        self._save(replace(account, totp=secret, ends=account.ends + 1))
        return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER) if wanted else ""

    def check(self, name: str, password: str, code: str) -> Account | None:
        """The account when the password and, where it is asked for, the one-time code are right.

        An unknown name takes as long as a known one; a code works once.
        """
        account = self.get(name)
        try:
            nobody = self._nobody
            self._hasher.verify(account.password if account else nobody, password)
        except (VerificationError, InvalidHashError):
            return None
        if account is None or account.disabled:
            return None
        if account.totp and not self._code_holds(account, code):
            return None
        return account

    def _code_holds(self, account: Account, code: str) -> bool:
        digits = "".join(code.split())
        if not pyotp.TOTP(account.totp).verify(digits, valid_window=1):
            return False
        key = f"hl:console:code:{account.name}:{digits}"
        try:
            return bool(self._store.client.set(key, "1", nx=True, ex=_CODE_KEPT_SECONDS))
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error

    def _known(self, name: str) -> Account:
        account = self.get(name)
        if account is None:
            raise AccountError(f"There is no account {name}.")
        return account

    def _save(self, account: Account) -> None:
        try:
            self._store.client.hset(ACCOUNTS, account.name, self._sealed(account))
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error

    def _sealed(self, account: Account) -> bytes:
        plain = pack(_shape().dump_python(account, mode="json"))
        return self._store.cipher.seal(plain, _about(account.name))


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(f"A password has at least {SHORTEST_PASSWORD} characters.")


def _about(name: str) -> bytes:
    return f"{ACCOUNTS}:{name}".encode()

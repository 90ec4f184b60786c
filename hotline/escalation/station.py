"""What the worker and the staff's actions work with: store, words, policies, carrier, addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from hotline.channels.outgoing import Account
from hotline.channels.rate import Rate
from hotline.escalation.policy import POLICY_FILE, Policies, load_policies_for
from hotline.flow.library import Library
from hotline.session.keys import partition_of
from hotline.session.store import Store

if TYPE_CHECKING:
    from hotline.channels.rest import RestClient

DELIVERY_PATH = "/twilio/delivery"
CALL_PATH = "/twilio/call"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where we are reached: `public` is the webhooks' base, `number` ours in E.164."""

    public: str
    number: str
    country: str = ""

    def __post_init__(self) -> None:
        """Without a slash at the end, so that paths can follow."""
        object.__setattr__(self, "public", self.public.rstrip("/"))

    @property
    def console(self) -> str:
        """The console's address, as pages name it."""
        return f"{self.public}/console"


@dataclass(frozen=True, slots=True)
class Station:
    """Everything a task is done with. `carrier` is None where nothing can be sent (no account)."""

    store: Store
    library: Library
    policies: Policies
    carrier: RestClient | None
    addresses: Addresses
    clock: Callable[[], datetime] = field(default=_now)

    def report_url(self, contact: str, send: str) -> str:
        """Where the carrier reports on a send; our own id and partition, no number."""
        return self._url(DELIVERY_PATH, contact, send)

    def call_url(self, contact: str, send: str, **more: str) -> str:
        """Where the carrier asks what a call of ours is to say."""
        return self._url(CALL_PATH, contact, send, **more)

    def _url(self, path: str, contact: str, send: str, **more: str) -> str:
        partition = str(partition_of(contact, self.store.partitions))
        query = urlencode({"send": send, "p": partition, **more})
        return f"{self.addresses.public}{path}?{query}"


def _carrier(account: Account) -> RestClient:
    from hotline.channels.rest import RestClient  # noqa: PLC0415 - 0.1 s that the web can start without

    return RestClient(account, rate=Rate())


def open_station(
    store: Store, library: Library, flows: Path, addresses: Addresses, account: Account | None
) -> Station:
    """A station on an open store: reads the policies from `flows`, connects to nothing.

    `account` is the carrier's, None where this process sends nothing (the web). Raises FlowError or
    FlowErrors when escalation.yaml is not fit, or names a phrase that a language has not.
    """
    carrier = _carrier(account) if account is not None else None
    policies = load_policies_for(library.words, flows / POLICY_FILE)
    return Station(store, library, policies, carrier, addresses)

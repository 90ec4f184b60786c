"""Wires everything together: settings in, a running hotline out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from redis.exceptions import RedisError

from hotline.channels.outgoing import Account
from hotline.channels.signature import Signatures
from hotline.compiled import lexicons_at
from hotline.embedded import EmbeddedRedis
from hotline.errors import SettingsError, StoreUnavailable
from hotline.escalation.rota import on_call
from hotline.escalation.rota_store import RotaStore
from hotline.escalation.station import Addresses, Station, open_station
from hotline.flow.library import Library, load_library
from hotline.session.connection import Client, connect
from hotline.session.keys import FLOWS
from hotline.session.opening import open_store
from hotline.session.store import Store
from hotline.session.turn import Turns
from hotline.settings import Settings


@dataclass(frozen=True, slots=True)
class Hotline:
    """All parts of a running hotline. `redis` is set when this process started its own."""

    settings: Settings
    client: Client
    store: Store
    library: Library
    turns: Turns
    signatures: Signatures
    redis: EmbeddedRedis | None = None

    def close(self) -> None:
        """Close the connections, and stop the Redis that was started with the hotline."""
        self.client.close()
        if self.redis is not None:
            self.redis.stop()


@lru_cache(maxsize=4)
def library_at(flows: Path) -> Library:
    """The library of a folder, read once: a server forked from this process has it already."""
    return load_library(flows, read_lists=lexicons_at)


def start_hotline(settings: Settings) -> Hotline:
    """Load, check and connect everything.

    Raises SettingsError, FlowError or FlowErrors (the flow is not fit to serve), StoreUnavailable.
    """
    library = library_at(settings.flows)
    refuse_draft(library, settings)
    redis = None if settings.redis_url else EmbeddedRedis(settings.data_dir)
    try:
        return wire(settings, library, connect(redis_address(settings, redis)), redis)
    except BaseException:
        if redis is not None:
            redis.stop()
        raise


def station_of(hotline: Hotline, *, sends: bool) -> Station:
    """What escalations are worked with; `sends` for the worker, which talks to the carrier.

    Raises FlowError or FlowErrors when escalation.yaml is not fit.
    """
    settings = hotline.settings
    base = settings.twilio_api_base_url
    account = Account(
        settings.twilio_account_sid,
        settings.twilio_api_key,
        settings.twilio_api_secret.get_secret_value(),
        str(base) if base else None,
    )
    addresses = Addresses(str(settings.public_url), settings.number, settings.country)
    return open_station(
        hotline.store, hotline.library, settings.flows, addresses, account if sends else None
    )


def numbers_on_call(store: Store, now: datetime) -> tuple[str, ...]:
    """The telephone numbers of who is on call, first the first. Raises StoreUnavailable."""
    people = on_call(RotaStore(store).current(), now).people
    return tuple(person.phone for person in people)


def redis_address(settings: Settings, redis: EmbeddedRedis | None) -> str:
    """The address of the Redis in use: our own, else the one in the settings."""
    if redis is not None:
        return redis.url
    return settings.redis_url.get_secret_value() if settings.redis_url else ""


def wire(
    settings: Settings, library: Library, client: Client, redis: EmbeddedRedis | None = None
) -> Hotline:
    """Put the parts together on a connected client. Raises as start_hotline."""
    secrets = [secret.get_secret_value() for secret in settings.secret_keys]
    tokens = [token.get_secret_value() for token in settings.twilio_auth_tokens]
    store = open_store(client, secrets, settings.partitions, settings.replicas)
    library = keep_version(library, client)
    home = (settings.country, settings.language)
    return Hotline(
        settings=settings,
        client=client,
        store=store,
        library=library,
        turns=Turns(store, library, home),
        signatures=Signatures(str(settings.public_url), tokens),
        redis=redis,
    )


def keep_version(library: Library, client: Client) -> Library:
    """Keep this flow's file in Redis under its version, and fetch older ones from there."""
    try:
        client.hsetnx(FLOWS, library.flow.version, library.source)
    except RedisError as error:
        raise StoreUnavailable(str(error)) from error

    def fetch(version: str) -> bytes | None:
        found: bytes | None = client.hget(FLOWS, version)
        return found

    return Library(library.flow, library.source, library.words, library.lexicons, fetch)


def refuse_draft(library: Library, settings: Settings) -> None:
    """Raise SettingsError when the flow is a draft and nobody said to serve drafts."""
    meta = library.flow.meta
    if meta.status != "signed_off" and not settings.serve_drafts:
        fault = (
            f"The flow {library.flow.id!r} is a draft: no clinician has signed it off. Have it "
            "signed off, or set HOTLINE_SERVE_DRAFTS=yes to serve it knowingly."
        )
        raise SettingsError([fault])

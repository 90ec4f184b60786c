"""Redis under the doctor: version, durability as it really is, memory, keys, clock."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from redis.exceptions import RedisError, ResponseError

from hotline.cli.doctor_findings import Finding, Patient, fault, ok, warning
from hotline.session.cipher import Cipher, UnreadableRecord
from hotline.session.connection import Client
from hotline.session.keys import META

LOWEST = (6, 2)
FULL = 0.8
CLOCK_WARNING, CLOCK_FAULT = 2.0, 30.0
_ABOUT = b"hl:meta"

Info = Mapping[str, Any]


def check_redis(patient: Patient) -> Iterator[Finding]:
    """Everything about the server, or that it cannot be asked."""
    client = patient.client
    if client is None:
        return
    try:
        infos = _infos(client)
        for info in infos:
            yield from _version(info)
            yield from _durability(client, info)
            yield from _memory(info)
            yield from _replicas(info, patient.settings.replicas)
        yield from _clock(client)
        yield from _keys(patient, client)
    except RedisError as error:
        yield fault(
            "redis",
            f"Redis does not answer: {type(error).__name__}.",
            "Start it, and mend HOTLINE_REDIS_URL (host, port, password, TLS).",
        )


def _infos(client: Client) -> list[Info]:
    """INFO of the one server, or of each primary of a cluster."""
    info = client.info()
    nested: list[Info] = [
        one for one in info.values() if isinstance(one, dict) and "redis_version" in one
    ]
    return nested or [info]


def _version(info: Info) -> Iterator[Finding]:
    version = str(info["redis_version"])
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers < LOWEST:
        yield fault("redis version", f"Redis {version} is too old.", "Install 6.2 or newer.")
    else:
        yield ok("redis version", f"Redis {version}.")
    if info.get("role") != "master":
        yield fault(
            "redis role",
            f"This Redis is a {info.get('role')}: it cannot be written.",
            "Point HOTLINE_REDIS_URL at the primary, or at sentinels (redis+sentinel://).",
        )


def _durability(client: Client, info: Info) -> Iterator[Finding]:
    """What the server really does, not what a file says it should."""
    about = "durability"
    if not info.get("aof_enabled"):
        mend = "CONFIG SET appendonly yes, and write it to redis.conf with CONFIG REWRITE."
        yield fault(about, "There is no append-only file: a restart loses what was answered.", mend)
        return
    if info.get("aof_last_write_status") != "ok" or info.get("aof_last_bgrewrite_status") != "ok":
        mend = "Make room on Redis's disk; read its log."
        yield fault(about, "Redis could not write its append-only file.", mend)
    synced = _setting(client, "appendfsync")
    paused = _setting(client, "no-appendfsync-on-rewrite")
    match synced:
        case "always" if paused == "yes":
            mend = "CONFIG SET no-appendfsync-on-rewrite no."
            yield warning(about, "appendfsync always rests while the file is rewritten.", mend)
        case "always":
            yield ok(about, "Append-only file, appendfsync always: nothing answered is lost.")
        case "everysec":
            mend = "CONFIG SET appendfsync always (it costs 6 to 11 percent of the throughput)."
            yield warning(about, "appendfsync everysec: a power cut loses up to a second.", mend)
        case None:
            mend = "Ask whoever runs it that appendfsync is always."
            yield warning(about, "The server does not tell its appendfsync.", mend)
        case other:
            mend = "CONFIG SET appendfsync always."
            yield fault(about, f"appendfsync {other}: a power cut loses many seconds.", mend)


def _setting(client: Client, name: str) -> str | None:
    """A server setting in force; None where CONFIG is forbidden (managed servers)."""
    try:
        found = client.config_get(name)
    except ResponseError:
        return None
    value = found.get(name)
    return value.decode() if isinstance(value, bytes) else value


def _memory(info: Info) -> Iterator[Finding]:
    most, used = int(info.get("maxmemory", 0)), int(info.get("used_memory", 0))
    policy = str(info.get("maxmemory_policy", "noeviction"))
    if policy != "noeviction":
        mend = "CONFIG SET maxmemory-policy noeviction."
        yield fault("memory", f"maxmemory-policy {policy}: Redis may drop open sessions.", mend)
    elif most and used > most * FULL:
        mend = "Give it more memory, or shorten HOTLINE_RETENTION_DAYS."
        yield warning("memory", f"Redis holds {used / most:.0%} of what it may.", mend)
    else:
        yield ok("memory", f"Redis holds {used / 1e6:.0f} MB; nothing is evicted.")


def _replicas(info: Info, wanted: int) -> Iterator[Finding]:
    """Whether as many replicas follow as must have a text before it is answered."""
    following = int(info.get("connected_slaves", 0))
    if following < wanted:
        yield fault(
            "replicas",
            f"{following} replicas follow, HOTLINE_REPLICAS wants {wanted}: nothing is answered.",
            "Start the replicas, or lower HOTLINE_REPLICAS.",
        )


def _clock(client: Client) -> Iterator[Finding]:
    seconds, micros = client.time()
    away = abs(time.time() - (seconds + micros / 1e6))
    mend = "Set both machines' clocks by NTP: timers and follow-ups go by them."
    if away > CLOCK_FAULT:
        yield fault("clock", f"This machine and Redis are {away:.0f} s apart.", mend)
    elif away > CLOCK_WARNING:
        yield warning("clock", f"This machine and Redis are {away:.1f} s apart.", mend)
    else:
        yield ok("clock", "This machine and Redis agree on the time.")


def _keys(patient: Patient, client: Client) -> Iterator[Finding]:
    """Whether our secret opens what is stored. Writes nothing, unlike a start."""
    sealed, partitions = client.hmget(META, ["contact_key", "partitions"])
    if sealed is None:
        mend = "Start hotline serve and hotline worker, then look again."
        yield warning("store", "The store is empty: no hotline has started on it yet.", mend)
        return
    cipher = Cipher([key.get_secret_value() for key in patient.settings.secret_keys])
    try:
        cipher.open(sealed, _ABOUT)
    except UnreadableRecord:
        mend = "Put the former key behind the new one, with a comma between."
        yield fault("secret key", "HOTLINE_SECRET_KEY opens nothing in this store.", mend)
    else:
        yield ok("secret key", "HOTLINE_SECRET_KEY opens the store.")
    if partitions is not None and int(partitions) != patient.settings.partitions:
        yield fault(
            "partitions",
            f"The store was made with {int(partitions)} partitions, not "
            f"{patient.settings.partitions}.",
            f"Set HOTLINE_PARTITIONS={int(partitions)}.",
        )

"""Connecting to Redis in each of its shapes: one server, a socket, Sentinel, Cluster."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from redis import Redis, RedisCluster, Sentinel
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.exceptions import RedisClusterException, RedisError
from redis.retry import Retry

from hotline.errors import SettingsError

CONNECT_SECONDS = 0.5
ANSWER_SECONDS = 1.0
SENTINEL_SECONDS = 0.3
"""How long one sentinel may take to say who the primary is; the next is asked then."""

RETRIES = 1

FAILURES = (RedisError, RedisClusterException)
"""Everything a command can fail with; redis-py's cluster errors have a root of their own."""

Client = Any
"""redis.Redis or redis.RedisCluster: the same commands on both."""


def connect(url: str) -> Client:
    """A client for a Redis address; nothing is sent yet.

    `redis://`, `rediss://` and `unix://` are one server; `redis+sentinel://host:26379,host2/name`
    asks sentinels for the primary called `name`; `redis+cluster://host:7000,host2:7001` is a
    cluster. Raises SettingsError for anything else.
    """
    scheme, rest = urlsplit(url).scheme, urlsplit(url)
    options = _options()
    match scheme:
        case "redis" | "rediss" | "unix":
            return Redis.from_url(url, **options)
        case "redis+sentinel":
            name = rest.path.strip("/") or "hotline"
            password = rest.password
            sentinel = Sentinel(  # type: ignore[no-untyped-call]
                _hosts(rest.netloc, 26379),
                sentinel_kwargs=_sentinel_options(),
                password=password,
                **options,
            )
            return sentinel.master_for(name)  # type: ignore[no-untyped-call]
        case "redis+cluster":
            return _cluster(rest.netloc, rest.password, parse_qs(rest.query), options)
        case _:
            fault = (
                f"HOTLINE_REDIS_URL begins with {scheme!r}; use redis://, rediss://, unix://, "
                "redis+sentinel:// or redis+cluster://"
            )
            raise SettingsError([fault])


def _options() -> dict[str, Any]:
    return {
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": ANSWER_SECONDS,
        "health_check_interval": 0,
        "retry": Retry(ExponentialWithJitterBackoff(base=0.02, cap=0.2), RETRIES),
    }


def _sentinel_options() -> dict[str, Any]:
    return {
        "socket_connect_timeout": SENTINEL_SECONDS,
        "socket_timeout": SENTINEL_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }


def _hosts(netloc: str, port: int) -> list[tuple[str, int]]:
    pairs = []
    for part in netloc.rpartition("@")[2].split(","):
        host, _, number = part.partition(":")
        pairs.append((host, int(number or port)))
    return pairs


def _cluster(
    netloc: str, password: str | None, query: dict[str, list[str]], options: dict[str, Any]
) -> RedisCluster:
    from redis.cluster import ClusterNode  # noqa: PLC0415 only for clusters

    hosts = _hosts(netloc, 6379)
    nodes = [ClusterNode(host, port) for host, port in hosts]  # type: ignore[no-untyped-call]
    require = query.get("full", ["no"])[0] == "yes"
    return RedisCluster(
        startup_nodes=nodes, password=password, require_full_coverage=require, **options
    )

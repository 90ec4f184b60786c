"""The kinds of value a setting can be, and what makes one acceptable."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

_LOCAL_HOSTS = {"127.0.0.1", "::1", "localhost"}
_REDIS_SCHEMES = {"redis", "rediss", "unix", "redis+sentinel", "redis+cluster"}
_KEY_LENGTH = 32
_KEY_VARIETY = 8


class LogLevel(StrEnum):
    """How much the log says; every level is free of numbers and texts."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _several(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is not a web address")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("has more than host and path")
    if parts.scheme == "http" and parts.hostname not in _LOCAL_HOSTS:
        raise ValueError("is not https, and is not this machine")
    return value.rstrip("/")


def _redis_address(value: SecretStr) -> SecretStr:
    if urlsplit(value.get_secret_value()).scheme not in _REDIS_SCHEMES:
        raise ValueError(f"does not begin with one of {', '.join(sorted(_REDIS_SCHEMES))}")
    return value


def _strong_keys(keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    for place, key in enumerate(keys, start=1):
        text = key.get_secret_value()
        if len(text) < _KEY_LENGTH or len(set(text)) < _KEY_VARIETY:
            raise ValueError(f"is too easy to guess (key {place} of {len(keys)})")
    return keys


def _folder(value: Path) -> Path:
    if not value.is_dir():
        raise ValueError("is not a folder")
    return value.absolute()


Secrets = Annotated[tuple[SecretStr, ...], BeforeValidator(_several), Field(min_length=1)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
StrongSecrets = Annotated[Secrets, AfterValidator(_strong_keys)]
RedisAddress = Annotated[SecretStr, AfterValidator(_redis_address)]
Folder = Annotated[Path, AfterValidator(_folder)]
FolderToBe = Annotated[Path, AfterValidator(Path.absolute)]

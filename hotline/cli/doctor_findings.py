"""What `hotline doctor` finds: one line each, ok, warning or fault, with the mend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from hotline.flow.library import Library
from hotline.session.connection import Client
from hotline.session.store import Store
from hotline.settings import Settings


class Verdict(StrEnum):
    """How bad a finding is; a fault makes the exit code 1."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what was looked at, how it is, and how to mend it."""

    verdict: Verdict
    about: str
    says: str
    mend: str = ""


def ok(about: str, says: str) -> Finding:
    """All is well."""
    return Finding(Verdict.OK, about, says)


def warning(about: str, says: str, mend: str) -> Finding:
    """It works, with a risk."""
    return Finding(Verdict.WARNING, about, says, mend)


def fault(about: str, says: str, mend: str) -> Finding:
    """It does not work, or will harm someone."""
    return Finding(Verdict.FAULT, about, says, mend)


@dataclass(frozen=True, slots=True)
class Patient:
    """The installation looked at. What could not be had is None; its checks are left out."""

    settings: Settings
    library: Library | None = None
    client: Client | None = None
    store: Store | None = None
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


Check = Callable[[Patient], Iterator[Finding]]

"""What a conversation needs besides the session."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.flow.library import Library


@dataclass(frozen=True, slots=True)
class Desk:
    """The library, and the moment (milliseconds since 1970 UTC)."""

    library: Library
    now: int

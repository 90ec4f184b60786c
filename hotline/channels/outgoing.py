"""What is sent out, and in whose name: values that need nothing of the carrier's library."""

from dataclasses import dataclass
from datetime import timedelta

RING_SECONDS = 25
"""How long a call rings; longer ends on many phones in a voicemail box."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the client signs in with: API key and secret, never the auth token."""

    account_sid: str
    api_key: str
    api_secret: str
    base_url: str | None = None

    def __repr__(self) -> str:
        """Without the secret, so that it can reach no log."""
        return f"Account({self.account_sid!r})"


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """One text. `valid` is how long the carrier may try; `report_url` gets delivery reports."""

    to: str
    sender: str
    body: str
    report_url: str
    valid: timedelta
    segments: int = 1
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class OutgoingCall:
    """One call. `url` answers with the TwiML to play; `report_url` gets the call's events."""

    to: str
    sender: str
    url: str
    report_url: str
    ring: int = RING_SECONDS

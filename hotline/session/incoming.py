"""What came in from outside, with only the fields the hotline needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hotline.session.records import Channel


class PhoneKind(StrEnum):
    """What one step of a call brings."""

    BEGAN = "began"
    KEYS = "keys"
    SPEECH = "speech"
    SILENCE = "silence"
    RANG = "rang"
    AGAIN = "again"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class PhoneStep:
    """A step of a call: its number, counted from 0, and what it brings.

    The words are the keys pressed or what was understood of her speech, with the recogniser's
    `confidence` (0 to 1). RANG: the ringing of staff ended. AGAIN: the step before failed on our
    side and is asked for anew. LEFT: the carrier reports that the call is over.
    """

    number: int
    kind: PhoneKind
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text, keys pressed, or words spoken.

    `number` and `our_number` are E.164 ("" when withheld); `delivery` is the id under which the
    carrier would deliver it again (MessageSid, or CallSid and step). `media` counts pictures.
    `opt_out` is Twilio's OptOutType (STOP, HELP, START) when it handled the word itself. `contact`
    is set for a caller whose number is withheld: her call's id.
    """

    number: str
    our_number: str
    words: str
    delivery: str
    channel: Channel = Channel.SMS
    media: int = 0
    opt_out: str | None = None
    call: str | None = None
    phone: PhoneStep | None = None

    @property
    def address(self) -> str:
        """What names the contact: her number, or the call when it is withheld."""
        return self.number or f"call:{self.call or self.delivery}"

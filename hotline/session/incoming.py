"""What came in from outside, with only the fields the hotline needs."""

from __future__ import annotations

from dataclasses import dataclass

from hotline.session.records import Channel


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

    @property
    def address(self) -> str:
        """What names the contact: her number, or the call when it is withheld."""
        return self.number or f"call:{self.call or self.delivery}"

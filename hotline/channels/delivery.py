"""Delivery reports: what Twilio's words for a message or call mean; a state only moves forward."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class SendState(StrEnum):
    """Where one send stands, from planned to its end.

    PERHAPS: the request left and no answer came, or the worker died between asking and noting the
    answer; only a report can move it on. For a call SENT means answered, by whomever or whatever,
    FAILED busy, unanswered or failed; DELIVERED is set when a key was pressed in it.
    """

    PLANNED = "planned"
    TRYING = "trying"
    PERHAPS = "perhaps"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    REFUSED = "refused"
    DROPPED = "dropped"

    @property
    def final(self) -> bool:
        """True when nothing can follow."""
        return self in _FINAL

    @property
    def rank(self) -> int:
        """The order in which the states follow each other; all ends share the highest."""
        return len(_ORDER) if self.final else _ORDER.index(self)


_ORDER = (
    SendState.PLANNED,
    SendState.TRYING,
    SendState.PERHAPS,
    SendState.ACCEPTED,
    SendState.SENT,
)
_FINAL = frozenset(SendState) - frozenset(_ORDER)

_CODE = re.compile(r"[0-9]{5}\Z")

# MessageStatus of the Message resource, CallStatus of the Call resource.
_WORDS: Mapping[str, SendState] = {
    "accepted": SendState.ACCEPTED,
    "scheduled": SendState.ACCEPTED,
    "queued": SendState.ACCEPTED,
    "sending": SendState.ACCEPTED,
    "sent": SendState.SENT,
    "partially_delivered": SendState.SENT,
    "delivered": SendState.DELIVERED,
    "read": SendState.DELIVERED,
    "undelivered": SendState.UNDELIVERED,
    "failed": SendState.FAILED,
    "canceled": SendState.FAILED,
    "initiated": SendState.ACCEPTED,
    "ringing": SendState.ACCEPTED,
    "in-progress": SendState.SENT,
    "answered": SendState.SENT,
    "completed": SendState.SENT,
    "busy": SendState.FAILED,
    "no-answer": SendState.FAILED,
}


@dataclass(frozen=True, slots=True)
class Report:
    """One delivery report: which send, where it stands now, the carrier's id and error code."""

    send: str
    state: SendState
    sid: str
    code: int | None = None


def forward(current: SendState | None, reported: SendState) -> SendState:
    """The state after a report: the later of the two; an end is never left (TWILIO.md, rule 9)."""
    if current is None:
        return reported
    if current.final or reported.rank <= current.rank:
        return current
    return reported


def read_report(send: str, form: Mapping[str, str]) -> Report | None:
    """The report in a webhook form, `send` being our own id from the callback's address.

    None when the form has no state we know: there is nothing to record then.
    """
    word = form.get("MessageStatus") or form.get("SmsStatus") or form.get("CallStatus") or ""
    state = _WORDS.get(word.strip().lower())
    if state is None or not send:
        return None
    sid = form.get("MessageSid") or form.get("SmsSid") or form.get("CallSid") or ""
    code = form.get("ErrorCode", "")
    return Report(send, state, sid, int(code) if _CODE.match(code) else None)

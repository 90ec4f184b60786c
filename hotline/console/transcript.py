"""A session's log as a conversation to read, with what became of each text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotline.channels.delivery import SendState
from hotline.console.shown import LEVEL_NAMES, REASONS, readable
from hotline.escalation.ledger import Ledger
from hotline.session.keys import Keys
from hotline.session.records import Entry
from hotline.session.staffing import StaffDid

DELIVERY = {
    SendState.PLANNED: "waiting to be sent",
    SendState.TRYING: "being sent",
    SendState.PERHAPS: "perhaps sent: nobody knows",
    SendState.ACCEPTED: "with the carrier",
    SendState.SENT: "sent",
    SendState.DELIVERED: "delivered",
    SendState.UNDELIVERED: "NOT delivered",
    SendState.FAILED: "FAILED",
    SendState.REFUSED: "REFUSED by the carrier",
    SendState.DROPPED: "not sent",
}
_BAD = {
    SendState.PERHAPS,
    SendState.UNDELIVERED,
    SendState.FAILED,
    SendState.REFUSED,
    SendState.DROPPED,
}
_DID = {
    StaffDid.TOOK_OVER: "took over; the machine is silent from here",
    StaffDid.HANDED_BACK: "handed back to the machine",
    StaffDid.NOTED: "wrote a note",
    StaffDid.CLOSED: "closed the session",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing in the conversation. `who` is her, us, staff or event; `at` in ms."""

    who: str
    words: str
    at: int
    by: str = ""
    state: str = ""
    bad: bool = False
    send: str = ""


def converse_again(
    log: Sequence[tuple[int, Entry]], states: Mapping[str, SendState]
) -> tuple[Said, ...]:
    """The whole conversation, oldest first; `states` are those of sends by id."""
    said: list[Said] = []
    with_staff = False
    for at, entry in log:
        said += _of_entry(at, entry, states, with_staff=with_staff)
        with_staff = _control_after(entry, with_staff=with_staff)
    return tuple(said)


def send_states(
    ledger: Ledger, keys: Keys, log: Sequence[tuple[int, Entry]]
) -> dict[str, SendState]:
    """What became of every text in the log that has a record."""
    ids = dict.fromkeys(entry.delivery for _, entry in log if entry.said and entry.delivery)
    records = ((one, ledger.read(keys, one)) for one in ids)
    return {one: record.state for one, record in records if record is not None}


def timeline(log: Sequence[tuple[int, Entry]]) -> list[tuple[int, str]]:
    """What happened, without a word of hers: for everybody who may see the session."""
    return [(at, line) for at, entry in log for line in _happened(entry)]


def _of_entry(
    at: int, entry: Entry, states: Mapping[str, SendState], *, with_staff: bool
) -> Iterator[Said]:
    if entry.kind in ("text", "call"):
        yield from _hers(at, entry, with_staff=with_staff)
    else:
        line = event_line(entry)
        if line:
            yield Said("event", line, at, entry.by)
    staff = entry.kind == "staff" and entry.extra.get("did") == StaffDid.REPLIED
    for message in entry.said:
        state = states.get(entry.delivery)
        words = DELIVERY[state] if state else ("waiting to be sent" if staff else "reply given")
        who, by = ("staff", entry.by) if staff else ("us", "")
        yield Said(who, message, at, by, words, state in _BAD, entry.delivery)


def _hers(at: int, entry: Entry, *, with_staff: bool) -> Iterator[Said]:
    media = entry.extra.get("media")
    words = entry.words or ("" if media else "(no words)")
    if media:
        words = f"{words} (and {media} picture or sound, which we cannot read)".strip()
    state = "" if entry.said or not with_staff else "the machine stays silent: staff have her"
    yield Said("her", words, at, state=state)
    for reason in entry.extra.get("pages", ()):
        yield Said("event", f"Staff alarm: {REASONS.get(reason, readable(reason))}", at)


def event_line(entry: Entry) -> str:
    """One line for an entry that is no text of hers; no word of hers in it."""
    extra: Mapping[str, Any] = entry.extra
    match entry.kind:
        case "staff":
            return _staff_line(entry)
        case "silence":
            return "No answer from her"
        case "escalation":
            return _escalation_line(entry)
        case "callback":
            return f"Call-back: {_pairs(extra)}"
        case "delivery":
            return "" if extra.get("result") else f"Delivery: {_pairs(extra)}"
        case "send":
            to = extra.get("to")
            if to == "her":
                return ""
            return f"{readable(str(extra.get('about', 'send')))} to {to}: {extra.get('result')}"
        case other:
            return readable(other) + (f": {_pairs(extra)}" if extra else "")


def _staff_line(entry: Entry) -> str:
    did = entry.extra.get("did", "")
    if did == StaffDid.REPLIED:
        return ""
    if did == StaffDid.CORRECTED:
        question, was, to = (entry.extra.get(one, "") for one in ("question", "was", "to"))
        return f"{entry.by} corrected {readable(str(question))}: {_plain(was)} became {_plain(to)}"
    line = f"{entry.by} {_DID.get(did, readable(str(did)))}"
    outcome = entry.extra.get("outcome")
    return f"{line}: {readable(str(outcome))}" if outcome else line


def _escalation_line(entry: Entry) -> str:
    extra = entry.extra
    if "taken" in extra:
        return f"{entry.by} took the escalation"
    if "resolved" in extra:
        return f"{entry.by} resolved the escalation: {extra['resolved']}"
    if "reassigned" in extra:
        return f"{entry.by} gave the escalation to {extra['reassigned']}"
    if "released" in extra:
        return f"{entry.by} gave the escalation back"
    reason = str(extra.get("reason", "other"))
    return f"Escalated: {REASONS.get(reason, readable(reason))}"


def _happened(entry: Entry) -> Iterator[str]:
    if entry.kind in ("text", "call"):
        yield "She texted" if entry.kind == "text" else "She spoke or pressed a key"
    else:
        line = event_line(entry)
        if entry.extra.get("did") == StaffDid.REPLIED:
            line = f"{entry.by} wrote to her"
        if line:
            yield line
    for event in entry.events:
        line = _event_words(event)
        if line:
            yield line


def _event_words(event: Mapping[str, Any]) -> str:
    match event["is"]:
        case "Answered":
            value, source = _plain(event["value"]), event["source"]
            how = "" if source == "asked" else f" ({source})"
            return f"{readable(event['question'])}: {value}{how}"
        case "DangerHeard":
            return f"Danger heard: {_plain(event['dangers'])}"
        case "DangerPossible":
            return f"Danger possible, to be checked: {_plain(event['dangers'])}"
        case "LevelGiven" if not event.get("repeated"):
            return f"Told {LEVEL_NAMES[event['level']]}, by {', '.join(event['rules'])}"
        case "Misunderstood":
            return f"Not understood ({event['tries']}): {readable(event['question'])}"
        case "PersonOffered":
            return "A person was offered"
        case "Exited":
            return f"Way on without a level: {readable(event['say'])}"
        case "Ended":
            return "No question left"
        case _:
            return ""


def _control_after(entry: Entry, *, with_staff: bool) -> bool:
    if entry.kind != "staff":
        return with_staff
    did = entry.extra.get("did")
    if did == StaffDid.TOOK_OVER:
        return True
    return with_staff and did not in (StaffDid.HANDED_BACK, StaffDid.CLOSED)


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(readable(str(one)) for one in value) or "nothing"
    text = str(value)
    return readable(text) if text else "nothing"


def _pairs(extra: Mapping[str, Any]) -> str:
    return ", ".join(
        readable(name) if value is True else f"{readable(name)} {value}"
        for name, value in extra.items()
    )

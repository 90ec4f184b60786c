"""TwiML as the carrier reads it: the verbs that the hotline uses, anything else named as unknown.

Follows https://www.twilio.com/docs/voice/twiml and /docs/messaging/twiml.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, fromstring

GATHER_SECONDS = 5
DIAL_SECONDS = 30


class BadTwiml(ValueError):  # noqa: N818 it says what the document is
    """The document is none that Twilio would take (its errors 12100 and 12200)."""


@dataclass(frozen=True, slots=True)
class Say:
    """Words to speak, and in which language."""

    words: str
    language: str = "en-US"


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence of this many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Gather:
    """Prompts, then keys or speech; what came is posted to `action`."""

    prompts: tuple[Say | Pause, ...]
    action: str
    kinds: str
    timeout: float
    digits: int | None
    finish_on: str
    on_empty: bool
    language: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with the document at this address."""

    url: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Target:
    """A number to dial, and what it hears before it is put through."""

    number: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Dial:
    """Connect to the first of the numbers that answers."""

    targets: tuple[Target, ...]
    action: str
    timeout: float


@dataclass(frozen=True, slots=True)
class Unknown:
    """A verb that this carrier does not play."""

    name: str


Verb = Say | Pause | Gather | Redirect | Hangup | Dial | Unknown


@dataclass(frozen=True, slots=True)
class Message:
    """A text to send back, and where to report on it."""

    body: str
    report_url: str


def read_messages(document: str) -> tuple[Message, ...]:
    """The texts of a messaging reply. Raises BadTwiml."""
    return tuple(
        Message("".join(one.itertext()), one.get("statusCallback", one.get("action", "")))
        for one in _root(document)
        if one.tag == "Message"
    )


def read_verbs(document: str) -> tuple[Verb, ...]:
    """The verbs of a voice document in order. Raises BadTwiml."""
    return tuple(_verb(one) for one in _root(document))


def _root(document: str) -> Element:
    try:
        root = fromstring(document)  # noqa: S314 it is the hotline's own, from this machine
    except ParseError as error:
        raise BadTwiml(f"not XML: {error}") from None
    if root.tag != "Response":
        raise BadTwiml(f"the document is a {root.tag}, not a Response")
    return root


def _verb(element: Element) -> Verb:
    match element.tag:
        case "Say":
            return _say(element)
        case "Play":
            return Say(f"(plays {(element.text or '').strip()})")
        case "Pause":
            return Pause(_number(element, "length", 1))
        case "Gather":
            return _gather(element)
        case "Redirect":
            return Redirect((element.text or "").strip())
        case "Hangup" | "Reject":
            return Hangup()
        case "Dial":
            return _dial(element)
        case other:
            return Unknown(other)


def _say(element: Element) -> Say:
    words = " ".join("".join(element.itertext()).split())
    return Say(words, element.get("language", "en-US"))


def _gather(element: Element) -> Gather:
    inner = (_verb(one) for one in element)
    digits = element.get("numDigits")
    return Gather(
        prompts=tuple(one for one in inner if isinstance(one, Say | Pause)),
        action=element.get("action", ""),
        kinds=element.get("input", "dtmf"),
        timeout=_number(element, "timeout", GATHER_SECONDS),
        digits=int(digits) if digits and digits.isdigit() else None,
        finish_on=element.get("finishOnKey", "#"),
        on_empty=element.get("actionOnEmptyResult", "false") == "true",
        language=element.get("language", "en-US"),
    )


def _dial(element: Element) -> Dial:
    targets = [
        Target((one.text or "").strip(), one.get("url", ""))
        for one in element
        if one.tag == "Number"
    ]
    if not targets and (element.text or "").strip():
        targets = [Target((element.text or "").strip())]
    timeout = _number(element, "timeout", DIAL_SECONDS)
    return Dial(tuple(targets), element.get("action", ""), timeout)


def _number(element: Element, name: str, default: float) -> float:
    try:
        return float(element.get(name, default))
    except ValueError:
        return default  # "auto"

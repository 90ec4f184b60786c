"""A caller at a carrier that behaves like Twilio: plays, waits, presses, speaks, rings, posts."""

from __future__ import annotations

import inspect
import re
import secrets
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from twilio.twiml.voice_response import Dial, Say, VoiceResponse

from tests.server import OUR_NUMBER, Server

LARGEST = 64 * 1024
LONGEST_SAY = 3000
LETTERS_A_SECOND = {"en": 15.0, "es": 15.0, "fr": 18.0, "hi": 12.0}
"""How fast a voice speaks, as test_spoken_length measures it with espeak-ng."""

MOST_DOCUMENTS = 400

Post = Callable[[str, Mapping[str, str]], bytes]

_VERBS = {
    "Say": VoiceResponse.say,
    "Gather": VoiceResponse.gather,
    "Dial": VoiceResponse.dial,
    "Number": Dial.number,
    "Pause": VoiceResponse.pause,
    "Redirect": VoiceResponse.redirect,
    "Hangup": VoiceResponse.hangup,
    "prosody": Say.prosody,
}
_WITHIN = {
    "Response": {"Say", "Gather", "Dial", "Pause", "Redirect", "Hangup"},
    "Gather": {"Say", "Pause"},
    "Dial": {"Number"},
    "Say": {"prosody"},
}
_ENDS = {"Redirect", "Hangup", "Dial"}


def attributes_of(verb: Callable[..., object]) -> set[str]:
    """The attributes that the twilio library knows for a verb, as they are written in XML."""
    names = list(inspect.signature(verb).parameters)[1:]
    return {re.sub(r"_(\w)", lambda found: found[1].upper(), name.rstrip("_")) for name in names}


_KNOWN = {name: attributes_of(verb) for name, verb in _VERBS.items()}


def faults_of(document: str | bytes, *, bridges: bool = False) -> list[str]:
    """What Twilio would not take in a document, or what would leave a caller with nothing.

    `bridges`: the document of a screening, whose end connects the two calls or ends the one.
    """
    raw = document.encode() if isinstance(document, str) else document
    faults = [f"{len(raw)} bytes"] if len(raw) >= LARGEST else []
    root = root_of(raw)
    if root.tag != "Response":
        faults.append(f"begins with {root.tag}")
    last = root[-1].tag if len(root) else "nothing"
    if last not in _ENDS and not bridges:
        faults.append(f"ends in {last}")
    if last == "Hangup" and len(root) == 1 and not bridges:
        faults.append("hangs up without a word")
    for parent in root.iter():
        allowed = _WITHIN.get(parent.tag, set())
        faults += [f"{one.tag} within {parent.tag}" for one in parent if one.tag not in allowed]
        if parent is root or parent.tag not in _KNOWN:
            continue
        unknown = set(parent.attrib) - _KNOWN[parent.tag]
        faults += [f"{parent.tag} has {name}" for name in sorted(unknown)]
        text = "".join(parent.itertext())
        if parent.tag == "Say" and not 0 < len(text.strip()) <= LONGEST_SAY:
            faults.append(f"Say of {len(text)} letters")
        if parent.tag == "Dial" and not parent.get("action"):
            faults.append("Dial without action")
        if parent.tag == "Number" and not re.fullmatch(r"\+\d{8,15}", (parent.text or "").strip()):
            faults.append(f"dials {parent.text}")
    return faults


@dataclass
class Said:
    """Words that were spoken: at which second of the call, in which locale, slowly or not."""

    at: float
    words: str
    locale: str
    slow: bool


@dataclass
class Phone:
    """What a staff member does when it rings: take the call, decline it, or let it ring."""

    takes: bool = False
    answers: bool = True


@dataclass
class Call:
    """One call. It plays until it has to wait for the caller, or is over."""

    post: Post
    number: str
    staff: Mapping[str, Phone] = field(default_factory=dict)
    sid: str = field(default_factory=lambda: f"CA{secrets.token_hex(16)}")
    said: list[Said] = field(default_factory=list)
    documents: list[bytes] = field(default_factory=list)
    seconds: float = 0.0
    over: bool = False
    fell_off: bool = False
    talked_to: str = ""
    rung: list[str] = field(default_factory=list)
    impatient: bool = False
    path: str = ""
    _verbs: list[ET.Element] = field(default_factory=list)
    _gather: ET.Element | None = None

    def begin(self) -> Call:
        """Dial the hotline."""
        self._fetch("/twilio/voice", {})
        return self

    def press(self, digits: str) -> Call:
        """Press keys where the call waits, as far as it listens for them."""
        gather = self._waiting()
        taken = self._collected(gather, digits)
        self._verbs = []
        if taken is None:
            return self.wait()
        self.seconds += 0.5
        self._fetch(gather.get("action", ""), {"Digits": taken, "FinishedOnKey": ""})
        return self

    def speak(self, words: str, confidence: str = "0.92") -> Call:
        """Say something where the call waits."""
        gather = self._waiting()
        assert "speech" in gather.get("input", ""), "the call does not listen"
        self.seconds += len(words) / LETTERS_A_SECOND["en"] + 2
        form = {"SpeechResult": words, "Confidence": confidence}
        self._fetch(gather.get("action", ""), form)
        return self

    def wait(self) -> Call:
        """Say and press nothing until the call goes on by itself."""
        gather = self._waiting()
        self.seconds += float(gather.get("timeout", "5"))
        self._gather = None
        self._play()
        return self

    def hang_up(self, *, report: bool = True) -> Call:
        """Put the phone down; the carrier reports it, or does not."""
        self.over, self._gather = True, None
        if report:
            self.report("completed")
        return self

    def report(self, status: str) -> bytes:
        """The carrier's report on the call."""
        form = self.form({"CallStatus": status, "SequenceNumber": "3"})
        return self.post("/twilio/voice/status", form)

    def again(self, path: str, form: Mapping[str, str]) -> bytes:
        """Post a step of this call once more, as the carrier does when no answer reached it."""
        return self.post(path, self.form(form))

    def words(self, after: int = 0) -> str:
        """What was said, all of it or from a place in `said`."""
        return " ".join(one.words for one in self.said[after:])

    @property
    def last(self) -> str:
        """What the last document said."""
        return _spoken(root_of(self.documents[-1]))

    @property
    def listens(self) -> bool:
        """Whether the call waits for the caller."""
        return self._gather is not None and not self.over

    @property
    def next_path(self) -> str:
        """Where the answer to what the call waits for is posted."""
        return _path(self._waiting().get("action", ""))

    def transcript(self) -> str:
        """What she heard, with the second it began."""
        return "\n".join(
            f"{one.at:6.1f}s {'~' if one.slow else ' '}[{one.locale}] {one.words}"
            for one in self.said
        )

    def _waiting(self) -> ET.Element:
        assert not self.over, "the call is over"
        assert self._gather is not None, "the call does not wait"
        return self._gather

    def _collected(self, gather: ET.Element, digits: str) -> str | None:
        """The digits as Gather takes them; None when its finish key came first."""
        finish = gather.get("finishOnKey", "#")
        most = int(gather.get("numDigits", "99"))
        taken = ""
        for digit in digits:
            if finish and digit == finish:
                return taken or None
            taken += digit
            if len(taken) == most:
                return taken
        self.seconds += float(gather.get("timeout", "5"))
        return taken or None

    def form(self, more: Mapping[str, str]) -> dict[str, str]:
        """What the carrier posts about this call, with `more`."""
        return {
            "AccountSid": "AC" + "0" * 32,
            "ApiVersion": "2010-04-01",
            "CallSid": self.sid,
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "From": self.number,
            "To": OUR_NUMBER,
            **more,
        }

    def _fetch(self, url: str, form: Mapping[str, str]) -> None:
        self.path, self._gather = _path(url), None
        document = self.post(self.path, self.form(form))
        self.documents.append(document)
        assert len(self.documents) < MOST_DOCUMENTS, "the call goes round in circles"
        found = faults_of(document)
        assert not found, f"{found} in {document.decode()}"
        self._verbs = list(root_of(document))
        self._play()

    def _play(self) -> None:
        while self._verbs and not self.over:
            verb = self._verbs.pop(0)
            match verb.tag:
                case "Say":
                    self._hear(verb)
                case "Pause":
                    self.seconds += float(verb.get("length", "1"))
                case "Gather":
                    for child in verb:
                        if child.tag == "Say":
                            self._hear(child)
                    if "speech" in verb.get("input", "dtmf") or self.impatient:
                        self._gather = verb
                        return
                    self.seconds += float(verb.get("timeout", "5"))
                case "Redirect":
                    self._fetch(verb.text or "", {})
                    return
                case "Dial":
                    self._ring(verb)
                    return
                case _:
                    self.over = True
        if not self._verbs and not self.over and self._gather is None:
            self.over = self.fell_off = True

    def _hear(self, verb: ET.Element) -> None:
        words = "".join(verb.itertext())
        slow = verb.find("prosody") is not None
        locale = verb.get("language", "")
        self.said.append(Said(self.seconds, words, locale, slow))
        self.seconds += len(words) / LETTERS_A_SECOND[locale[:2]] / (0.9 if slow else 1)

    def _ring(self, dial: ET.Element) -> None:
        numbers = list(dial)
        self.rung += [one.text or "" for one in numbers]
        for one in numbers:
            phone = self.staff.get(one.text or "")
            if phone is None or not phone.answers:
                continue
            if self._screened(one, phone):
                self.talked_to = one.text or ""
                self.seconds += 60
                form = {"DialCallStatus": "completed", "DialBridged": "true"}
                self._fetch(dial.get("action", ""), form)
                return
        self.seconds += float(dial.get("timeout", "30"))
        self._fetch(dial.get("action", ""), {"DialCallStatus": "no-answer"})

    def _screened(self, number: ET.Element, phone: Phone) -> bool:
        child = {"CallSid": f"CA{secrets.token_hex(16)}", "ParentCallSid": self.sid}
        child |= {"From": OUR_NUMBER, "To": number.text or "", "Direction": "outbound-dial"}
        document = self.post(_path(number.get("url", "")), child)
        assert not faults_of(document), document
        gather = root_of(document).find("Gather")
        assert gather is not None
        if not phone.takes:
            return False
        taken = self.post(_path(gather.get("action", "")), {**child, "Digits": "1"})
        assert not faults_of(taken, bridges=True), taken
        return root_of(taken).find("Hangup") is None


def calling(server: Server, number: str, staff: Mapping[str, Phone] | None = None) -> Call:
    """A call from this number to a running server, begun."""

    def post(path: str, form: Mapping[str, str]) -> bytes:
        answer = server.post(path, dict(form))
        assert answer.status in {200, 204}, (path, answer.status)
        return answer.body

    return Call(post, number, staff or {}).begin()


def root_of(document: bytes | str) -> ET.Element:
    """The Response of a document."""
    return ET.fromstring(document)  # noqa: S314 our own server's


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _spoken(root: ET.Element) -> str:
    return " ".join("".join(one.itertext()) for one in root.iter("Say"))

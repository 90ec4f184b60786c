"""What the pretend carrier knows: texts, calls, phones, and each step it took with the hotline."""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from hotline.flow.sms_text import measure

STEPS_KEPT = 200
TEXTS_KEPT = 400
CALLS_KEPT = 40


class Habit(StrEnum):
    """How a phone treats what reaches it."""

    NORMAL = "normal"
    IGNORES = "ignores"
    OFF = "off"
    NO_REPORT = "no_report"


@dataclass(slots=True)
class Text:
    """One text message; `status` is Twilio's word for where it is."""

    sid: str
    sender: str
    to: str
    body: str
    status: str
    at: float
    report_url: str = ""
    error: int | None = None

    def plain(self) -> dict[str, object]:
        """As the page shows it."""
        size = measure(self.body)
        return {
            "sid": self.sid,
            "from": self.sender,
            "to": self.to,
            "body": self.body,
            "status": self.status,
            "error": self.error,
            "at": self.at,
            "segments": size.segments,
            "encoding": size.encoding.value,
        }


@dataclass(frozen=True, slots=True)
class Caption:
    """One thing heard on a call: who said it, the words, the language to speak them in."""

    who: str
    words: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """What came from a phone during a call: a key, or words spoken."""

    digits: str = ""
    speech: str = ""


@dataclass(slots=True)
class Call:
    """One call. `listening` says what the hotline waits for now: "dtmf", "speech" or both.

    `wish` is what the carrier's REST API asked of a running call: a URL to go on with. `partner` is
    the call it is bridged to.
    """

    sid: str
    caller: str
    called: str
    outbound: bool
    at: float
    status: str = "queued"
    captions: list[Caption] = field(default_factory=list)
    heard: deque[Pressed] = field(default_factory=deque)
    listening: str = ""
    report_url: str = ""
    report_events: tuple[str, ...] = ()
    sequence: int = 0
    answered: bool = False
    over: bool = False
    wish: str = ""
    partner: str = ""
    parent: str = ""

    def plain(self) -> dict[str, object]:
        """As the page shows it."""
        return {
            "sid": self.sid,
            "from": self.caller,
            "to": self.called,
            "outbound": self.outbound,
            "status": self.status,
            "over": self.over,
            "listening": self.listening,
            "bridged": bool(self.partner),
            "at": self.at,
            "captions": [
                {"who": one.who, "words": one.words, "language": one.language}
                for one in self.captions
            ],
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One request between carrier and hotline, either way, with its answer."""

    number: int
    at: float
    what: str
    url: str
    form: Mapping[str, str]
    signature: str
    status: int
    answer: str
    took_ms: int

    def plain(self) -> dict[str, object]:
        """As the page shows it."""
        return {
            "number": self.number,
            "at": self.at,
            "what": self.what,
            "url": self.url,
            "form": dict(self.form),
            "signature": self.signature,
            "status": self.status,
            "answer": self.answer,
            "took_ms": self.took_ms,
        }


class Ledger:
    """The carrier's memory, shared by its threads; gone when the process ends."""

    def __init__(self) -> None:
        """Begin empty."""
        self.texts: deque[Text] = deque(maxlen=TEXTS_KEPT)
        self.calls: dict[str, Call] = {}
        self.steps: deque[Step] = deque(maxlen=STEPS_KEPT)
        self.habits: dict[str, Habit] = {}
        self.stopped: set[str] = set()
        self.version = 0
        self._numbers = itertools.count(1)
        self._changed = threading.Condition()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Change what is kept, alone, and wake everybody who waits for a change."""
        with self._changed:
            yield
            self.version += 1
            self._changed.notify_all()

    def wait(self, true: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is true, at most so long; whether it came true."""
        with self._changed:
            return self._changed.wait_for(true, seconds)

    def habit(self, number: str) -> Habit:
        """How the phone with this number behaves."""
        return self.habits.get(number, Habit.NORMAL)

    def add_text(self, text: Text) -> None:
        """Keep a text."""
        with self.change():
            self.texts.append(text)

    def add_call(self, call: Call) -> None:
        """Keep a call; the oldest ones that are over make room."""
        with self.change():
            self.calls[call.sid] = call
            over = [one.sid for one in self.calls.values() if one.over]
            for sid in over[: max(0, len(self.calls) - CALLS_KEPT)]:
                del self.calls[sid]

    def add_step(self, step: Step) -> None:
        """Keep a step under the next number."""
        with self.change():
            self.steps.append(step)

    def next_number(self) -> int:
        """The next step's number."""
        return next(self._numbers)

    def snapshot(self) -> dict[str, object]:
        """Everything as the page shows it."""
        with self._changed:
            return {
                "version": self.version,
                "texts": [one.plain() for one in self.texts],
                "calls": [one.plain() for one in self.calls.values()],
                "steps": [one.plain() for one in self.steps],
                "habits": {number: habit.value for number, habit in self.habits.items()},
            }


def new_sid(prefix: str) -> str:
    """An id as Twilio makes them: two letters and 32 hexadecimal digits."""
    return f"{prefix}{secrets.token_hex(16)}"


def now() -> float:
    """Seconds since 1970 UTC."""
    return time.time()

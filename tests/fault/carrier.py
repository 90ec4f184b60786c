"""A carrier that keeps its word whatever breaks: it signs, waits its time, and tries again."""

from __future__ import annotations

import http.client
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from tests.server import OUR_NUMBER, TOKEN, new_sid

PUBLIC = "https://hotline.example"
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    """One delivery: what was sent, and the one answer that counts. `tries` counts connections."""

    path: str
    number: str
    sid: str
    words: str
    began: float
    ended: float
    slowest: float
    status: int
    body: bytes
    tries: int

    @property
    def messages(self) -> list[str]:
        root = ET.fromstring(self.body)  # noqa: S314 our own server wrote it
        assert root.tag == "Response", self.body
        return [one.text or "" for one in root.iter("Message")]

    @property
    def spoken(self) -> list[str]:
        """What a caller hears, in order."""
        root = ET.fromstring(self.body)  # noqa: S314 our own server wrote it
        return ["".join(one.itertext()) for one in root.iter("Say")]


@dataclass
class Carrier:
    """Delivers texts to one of `ports`, the next one when a connection fails.

    A connection that is refused or breaks off is tried again under the same id, as the carrier's
    own retry and its fallback do, until `patience` seconds have passed.
    """

    ports: list[int]
    patience: float = 20.0
    answers: list[Answer] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._validator = RequestValidator(TOKEN)
        self._lock = threading.Lock()

    def text(self, number: str, words: str, sid: str | None = None) -> Answer | None:
        """Deliver a text; None when nobody answered in all that time."""
        sid = sid or new_sid()
        form = {"MessageSid": sid, "From": number, "To": OUR_NUMBER, "Body": words}
        form |= {"NumMedia": "0", "AccountSid": "AC" + "0" * 32}
        return self.deliver("/twilio/sms", form, sid)

    def deliver(self, path: str, form: dict[str, str], sid: str) -> Answer | None:
        signature = self._validator.compute_signature(PUBLIC + path, form)
        body, headers = urlencode(form), {**HEADERS, "X-Twilio-Signature": signature}
        began = time.monotonic()
        slowest, tries = 0.0, 0
        while time.monotonic() - began < self.patience:
            port = self.ports[tries % len(self.ports)]
            tries += 1
            sent = time.monotonic()
            try:
                status, document = _post(port, path, body, headers)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            ended = time.monotonic()
            slowest = max(slowest, ended - sent)
            words = form.get("Body") or form.get("SpeechResult") or form.get("Digits", "")
            times = (began, ended, slowest)
            answer = Answer(path, form["From"], sid, words, *times, status, document, tries)
            with self._lock:
                self.answers.append(answer)
            return answer
        with self._lock:
            self.unanswered.append(sid)
        return None


def _post(port: int, path: str, body: str, headers: dict[str, str]) -> tuple[int, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("POST", path, body, headers)
        response = line.getresponse()
        return response.status, response.read()
    finally:
        line.close()


@dataclass
class Crowd:
    """Threads that each do something again and again until told to stop."""

    threads: list[threading.Thread] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    errors: list[BaseException] = field(default_factory=list)

    def start(self, count: int, work: Callable[[int], None]) -> None:
        """Start `count` threads; each calls work with its number, over and over."""

        def run(place: int) -> None:
            try:
                while not self.stopping.is_set():
                    work(place)
            except BaseException as error:  # noqa: BLE001 told in stop
                self.errors.append(error)

        for place in range(count):
            thread = threading.Thread(target=run, args=(place,), daemon=True)
            self.threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Let each finish what it is at; raise what one of them died of."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(timeout=60)
        if self.errors:
            raise self.errors[0]

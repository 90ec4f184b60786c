"""Playing TwiML on one call: speaking, listening, going on, putting through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never
from urllib.parse import urljoin

from hotline.simulator.ledger import Call, Caption, Ledger, Pressed
from hotline.simulator.twiml import (
    BadTwiml,
    Dial,
    Gather,
    Hangup,
    Pause,
    Redirect,
    Say,
    Unknown,
    Verb,
    read_verbs,
)
from hotline.simulator.wire import Wire

LETTERS_A_SECOND = 15
BROKEN = "We are sorry, an application error has occurred. Goodbye."
"""What Twilio says when a voice webhook fails and there is no fallback."""


@dataclass(frozen=True, slots=True)
class Go:
    """The next document: where it is, and what to post there besides the call's own fields."""

    url: str
    form: dict[str, str] = field(default_factory=dict)


class CallOver(Exception):  # noqa: N818 no error: somebody hung up
    """The call has ended."""


class _Wished(Exception):  # noqa: N818 no error either
    """The REST API asked the call to go on elsewhere."""


class Player:
    """Plays documents on one call until one says no more.

    `dial` puts the call through and gives the form for the Dial's action. `pace` 0 leaves out the
    time that speaking takes; what a Gather waits is real time.
    """

    def __init__(
        self,
        wire: Wire,
        ledger: Ledger,
        call: Call,
        dial: Callable[[Call, Dial], dict[str, str]],
        pace: float = 1.0,
    ) -> None:
        """Play on this call."""
        self._wire = wire
        self._ledger = ledger
        self._call = call
        self._dial = dial
        self._pace = pace
        self._url = ""

    def play(self, first: Go) -> None:
        """Play from this document on. Raises CallOver when somebody hung up, or Hangup came."""
        go: Go | None = first
        while go is not None:
            try:
                go = self._document(go)
            except _Wished:
                go = self._wish()

    def _wish(self) -> Go:
        with self._ledger.change():
            go, self._call.wish, self._call.listening = Go(self._call.wish), "", ""
        return go

    def _document(self, go: Go) -> Go | None:
        self._url = urljoin(self._url or f"{self._wire.line.public_url}/", go.url)
        answer = self._wire.post("call", self._url, {**call_form(self._call), **go.form})
        try:
            verbs = read_verbs(answer.body) if answer.good else ()
        except BadTwiml:
            verbs = ()
        if not verbs:
            empty = answer.good and "<Response" in answer.body
            verbs = () if empty else (Say(BROKEN), Hangup())
        for verb in verbs:
            following = self._verb(verb)
            if following is not None:
                return following
        return None

    def _verb(self, verb: Verb) -> Go | None:
        match verb:
            case Say() | Pause():
                self._speak(verb)
            case Gather():
                return self._gather(verb)
            case Redirect(url):
                return Go(url or self._url)
            case Hangup():
                raise CallOver
            case Dial(_, action, _):
                form = self._dial(self._call, verb)
                return Go(action, form) if action else None
            case Unknown(name):
                self._caption(Caption("line", f"({name} is not played here)"))
            case _:
                assert_never(verb)
        return None

    def _speak(self, verb: Say | Pause) -> None:
        if isinstance(verb, Pause):
            self._wait(verb.seconds * self._pace)
            return
        self._caption(Caption("hotline", verb.words, verb.language))
        self._wait(len(verb.words) / LETTERS_A_SECOND * self._pace)

    def _gather(self, verb: Gather) -> Go | None:
        with self._ledger.change():
            self._call.heard.clear()
            self._call.listening = verb.kinds
        try:
            for prompt in verb.prompts:
                if self._call.heard:
                    break
                self._speak(prompt)
            form = self._listen(verb)
        finally:
            with self._ledger.change():
                self._call.listening = ""
        if form is None and not verb.on_empty:
            return None
        return Go(verb.action or self._url, form or {"Digits": ""})

    def _listen(self, verb: Gather) -> dict[str, str] | None:
        keys = ""
        while self._wait(verb.timeout):
            with self._ledger.change():
                pressed = self._call.heard.popleft()
            if pressed.speech:
                return {"SpeechResult": pressed.speech, "Confidence": "0.90"}
            for key in pressed.digits:
                if key == verb.finish_on:
                    return {"Digits": keys, "FinishedOnKey": key}
                keys += key
                if len(keys) == verb.digits:
                    return {"Digits": keys}
        return {"Digits": keys} if keys else None

    def _caption(self, caption: Caption) -> None:
        with self._ledger.change():
            self._call.captions.append(caption)

    def _wait(self, seconds: float) -> bool:
        """Wait for words or keys; True when there are some. Raises CallOver and _Wished."""
        call = self._call
        self._ledger.wait(lambda: call.over or bool(call.wish) or bool(call.heard), seconds)
        if call.over:
            raise CallOver
        if call.wish:
            raise _Wished
        return bool(call.heard)


def call_form(call: Call) -> dict[str, str]:
    """The fields that Twilio posts for a call."""
    return {
        "CallSid": call.sid,
        "From": call.caller,
        "To": call.called,
        "Caller": call.caller,
        "Called": call.called,
        "Direction": "outbound-api" if call.outbound else "inbound",
        "CallStatus": call.status,
        **({"ParentCallSid": call.parent} if call.parent else {}),
    }


def heard(words: str, digits: str) -> Pressed:
    """What came from a phone, cleaned: only the keys that a phone has."""
    return Pressed("".join(key for key in digits if key in "0123456789*#"), words.strip())

"""One TwiML document in the making, and the words it speaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from twilio.twiml.voice_response import Dial, Gather, Say, VoiceResponse

from hotline.channels.voice.voices import Speaker
from hotline.session.records import Reply

STEP_PATH = "/twilio/voice/step"
SCREEN_PATH = "/twilio/voice/screen"

WAIT_SECONDS = 5
NUMBER_WAIT_SECONDS = 6
BARGE_SECONDS = 1
SPEECH_PAUSE_SECONDS = 2
RING_SECONDS = 20
MOST_RUNG = 10
SLOW = "90%"
"""The rate at which a level is spoken."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Where a document leads: the address of the call's next step."""

    url: Callable[[str], str]
    number: int
    language: str

    def next(self, **more: str) -> str:
        """The next step's full address; what it adds tells how the carrier got there."""
        query = urlencode({"n": str(self.number), "l": self.language, **more})
        return self.url(f"{STEP_PATH}?{query}")


class Page:
    """A document with one speaker. `words` are what it says, in order."""

    def __init__(self, speaker: Speaker, steps: Steps) -> None:
        """Begin an empty document."""
        self.response = VoiceResponse()
        self.words: list[str] = []
        self._speaker = speaker
        self._steps = steps

    def say(
        self,
        words: str,
        into: Gather | None = None,
        *,
        slow: bool = False,
        speaker: Speaker | None = None,
    ) -> None:
        """Speak these words, within a Gather that may be answered meanwhile or on their own."""
        if not words:
            return
        who = speaker or self._speaker
        place = self.response if into is None else into
        self.words.append(words)
        if not slow:
            place.say(words, voice=who.voice, language=who.locale)
            return
        spoken: Say = place.say(voice=who.voice, language=who.locale)
        spoken.prosody(words, rate=SLOW)

    def pause(self, seconds: int = 1) -> None:
        """A silence."""
        self.response.pause(length=seconds)

    def listen(self, hints: str, *, number: bool = False) -> Gather:
        """Wait for keys or speech. A number ends with the hash key, all else is one key."""
        ends: dict[str, object] = {"finish_on_key": "#"}
        if not number:
            ends = {"num_digits": 1, "finish_on_key": ""}
        gathered: Gather = self.response.gather(
            input="dtmf speech",
            action=self._steps.next(),
            method="POST",
            timeout=NUMBER_WAIT_SECONDS if number else WAIT_SECONDS,
            speech_timeout=str(SPEECH_PAUSE_SECONDS),
            language=self._speaker.locale,
            hints=hints,
            barge_in=True,
            # Her words may be about what was done to her: none of them is to be masked.
            profanity_filter=False,
            **ends,
        )
        return gathered

    def interruptible(self) -> Gather:
        """A place to speak in that a key cuts short; noise does not."""
        gathered: Gather = self.response.gather(
            input="dtmf",
            action=self._steps.next(),
            method="POST",
            timeout=BARGE_SECONDS,
            num_digits=1,
            finish_on_key="",
        )
        return gathered

    def go_on(self, **more: str) -> None:
        """What happens when nobody answered: the next step."""
        self.response.redirect(self._steps.next(**more), method="POST")

    def hang_up(self) -> None:
        """End the call."""
        self.response.hangup()

    def ring(self, staff: tuple[str, ...], screen: str, caller_id: str) -> None:
        """Ring staff, all at once; who presses 1 gets the call. Never an emergency number."""
        dial: Dial = self.response.dial(
            action=self._steps.next(rang="1"),
            method="POST",
            timeout=RING_SECONDS,
            caller_id=caller_id or None,
        )
        for number in staff[:MOST_RUNG]:
            dial.number(number, url=screen, method="POST")

    def reply(self) -> Reply:
        """The words and the document, to be stored and sent."""
        return Reply(tuple(self.words), document=str(self.response))

"""TwiML of the calls we place: something is said, a key may be asked for, and then what follows.

Written with the twilio library; no document ends in a Gather (TWILIO.md, F20), and nobody is ever
bridged to an emergency number (F23).
"""

from dataclasses import dataclass

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

KEY_SECONDS = 8
RING_SECONDS = 30

_VOICES = {"en": "en-GB", "es": "es-ES", "fr": "fr-FR", "hi": "hi-IN"}


@dataclass(frozen=True, slots=True)
class Ask:
    """Say this and take one key: `key_url` gets it, `silence_url` is asked when none comes."""

    words: str
    key_url: str
    silence_url: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Close:
    """Say this and hang up."""

    words: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Through:
    """Say this and ring `number` from ours; `ended_url` gets how that went."""

    words: str
    number: str
    ours: str
    ended_url: str


CallStep = Ask | Close | Through


def call_twiml(step: CallStep) -> str:
    """The TwiML document of one step of a call."""
    response = VoiceResponse()
    match step:
        case Ask(words, key_url, silence_url, language):
            gather = Gather(
                num_digits=1, timeout=KEY_SECONDS, action=key_url, method="POST", input="dtmf"
            )
            gather.say(words, language=_VOICES.get(language, language))
            response.append(gather)
            response.redirect(silence_url, method="POST")
        case Close(words, language):
            response.say(words, language=_VOICES.get(language, language))
            response.hangup()
        case Through(words, number, ours, ended_url):
            response.say(words, language=_VOICES["en"])
            dial = Dial(caller_id=ours, timeout=RING_SECONDS, action=ended_url, method="POST")
            dial.number(number)
            response.append(dial)
    return str(response)

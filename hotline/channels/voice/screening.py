"""TwiML for the staff side of a call, and for when everything fails on hers."""

from __future__ import annotations

from twilio.twiml.voice_response import Gather, VoiceResponse

from hotline.channels.voice.voices import Voices
from hotline.flow.texts import Place

TIMES = 3
TRIES_AFTER_FAILURE = 3
PAUSE_SECONDS = 4


def screen_twiml(voices: Voices, place: Place, language: str, take_url: str) -> str:
    """Asks who answered to press 1, three times; an answering machine cannot. Else hangs up.

    Nothing is said of the caller: the phone may lie on a table.
    """
    speaker = voices.speaker(language, place.code)
    response = VoiceResponse()
    gather: Gather = response.gather(
        input="dtmf", action=take_url, method="POST", num_digits=1, timeout=5, finish_on_key=""
    )
    for _ in range(TIMES):
        words = voices.say(language, "phone_screen", place)
        gather.say(words, voice=speaker.voice, language=speaker.locale)
        gather.pause(length=1)
    response.hangup()
    return str(response)


def taken_twiml(voices: Voices, place: Place, language: str) -> str:
    """What the one who took the call hears; the calls are connected when it ends."""
    speaker = voices.speaker(language, place.code)
    response = VoiceResponse()
    words = voices.say(language, "phone_taken", place)
    response.say(words, voice=speaker.voice, language=speaker.locale)
    response.pause(length=1)
    return str(response)


def refused_twiml() -> str:
    """Ends the call to a staff member who did not press 1."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def safe_twiml(voices: Voices | None, words: str, place: tuple[str, str | None], url: str) -> str:
    """The emergency words, then another try at the step that failed (`url`), or the end ("").

    `place` is the language and the country. Said twice when the call ends with it.
    """
    language, country = place
    response = VoiceResponse()
    spoken = {}
    if voices is not None:
        speaker = voices.speaker(language, country)
        spoken = {"voice": speaker.voice, "language": speaker.locale}
    response.say(words, **spoken)
    response.pause(length=PAUSE_SECONDS)
    if url:
        response.redirect(url, method="POST")
    else:
        response.say(words, **spoken)
        response.hangup()
    return str(response)

"""The static TwiML for Twilio's fallback URLs: what is said when the hotline cannot be reached."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from hotline.channels.messages import HEAD
from hotline.flow.words import Words, safe_reply

SPOKEN = {"en": "en-GB", "es": "es-MX", "fr": "fr-FR", "hi": "hi-IN"}
"""The language Twilio is told to speak in (its <Say> languages)."""

SPOKEN_IN = {("en", "US"): "en-US", ("en", "IN"): "en-IN", ("es", "ES"): "es-ES"}


def text_document(words: Words, country: str, language: str) -> str:
    """TwiML that answers any text."""
    said = safe_reply(words, country, language)
    return f"{HEAD}<Response><Message>{escape(said)}</Message></Response>\n"


def voice_document(words: Words, country: str, language: str) -> str:
    """TwiML that answers any call: said twice, for who could not write the number down."""
    said = escape(safe_reply(words, country, language, voice=True))
    tag = SPOKEN_IN.get((language, country)) or SPOKEN.get(language, language)
    say = f'<Say language="{tag}">{said}</Say>'
    return f'{HEAD}<Response>{say}<Pause length="1"/>{say}</Response>\n'


def write_fallbacks(
    words: Words, folder: Path, countries: list[str], languages: list[str]
) -> list[Path]:
    """Write sms.GB.en.xml and voice.GB.en.xml for each country and language; the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for country in countries:
        for language in languages:
            for channel, document in (("sms", text_document), ("voice", voice_document)):
                file = folder / f"{channel}.{country}.{language}.xml"
                file.write_text(document(words, country, language), encoding="utf-8")
                written.append(file)
    return written

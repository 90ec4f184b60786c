"""flows/voices.yaml: read whole, every mistake named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotline.channels.voice.voices import SAYINGS, Speaker, load_voices
from hotline.errors import FlowError, FlowErrors
from tests.channels.voice.scene import FLOWS, languages, library, voices

GOOD = (FLOWS / "voices.yaml").read_text(encoding="utf-8")
SPOKEN = frozenset(languages())


def read(path: Path, text: str, spoken: frozenset[str] = SPOKEN) -> str:
    file = path / "voices.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises((FlowError, FlowErrors)) as raised:
        load_voices(file, spoken)
    return str(raised.value)


def test_every_language_of_the_texts_has_a_voice_and_every_saying():
    assert set(voices().languages) == set(library().words.languages)
    assert all(one.sayings.keys() == SAYINGS for one in voices().languages.values())


def test_a_country_hears_its_own_accent_and_other_countries_the_languages_own():
    assert voices().speaker("en", "US") == Speaker("Polly.Joanna-Neural", "en-US")
    assert voices().speaker("en", "GB-SCT").locale == "en-GB"
    assert voices().speaker("es", None).locale == "es-US"
    assert voices().speaker("xx", "GB").locale == "en-GB", "English where there is none"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("phone_bye:", "phone_by:", "there is no saying 'phone_bye' in en"),
        ("phone_sent:", "phone_went:", "nothing says 'phone_went'"),
        ("{emergency} now", "{ambulance} now", "unknown placeholder {ambulance}"),
        ("press {key}.", "press {key.", "a brace that is no placeholder"),
        ("locale: en-GB", "locale: english", "locale"),
        ("  en:\n", "  xx:\n", "English is missing"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, complaint: str):
    assert old in GOOD
    message = read(tmp_path, GOOD.replace(old, new, 1))
    assert complaint in message
    assert "voices.yaml:" in message


def test_a_language_with_texts_and_no_voice_is_refused(tmp_path: Path):
    assert "de has texts but no voice" in read(tmp_path, GOOD, SPOKEN | {"de"})

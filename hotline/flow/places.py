"""Places: the numbers and names of one country put into words, once per country and language."""

from __future__ import annotations

from collections.abc import Mapping

from hotline.flow.countries import Country, Line, LineKind
from hotline.flow.texts import Place, Texts, phrase

_LINES = {
    "emergency": LineKind.EMERGENCY,
    "emergency_again": LineKind.EMERGENCY,
    "urgent_line": LineKind.URGENT,
    "violence": LineKind.VIOLENCE,
    "crisis": LineKind.CRISIS,
    "child": LineKind.CHILD,
}


def place_of(texts: Texts, country: Country | None) -> Place:
    """Fill the placeholders for a country; what it lacks, the phrase of that name says."""
    sms: dict[str, str] = {}
    voice: dict[str, str] = {}
    place = Place(country.code if country else None, sms, voice)
    for name, (written, spoken) in _words(texts, country, place):
        sms[name], voice[name] = written, spoken
    # Comes last: its phrase names the emergency number.
    silent = country.silent_call if country else None
    if silent and silent.verified:
        sms["silent_call"], voice["silent_call"] = _both(
            texts, place, "silent_call", {"press": silent.press}
        )
    return place


Both = tuple[str, str]


def _words(texts: Texts, country: Country | None, place: Place) -> list[tuple[str, Both]]:
    named = country.words.get(texts.language, {}) if country else {}
    found: list[tuple[str, Both]] = [
        (name, (named[name],) * 2 if name in named else _both(texts, place, name))
        for name in ("hospital", "unit", "way_back")
    ]
    for name, kind in _LINES.items():
        line = country.shown(kind) if country else None
        found.append((name, _line(texts, place, line) if line else _both(texts, place, name)))
    weak = country is None or country.weak_cover
    found.append(("or_hospital", _both(texts, place, "or_hospital") if weak else ("", "")))
    found.append(("silent_call", ("", "")))
    return found


def _line(texts: Texts, place: Place, line: Line) -> Both:
    if line.then:
        return _both(texts, place, "then_press", {"number": line.number, "press": line.then})
    # A phrase too: Spanish calls "al 112", French "le 112".
    return _both(texts, place, "number", {"number": line.number})


def _both(texts: Texts, place: Place, name: str, numbers: Mapping[str, str] | None = None) -> Both:
    spoken = {key: spoken_number(number) for key, number in (numbers or {}).items()}
    return phrase(texts, name, place, numbers), phrase(texts, name, place, spoken, voice=True)


def spoken_number(number: str) -> str:
    """A phone number digit by digit, with a pause between groups: "0 8 0 0, 1 1 1 1"."""
    return ", ".join(" ".join(group) for group in number.replace("-", " ").split())

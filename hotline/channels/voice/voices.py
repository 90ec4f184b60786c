"""Who speaks on the telephone and what is said nowhere else: flows/voices.yaml as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hotline.errors import FlowError, FlowErrors
from hotline.flow.template import Template, cut
from hotline.flow.texts import PLACEHOLDERS, Place
from hotline.flow.words import DEFAULT_LANGUAGE
from hotline.flow.yaml_text import Marks, read_yaml, validate

VOICES_FILE = "voices.yaml"
"""The file's name in the folder of flows."""

_Text = Annotated[str, Field(min_length=1, max_length=600)]
_Locale = Annotated[str, Field(pattern=r"^[a-z]{2,3}-[A-Z]{2}$")]
_Voice = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9.-]{1,60}$")]
_Id = Annotated[str, Field(pattern=r"^phone_[a-z_]+$")]

SAYINGS = frozenset(
    {
        *("phone_danger", "phone_language", "phone_keys", "phone_number_keys", "phone_part"),
        *("phone_again", "phone_after", "phone_after_text", "phone_after_more"),
        *("phone_after_anew", "phone_sent", "phone_connecting", "phone_hold", "phone_withheld"),
        *("phone_welcome_back", "phone_elsewhere", "phone_bye", "phone_screen", "phone_taken"),
    }
)
"""What every language has to be able to say on the telephone."""

OWN_PLACEHOLDERS: Mapping[str, frozenset[str]] = {"phone_language": frozenset({"key"})}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Speaker(_Strict):
    locale: _Locale
    voice: _Voice


class _Language(_Speaker):
    reviewed_by: str | None
    countries: Mapping[str, _Speaker] = Field(default_factory=dict)
    hints: tuple[_Text, ...] = ()
    sayings: Mapping[_Id, _Text]


class _File(_Strict):
    languages: Mapping[str, _Language]


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice as the carrier names it, and the locale (BCP 47) it speaks and listens in."""

    voice: str
    locale: str


@dataclass(frozen=True, slots=True)
class Telephone:
    """One language on the telephone; `countries` have speakers of their own."""

    speaker: Speaker
    countries: Mapping[str, Speaker]
    hints: tuple[str, ...]
    sayings: Mapping[str, Template]


@dataclass(frozen=True, slots=True)
class Voices:
    """All languages on the telephone."""

    languages: Mapping[str, Telephone]

    def of(self, language: str) -> Telephone:
        """The telephone's words of a language, English where there are none."""
        return self.languages.get(language) or self.languages[DEFAULT_LANGUAGE]

    def speaker(self, language: str, country: str | None) -> Speaker:
        """Who speaks this language to a caller of this country."""
        telephone = self.of(language)
        nation = (country or "").partition("-")[0]
        return telephone.countries.get(nation, telephone.speaker)

    def says(self, language: str, one: str) -> bool:
        """Whether this saying is the telephone's own."""
        return one in self.of(language).sayings

    def say(self, language: str, one: str, place: Place, **extra: str) -> str:
        """A saying filled for a place. Raises KeyError for one that does not exist."""
        return self.of(language).sayings[one].fill({**place.voice, **extra})


def load_voices(path: Path, languages: frozenset[str]) -> Voices:
    """Read flows/voices.yaml; every one of `languages` must be there with every saying.

    Raises FlowError or FlowErrors with the file, the line and the mend.
    """
    tree, marks = read_yaml(path)
    file = validate(_File, tree, marks)
    if DEFAULT_LANGUAGE not in file.languages:
        raise marks.error(("languages",), "English is missing", "add languages.en")
    faults = list(_missing(file, languages, marks))
    found = {one: _telephone(one, raw, marks, faults) for one, raw in file.languages.items()}
    if faults:
        raise FlowErrors(faults)
    return Voices(found)


def _missing(file: _File, languages: frozenset[str], marks: Marks) -> list[FlowError]:
    faults = []
    for one in sorted(languages - file.languages.keys()):
        problem, mend = f"{one} has texts but no voice", f"add languages.{one}"
        faults.append(marks.error(("languages",), problem, mend))
    for name, raw in file.languages.items():
        for one in sorted(SAYINGS - raw.sayings.keys()):
            problem, mend = f"there is no saying {one!r} in {name}", f"add sayings.{one}"
            faults.append(marks.error(("languages", name), problem, mend))
        for one in sorted(raw.sayings.keys() - SAYINGS):
            path = ("languages", name, "sayings", one)
            faults.append(marks.error(path, f"nothing says {one!r}", "take the line out"))
    return faults


def _telephone(name: str, raw: _Language, marks: Marks, faults: list[FlowError]) -> Telephone:
    sayings = {}
    for one, text in raw.sayings.items():
        path = ("languages", name, "sayings", one)
        try:
            sayings[one] = cut(text)
        except ValueError as error:
            faults.append(marks.error(path, str(error), "take the brace out"))
            continue
        known = PLACEHOLDERS | OWN_PLACEHOLDERS.get(one, frozenset())
        for wrong in sorted(set(sayings[one].names) - known):
            mend = f"known are: {', '.join(sorted(known))}"
            faults.append(marks.error(path, f"unknown placeholder {{{wrong}}}", mend))
    return Telephone(
        speaker=Speaker(raw.voice, raw.locale),
        countries={code: Speaker(one.voice, one.locale) for code, one in raw.countries.items()},
        hints=raw.hints,
        sayings=sayings,
    )

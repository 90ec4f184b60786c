"""Countries: which numbers to give in each, how sure we are of them, and whose a phone number is.

Numbers are strings. Which of them may be shown is decided here, once:

- *The* emergency number is the first verified one; an unverified one only where none is verified.
- Any other line is shown only when it is verified. Else she is given words instead (the phrase of
  that name, such as "your doctor or nearest hospital"): a wrong helpline costs more than none.
- A country that is not in the file has no numbers at all. Nothing is guessed: she gets the words
  for an unknown country and is asked where she is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache


class LineKind(StrEnum):
    """What a phone number is for."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    VIOLENCE = "violence"
    CRISIS = "crisis"
    CHILD = "child"


@dataclass(frozen=True, slots=True)
class Line:
    """One number, how it was checked and by which source (a key of the file's `sources`).

    `then` are the keys to press once it answers; `note` is for staff, never shown to a caller.
    """

    number: str
    verified: bool
    source: str
    name: str = ""
    then: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SilentCall:
    """How to call the emergency number without speaking: call it, then press these digits."""

    press: str
    verified: bool
    source: str


class TextingHelp(StrEnum):
    """Whether the emergency services themselves can be texted."""

    UNKNOWN = "unknown"
    MUST_REGISTER = "must_register"
    RARELY = "rarely"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Country:
    """What to tell a caller in one country.

    `code` is ISO 3166-1 alpha-2, or 3166-2 for a nation of the UK ("GB-NIR"). `words` are names of
    places by language and placeholder: {"en": {"hospital": "A&E"}}.
    """

    code: str
    name: str
    languages: tuple[str, ...]
    lines: Mapping[LineKind, tuple[Line, ...]]
    weak_cover: bool = False
    silent_call: SilentCall | None = None
    texting: TextingHelp = TextingHelp.UNKNOWN
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    never: Mapping[str, str] = field(default_factory=dict)

    def shown(self, kind: LineKind) -> Line | None:
        """The line that may be given to a caller, None when words must stand in."""
        lines = self.lines.get(kind, ())
        verified = next((line for line in lines if line.verified), None)
        if verified is None and kind is LineKind.EMERGENCY:
            return lines[0]
        return verified


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Countries:
    """All countries by code, with the territories that share a country's numbers."""

    by_code: Mapping[str, Country]
    territories: Mapping[str, str] = field(default_factory=dict)

    def get(self, code: str | None) -> Country | None:
        """The country of this code, None when it is unknown or not in the file."""
        if code is None:
            return None
        return self.by_code.get(code) or self.by_code.get(self.territories.get(code, ""))

    def of(self, number: str | None) -> Country | None:
        """The country of a phone number (E.164), None when it is unknown or not in the file."""
        return self.get(country_of(number)) if number else None


_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_NORTH_AMERICA = 1
_MAX_CODE_DIGITS = 3
_PREFIX_DIGITS = 7
_FILLING = "2345678"


def country_of(number: str) -> str | None:
    """The ISO code of the country a phone number (E.164, with +) belongs to, else None.

    A number whose calling code is one country's needs no more than a look into a table. A shared
    code is asked of phonenumbers and kept by prefix: +1 by area code (US, CA and the Caribbean are
    told apart; an area code nobody has is None), +44 and the others by seven digits (Jersey,
    Guernsey and the Isle of Man are told from GB). Where phonenumbers knows no owner of the prefix
    (numbers set aside for films and tests), the code's main country is meant.
    """
    if not _NUMBER.fullmatch(number):
        return None
    codes = _regions()
    for digits in range(1, _MAX_CODE_DIGITS + 1):
        regions = codes.get(int(number[1 : digits + 1]))
        if regions is None:
            continue
        if len(regions) > 1:
            return _shared(int(number[1 : digits + 1]), number[digits + 1 :][:_PREFIX_DIGITS])
        return regions[0] if regions[0].isalpha() else None
    return None


@lru_cache(maxsize=1)
def _regions() -> Mapping[int, tuple[str, ...]]:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE  # noqa: PLC0415 - 40 ms, only when needed

    return dict(COUNTRY_CODE_TO_REGION_CODE)


@lru_cache(maxsize=65_536)
def _shared(code: int, prefix: str) -> str | None:
    return _north_american(prefix[:3]) if code == _NORTH_AMERICA else _main_or_other(code, prefix)


@lru_cache(maxsize=1_000)
def _north_american(area: str) -> str | None:
    return _owner(_NORTH_AMERICA, area + _FILLING)


def _main_or_other(code: int, prefix: str) -> str | None:
    # National numbers of the shared codes are of different lengths: the first that has an owner.
    for length in (10, 9, 8, 7, 11):
        owner = _owner(code, prefix + "0" * (length - len(prefix)))
        if owner is not None:
            return owner
    return _regions()[code][0]


def _owner(code: int, national: str) -> str | None:
    from phonenumbers import PhoneNumber, region_code_for_number  # noqa: PLC0415 - see _regions

    owner = region_code_for_number(PhoneNumber(country_code=code, national_number=int(national)))
    return owner if owner and owner.isalpha() else None

"""What a text costs on the air: its alphabet (GSM-7 or UCS-2), its units and its segments.

GSM 03.38 has 127 letters of one unit (a septet) and ten of two (an escape and a letter). One letter
outside both turns the whole text into UCS-2, where a unit is a UTF-16 code unit. A text of more
than one segment gives up room for the header that joins the segments: 153 of 160 septets, or 67 of
70 code units. A two-unit letter is never cut in two, so a segment may stay one unit short.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

GSM_LETTERS = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The basic table of GSM 03.38 (without the escape): one septet each."""

GSM_EXTENDED = "\f^{}\\[~]|€"
"""The extension table of GSM 03.38: two septets each."""

_GSM_ALL = GSM_LETTERS | frozenset(GSM_EXTENDED)
_GSM_TEXT = re.compile(f"[{re.escape(''.join(sorted(_GSM_ALL)))}]*")
_EXTENDED = re.compile(f"[{re.escape(GSM_EXTENDED)}]")
_BEYOND_ONE_UNIT = re.compile("[\U00010000-\U0010ffff]")

_FOLDED = str.maketrans(
    {
        **dict(zip("áâãçêëíîïóôõúûýÿ", "aaaceeiiiooouuyy", strict=True)),
        **dict(zip("ÁÀÂÃÊËÈÍÎÏÌÓÔÕÒÚÛÙÝ", "AAAAEEEIIIIOOOOUUUY", strict=True)),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2018\u2019\u201a`", "'"),
        **dict.fromkeys("\u2013\u2014", "-"),
        **dict.fromkeys("\u00a0\u202f\u2009", " "),
        "œ": "oe",
        "Œ": "OE",
        "\u2026": "...",
    }
)


class Encoding(StrEnum):
    """The two alphabets of a text message."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


_ROOM = {Encoding.GSM_7: (160, 153), Encoding.UCS_2: (70, 67)}


@dataclass(frozen=True, slots=True)
class Measure:
    """A text's alphabet, its length in units (septets or UTF-16 code units), its segments."""

    encoding: Encoding
    units: int
    segments: int


def measure(text: str) -> Measure:
    """Measure a text as the carrier will bill it. The empty text has no segment."""
    if _GSM_TEXT.fullmatch(text):
        return _measured(Encoding.GSM_7, text, _EXTENDED)
    return _measured(Encoding.UCS_2, text, _BEYOND_ONE_UNIT)


def odd_letters(text: str) -> tuple[str, ...]:
    """The letters that force a text into UCS-2, each once, in the order they stand."""
    return tuple(dict.fromkeys(letter for letter in text if letter not in _GSM_ALL))


def fold_to_gsm(text: str) -> str:
    """A text in the letters that GSM-7 has, as people write on old phones.

    Accents that GSM-7 has stay (é è à ù ì ò ñ ü ¿ ¡), the others go (más -> mas, êtes -> etes), and
    curly quotes and dashes become straight. What has no such form, like Devanagari, stays.
    """
    return text.translate(_FOLDED)


def _measured(encoding: Encoding, text: str, two_units: re.Pattern[str]) -> Measure:
    alone, joined = _ROOM[encoding]
    wide = len(two_units.findall(text))
    units = len(text) + wide
    if units <= alone:
        return Measure(encoding, units, 1 if units else 0)
    if not wide:
        return Measure(encoding, units, -(-units // joined))
    widths = (2 if two_units.match(letter) else 1 for letter in text)
    return Measure(encoding, units, _packed(widths, joined))


def _packed(widths: Iterable[int], joined: int) -> int:
    segments, used = 1, 0
    for width in widths:
        if used + width > joined:
            segments, used = segments + 1, 0
        used += width
    return segments

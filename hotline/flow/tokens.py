"""A text as words: normal form, words and numbers, where sentences and commas part them."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

MAX_CHARS = 1600
"""A text message of ten parts; what is longer is cut, as the carrier does."""

HARD = 2
SOFT = 1

# The zero of every run of ten decimal digits in Unicode (category Nd), in hexadecimal. Written out
# because looking through all characters takes 0.4 s at every start.
_ZEROS = (
    "0660 06F0 07C0 0966 09E6 0A66 0AE6 0B66 0BE6 0C66 0CE6 0D66 0DE6 0E50 0ED0 0F20 1040 "
    "1090 17E0 1810 1946 19D0 1A80 1A90 1B50 1BB0 1C40 1C50 A620 A8D0 A900 A9D0 A9F0 AA50 "
    "ABF0 FF10 104A0 10D30 11066 110F0 11136 111D0 112F0 11450 114D0 11650 116C0 11730 "
    "118E0 11950 11C50 11D50 11DA0 16A60 16AC0 16B50 1D7CE 1D7D8 1D7E2 1D7EC 1D7F6 1E140 "
    "1E2F0 1E950 1FBF0 "
)
_DIGITS = {int(zero, 16) + digit: str(digit) for zero in _ZEROS.split() for digit in range(10)}
# Curly and other quotes and dashes to the plain ones; NUL and other controls to a space.
_PLAIN: dict[int, str] = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\u00b4`\u2032"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u00ab\u00bb"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u0964\u0965\u2026"), ". "),
    **dict.fromkeys(map(ord, "\u00a1\u00bf"), " "),
    0x0153: "oe",  # cœur, œil, sœur
    0x00E6: "ae",
    0x0901: "\u0902",  # candrabindu is written and left out at will
}
_TABLE = {**_DIGITS, **_PLAIN}
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])
# Accents, nukta, joiners, direction marks, variation selectors, keycaps and skin tones.
_MARKS = re.compile(
    "[\u0300-\u036f\u093c\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\u20e3"
    "\U0001f3fb-\U0001f3ff\u2640\u2642]+"
)

_PIECES = re.compile(
    r"[0-9]+(?:\.[0-9]+)?"
    r"|[^\W\d_\u0900-\u097f]+(?:'[^\W\d_]+)*"
    r"|[\u0900-\u0963\u0970-\u097f]+"
    r"|[\U0001f000-\U0001faff\u2600-\u27bf]"
    r"|[.!?;\r\n]+|[,:()&/+-]"
)
_HYPHEN = re.compile(r"(?<=[^\s\d])-(?=[^\s\d])(?!(?:no|nope|none|nil|yes)\b)")
"""A hyphen within a word (bade-bade, mother-in-law) parts nothing; "clots-no" has a dash."""
_TENTHS = re.compile(r"(?<![0-9])(3[5-9]|4[0-2])[,\u00b0](?=[0-9](?![0-9]))")
"""A temperature as most of Europe writes it: 38,5 or 38°5 is 38.5."""
_OF_TEN = re.compile(r"(?<![0-9,])([0-9]),(?=5 ?(?:/|sur|sobre|out of|de) ?(?:10|dix|diez|ten)\b)")
"""Half a mark out of ten: 8,5/10 is 8.5."""
_STOPS = frozenset(".!?;\r\n,:()&/+-")
_SIMPLE = re.compile(r"[a-z0-9 ]*")
"""A text of plain words, as most are: no stops, nothing to fold."""
_SIMPLE_PIECES = re.compile(r"[a-z]+|[0-9]+")
_NONE: frozenset[int] = frozenset()
_ELIDED = frozenset(
    ("l", "d", "j", "n", "m", "t", "s", "c", "qu", "lorsqu", "jusqu", "puisqu", "quelqu", "aujourd")
)
_ENGLISH_ENDS = frozenset(("s", "t", "d", "m", "re", "ve", "ll"))


class Tokens(NamedTuple):
    """`words` in order; `breaks[i]` says what stands before word i: 0, SOFT (, : -) or HARD (. ?).

    `asked` holds the indexes of words that a question mark, colon or dash follows. `text` is the
    normal form.
    """

    text: str
    words: list[str]
    breaks: list[int]
    asked: frozenset[int]


def normalise(text: str) -> str:
    """The normal form: NFKC, lower case, no accents, plain quotes and digits, nothing unseen."""
    text = text[:MAX_CHARS]
    if text.isascii():
        low = text.lower()
        return low.translate(_CONTROL) if not low.isprintable() else low
    text = unicodedata.normalize("NFKC", text.translate(_TABLE)).casefold()
    text = unicodedata.normalize("NFD", text.translate(_TABLE))
    return unicodedata.normalize("NFC", _MARKS.sub("", text)).translate(_CONTROL)


def tokenise(text: str) -> Tokens:
    """Cut a text into words. "3pads" is two words, "can't" one (cant), "j'ai" two (j ai)."""
    normal = normalise(text)
    if _SIMPLE.fullmatch(normal):
        simple = _SIMPLE_PIECES.findall(normal)
        return Tokens(normal, simple, [0] * len(simple), _NONE)
    words: list[str] = []
    breaks: list[int] = []
    asked: set[int] = set()
    pending = 0
    parted = _HYPHEN.sub(" ", normal) if "-" in normal else normal
    if "," in parted or "\u00b0" in parted:
        parted = _OF_TEN.sub(r"\1.", _TENTHS.sub(r"\1.", parted))
    for piece in _PIECES.findall(parted):
        first = piece[0]
        if first not in _STOPS:
            for word in _split(piece) if "'" in piece else (piece,):
                words.append(word)
                breaks.append(pending)
                pending = 0
        elif first in ".!?;\r\n":
            pending = HARD
            if "?" in piece and words:
                asked.add(len(words) - 1)
        else:
            pending = max(pending, SOFT)
            if first in ":-" and words:
                asked.add(len(words) - 1)
            if first in "/+&":
                words.append(first)
                breaks.append(pending if first == "&" or pending == HARD else 0)
                pending = 0
    return Tokens(normal, words, breaks, frozenset(asked))


def _split(piece: str) -> tuple[str, ...]:
    head, _, rest = piece.partition("'")
    rest = rest.replace("'", "")
    return (head, rest) if head in _ELIDED and rest not in _ENGLISH_ENDS else (head + rest,)

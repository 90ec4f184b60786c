"""The number that stands before its unit: 12 weeks, twelve or thirteen weeks, the third month."""

from __future__ import annotations

from hotline.flow.answers.context import Context
from hotline.flow.answers.digits import TENS, joined

_AND_ONES = frozenset(("y", "i"))
"""What Spanish joins tens and ones with."""


def number_before(context: Context, at: int) -> tuple[int, int] | None:
    """The number whose unit stands at `at`: where it begins, and its value.

    "12+3 weeks" is 12, "12 or 13 weeks" 13, "twenty four weeks" 24.
    """
    numbers = context.lexicons.number
    symbols = context.heard.symbols
    words = context.words
    start = at - 1
    value = 2.0 if _is_two(context, words[start]) else numbers(symbols[start])
    if value is None:
        return None
    if start and not words[start][0].isdecimal():
        tens = numbers(symbols[start - 1])
        if tens and joined(tens, value) and not words[start - 1][0].isdecimal():
            value, start = tens + value, start - 1
    if start >= 2:  # noqa: PLR2004
        other = numbers(symbols[start - 2])
        link = words[start - 1]
        if other is not None:
            if link == "+" and value < 7:  # noqa: PLR2004
                return start - 2, int(other)
            if link in context.lexicons.unit("between"):
                if 0 < abs(value - other) <= 4:  # noqa: PLR2004
                    return start - 2, int(max(value, other))
                one = value == 1 or (link in _AND_ONES and value < min(TENS) / 2)
                if other in TENS and one and not words[start][0].isdecimal():
                    return start - 2, int(other + value)  # vingt et une, treinta y siete
    elif start == 1 and context.heard.tokens.breaks[start]:
        other = numbers(symbols[0])
        if other is not None and 0 < value - other <= 4:  # noqa: PLR2004 - "12-13 weeks"
            return 0, int(value)
    return start, int(value)


def ordinal_before(context: Context, at: int) -> tuple[int, int] | None:
    """The number of "third month", "3eme mois": where it begins, and its value."""
    place = context.lexicons.ordinals.get(context.words[at - 1])
    if place == 0 and at > 1:
        number = context.lexicons.number(context.heard.symbols[at - 2])
        return None if number is None else (at - 2, int(number))
    return (at - 1, place) if place and place > 0 else None


def _is_two(context: Context, word: str) -> bool:
    """Whether a word is two only before its unit: "do mahine"; elsewhere "do" is no number."""
    own = context.lexicons.languages.get(context.language)
    return own is not None and word in own.units.get("two", ())

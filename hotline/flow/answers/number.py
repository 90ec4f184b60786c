"""A plain count within the question's bounds."""

from __future__ import annotations

from hotline.flow.answers.context import CLEAR, Answer, Context
from hotline.flow.answers.digits import only_number


def read(context: Context) -> Answer | None:
    """The one whole number of the text, None when there is none or it is out of bounds."""
    number = only_number(context)
    if number is None:
        found = {
            int(n)
            for n in (context.lexicons.number(one) for one in context.heard.symbols)
            if n is not None and n == int(n)
        }
        if len(found) != 1:
            return None
        number = found.pop()
    low, high = context.question.low, context.question.high
    return Answer(number, CLEAR) if low <= number <= high else None

"""Several options at once."""

from __future__ import annotations

from hotline.flow.answers.choice import by_label
from hotline.flow.answers.context import CLEAR, FAIR, Answer, Context, said
from hotline.flow.answers.digits import alone, picked
from hotline.flow.answers.polarity import NO, NOT_SURE, polarity
from hotline.flow.danger.scan import Heard

FROM_DANGER: dict[str, dict[str, str]] = {
    "signs": {
        "fluid_leak": "fluid",
        "contractions": "tightening",
        "reduced_movements": "less_movement",
        "headache_vision": "headache",
    }
}


def read(context: Context) -> Answer | None:
    """Read all options named; "none" only when nothing else is."""
    by_number = picked(context)
    if by_number is not None:
        return by_number
    question, heard = context.question, context.heard
    stated = frozenset(said(heard, question.id, open_now=True)) | from_dangers(question.id, heard)
    stated &= frozenset(question.values)
    one = context.lexicons.unit("one")  # "un montón" picks no option
    numbers = (
        context.lexicons.number(symbols) for symbols in heard.symbols if symbols[0] not in one
    )
    if stated <= question.exclusive and any(numbers):  # "nil" is none
        return None  # "none, 1" contradicts itself
    if stated:
        return Answer(alone(context, stated), CLEAR)
    reply = polarity(context)
    if reply == NO and "none" in question.values:
        return Answer(frozenset(("none",)), CLEAR)
    if reply == NOT_SURE and NOT_SURE in question.values:
        return Answer(frozenset((NOT_SURE,)), CLEAR)
    value = by_label(context)
    return Answer(frozenset((value,)), FAIR) if value else None


def from_dangers(question: str, heard: Heard) -> frozenset[str]:
    """The options that dangers heard for certain say."""
    by_danger = FROM_DANGER.get(question, {})
    return frozenset(v for danger, v in by_danger.items() if danger in heard.dangers)

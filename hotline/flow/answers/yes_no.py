"""Yes or no in all shapes, and answers that tell the thing itself ("2 pads an hour")."""

from __future__ import annotations

from hotline.flow.answers.context import CLEAR, FAIR, LIKELY, Answer, Context, denied, said
from hotline.flow.answers.digits import picked
from hotline.flow.answers.polarity import (
    NO,
    NOT_SURE,
    YES,
    adrift,
    denies_behind,
    goes_on,
    outweighed,
    polarity,
    replies,
)
from hotline.flow.danger.cues import Standing
from hotline.flow.danger.scan import Heard

ABOUT: dict[str, frozenset[str]] = {
    "heavy": frozenset(("heavy_bleeding",)),
    "heavy_check": frozenset(("heavy_bleeding",)),
    "collapse": frozenset(
        ("collapse", "dizzy_faint", "seizure", "breathless_chest", "fever_sepsis")
    ),
    "collapse_check": frozenset(("collapse", "dizzy_faint", "seizure", "breathless_chest")),
}
"""The dangers that a question asks about: heard for certain, they answer it."""

_TOLD = 2
"""A "no" told in so few words is none beside a word of more."""
LITTLE = frozenset(("none", "spots", "light"))
"""Amounts that say no to heavy bleeding, where nothing else answers."""


def read(context: Context) -> Answer | None:
    """Read the answer; None when it is not clear enough to be sure it is not the opposite."""
    question = context.question
    by_number = picked(context)
    if by_number is not None:
        return by_number
    about = (
        frozenset((question.checks,)) if question.checks else ABOUT.get(question.id, frozenset())
    )
    heard = context.heard
    if about & heard.dangers:
        return _of(context, YES, CLEAR)
    reply = polarity(context)
    stated = said(heard, context.topic, open_now=True)
    answered = reply is not None or bool(stated)
    unsure = about & heard.possible and reply != YES and set(stated) != {YES}
    if unsure and ((question.checks and not answered) or not _by_net(heard, about)):
        return _of(context, YES if question.checks else NOT_SURE, FAIR)
    clash = reply is None and {YES, NO} <= {match.output.name for match in replies(context)}
    if clash and max(stated.values(), default=1) == 1:
        return None  # "haan, nahi": yes and no, and nothing longer that tells which
    if stated:
        return _from_stated(context, stated, reply)
    off = denied(heard, context.topic, open_now=True)
    refused = bool(about & heard.denied) or YES in off
    behind = NO in off and denies_behind(context)
    if (reply == YES and refused) or (reply == NO and (behind or adrift(context))):
        return None  # "no, no little": what is denied says "no" itself
    unclear = reply == NO and outweighed(context)
    if about and (unclear or (reply in (NO, None) and goes_on(context))):
        return None
    if reply is not None:
        return _of(context, reply, CLEAR if len(heard.tokens.words) < 4 else LIKELY)  # noqa: PLR2004
    amounts = said(heard, "amount", open_now=False) if context.topic == "heavy" else {}
    if refused or (amounts and LITTLE.issuperset(amounts)):
        return _of(context, NO, LIKELY)
    return None


def _by_net(heard: Heard, about: frozenset[str]) -> bool:
    """Whether only wide nets hear what the question asks about: an answer says it better."""
    named = (*heard.of_kind("danger"), *heard.of_kind("possible"))
    return not any(m.output.name in about and s <= Standing.DOUBTFUL for m, s in named)


def _from_stated(context: Context, stated: dict[str, int], reply: str | None) -> Answer | None:
    values = set(stated) | ({reply} if reply in (YES, NO, NOT_SURE) else set())
    if values == {NO} and context.topic in ABOUT and max(stated.values()) <= _TOLD:
        return None if outweighed(context) else _of(context, NO, CLEAR)  # "worse, just drops out"
    if len(values) == 1:
        return _of(context, next(iter(values)), CLEAR)
    if values in ({YES, NOT_SURE}, {NO, NOT_SURE}):
        return _of(context, NOT_SURE, FAIR)
    if {YES, NO} <= set(stated) and context.topic in ABOUT:
        return None  # "no clots, but it soaks through": a red flag told both ways
    longest = max(stated.values())
    best = {value for value, words in stated.items() if words == longest}
    if len(best) == 1 and longest > 1 and reply in (None, *best):
        return _of(context, next(iter(best)), FAIR)
    return None


def _of(context: Context, value: str, confidence: float) -> Answer | None:
    return Answer(value, confidence) if value in context.question.values else None

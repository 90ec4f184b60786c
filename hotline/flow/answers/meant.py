"""Which numbers of a text are weeks of now: not denied, not another thing's, not yet to come."""

from __future__ import annotations

from hotline.flow.answers.context import Context
from hotline.flow.answers.dates import hers, weekday_ahead
from hotline.flow.answers.digits import TENS, joined


def turning(context: Context, at: int) -> bool:
    """Whether a number is of a day to come: "on Thursday I turn 40"; only with `turning`."""
    words, unit = context.words, context.lexicons.unit
    last = at + 3 if words[at + 1 : at + 2] in (["las"], ["los"]) else at + 2  # 13 las cumplo
    if unit("turning").isdisjoint(words[max(0, at - 3) : last]):
        return False
    ahead = unit("weekday") | hers(context, "tomorrow")
    near = words[max(0, at - 5) : at + 5]
    return not ahead.isdisjoint(near) and unit("gone").isdisjoint(near)


def meant(context: Context, at: int) -> bool:
    """Whether a number is not one denied ("not 15, 14") or once thought."""
    words, unit = context.words, context.lexicons.unit
    denied = at > 0 and words[at - 1] in unit("denied")
    denied |= words[at + 1 : at + 2] == ["no"] and _parted_from_next(context, at + 1)
    thought = not unit("thought").isdisjoint(words[max(0, at - 4) : at])
    return not (denied or thought)


def _parted_from_next(context: Context, at: int) -> bool:
    """Whether "13 no, 12" goes on after its denial with another number."""
    breaks = context.heard.tokens.breaks
    numbers = (context.lexicons.number(one) for one in context.heard.symbols[at + 1 :])
    return not breaks[at] and at + 1 < len(breaks) and bool(breaks[at + 1]) and any(numbers)


def elsewhere(context: Context, start: int, at: int) -> bool:
    """Whether these weeks count something else: "for 2 weeks", "2 weeks ago", "2 weeks late"."""
    words, unit = context.words, context.lexicons.unit
    before = words[max(0, start - 2) : start]
    after = words[at + 1 : at + 3]
    pregnant = unit("pregnant")
    if not (pregnant.isdisjoint(after) and pregnant.isdisjoint(words[max(0, start - 3) : start])):
        return False
    if context.heard.tokens.breaks[start]:
        before = []  # "with the coil in, 5 weeks"
    span = hers(context, "span_before")
    if before and before[-1] in span:
        return before[0] not in unit("am_weeks")  # "voy en 18 semanas"
    if len(before) == 2 and before[0] in span and before[1] in unit("small"):  # noqa: PLR2004
        return True
    return bool(after) and after[0] in hers(context, "span_after")


def not_yet(context: Context, start: int, at: int) -> bool:
    """Whether these weeks are still to come: "nearly 12 weeks", "13 weeks on friday"."""
    words, unit = context.words, context.lexicons.unit
    breaks, first = context.heard.tokens.breaks, max(0, start - 3)
    begins = [
        at for at in range(first, start + 1) if breaks[at] or words[max(at - 1, 0)] in unit("im")
    ]
    first = max(begins, default=first)
    if not unit("nearly").isdisjoint(words[first:start]):
        return True
    if not unit("to_come").isdisjoint(words[at : at + 5]):  # "13 week poore ho jayenge"
        return True
    if not hers(context, "weekday").isdisjoint(words[at : at + 3]):  # "13 semaines mardi"
        gone = unit("span_before") | unit("gone")
        had = hers(context, "had").isdisjoint(words[max(0, start - 2) : start])
        return had and gone.isdisjoint(words[at : at + 4])  # no "depuis mardi", no "j'ai eu"
    if weekday_ahead(context, start, at):
        return True
    if turning(context, start):
        return True
    tomorrow = hers(context, "tomorrow")
    near = (*range(start), *range(at, min(at + 3, len(words))))
    today = unit("this_day")
    return any(words[i] in tomorrow and not (i and words[i - 1] in today) for i in near)


def numbers_told(context: Context) -> list[tuple[int, int]]:
    """Where numbers end, and their values; "treinta y tres" is one."""
    found: list[tuple[int, int]] = []
    links = context.lexicons.unit("between")
    for at, symbols in enumerate(context.heard.symbols):
        number = context.lexicons.number(symbols) if len(symbols) > 1 else None
        after_tens = found and found[-1][0] == at - 1 and found[-1][1] in TENS
        if number is None or (symbols[0] == "one" and not after_tens) or not meant(context, at):
            continue
        if found and joined(found[-1][1], number) and not context.words[at][0].isdecimal():
            last, tens = found[-1]
            if last + 1 == at or (last + 2 == at and context.words[at - 1] in links):
                found[-1] = (at, tens + int(number))
                continue
        found.append((at, int(number)))
    return _corrected(context, found)


def _corrected(context: Context, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The numbers that stand after a correction: "41, no sorry, 14"; all where there is none."""
    corrects = context.lexicons.unit("corrects")
    at = max((i for i, word in enumerate(context.words) if word in corrects), default=-1)
    after = [one for one in found if one[0] > at]
    return after or found

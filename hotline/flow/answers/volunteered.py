"""How far along she is, told in a text about something else."""

from __future__ import annotations

from hotline.flow.answers import weeks
from hotline.flow.answers.context import Context, said
from hotline.flow.answers.counted import number_before
from hotline.flow.model import Value

FORTY = "40"
"""In notes weeks are written out of these: 9/40."""


def how_far(context: Context) -> Value | None:
    """Weeks, "no_test" or "unknown", as a text tells them that answers another question."""
    stated = said(context.heard, "weeks", open_now=False)
    late = not context.lexicons.unit("late").isdisjoint(context.words)
    if late and weeks.NO_TEST in stated:
        return weeks.NO_TEST  # "no test yet but my period is 2 weeks late"
    for way in (weeks.told, _of_forty, _months):
        found = way(context)
        if found is not None:
            return found
    return next((one for one in (weeks.NO_TEST, weeks.UNKNOWN) if one in stated), None)


def _of_forty(context: Context) -> int | None:
    words = context.words
    if FORTY not in words:
        return None
    for at in range(1, len(words) - 1):
        if words[at] == "/" and words[at + 1] == FORTY and words[at - 1].isdecimal():
            found = int(words[at - 1])
            return found if weeks.FEWEST <= found <= weeks.LONGEST else None
    return None


def _months(context: Context) -> int | None:
    """The weeks of "im 5 months", in languages with the unit `im`."""
    words, unit = context.words, context.lexicons.unit
    if unit("im").isdisjoint(words):
        return None
    for at, word in enumerate(words):
        read = number_before(context, at) if word in unit("month") and at else None
        if read is None or not read[0] or words[read[0] - 1] not in unit("im"):
            continue
        ends = at + 1 == len(words) or words[at + 1] not in unit("span_after")
        if ends and 0 < read[1] < len(weeks.WEEKS_IN_MONTHS):
            return weeks.WEEKS_IN_MONTHS[read[1]]
    return None

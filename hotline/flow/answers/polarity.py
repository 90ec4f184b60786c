"""Yes, no, not sure, rather not say: which of them a text says as a whole."""

from __future__ import annotations

from hotline.flow.answers.context import Context
from hotline.flow.danger.automaton import Match

YES, NO, NOT_SURE, RATHER_NOT = "yes", "no", "not_sure", "rather_not"
_CONTENT = frozenset(("danger", "possible", "concept", "says", "answers"))


def polarity(context: Context) -> str | None:
    """The one thing the replies in a text agree on; None where there is none or they clash."""
    found = replies(context)
    names = [match.output.name for match in found]
    kinds = set(names)
    if not kinds:
        return None
    if len(kinds) == 1:
        return names[0]
    if RATHER_NOT in kinds:
        return RATHER_NOT
    if kinds == {NO, NOT_SURE}:
        return NOT_SURE
    if kinds == {YES, NOT_SURE}:
        return YES if names[-1] == YES or names[0] == YES else NOT_SURE
    return None


def replies(context: Context) -> list[Match]:
    """The replies of a text, longest first in one place, without a "no" that denies a noun."""
    found = sorted(context.heard.of_kind("reply"), key=lambda m: (-m.words, m.start))
    taken: set[int] = set()
    kept: list[Match] = []
    for match in found:
        span = range(match.start, match.end)
        if taken.isdisjoint(span) and not _denies_noun(context, match):
            kept.append(match)
        taken.update(span)
    return sorted(kept, key=lambda m: m.start)


def _denies_noun(context: Context, match: Match) -> bool:
    """Whether a "no" is only the first word of "no pain"."""
    at = match.end
    tokens = context.heard.tokens
    if match.output.name != NO or match.words > 1:
        return False
    if at >= len(tokens.words) or tokens.breaks[at]:
        return False
    return any(
        other.start == at and other.output.kind in _CONTENT for other in context.heard.matches
    )

"""Yes, no, not sure, rather not say: which of them a text says as a whole."""

from __future__ import annotations

from hotline.flow.answers.context import Context
from hotline.flow.danger.automaton import Match

_DETERMINERS = frozenset(("no", "not", "never", "pas", "zero"))
YES, NO, NOT_SURE, RATHER_NOT = "yes", "no", "not_sure", "rather_not"


def polarity(context: Context) -> str | None:
    """The one thing the replies in a text agree on; None where there is none or they clash."""
    names = [match.output.name for match in replies(context)]
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
        return YES if names[0] == YES else NOT_SURE
    return None


def replies(context: Context) -> list[Match]:
    """The replies of a text, longest first in one place, without a "no" that denies a noun."""
    found = [match for match, _ in context.heard.of_kind("reply")]
    if not found:
        return found
    heard = context.heard
    dangers = [match for kind in ("danger", "possible") for match, _ in heard.of_kind(kind)]
    own = [*context.own(), *dangers]
    taken: set[int] = set()
    kept: list[Match] = []
    for match in sorted(found, key=lambda m: (-m.words, m.start)):
        span = range(match.start, match.end)
        if taken.isdisjoint(span) and not (_denies_noun(context, match) or _said(match, own)):
            kept.append(match)
        taken.update(span)
    return sorted(kept, key=lambda m: m.start)


def _said(match: Match, own: list[Match]) -> bool:
    """Whether the same words say something of their own ("a bit" of blood: no; "a bit dizzy")."""
    return any(
        other.start <= match.start
        and match.end <= other.end
        and other.output.value != match.output.name
        for other in own
    )


def _denies_noun(context: Context, match: Match) -> bool:
    """Whether a "no" is only the first word of "no pain"."""
    at = match.end
    tokens = context.heard.tokens
    if match.output.name != NO or match.words > 1 or at >= len(tokens.words):
        return False
    if tokens.words[match.start] not in _DETERMINERS:
        return False
    if context.heard.scopes.cue_at(match.start) == "affirm":
        return True  # "no para": it does not stop
    return not tokens.breaks[at] and at in context.heard.nouns

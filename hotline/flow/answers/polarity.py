"""Yes, no, not sure, rather not say: which of them a text says as a whole."""

from __future__ import annotations

from hotline.flow.answers.context import Context
from hotline.flow.danger.automaton import Match
from hotline.flow.danger.cues import Standing

_DETERMINERS = frozenset(("no", "not", "never", "pas", "zero"))
YES, NO, NOT_SURE, RATHER_NOT = "yes", "no", "not_sure", "rather_not"
GRAVER = "graver"
"""Unit of a language: words that make a thing worse, so that a bare "no" beside them is unclear."""
OPENERS = "openers"
"""Unit of a language whose denial stands behind: words beside a "no" that is a whole answer."""
_UNKNOWN = 2
"""So many words that were not understood leave open what a "nahi" denies."""
_NOES = frozenset(("no", "none"))
_AUXILIARIES = frozenset("am was have has is do did does are can were would".split())  # noqa: SIM905
_ARTICLES = frozenset(("a", "an", "the"))
_REFUSALS = frozenset("cant cannot havent hasnt isnt dont doesnt didnt wasnt wont".split())  # noqa: SIM905
_WEAK = frozenset("kinda sorta kind sort bit little slightly somewhat sometimes".split())  # noqa: SIM905
_WEAK |= {"lagta", "kabhi", "कभी", "लगता"}
_NO_BEHIND = "no"
"""Stands behind what it denies in Spanish: "manchar no, chorrear"."""
_TELLS = 2
"""So many words after a "but" tell something."""
_LONGEST_FIRST = (NOT_SURE, RATHER_NOT)


def polarity(context: Context) -> str | None:
    """The one thing the replies in a text agree on; None where there is none or they clash."""
    names = [match.output.name for match in replies(context)]
    kinds = set(names)
    if not kinds:
        return _letter(context)
    if len(kinds) == 1:
        return names[0]
    if RATHER_NOT in kinds:
        return RATHER_NOT
    if kinds in ({NO, NOT_SURE}, {YES, NO, NOT_SURE}):
        return NOT_SURE
    if kinds == {YES, NOT_SURE}:
        first = replies(context)[0]
        weak = not _WEAK.isdisjoint(context.words[first.start : first.end])
        return YES if names[0] == YES and not weak else NOT_SURE
    return None


def goes_on(context: Context) -> bool:
    """Whether a "no" is followed by "but" or "now" and something that was not understood.

    "Fainting, no. But I cannot think": one of several things is denied, another may be told. Only
    in languages with the unit `turns`.
    """
    own = context.lexicons.languages.get(context.language)
    turns = own.units.get("turns") if own else None
    if own is None or not turns:
        return False
    words, breaks = context.words, context.heard.tokens.breaks
    at = next((at for at, word in enumerate(words) if word in turns), None)
    least = _TELLS
    for no in range(1, len(words) - 1):  # "clots no, big ones": one word is denied for another
        parted = words[no] == _NO_BEHIND and not breaks[no] and breaks[no + 1]
        if parted and (at is None or no < at):
            at, least = no, 1
    if at is None or any(match.end > at + 1 for match in context.own()):
        return False
    said_in = {i for match in replies(context) for i in range(match.start, match.end)}
    rest = [i for i in context.content() if i > at and i not in said_in]
    harmless = own.units.get("harmless", frozenset())
    return len(rest) >= least and harmless.isdisjoint(words[i] for i in rest)


def outweighed(context: Context) -> bool:
    """Whether a "no" stands beside a word of more that it does not deny: "no, worse than a pad".

    Languages without the unit have no such words.
    """
    own = context.lexicons.languages.get(context.language)
    graver = own.units.get(GRAVER) if own else None
    return graver is not None and any(
        word in graver and not context.heard.scopes.denied_at(at)
        for at, word in enumerate(context.words)
    )


def denies_behind(context: Context) -> bool:
    """Whether a denial stands behind what it denies in her language."""
    own = context.lexicons.languages.get(context.language)
    return own is not None and OPENERS in own.units


def adrift(context: Context) -> bool:
    """Whether a lone "nahi" stands in a text too little understood to tell what it denies.

    Where a denial stands behind what it denies, "haath nahi, belt se" is no answer; "nahi, mai chai
    pi rahi hu" is. Only for languages with the unit `openers`.
    """
    own = context.lexicons.languages.get(context.language)
    openers = own.units.get(OPENERS) if own else None
    found = replies(context)
    noes = [match for match in found if match.output.name == NO]
    told = context.own()
    sure = [one for one in told if context.heard.scopes.standing(one) is Standing.STATED]
    whole = [match for match in (*noes, *sure) if match.words > 1 and _denies(match)]
    if own is None or not openers or not noes or whole:
        return False
    words, breaks, end = context.words, context.heard.tokens.breaks, noes[0].end
    while end < len(words) and words[end] in openers and not breaks[end]:
        end += 1
    opening = openers.issuperset(words[: noes[0].start])
    if opening and (end == len(words) or breaks[end]):
        return False
    heard = context.heard
    pairs = (pair for kind in ("danger", "possible", "says") for pair in heard.of_kind(kind))
    named = [match for match, standing in pairs if standing is Standing.DENIED]
    known = {i for match in (*found, *told, *named) for i in range(match.start, match.end)}
    common = own.function_words | own.units.get("harmless", frozenset()) | openers
    return sum(i not in known and words[i] not in common for i in context.content()) >= _UNKNOWN


def _denies(match: Match) -> bool:
    return match.output.name in _NOES or match.output.value in _NOES


def _letter(context: Context) -> str | None:
    """A lone letter that stands for yes or no in her language: "o", "n"."""
    own = context.lexicons.languages.get(context.language)
    if own is None or len(context.words) != 1:
        return None
    letters = ((YES, own.units.get("yes_letter")), (NO, own.units.get("no_letter")))
    return next((name for name, unit in letters if unit and context.words[0] in unit), None)


def replies(context: Context) -> list[Match]:
    """The replies of a text, longest first in one place, without a "no" that denies a noun."""
    heard, breaks = context.heard, context.heard.tokens.breaks
    found = [
        match
        for match, _ in heard.of_kind("reply")
        if not any(breaks[match.start + 1 : match.end])  # "ya, no" is two replies
    ]
    if not found:
        return found
    dangers = [match for kind in ("danger", "possible") for match, _ in heard.of_kind(kind)]
    own = [*context.own(), *dangers]
    taken: set[int] = set()
    kept: list[Match] = []
    for match in sorted(found, key=_rank):
        span = range(match.start, match.end)
        if taken.isdisjoint(span) and not (_denies_noun(context, match) or _said(match, own)):
            kept.append(match)
        taken.update(span)
    kept = [one for one in kept if not _begins_clause(context, one)]
    return sorted(kept, key=lambda m: m.start)


def _begins_clause(context: Context, match: Match) -> bool:
    """Whether "i was", "i cant" is no answer but begins a clause: "i cant leave the toilet"."""
    at, words = match.end, context.words
    yes = match.output.name == YES and match.words > 1 and words[at - 1] in _AUXILIARIES
    return (
        (yes or (match.output.name == NO and words[at - 1] in _REFUSALS))
        and at < len(words)
        and not context.heard.tokens.breaks[at]
        and (words[at] not in context.lexicons.fillers or words[at] in _ARTICLES)
    )


def _rank(match: Match) -> tuple[int, bool, int]:
    """Longer replies first; of two as long "dont know" before "i dont"."""
    return -match.words, match.output.name not in _LONGEST_FIRST, match.start


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
    own = context.lexicons.languages.get(context.language)
    if own and context.words[match.start] in own.units.get("weak_no", ()):
        ends = (i for i in range(at, len(tokens.words)) if tokens.breaks[i])
        rest = context.words[at : next(ends, len(tokens.words))]
        return not context.lexicons.fillers.issuperset(rest)  # "aucune serviette ne tient"
    if tokens.words[match.start] not in _DETERMINERS:
        return False
    if context.heard.scopes.cue_at(match.start) == "affirm":
        return True  # "no para": it does not stop
    return not tokens.breaks[at] and at in context.heard.nouns

"""Where one clause ends and the next begins, for what a text's words alone do not tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from hotline.flow.danger.automaton import Match
from hotline.flow.tokens import HARD

_BEHIND = "hi"
"""In Hindi "tez" and "bahut" stand before the thing named, the denial behind it."""
_GOING = frozenset("raha rahi rahe rha rhi rhe रहा रही रहे".split())  # noqa: SIM905
_STOPPED_REACH = 6
_PASSING = 4
"""So many words a question has at most that is only asked in passing."""


def without_later_denial(
    matches: list[Match], breaks: list[int], kinds: Collection[str]
) -> list[Match]:
    """Drop what would end in a denial that a comma parts from it: "saaf dikhta hai, dard nahi".

    Only for languages whose denial stands behind what it denies.
    """
    things = {
        match.start
        for match in matches
        if match.output.kind == "concept"
        and match.output.language == _BEHIND
        and match.end == match.start + 1
        and any(breaks[match.end :])
    }
    if things:
        matches = [m for m in matches if m.output.kind != "danger" or not _lent(m, breaks, things)]
    denials = {match.start for match in matches if match.output.name == "negation_after"}
    if not denials:
        return matches
    return [m for m in matches if m.output.kind not in kinds or not _joined(m, breaks, denials)]


def _lent(match: Match, breaks: list[int], things: set[int]) -> bool:
    """Whether its first word belongs to another thing before a comma: "tez dard, khoon ke daag"."""
    at = match.start + 1
    return at in match.skipped and at in things and bool(breaks[at + 1])


def _joined(match: Match, breaks: list[int], denials: set[int]) -> bool:
    last = match.end - 1
    if last not in denials or match.start == last:
        return False
    skipped = set(match.skipped)
    before = next(at for at in range(last - 1, match.start - 1, -1) if at not in skipped)
    return before + 1 < last and any(breaks[before + 1 : last])


def ends_a_verb(words: list[str], cues: Mapping[int, str], at: int) -> bool:
    """Whether a Hindi verb ends here, and a later denial is the next one's: "phool rahi, let nahi".

    "phool rahi seedhi nahi let sakti"; but "aa raha nahi" is denied.
    """
    return words[at] in _GOING and cues.get(at + 1) != "negation_after"


def asked_in_passing(breaks: list[int], asked: Iterable[int]) -> set[int]:
    """The words of several short questions in a row, as a form or a nurse asks them.

    "behoshi? tez dard? bukhar?" tells of nobody; one short question alone may be her own.
    """
    count, short = len(breaks), []
    for at in asked:
        if at + 1 < count and breaks[at + 1] != HARD:
            continue  # a colon or a dash
        start = at
        while start and breaks[start] != HARD:
            start -= 1
        if at - start < _PASSING:
            short.append(range(start, at + 1))
    return {at for span in short for at in span} if len(short) > 1 else set()


def stopped_after(
    breaks: list[int], cues: Mapping[int, str], denied: Collection[int], end: int
) -> bool:
    """Whether what ends at `end` is soon said to have stopped: "the bleeding has stopped"."""
    for at in range(end, min(end + _STOPPED_REACH, len(breaks))):
        if breaks[at] == HARD:
            return False
        if cues.get(at) == "resolved" and at not in denied:
            return True
    return False

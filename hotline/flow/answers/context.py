"""What a reader of answers is given, and the few looks at it that several kinds share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from hotline.flow.danger.automaton import Match
from hotline.flow.danger.cues import Standing
from hotline.flow.danger.scan import Heard
from hotline.flow.lexicon import Lexicons
from hotline.flow.model import Question, Value

SURE = 1.0
CLEAR = 0.95
LIKELY = 0.8
FAIR = 0.7

HISTORY = frozenset(("pregnant", "risks", "repeat", "seen_already", "ended_how", "age_band"))
"""Questions about what was before, so that "last year" does not take an answer away."""

RECENT = frozenset(("before", "harm", "stopped", "bump"))
"""Questions about the last days, so that "two days ago" answers them while they are open."""

CHECKED_AS = {"heavy_bleeding": "heavy", "collapse": "collapse", "dizzy_faint": "collapse"}
"""The red flag that asks about the same as the check of a danger."""


class Answer(NamedTuple):
    """An answer as read, and how sure the reading is (0..1)."""

    value: Value
    confidence: float


class Context(NamedTuple):
    """One text before one question: `words` as they count, spelling mended."""

    lexicons: Lexicons
    heard: Heard
    question: Question
    labels: Mapping[str, str]
    language: str
    today: date
    words: list[str]

    @property
    def topic(self) -> str:
        """The question whose phrases answer the open one: a check asks again what another asks."""
        return topic_of(self.question)

    def content(self) -> list[int]:
        """The indexes of the words that are no mere filler."""
        fillers = self.lexicons.fillers
        return [i for i, word in enumerate(self.words) if word not in fillers]

    def own(self) -> list[Match]:
        """The phrases heard that tell something for the open question, whatever their standing."""
        name = self.topic
        found = (*self.heard.says.get(name, ()), *self.heard.of_kind("answers"))
        return [match for match, _ in found if match.output.name == name]


def topic_of(question: Question) -> str:
    """The question whose phrases answer this one."""
    return CHECKED_AS.get(question.checks or "", question.id)


def said(heard: Heard, question: str, *, open_now: bool, since: int = 0) -> dict[str, int]:
    """The values stated for a question, each with the length of its longest phrase.

    Short phrases that only an open question makes clear ("light") count when it is `open_now`. A
    phrase inside a longer one of the same question does not count. Only what is told from the
    word `since` on counts.
    """
    standings = _PAST_TOO if question in HISTORY else _NOW
    if open_now and question in RECENT:
        standings |= {Standing.DOUBTFUL}
    found = _stand(heard, question, standings, open_now=open_now)
    found = [match for match in found if match.start >= since]
    if not found:
        return {}
    replies = heard.of_kind("reply") if open_now else []
    longer = [match for match, _ in replies if match.words > 1 and match.output.name in _UNSURE]
    values: dict[str, int] = {}
    over = _longer_over(found) if len(found) > 1 else {}
    for match in found:
        if over and any(_inside(match, other) for other in over.get(match.start, ())):
            continue
        if longer and any(
            _within(match, other) and other.output.name != match.output.value for other in longer
        ):
            continue
        values[match.output.value] = max(values.get(match.output.value, 0), match.words)
    return values


def denied(heard: Heard, question: str, *, open_now: bool) -> set[str]:
    """The values of a question that are denied ("not a period")."""
    found = _stand(heard, question, frozenset((Standing.DENIED,)), open_now=open_now)
    return {match.output.value for match in found}


_UNSURE = frozenset(("not_sure", "rather_not"))
_NOW = frozenset((Standing.STATED,))
_PAST_TOO = frozenset((Standing.STATED, Standing.DOUBTFUL, Standing.PAST))


def _stand(
    heard: Heard, question: str, wanted: frozenset[Standing], *, open_now: bool
) -> list[Match]:
    found = [match for match, standing in heard.says.get(question, ()) if standing in wanted]
    if open_now:
        found += [
            match
            for match, standing in heard.of_kind("answers")
            if match.output.name == question and standing in wanted
        ]
    return found


def _longer_over(found: list[Match]) -> dict[int, list[Match]]:
    """The matches of several words over each word, when matches say more than one thing."""
    over: dict[int, list[Match]] = {}
    if len({match.output.value for match in found}) > 1:
        for match in found:
            if match.words > 1:
                for at in range(match.start, match.end):
                    over.setdefault(at, []).append(match)
    return over


def _inside(match: Match, other: Match) -> bool:
    return other.output.value != match.output.value and _within(match, other)


def _within(match: Match, other: Match) -> bool:
    return other.start <= match.start and match.end <= other.end and other.words > match.words

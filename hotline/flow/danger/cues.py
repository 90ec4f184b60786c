"""The names of what changes the words around it, and how much a match counts then."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from hotline.flow.danger.automaton import Match
from hotline.flow.tokens import HARD


class Standing(IntEnum):
    """How much a match counts."""

    STATED = 0
    DOUBTFUL = 1
    PAST = 2
    ELSEWHERE = 3
    DENIED = 4


RANKED = (
    "unlisted",  # none of that: denies the list before it
    "negation",  # not, no, never: denies what follows
    "negation_after",  # nahi: denies what stands before
    "none_of",  # none of that: denies the whole list before
    "affirm",  # not only, no idea why: looks like a denial and is none
    "double",  # not that I'm not: denies a denial
    "hypothetical",  # what if, worried that, signs of
    "asking",  # can I use, is it safe to: a general question, nothing in it is told
    "wondering",  # should I worry about, the nurse said: perhaps about herself
    "opens",  # does, is, what at a sentence's beginning: a general question
    "self",  # I'm, I've been: what follows is told of herself, even within a question
    "mine",  # my: the same, but no new clause
    "own",  # me, my, I lose: the same, and it ends another's story
    "action",  # stand up, move: "if I stand up" supposes only the standing
    "media",  # a film, the news: what it shows is not told of her
    "fiction",  # in the film, I dreamt
    "other",  # my sister, my friend
    "bystander",  # grandpa, the dog, a man, the book says: never the one asked about
    "general",  # is called what, is a sign of: what stands before it is told of nobody
    "patient",  # is, has, she is pregnant: the other person is the one asked about
    "elder",  # my mum, a woman, someone: the patient only when said to be pregnant
    "carrying",  # pregnant, 20 weeks: the other one is the patient
    "man",  # my husband: not the patient, but perhaps the one who hurts her
    "aside",  # told me, is at work: ends what is told of the other
    "wound",  # cut my finger: the blood is not of the pregnancy
    "slight",  # a drop of: heavy bleeding named after it is in doubt
    "past",  # last year, with my first
    "lately",  # last week: doubtful
    "present",  # now, today, again: ends the past
    "joke",  # only joking
    "disclaims",  # just curious, I have none: what is in doubt anyway is no danger
    "resolved",  # has stopped, gone now
    "breaker",  # but, just, only
    "or",  # or: the denial goes on
    "nor",  # ni: the denial goes on, or begins
    "and",
    "subject",  # I, my, it: a new clause begins
    "opinion",  # think, feel: "don't think I'm" goes on
)
"""The cues; of two that are heard in the same words the one that stands first here counts."""
CUES = frozenset(RANKED)
_RANK = {name: place for place, name in enumerate(RANKED)}
_BOUNDS = frozenset(("affirm", "double", "self", "mine", "own", "action", "patient", "present"))
_BOUNDS |= frozenset(("carrying", "aside", "breaker", "or", "and"))
CHANGING = CUES - _BOUNDS - {"subject", "opinion"}
"""The cues that take something from a match; the others only bound these."""
CONCEPTS = frozenset(("danger", "possible", "concept"))
NEVER_GENERAL = frozenset(("suicidal", "assault"))
"""Dangers that are never in doubt only because she asks of them as a general question."""
SWALLOWED = frozenset(("negation", "negation_after", "resolved"))
"""Cues that are none where they are words of a danger themselves: can't stop, no feel no more."""


class Found(NamedTuple):
    """A text's cues, the things named in it, and the words that longer things hold.

    `opens` is where a sentence begins with a question, `opinions` where "think" stands.
    """

    cues: list[Match]
    named: list[Match]
    swallowed: set[int]
    opinions: set[int]
    opens: list[int]


def sort_out(matches: Iterable[Match], breaks: list[int]) -> Found:
    """Sort the matches of a text into what changes others and what is named."""
    found = Found([], [], set(), set(), [])
    cues, named, swallowed, opinions, opens = found
    for match in matches:
        output, start, end, skipped = match
        kind, name = output.kind, output.name
        if kind in CONCEPTS:
            named.append(match)
            if kind != "concept" and end - start - len(skipped) > 1:
                swallowed.update(range(start, end))
                swallowed.difference_update(skipped)
        elif kind != "cue" or (name in SWALLOWED and any(breaks[start + 1 : end])):
            continue  # "ya, no" is two words
        elif name != "opens":
            cues.append(match)
            if name == "opinion":
                opinions.add(start)
        elif not start or breaks[start] == HARD:
            opens.append(start)
    return found


def _longest_first(match: Match) -> tuple[int, int, int]:
    return match.start - match.end + len(match.skipped), match.start, _RANK[match.output.name]


def longest(cues: list[Match], swallowed: set[int]) -> dict[int, Match]:
    """The cues by first word, longer ones before those they contain."""
    kept: dict[int, Match] = {}
    if not cues:
        return kept
    taken: set[int] = set()
    for cue in sorted(cues, key=_longest_first) if len(cues) > 1 else cues:
        if cue.start in taken or cue.start in kept:
            continue
        if swallowed and cue.output.name in SWALLOWED:
            own = set(range(cue.start, cue.end)).difference(cue.skipped)
            if not own.isdisjoint(swallowed):
                continue
        kept[cue.start] = cue
        taken.update(at for at in range(cue.start + 1, cue.end) if at not in cue.skipped)
    return dict(sorted(kept.items()))

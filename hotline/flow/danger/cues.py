"""The names of what changes the words around it, and how much a match counts then."""

from __future__ import annotations

from enum import IntEnum


class Standing(IntEnum):
    """How much a match counts."""

    STATED = 0
    DOUBTFUL = 1
    PAST = 2
    ELSEWHERE = 3
    DENIED = 4


CUES = frozenset(
    (
        "negation",  # not, no, never: denies what follows
        "negation_after",  # nahi: denies what stands before
        "affirm",  # not only, no idea why: looks like a denial and is none
        "double",  # not that I'm not: denies a denial
        "hypothetical",  # what if, worried that, signs of
        "asking",  # can I use, is it safe to: a general question, nothing in it is told
        "wondering",  # should I worry about, the nurse said: perhaps about herself
        "self",  # I'm, I've been: what follows is told of herself, even within a question
        "mine",  # my: the same, but no new clause
        "action",  # stand up, move: "if I stand up" supposes only the standing
        "other",  # my sister, my friend
        "patient",  # is, has, she is pregnant: the other person is the one asked about
        "past",  # last year, with my first
        "lately",  # last week: doubtful
        "present",  # now, today, again: ends the past
        "fiction",  # in the film, I dreamt
        "joke",  # only joking
        "resolved",  # has stopped, gone now
        "breaker",  # but, just, only
        "or",  # or, nor: the denial goes on
        "and",
        "subject",  # I, my, it: a new clause begins
        "opinion",  # think, feel: "don't think I'm" goes on
    )
)

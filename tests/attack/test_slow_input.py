"""Input made to take long: for patterns, for the reading of texts, for YAML."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest

from hotline.errors import FlowErrors, HotlineError
from hotline.flow.danger.pattern import PatternError, parse
from hotline.flow.yaml_text import parse_yaml
from hotline.runtime import Hotline
from hotline.session.incoming import Incoming
from tests.attack.patterns import patterns
from tests.server import new_number, new_sid

LONG = 1_600
TEMPTING = (
    "a",
    " ",
    "1",
    "0 ",
    "+1 ",
    "- ",
    "\t",
    "ä",
    "no ",
    "not ",
    "(",
    "=",
    "a1",
    ".",
    "\n",
    "{a}",
)

SLOW_SECONDS = 0.3


def text(words: str, number: str) -> Incoming:
    return Incoming(number, "+441632960100", words, new_sid())


def parts_for(pattern: str) -> set[str]:
    """What may tempt this pattern: its own letters, their pairs, and its plain words in a row."""
    plain = re.sub(r"[][\\\\()+*?|{}^$]", "", pattern)
    return {*TEMPTING, *plain, *map("".join, pairwise(plain)), plain or "a"}


def test_no_pattern_takes_long_whatever_it_is_given():
    found = list(patterns())
    assert len(found) > 40
    slow = []
    for name, pattern in found:
        literal = pattern.pattern
        written = literal if isinstance(literal, str) else literal.decode()
        for part in parts_for(written):
            repeated = (part * (LONG // len(part) + 1))[:LONG]
            subject = repeated + "!" if isinstance(literal, str) else repeated.encode() + b"!"
            began = time.process_time()
            pattern.search(subject)
            pattern.fullmatch(subject)
            took = time.process_time() - began
            if took > SLOW_SECONDS:
                slow.append(f"{name}: {took:.2f} s on {part!r}")
    assert slow == []


def test_a_pattern_that_takes_long_would_be_seen():
    """The net itself: the textbook's bad patterns are slow on what is tried."""
    for bad, size in ((r"(a+)+$", 22), (r"(c*ch*)+#", 22)):
        times = []
        for part in parts_for(bad):
            began = time.process_time()
            re.search(bad, (part * size)[:size] + "!")
            times.append(time.process_time() - began)
        assert max(times) > 0.05, bad


def test_no_text_of_the_longest_kind_takes_long_to_understand(hotline: Hotline):
    slowest = 0.0
    for part in (*TEMPTING, "bleeding ", "not bleeding no ", "12 weeks ", "pain, ", "🩸", "\uff41"):
        words = (part * 1600)[:1600]
        began = time.process_time()
        hotline.turns.take(text(words, new_number()))
        slowest = max(slowest, time.process_time() - began)
    assert slowest < 1.5


def test_a_yaml_bomb_is_refused_at_once():
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    began = time.process_time()
    with pytest.raises((FlowErrors, HotlineError)):
        parse_yaml("\n".join(lines).encode(), "bomb.yaml")
    with pytest.raises((FlowErrors, HotlineError)):
        parse_yaml(b"[" * 50_000, "deep.yaml")
    assert time.process_time() - began < 2.0


def test_a_joined_pattern_of_too_many_words_is_refused():
    half = " ".join(["a"] * 40)
    with pytest.raises(PatternError, match="in a row"):
        parse(f"{half} + {half}", {})


OPTIONAL = " ".join(f"x{n}?" for n in range(11))


@pytest.mark.parametrize("bomb", [" + ".join(["a"] * 1500), f"z {OPTIONAL} + y {OPTIONAL}"])
def test_a_pattern_that_stands_for_millions_is_refused_at_once(bomb: str):
    began = time.process_time()
    with pytest.raises(PatternError):
        parse(bomb, {})
    assert time.process_time() - began < 1.0

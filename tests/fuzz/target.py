"""What is fuzzed: something that takes any bytes, and what its inputs look like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """`take` reads any bytes and raises when a promise is broken.

    `seeds` are inputs to begin with, `words` parts that the fuzzer may put in, `longest` the most
    bytes it tries.
    """

    take: Callable[[bytes], None]
    seeds: Sequence[bytes]
    words: Sequence[str] = ()
    longest: int = 2_000

"""The Flesch-Kincaid grade of an English text: years of school that it asks for.

The usual formula, with syllables counted as groups of vowels without a silent e. Libraries that
compute it need dictionaries that are fetched when they run; this one is held against a
hyphenation dictionary by tests/flow/test_check_wording.py.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z']+")
_SENTENCE = re.compile(r"[^.!?:\n]+[.!?:\n]+|[^.!?:\n]+$")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"[^laeiouy]e$|[^tdaeiouy]ed$")


def grade(text: str) -> float:
    """The grade; 0 for a text without words."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = max(1, len(_SENTENCE.findall(text.strip())))
    total = sum(map(syllables, words))
    return 0.39 * len(words) / sentences + 11.8 * total / len(words) - 15.59


def syllables(word: str) -> int:
    """The syllables of an English word, at least one."""
    word = word.lower()
    count = len(_VOWELS.findall(word))
    if count > 1 and _SILENT.search(word):
        count -= 1
    return max(1, count)

"""Options picked by number: digits, words for digits, ordinals, keycaps, several at once."""

from __future__ import annotations

from functools import lru_cache

from hotline.flow.answers.context import SURE, Answer, Context
from hotline.flow.model import Kind
from hotline.flow.tokens import tokenise

TENS = (20, 30, 40)
TEENS = (7, 8, 9)
"""What French joins to ten: dix sept, dix huit, dix neuf."""


def picked(context: Context) -> Answer | None:
    """The option a text picks by its number or its whole label, None when it is neither."""
    for option in context.question.options:
        label = context.labels.get(option.value)
        if label and label_words(label) == context.heard.tokens.words:
            several = context.question.kind is Kind.CHOICES
            return Answer(frozenset((option.value,)) if several else option.value, SURE)
    numbers = _only_numbers(context)
    if numbers is None:
        return None
    question = context.question
    values = [question.value_of(str(number)) for number in numbers]
    if len(values) == 1 and values[0] is None and question.kind is Kind.CHOICES:
        values = [question.value_of(digit) for digit in str(numbers[0])]
    if not values or None in values:
        return None
    known = frozenset(value for value in values if value is not None)
    if question.kind is Kind.CHOICES:
        return Answer(alone(context, known), SURE)
    return Answer(next(iter(known)), SURE) if len(known) == 1 else None


@lru_cache(maxsize=1024)
def label_words(label: str) -> list[str]:
    """The words of an option's label."""
    return tokenise(label).words


def alone(context: Context, values: frozenset[str]) -> frozenset[str]:
    """Values that stand alone (none, not sure) give way to any other."""
    others = values - context.question.exclusive
    if others:
        return others
    return frozenset(("not_sure",)) if "not_sure" in values else values


def joined(tens: float, ones: float) -> bool:
    """Whether two numbers in words are one: twenty two, dix sept."""
    return ones < min(TENS) if tens in TENS else tens == 10 and ones in TEENS  # noqa: PLR2004


def only_number(context: Context) -> int | None:
    """The one number a text consists of, besides fillers."""
    numbers = _only_numbers(context)
    return numbers[0] if numbers and len(numbers) == 1 else None


def _only_numbers(context: Context) -> list[int] | None:
    words = context.words
    if len(words) == 1:
        lexicon = context.lexicons.languages.get(context.language)
        if lexicon and words[0] in lexicon.sounds:
            return [lexicon.sounds[words[0]]]
    numbers: list[int] = []
    ordinals = context.lexicons.ordinals
    content = context.content()
    if not content:  # "number one": words that are fillers beside others
        content = [i for i, one in enumerate(context.heard.symbols) if "#" in one]
    for i in content:
        word = words[i]
        number = context.lexicons.number(context.heard.symbols[i])
        if number is not None and number == int(number):
            if numbers and not word[0].isdecimal() and joined(numbers[-1], number):
                numbers[-1] += int(number)  # twenty two, dix sept
            else:
                numbers.append(int(number))
        elif word in ordinals:
            place = ordinals[word]
            options = context.question.options
            if place == 0:
                continue
            if place > len(options) or -place > len(options):
                return None
            numbers.append(int(options[place - 1 if place > 0 else place].key))
        else:
            return None
    if not numbers:
        return None
    return numbers

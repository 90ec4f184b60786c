"""One text understood: the answer, what else it tells, dangers, mentions, commands, language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from hotline.flow.answers import choice, choices, number, volunteered, weeks, yes_no
from hotline.flow.answers.context import Answer, Context, said, topic_of
from hotline.flow.danger.cues import Standing
from hotline.flow.danger.scan import Heard, scan
from hotline.flow.lexicon import Lexicons
from hotline.flow.model import Kind, Question, Value
from hotline.flow.tokens import tokenise

SEVERAL = frozenset(("signs", "risks"))
"""The questions whose volunteered values add up."""

OWN = frozenset(("loss",))
"""The mentions that count only when they are told of her and of now."""

UNCLEAR = "unclear"
"""A reply that asks back ("sorry? what do you mean"): the question is asked again."""

KEYWORDS = 3
"""A text of so many words that names a topic asks about it."""

REMEMBERED = 4000
"""How many readings of lone known words ("no", "2") are kept; no other text ever is."""

_BY_DANGER = {
    "heavy": frozenset(("heavy_bleeding",)),
    "collapse": frozenset(("collapse", "seizure")),
}
"""The red flags that a danger heard for certain tells as well."""

_NOBODY = Question(id="", kind=Kind.TEXT, options=(), silence="", line=0)


@dataclass(frozen=True, slots=True)
class Understood:
    """What one text says. `answer` is None when no question is open or it was not understood."""

    answer: Value | None = None
    confidence: float = 0.0
    told: Mapping[str, Value] = field(default_factory=dict)
    dangers: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()
    command: str | None = None
    topic: str | None = None
    language: str | None = None


def understand(  # noqa: PLR0913 - all by keyword; a bundle would be built once and used once
    lexicons: Lexicons,
    text: str,
    *,
    question: Question | None,
    labels: Mapping[str, str],
    language: str,
    today: date,
) -> Understood:
    """Read one text. Dangers are heard in every language, whatever `language` she is spoken to in.

    `labels` are the option texts of the question in her language; `today` dates a last period.
    """
    word = lexicons.lone(text) if question is None or question.kind is not Kind.TEXT else None
    if word is None:
        return _understood(lexicons, text, question, labels, language, today)
    key = (word, language, question.id if question else None)
    known = lexicons.readings.get(key)
    if known is not None and known.holds(question, labels, today):
        return known.reading
    reading = _understood(lexicons, word, question, labels, language, today)
    if len(lexicons.readings) >= REMEMBERED:
        lexicons.readings.clear()
    lexicons.readings[key] = Known(reading, question, dict(labels), today)
    return reading


class Known(NamedTuple):
    """How a lone known word was read, and before what."""

    reading: Understood
    question: Question | None
    labels: Mapping[str, str]
    today: date

    def holds(self, question: Question | None, labels: Mapping[str, str], today: date) -> bool:
        """Whether it is read the same now."""
        return self.question is question and self.today == today and self.labels == labels


def _understood(  # noqa: PLR0913, PLR0917 - as understand
    lexicons: Lexicons,
    text: str,
    question: Question | None,
    labels: Mapping[str, str],
    language: str,
    today: date,
) -> Understood:
    heard = scan(lexicons, text, language, topic_of(question) if question else "")
    words = [symbols[0] for symbols in heard.symbols]
    context = Context(lexicons, heard, question or _NOBODY, labels, language, today, words)
    answer = _answer(context, text) if question else None
    if answer and _is_label(heard, labels):
        return Understood(answer.value, answer.confidence, command=_command(context))
    topics = _named(heard, "topic")
    if topics and not _asks(context):
        topics = {}
    mentions = frozenset(_named(heard, "mention"))
    return Understood(
        answer.value if answer else None,
        answer.confidence if answer else 0.0,
        _told(context),
        heard.dangers,
        heard.possible,
        mentions if mentions.isdisjoint(OWN) else mentions - _not_hers(heard),
        _command(context),
        max(topics, key=lambda name: (topics[name], name)) if topics else None,
        guess_language(lexicons, heard.tokens.words),
    )


def _is_label(heard: Heard, labels: Mapping[str, str]) -> bool:
    """Whether she wrote or said an option in its own words: that says what its number says."""
    return any(_words_of(label) == heard.tokens.words for label in labels.values())


@lru_cache(maxsize=2_000)
def _words_of(label: str) -> list[str]:
    return tokenise(label).words


def _answer(context: Context, text: str) -> Answer | None:
    replies = context.heard.of_kind("reply")
    if any(match.output.name == UNCLEAR for match, _ in replies) and not context.heard.dangers:
        return None
    match context.question.kind:
        case Kind.YES_NO:
            return yes_no.read(context)
        case Kind.CHOICE:
            return choice.read(context)
        case Kind.CHOICES:
            return choices.read(context)
        case Kind.WEEKS:
            return weeks.read(context)
        case Kind.NUMBER:
            return number.read(context)
        case Kind.TEXT:
            words = text.strip()
            return Answer(words, 1.0) if words else None


def _told(context: Context) -> dict[str, Value]:
    """What the text volunteers for other questions than the open one."""
    heard, here = context.heard, context.question.id
    told: dict[str, Value] = {}
    names = set(heard.says)
    if heard.dangers:
        names |= set(choice.FROM_DANGER) | set(choices.FROM_DANGER)
    names -= {here, "weeks"}
    for name in sorted(names):
        values = said(heard, name, open_now=False)
        if name in SEVERAL:
            several = frozenset(values) | choices.from_dangers(name, heard)
            if several:
                told[name] = several - {"none", "not_sure"} or several
            continue
        alone = name == "fever" and choice.fever_alone(context, values)
        if heard.dangers and not alone:
            values |= dict.fromkeys(choice.from_dangers(name, heard), 9)
        value = choice.chosen(name, values) if values else None
        if value is not None:
            told[name] = value
    for name, dangers in _BY_DANGER.items():
        if name != here and dangers & heard.dangers:
            told[name] = "yes"
    if here != "weeks":
        found = volunteered.how_far(context)
        if found is not None:
            told["weeks"] = found
    return told


def _named(heard: Heard, kind: str) -> dict[str, int]:
    """The names of a kind that are not denied, each with its longest phrase."""
    found: dict[str, int] = {}
    for match, standing in heard.of_kind(kind):
        if standing is not Standing.DENIED:
            name = match.output.name
            found[name] = max(found.get(name, 0), match.words)
    return found


def _asks(context: Context) -> bool:
    """Whether she asks about something: a question, or a bare keyword."""
    heard, words = context.heard, context.words
    if "?" in heard.tokens.text or heard.of_kind("asks"):
        return True
    content = set(context.content())
    return any(
        content <= set(range(match.start, match.end)) or len(words) <= KEYWORDS
        for match, _ in heard.of_kind("topic")
    )


def _not_hers(heard: Heard) -> frozenset[str]:
    """The mentions told only of others, of long ago, or supposed, where only her own count."""
    own = (Standing.STATED, Standing.DOUBTFUL)
    told = {match.output.name for match, standing in heard.of_kind("mention") if standing in own}
    return OWN - told


def _command(context: Context) -> str | None:
    """A command that is the whole text (besides fillers), or an unmistakable phrase in it."""
    weighed = context.heard.of_kind("command")
    if not weighed:
        return None
    content = set(context.content())
    best: tuple[int, str] | None = None
    for match, standing in weighed:
        if standing is Standing.DENIED:
            continue
        whole = content <= set(range(match.start, match.end))
        if match.output.value == "anywhere" or whole:
            rank = (match.words, match.output.name)
            best = max(best, rank) if best else rank
    return best[1] if best else None


def guess_language(lexicons: Lexicons, words: list[str]) -> str | None:
    """The language a text is surely written in, by its small words and its script; else None."""
    scores: dict[str, int] = {}
    small = lexicons.function_words
    for word in words:
        if not word.isascii() and "\u0900" <= word[0] <= "\u097f":
            scores["hi"] = scores.get("hi", 0) + 2
        for name in small.get(word, ()):
            scores[name] = scores.get(name, 0) + 1
    if not scores:
        return None
    best = max(scores, key=lambda name: scores[name])
    others = max((score for name, score in scores.items() if name != best), default=0)
    return best if scores[best] >= 2 and scores[best] >= 2 * others else None  # noqa: PLR2004

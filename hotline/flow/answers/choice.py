"""One option of several: by number, by its phrases, by a danger that says it, by its label."""

from __future__ import annotations

from hotline.flow.answers.context import (
    CLEAR,
    FAIR,
    LIKELY,
    RECENT,
    Answer,
    Context,
    denied,
    said,
)
from hotline.flow.answers.dates import hers
from hotline.flow.answers.digits import label_words, picked
from hotline.flow.answers.polarity import NO, NOT_SURE, YES, adrift, goes_on, outweighed, polarity
from hotline.flow.danger.scan import Heard
from hotline.flow.tokens import SOFT

WORST: dict[str, tuple[str, ...]] = {
    "pain": ("severe", "mild", "not_sure", "none"),
    "fever": ("very_ill", "yes", "not_sure", "no"),
    "amount": ("period", "light", "spots", "not_sure", "none"),
    "before": ("injury", "sex", "exam", "rather_not", "none"),
    "harm": ("yes", "rather_not", "no"),
    "seen_already": ("worse", "not_sure", "no", "cleared"),
    "show": ("fresh", "not_sure", "mucus"),
    "blood_from": ("vagina", "not_sure", "urine", "back_passage", "elsewhere"),
    "urine": ("burning_fever", "burning", "not_sure", "no"),
    "repeat": ("every_sex", "before", "not_sure", "first"),
    "age_band": ("under_13", "under_16", "under_18", "rather_not", "adult"),
    "symptom": ("other", "urine", "discharge", "itch", "faded", "not_sure"),
    "ended_how": ("birth", "loss", "rather_not", "not_sure"),
}
"""Of two things said the more cautious counts."""

SCALES: dict[str, tuple[tuple[float, float, str], ...]] = {
    "pain": ((7, 10, "severe"), (1, 4, "mild"), (0, 0, "none")),
    "fever": ((38, 43, "yes"), (100.4, 109, "yes"), (35, 37.4, "no"), (95, 99.4, "no")),
}
"""Numbers beyond the options' keys. Pain of 5 or 6 is left open and asked again."""

LOWEST, HIGHEST = 35, 109
"""What can be a temperature, in degrees of either scale."""
VERY_HIGH = ((39.5, 43), (103.1, HIGHEST))
"""From this temperature on, of either scale, a fever is a grave illness by itself."""
_CHANGING = frozenset(("amount", "pain"))
"""Questions about now, so that what was yesterday gives way to what is told of today."""
_TEN = range(11)
_NOTHING = frozenset(("no", "none"))
_BY_DANGER = 9
"""What a danger says counts as a phrase of so many words."""
_WHOLE = 3
"""A phrase of so many words says it all; a number in it is none of its own: "das me do"."""
_COUNTED = ("week", "day", "month", "year", "hour")

FROM_DANGER: dict[str, dict[str, str]] = {
    "pain": {"severe_pain": "severe", "shoulder_tip": "severe"},
    "fever": {"fever_sepsis": "very_ill"},
    "amount": {"heavy_bleeding": "period"},
    "harm": {"assault": "yes"},
    "before": {"trauma": "injury"},
}


def read(context: Context) -> Answer | None:
    """Read the option meant; None when several or none could be."""
    by_number = None if _a_mark(context) else picked(context)
    if by_number is not None:
        return by_number
    question, heard = context.question, context.heard
    stated = said(heard, question.id, open_now=True, since=_now(context))
    if question.id != "fever" or not fever_alone(context, stated):
        stated |= dict.fromkeys(from_dangers(question.id, heard), _BY_DANGER)
    reply = polarity(context)
    longest = max(stated.values(), default=0)
    whole = longest == _BY_DANGER or (longest >= _WHOLE and _of_ten(context) is None)
    scale = question.id == "pain" and not whole
    if not stated or scale or _only_warm(context, stated):
        scaled = _on_scale(context)
        if scaled is not None:
            return None if (reply, scaled.value) == (YES, NO) else scaled  # "oui mais 36,9"
    more = outweighed(context) or _feverish(context) or goes_on(context)
    clear = (question.id not in SCALES or not more) and not (reply == NO and adrift(context))
    if stated:
        return _of_stated(context, stated, reply, clear=clear)
    if reply is not None:
        return _generic(context, reply) if clear or reply != NO else None
    value = by_label(context) or _none_of_them(context)
    return Answer(value, FAIR) if value else None


def _now(context: Context) -> int:
    """Where "today", "now" begins what is so now, after what was earlier: "a bit, now nothing"."""
    own = context.lexicons.languages.get(context.language)
    if own is None or context.question.id not in _CHANGING:
        return 0
    earlier, now = (own.units.get(name, frozenset()) for name in ("earlier", "by_now"))
    first = next((at for at, word in enumerate(context.words) if word in earlier), None)
    if first is None:
        return 0
    return max(
        (at for at, word in enumerate(context.words) if at > first and word in now), default=0
    )


def _none_of_them(context: Context) -> str | None:
    """The value "none", where it is told in another's story or two of the options are denied."""
    if context.question.id not in RECENT or "none" not in context.question.values:
        return None
    told = {match.output.value for match in context.own()}
    refused = denied(context.heard, context.question.id, open_now=True)
    return "none" if told == {"none"} or len(refused) > 1 else None


def _of_stated(
    context: Context, stated: dict[str, int], reply: str | None, *, clear: bool
) -> Answer | None:
    """The answer where values were told; a "none" that is not `clear` is "not a cramp, a tear"."""
    value = chosen(context.question.id, stated)
    if value is None or value not in context.question.values or (value in _NOTHING and not clear):
        return None
    if context.question.id == "fever" and len(stated) > 1 and _only_warm(context, stated):
        return None  # "no fever, a bit sweaty"
    if reply == NOT_SURE and _only_warm(context, stated):
        return _generic(context, reply)  # "i'm always hot, not sure"
    if reply == NOT_SURE and value in ("no", "none") and stated[value] == 1:
        return _generic(context, reply)  # "no, not sure"
    if reply == NO and context.question.id == "fever" and stated[value] == 1 and value == "yes":
        return None  # "no, im cold because the window is open"
    if reply == NO and value not in ("no", "none", "not_sure"):
        return Answer(value, FAIR)
    return Answer(value, CLEAR)


def chosen(question: str, stated: dict[str, int]) -> str | None:
    """One value of those stated: the worst in the question's order, else the longest phrase."""
    if len(stated) == 1:
        return next(iter(stated))
    for value in WORST.get(question, ()):
        if value in stated:
            return value
    longest = max(stated.values())
    best = [value for value, words in stated.items() if words == longest]
    return best[0] if len(best) == 1 else None


def from_dangers(question: str, heard: Heard) -> list[str]:
    """The values that dangers heard for certain say."""
    by_danger = FROM_DANGER.get(question, {})
    return [value for danger, value in by_danger.items() if danger in heard.dangers]


def by_label(context: Context) -> str | None:
    """The one option whose label holds all the words of the text, none of them a denial."""
    words = {context.words[i] for i in context.content()}
    if not words or any(context.heard.scopes.cue_at(i) == "negation" for i in context.content()):
        return None
    found = [
        option.value
        for option in context.question.options
        if words.issubset(label_words(context.labels.get(option.value, "")))
    ]
    return found[0] if len(found) == 1 else None


def _on_scale(context: Context) -> Answer | None:
    """A lone number that is no option but says it on a scale: pain of ten, fever in degrees."""
    scales = SCALES.get(context.question.id, ())
    if not scales:
        return None
    lexicons, words, symbols = context.lexicons, context.words, context.heard.symbols
    beside = lexicons.unit("half") | lexicons.unit("hedge")
    content = [at for at in context.content() if words[at] not in beside]
    number = lexicons.number(symbols[content[0]]) if content else None
    if context.question.id == "fever":
        number = _degrees(context)
    elif content[1:]:
        number = _of_ten(context)
    for low, high, value in scales:
        if number is not None and low <= number <= high:
            return Answer(value, FAIR)
    return None


def _only_warm(context: Context, stated: dict[str, int]) -> bool:
    """Whether she says no more than hot or warm, beside a temperature: "hot, but it is 36.6"."""
    own = context.lexicons.languages.get(context.language)
    chill = own.units.get("chill") if own else None
    warm = stated.keys() <= {"yes", "no", "not_sure"}
    return warm and chill is not None and chill.isdisjoint(context.words)


def fever_alone(context: Context, stated: dict[str, int]) -> bool:
    """Whether she names a fever or a smell, and nothing of how ill she is: "38,6 this morning"."""
    degrees = _degrees(context)
    if degrees is not None and any(low <= degrees <= high for low, high in VERY_HIGH):
        return False
    return "very_ill" not in stated and ("yes" in stated or degrees is not None)


def _a_mark(context: Context) -> bool:
    """Whether a number is a mark out of ten and no option: "a 3", "un 3"."""
    words, one = context.words, context.lexicons.unit("one")
    return context.question.id == "pain" and any(
        word in one and words[at + 1][0].isdecimal() for at, word in enumerate(words[:-1])
    )


def _of_ten(context: Context) -> float | None:
    """The one number told out of ten: 8/10, 3 out of 10, 7 sur 10."""
    words, number = context.words, context.lexicons.number
    symbols = context.heard.symbols
    found: set[float] = set()
    for at in range(2, len(words)):
        if number(symbols[at]) != max(_TEN) or len(symbols[at]) == 1:
            continue
        link = context.lexicons.unit("of_ten")
        first = at - 2 if words[at - 2] not in link else at - 3
        told = number(symbols[first]) if first >= 0 and words[at - 1] in link else None
        if told is not None and told in _TEN:
            found.add(told)
    return found.pop() if len(found) == 1 else None


def _degrees(context: Context) -> float | None:
    """The one temperature of a text: "36.7 just now", "38,5", "38 5", "38 et demi"."""
    lexicons, breaks = context.lexicons, context.heard.tokens.breaks
    numbers = [lexicons.number(symbols) for symbols in context.heard.symbols]
    if not any(number is not None and LOWEST <= number <= HIGHEST for number in numbers):
        return None
    counted = frozenset[str]().union(*(hers(context, name) for name in _COUNTED))
    found: set[float] = set()
    for at, number in enumerate(numbers):
        if number is None or not LOWEST <= number <= HIGHEST:
            continue
        tenths = numbers[at + 1] if at + 1 < len(numbers) and breaks[at + 1] <= SOFT else None
        if tenths is None and not lexicons.unit("half").isdisjoint(context.words[at + 1 : at + 3]):
            tenths = 5
        if at + 1 >= len(numbers) or context.words[at + 1] not in counted:
            found.add(number + tenths / 10 if tenths is not None and tenths < 10 else number)  # noqa: PLR2004
    return found.pop() if len(found) == 1 else None


def _feverish(context: Context) -> bool:
    """Whether one of several temperatures is a fever: "99 no, 100.8"."""
    if context.question.id != "fever" or _degrees(context) is not None:
        return False
    numbers = map(context.lexicons.number, context.heard.symbols)
    fever = [span for *span, value in SCALES["fever"] if value == "yes"]
    return any(low <= n <= high for n in numbers if n is not None for low, high in fever)


def _generic(context: Context, reply: str) -> Answer | None:
    values = context.question.values
    if reply == NO and "no" not in values and "none" in values:
        return Answer("none", LIKELY)
    return Answer(reply, CLEAR) if reply in values else None

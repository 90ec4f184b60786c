"""How far along she is: weeks and days, months, trimesters, last period, due date, unknown."""

from __future__ import annotations

from hotline.flow.answers.context import CLEAR, FAIR, SURE, Answer, Context, said
from hotline.flow.answers.counted import number_before, ordinal_before
from hotline.flow.answers.dates import (
    from_due,
    from_last_period,
    from_trimester,
    hers,
    names_a_day,
    since_scan,
)
from hotline.flow.answers.digits import TENS, only_number
from hotline.flow.answers.meant import elsewhere, meant, not_yet, numbers_told, turning
from hotline.flow.answers.polarity import NO, NOT_SURE, polarity
from hotline.flow.tokens import HARD

_THEN = frozenset(("at", "until", "till"))
"""She was so far when something happened: weeks told otherwise count before them."""
_SHE_IS = frozenset(("im", "am", "m", "now", "currently", "is", "shes", "suis", "estoy"))
UNKNOWN, NO_TEST = "unknown", "no_test"
UNKNOWN_KEY, NO_TEST_KEY = 0, 99
LONGEST = 44
FEWEST = 4
"""Fewer are no weeks told so."""
_NOES = frozenset(("no", "not", "non"))
BEYOND_MONTHS = 10
"""From this number on "estoy de 12" can only be weeks."""
WEEKS_IN_MONTHS = (0, 4, 8, 13, 17, 21, 26, 30, 34, 39, 40)


def read(context: Context) -> Answer | None:
    """Completed weeks, "unknown" or "no_test"; None for what no pregnancy can be."""
    number = only_number(context)
    if number in TENS:
        number = max(value for _, value in numbers_told(context))  # trente et une
    dated = names_a_day(context)
    if number is not None and not dated:
        if number == UNKNOWN_KEY:
            return Answer(UNKNOWN, SURE)
        if number == NO_TEST_KEY:
            return Answer(NO_TEST, SURE)
        return Answer(number, SURE) if 0 < number <= LONGEST else None
    stated = said(context.heard, "weeks", open_now=True)
    late = not context.lexicons.unit("late").isdisjoint(context.words)
    weeks = None if late and NO_TEST in stated else told(context)
    if weeks is None and not dated:
        weeks = _bare(context)
    if weeks is not None:
        return Answer(weeks, CLEAR)
    if NO_TEST in stated:
        return Answer(NO_TEST, CLEAR)
    if UNKNOWN in stated or polarity(context) in (NOT_SURE, NO):
        return None if numbers_told(context) else Answer(UNKNOWN, FAIR)
    return None


def told(context: Context) -> int | None:
    """Weeks that a text tells in full, with their unit, so that they count at any time."""
    if context.lexicons.times.isdisjoint(context.words):
        return None
    for way in (from_due, from_last_period, _weeks, _months, from_trimester, _without_unit):
        weeks = way(context)
        if weeks is not None:
            return weeks if 0 <= weeks <= LONGEST else None
    return None


def _weeks(context: Context) -> int | None:
    """12 weeks, 12w3d, 12+3 weeks, 12 or 13 weeks (the higher), nearly 12 weeks (11)."""
    words, week = context.words, context.lexicons.unit("week")
    found, then = _with_days(context)
    own: list[int] = []
    if week.isdisjoint(words):
        return max(found or then) if found or then else None
    for at, word in enumerate(words):
        if word not in week or at == 0:
            continue
        read = number_before(context, at)
        if read is None:
            continue
        start, weeks = read
        if elsewhere(context, start, at) or not meant(context, start):
            continue
        if not_yet(context, start, at):
            weeks -= 1
        (then if words[start - 1] in _THEN and start else found).append(weeks)
        if start and words[start - 1] in context.lexicons.unit("im"):
            own.append(weeks)
    if own:
        return max(own)  # "im 16 weeks, my sister is 30 weeks"
    now = not _SHE_IS.isdisjoint(words)
    since = 0 if now or len(found) != 1 else since_scan(context)
    return max(found or then) + since if found or then else None


def _with_days(context: Context) -> tuple[list[int], list[int]]:
    """The weeks of "9+1", which need no unit: those of now, and those at which something was."""
    words, number = context.words, context.lexicons.number
    found: list[int] = []
    then: list[int] = []
    for at in range(1, len(words) - 1):
        if words[at] != "+" or not (words[at - 1].isdecimal() and words[at + 1].isdecimal()):
            continue
        weeks, days = (number(context.heard.symbols[i]) for i in (at - 1, at + 1))
        if weeks is None or days is None or not 4 <= weeks <= LONGEST or days >= 7:  # noqa: PLR2004
            continue
        ahead = not hers(context, "tomorrow").isdisjoint(words[at + 2 : at + 3]) and days == 0
        before = words[at - 2] if at > 1 else ""
        if before in _THEN:
            then.append(int(weeks))
        elif not ahead and meant(context, at - 1):
            found.append(int(weeks))
    return found, then


def _without_unit(context: Context) -> int | None:
    """The weeks of "estoy de 13", too many for months, and of "voy por la 12", "ahora en la 10"."""
    words, number, unit = context.words, context.lexicons.number, context.lexicons.unit
    breaks, am = context.heard.tokens.breaks, unit("am_weeks")
    nth: int | None = None  # "semana 15", where nothing says which week is now
    for at in range(2, len(words)):
        weeks = number(context.heard.symbols[at])
        if weeks is None or not FEWEST <= weeks <= LONGEST:
            continue
        clear = weeks >= BEYOND_MONTHS and (at + 1 == len(words) or breaks[at + 1])
        if clear and words[at - 1] in unit("at_weeks") and words[at - 2] in am:
            return int(weeks)
        if words[at - 1] in unit("nth_week") and number(context.heard.symbols[at - 2]) is None:
            nth = next((value for i, value in numbers_told(context) if i >= at), int(weeks))
        within = words[at - 1] in unit("the_week") and words[at - 2] in unit("in_week")
        if within and at > 2 and words[at - 3] in am | unit("now_week"):  # noqa: PLR2004
            return int(weeks)
    return nth


def _belly_of(context: Context, at: int) -> bool:
    """Whether months are those of her belly: "teen mahine ka pet hai", but no "ka pet dard"."""
    units = map(context.lexicons.unit, ("of_womb", "womb", "is_so"))
    words = context.words[at : at + 3]
    return len(words) == 3 and all(w in unit for w, unit in zip(words, units, strict=True))  # noqa: PLR2004


def _months(context: Context) -> int | None:
    words, unit = context.words, context.lexicons.unit
    month = unit("month")
    if month.isdisjoint(words):
        return None
    for at, word in enumerate(words):
        if word in month and at:
            read = number_before(context, at) or ordinal_before(context, at)
            if read is None or elsewhere(context, read[0], at):
                continue
            open_now = context.question.id == "weeks"
            near = words[max(0, read[0] - 4) : at + 4]
            at_them = words[max(0, read[0] - 2) : read[0]]  # je suis à 3 mois
            told_so = len(at_them) == 2 and at_them[0] in unit("am") and at_them[1] in unit("at")  # noqa: PLR2004
            after = words[at + 1 : at + 3]  # main paanch mahine ki hu
            told_so |= len(after) == 2 and after[0] in unit("of") and after[1] in unit("am")  # noqa: PLR2004
            told_so |= _belly_of(context, at + 1)
            bears = not unit("bears").isdisjoint(at_them[:1])  # bahu ko chaar mahine hue hain
            told_so |= bears and not unit("been").isdisjoint(after[:1])
            of_them = [
                word in names
                for word, names in zip(at_them, (unit("am_weeks"), unit("at_weeks")), strict=False)
            ]
            told_so |= len(of_them) == 2 and all(of_them)  # noqa: PLR2004 - estoy de tres meses
            told_so |= at_them[-1:] == ["tengo"] and after[:1] in ([], ["y"], ["ya"], ["pero"])
            if not (open_now or told_so) and unit("pregnant").isdisjoint(near):
                continue
            months = read[1]
            if 0 < months < len(WEEKS_IN_MONTHS):
                return WEEKS_IN_MONTHS[months]
    return None


def _bare(context: Context) -> int | None:
    """With the question open: 12+3, 12 or 13, about 12, nearly 12."""
    numbers = numbers_told(context)
    now = [one for one in numbers if not context.heard.scopes.past_at(one[0])]
    numbers = now or numbers
    words, unit = context.words, context.lexicons.unit
    lead = _leading(context, numbers)
    if lead is not None:
        return lead
    if not numbers or not hers(context, "year").isdisjoint(words):
        return None
    left = _left(context, numbers)
    if left is not None:
        return left
    today = hers(context, "by_now")
    present = [one for one in numbers if one[0] and words[one[0] - 1] in today]
    present = present or [one for one in numbers if not turning(context, one[0])]
    turned = 0 < len(present) < len(numbers)
    numbers = present or numbers
    first_at, first = numbers[0]
    if words[first_at + 1 : first_at + 2] and words[first_at + 1] in (
        unit("hour") | unit("counted")
    ):
        return None
    if len(numbers) == 1:
        weeks = first if first > 1 or words[first_at][0].isdecimal() else -1  # une fille: no number
    elif len(numbers) == 2:  # noqa: PLR2004 - weeks and days, or two guesses
        second_at, second = numbers[1]
        between = words[first_at + 1 : second_at]
        if "/" in between:
            weeks = first if second == 40 else -1  # noqa: PLR2004 - 12/40, as notes have it
        elif "+" in between or any(word in unit("day") for word in words[second_at:]):
            weeks = first if second < 7 else -1  # noqa: PLR2004 - days of a week
        elif second_at - first_at <= 3:  # noqa: PLR2004
            weeks = max(first, second) if abs(first - second) <= 4 else -1  # noqa: PLR2004
        else:
            weeks = -1
    else:
        weeks = -1
    if not turned and not_yet(context, first_at, first_at + 1):
        weeks -= 1
    breaks = context.heard.tokens.breaks
    ends = [i for i in range(first_at + 1, len(words)) if breaks[i] == HARD]
    near = [i for i in context.content() if i < (ends[0] if ends else len(words))]
    sure = len(near) <= 6 or "+" in words[first_at : first_at + 2]  # noqa: PLR2004
    sure |= turned or not (unit("corrects") | unit("thought")).isdisjoint(words[:first_at])
    return weeks if 0 < weeks <= LONGEST and sure else None


def _left(context: Context, numbers: list[tuple[int, int]]) -> int | None:
    """The weeks of "two days are left until 12 weeks": 11; only with the unit `lacking`."""
    words, unit = context.words, context.lexicons.unit
    if len(numbers) != 2 or unit("lacking").isdisjoint(words[: numbers[0][0]]):  # noqa: PLR2004
        return None
    (first_at, _), (second_at, weeks) = numbers
    days = words[first_at + 1 : first_at + 2]
    ahead = bool(days) and days[0] in unit("day") and second_at > first_at + 1
    return weeks - 1 if ahead and FEWEST < weeks <= LONGEST else None


def _leading(context: Context, numbers: list[tuple[int, int]]) -> int | None:
    """The number that begins a text and stands alone: "5, the doctor has not seen me yet".

    Only where no other number may be meant: "12, maybe 13".
    """
    words, breaks = context.words, context.heard.tokens.breaks
    content = context.content()
    if not numbers or not content or numbers[0][0] > content[0] + 2:
        return None
    at, weeks = numbers[0]
    days = [end for end in range(at + 1, at + 4) if words[end : end + 1] and breaks[end] == 0]
    ends = [i for i in days if words[i] in context.lexicons.unit("day")]
    end = (ends[0] if ends else at) + 1
    alone = context.lexicons.number(context.heard.symbols[content[0]]) is not None
    others = [one for i, one in numbers if i >= end]
    apart = end < len(words) and (breaks[end] or words[end] in context.lexicons.unit("says"))
    if not (alone and apart) or words[end] in _NOES:
        return None
    near = any(abs(weeks - one) <= 4 for one in others)  # noqa: PLR2004 - 12, or 13
    return weeks if FEWEST <= weeks <= LONGEST and not near and not turning(context, at) else None

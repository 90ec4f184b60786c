"""Weeks from a date: the first day of the last period, or the day the baby is due."""

from __future__ import annotations

from datetime import date, timedelta

from hotline.flow.answers.context import Context

TERM_DAYS = 280
LONGEST_DAYS = 44 * 7 + 6
LAST_DAY = 31
FEASTS = {
    "christmas": (25, 12),
    "xmas": (25, 12),
    "navidad": (25, 12),
    "noel": (25, 12),
    "valentines": (14, 2),
    "valentine": (14, 2),
}
"""Feasts on a fixed day (day, month), by which people tell when a baby is due."""
TRIMESTERS = {"first": 13, "second": 20, "third": 28}
"""The most cautious band a trimester reaches into: 13 (not 6), 20 and later, 28."""
LATE_BASE = 4
"""Weeks at the day a period is missed."""


def from_due(context: Context) -> int | None:
    """Weeks from "due 5 june", "due in 10 weeks", "due tomorrow"."""
    words, unit = context.words, context.lexicons.unit
    if not unit("period").isdisjoint(words):
        return None
    if "overdue" in words:
        return _weeks_of(TERM_DAYS + (_spell(context, 0) or 1))
    at = _first(words, unit("due"))
    if at is None:
        return None
    if weekday_ahead(context, at, at):
        return _weeks_of(TERM_DAYS - 7)
    feast = not FEASTS.keys().isdisjoint(words)
    start = at if unit("lacking").isdisjoint(words[:at]) else 0  # "two weeks are left until"
    spell = None if feast else _spell(context, start)
    if spell is not None:
        return _weeks_of(TERM_DAYS - spell)
    for name, days in (("overdue", -1), ("today", 0), ("tomorrow", 1)):
        if not feast and not unit(name).isdisjoint(words):
            return _weeks_of(TERM_DAYS - days)
    plausible = []
    for day in [FEASTS[word] for word in words if word in FEASTS] or _dates(context, at):
        for year in (context.today.year, context.today.year + 1):
            due = _date(year, day[1], day[0])
            if due is None:
                continue
            gone = TERM_DAYS - (due - context.today).days
            if 14 <= gone <= LONGEST_DAYS:  # noqa: PLR2004 - two weeks is the day of conception
                plausible.append(gone)
    return _weeks_of(plausible[0]) if len(set(plausible)) == 1 else None


def from_last_period(context: Context) -> int | None:
    """Weeks from "last period was 1 sept", "lmp 1/9", "period 2 months ago", "2 weeks late"."""
    words, unit = context.words, context.lexicons.unit
    at = _first(words, unit("period"))
    if at is None and not context.lexicons.months.keys().isdisjoint(words):
        at = _first(words, unit("courses"))  # "10 october ko aakhri mahina aaya"
    if at is None:
        return None
    spell = _spell(context, 0)
    if spell is not None and not unit("late").isdisjoint(words):
        return LATE_BASE + spell // 7
    if unit("last").isdisjoint(words) and not names_a_day(context):
        return None
    if spell is not None and not unit("ago").isdisjoint(words):
        return _weeks_of(spell)
    if not unit("yesterday").isdisjoint(words):
        return 0
    plausible = []
    for day in _dates(context, 0):
        for year in (context.today.year, context.today.year - 1):
            first = _date(year, day[1], day[0])
            if first is not None and 0 <= (context.today - first).days <= LONGEST_DAYS:
                plausible.append((context.today - first).days)
    return _weeks_of(plausible[0]) if len(set(plausible)) == 1 else None


def names_a_day(context: Context) -> bool:
    """Whether a number stands beside a month: "25 september", "le 3 octobre", "sept 25"."""
    words, months = context.words, context.lexicons.months
    for at, word in enumerate(words):
        if word not in months or words[at + 1 : at + 2] == ["be"]:  # 12, may be 13
            continue
        beside = (i for i in (at - 1, at - 2, at + 1) if 0 <= i < len(words))
        numbers = (context.lexicons.number(context.heard.symbols[i]) for i in beside)
        if any(number is not None and 1 <= number <= LAST_DAY for number in numbers):
            return True
    return False


def since_scan(context: Context) -> int:
    """Whole weeks since a scan that told the weeks: "scan 2 weeks ago said 9 weeks"."""
    words, unit = context.words, context.lexicons.unit
    if unit("scanned").isdisjoint(words):
        return 0
    for at in range(1, len(words) - 1):
        number = context.lexicons.number(context.heard.symbols[at - 1])
        if number is not None and words[at + 1] in unit("ago"):
            days = 7 if words[at] in unit("week") else 1 if words[at] in unit("day") else 0
            return int(number * days) // 7
    return 0


def from_trimester(context: Context) -> int | None:
    """Weeks from "second trimester", "3rd tri"."""
    words, unit = context.words, context.lexicons.unit
    trimester = unit("trimester")
    if trimester.isdisjoint(words):
        return None
    for at, word in enumerate(words):
        if word in trimester:
            near = words[max(0, at - 3) : at + 3]
            for name in ("third", "second", "first"):
                number = str(("first", "second", "third").index(name) + 1)
                if any(one in unit(name) or one == number for one in near):
                    return TRIMESTERS[name]
    return None


def hers(context: Context, name: str) -> frozenset[str]:
    """The words for a unit in a text of her language."""
    return context.lexicons.unit_in(name, context.language)


def weekday_ahead(context: Context, start: int, end: int) -> bool:
    """Whether a day of the coming week follows ("12 weeks on friday"), and not one gone by."""
    words, unit = context.words, context.lexicons.unit
    if hers(context, "coming_days").isdisjoint(words[end : end + 4]):
        return False
    return unit("bygone").isdisjoint((*words[max(0, start - 3) : start], *words[end : end + 6]))


def _spell(context: Context, start: int) -> int | None:
    """Days of the first "N days/weeks/months" from a word on."""
    unit, symbols = context.lexicons.unit, context.heard.symbols
    one = unit("one")
    for at in range(start, len(context.words) - 1):
        if len(symbols[at]) == 1 and context.words[at] not in one:
            continue
        number = context.lexicons.number(symbols[at])
        if number is None:
            number = 1.0
        following = context.words[at + 1]
        for name, days in (("day", 1.0), ("week", 7.0), ("month", 30.4)):
            if following in unit(name):
                return int(number * days)
    return None


def _dates(context: Context, start: int) -> list[tuple[int, int]]:
    """All readings (day, month) of the first date: 5 june, june 5th, 2026-06-05, 5/6.

    Only English writes both day/month and month/day, so only there 5/6 has two readings.
    """
    words, months = context.words, context.lexicons.months
    number = context.lexicons.number
    for at in range(start, len(words)):
        if words[at] in months:
            month = months[words[at]]
            for near in (at - 1, at - 2, at + 1, at + 2, at - 3):
                if 0 <= near < len(words):
                    day = number(context.heard.symbols[near])
                    if day is not None and 1 <= day <= LAST_DAY:
                        return [(int(day), month)]
            return [(1, month)] if words[at] not in ("may", "mar", "dec") else []
        first = number(context.heard.symbols[at])
        if first is None or at + 1 >= len(words):
            continue
        step = 2 if words[at + 1] == "/" else 1
        if at + step < len(words):
            second = number(context.heard.symbols[at + step])
            split = step == 2 or context.heard.tokens.breaks[at + 1]  # noqa: PLR2004
            if second is not None and split and first > LAST_DAY:
                third = number(context.heard.symbols[min(at + 2 * step, len(words) - 1)])
                return [(int(third), int(second))] if third is not None else []
            if second is not None and split and context.language != "en":
                return [(int(first), int(second))]
            if second is not None and split:
                return [(int(first), int(second)), (int(second), int(first))]
        joined = words[at].partition(".")
        if joined[2] and not joined[2].startswith("0" * len(joined[2])):
            return [(int(joined[0]), int(joined[2]))]
    return []


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):  # 31 February; a month of fourteen digits
        return None


def _weeks_of(days: int) -> int:
    return max(0, timedelta(days=days).days // 7)


def _first(words: list[str], wanted: frozenset[str]) -> int | None:
    if wanted.isdisjoint(words):
        return None
    return next(at for at, word in enumerate(words) if word in wanted)

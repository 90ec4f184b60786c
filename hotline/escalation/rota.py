"""Who is on call: people, weekly hours in a time zone, overrides, holidays; pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Self

from pydantic import ConfigDict

from hotline.escalation.wall_clock import closing, local, opening

_DAY = timedelta(days=1)
_STRICT = ConfigDict(extra="forbid")
"""A file or form that names something unknown is refused, not half understood."""


class Day(StrEnum):
    """The days hours can hold on; a public holiday is a day of its own, whatever its weekday."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"
    HOLIDAY = "holiday"


_WEEK = (Day.MON, Day.TUE, Day.WED, Day.THU, Day.FRI, Day.SAT, Day.SUN)


class Role(StrEnum):
    """What a person on the rota is."""

    NURSE = "nurse"
    MIDWIFE = "midwife"
    DOCTOR = "doctor"
    LEAD = "lead"


class Change(StrEnum):
    """What an override does: puts a person on duty, or takes them off."""

    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly hours: on these days from `start` to `end` on the wall clock of `zone`.

    `end` at or before `start` means the next day; equal means a whole day. The day on which the
    hours start decides which day they belong to. `tier` 1 is told first.
    """

    __pydantic_config__ = _STRICT

    days: frozenset[Day]
    start: time
    end: time
    zone: str
    tier: int = 1


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can be on call. `phone` in E.164; `languages` as ISO 639-1 codes."""

    __pydantic_config__ = _STRICT

    id: str
    name: str
    phone: str
    roles: frozenset[Role] = frozenset()
    languages: tuple[str, ...] = ()
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """From `start` to `end` (aware) a person is on (at `tier`) or off, whatever the week says."""

    __pydantic_config__ = _STRICT

    person: str
    change: Change
    start: datetime
    end: datetime
    tier: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday: on this local date only hours that name `holiday` hold."""

    __pydantic_config__ = _STRICT

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Rota:
    """The whole plan. `last_resort` are the ids of those who are told when nobody is on call."""

    people: tuple[Person, ...] = ()
    overrides: tuple[Override, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    last_resort: tuple[str, ...] = ()

    def person(self, person_id: str) -> Person | None:
        """The person with this id, None when the rota has none."""
        return next((p for p in self.people if p.id == person_id), None)


@dataclass(frozen=True, slots=True)
class Duty:
    """One person on duty, and in which tier."""

    person: Person
    tier: int


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call at a moment: by tier, then in the rota's order. No duties: a gap."""

    at: datetime
    duties: tuple[Duty, ...]
    last_resort: tuple[Person, ...] = ()

    @property
    def gap(self) -> bool:
        """True when nobody is on call."""
        return not self.duties

    def tier(self, number: int) -> tuple[Person, ...]:
        """The people of one tier."""
        return tuple(duty.person for duty in self.duties if duty.tier == number)

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody on call, tier by tier."""
        return tuple(duty.person for duty in self.duties)

    def for_language(self, language: str) -> Self:
        """The same people; within a tier those who speak `language` come first."""
        ordered = sorted(
            self.duties, key=lambda duty: (duty.tier, language not in duty.person.languages)
        )
        return replace(self, duties=tuple(ordered))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time (UTC, end exclusive) in which the same people are on call."""

    start: datetime
    end: datetime
    duties: tuple[Duty, ...]

    @property
    def gap(self) -> bool:
        """True when nobody is on call in it."""
        return not self.duties


@dataclass(frozen=True, slots=True)
class _Turn:
    """One person's unbroken time on duty."""

    person: Person
    tier: int
    start: datetime
    end: datetime


def on_call(rota: Rota, now: datetime) -> OnCall:
    """Who is on call at `now` (aware), ordered by tier; an empty answer is an explicit gap."""
    turns = tuple(_turns(rota, now, now + timedelta(microseconds=1)))
    resort = tuple(p for p in map(rota.person, rota.last_resort) if p is not None)
    return OnCall(at=now, duties=_duties(rota, turns, now), last_resort=resort)


def spans(rota: Rota, start: datetime, days: int) -> tuple[Span, ...]:
    """The time from `start` over `days` times 24 hours, cut wherever the people change."""
    first, last = start.astimezone(UTC), start.astimezone(UTC) + days * _DAY
    turns = tuple(_turns(rota, first, last))
    edges = {first, last}
    for turn in turns:
        edges.update(edge for edge in (turn.start, turn.end) if first < edge < last)
    for override in rota.overrides:
        edges.update(
            edge.astimezone(UTC) for edge in (override.start, override.end) if first < edge < last
        )
    found: list[Span] = []
    ordered = sorted(edges)
    for begin, end in pairwise(ordered):
        duties = _duties(rota, turns, begin)
        if found and found[-1].duties == duties:
            found[-1] = Span(found[-1].start, end, duties)
        else:
            found.append(Span(begin, end, duties))
    return tuple(found)


def gaps(rota: Rota, start: datetime, days: int) -> tuple[Span, ...]:
    """The stretches from `start` over `days` days in which nobody is on call."""
    return tuple(span for span in spans(rota, start, days) if span.gap)


def _duties(rota: Rota, turns: tuple[_Turn, ...], at: datetime) -> tuple[Duty, ...]:
    """Who is on at `at`: each person once, in the lowest tier they hold; off beats on."""
    off = {o.person for o in rota.overrides if o.change is Change.OFF and o.start <= at < o.end}
    tiers: dict[str, Duty] = {}
    for turn in turns:
        known = tiers.get(turn.person.id)
        if turn.start <= at < turn.end and (known is None or turn.tier < known.tier):
            tiers[turn.person.id] = Duty(turn.person, turn.tier)
    order = {person.id: place for place, person in enumerate(rota.people)}
    present = (duty for person_id, duty in tiers.items() if person_id not in off)
    return tuple(sorted(present, key=lambda duty: (duty.tier, order[duty.person.id])))


def _turns(rota: Rota, start: datetime, end: datetime) -> Iterator[_Turn]:
    """All turns that touch [start, end), from the week and from overrides."""
    holidays = frozenset(holiday.day for holiday in rota.holidays)
    for person in rota.people:
        for hours in person.hours:
            for turn in _weekly(person, hours, holidays, start, end):
                if turn.start < end and start < turn.end:
                    yield turn
    for override in rota.overrides:
        who = rota.person(override.person)
        if who is None or override.change is Change.OFF:
            continue
        if override.start < end and start < override.end:
            yield _Turn(
                who, override.tier, override.start.astimezone(UTC), override.end.astimezone(UTC)
            )


def _weekly(
    person: Person, hours: Hours, holidays: frozenset[date], start: datetime, end: datetime
) -> Iterator[_Turn]:
    """A person's turns by the week; two days early because a turn can begin the day before."""
    day = local(start, hours.zone).date() - 2 * _DAY
    last = local(end, hours.zone).date() + _DAY
    while day <= last:
        kind = Day.HOLIDAY if day in holidays else _WEEK[day.weekday()]
        if kind in hours.days:
            until = day if hours.end > hours.start else day + _DAY
            yield _Turn(
                person,
                hours.tier,
                opening(day, hours.start, hours.zone),
                closing(until, hours.end, hours.zone),
            )
        day += _DAY

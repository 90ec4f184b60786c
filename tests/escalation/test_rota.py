"""The rota over two years of real clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.escalation.rota import (
    Change,
    Day,
    Holiday,
    Hours,
    Override,
    Person,
    Rota,
    gaps,
    on_call,
    spans,
)
from hotline.escalation.wall_clock import closing, opening

ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata")
WEEK = frozenset(set(Day) - {Day.HOLIDAY})
START = datetime(2026, 1, 1, tzinfo=UTC)
TWO_YEARS = 2 * 365 * 24 * 60

zones = st.sampled_from(ZONES)
minutes = st.integers(0, TWO_YEARS - 1).map(lambda m: START + timedelta(minutes=m))
# Half of the drawn moments lie within a day of a clock change.
CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2027, 3, 28, 1, tzinfo=UTC),
    datetime(2027, 10, 31, 1, tzinfo=UTC),
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2027, 3, 14, 7, tzinfo=UTC),
    datetime(2027, 11, 7, 6, tzinfo=UTC),
]
near_change = st.builds(
    lambda change, m: change + timedelta(minutes=m),
    st.sampled_from(CHANGES),
    st.integers(-1440, 1440),
)
moments = minutes | near_change
clock = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))


def person(name, *hours):
    return Person(id=name, name=name.title(), phone="+441632960001", hours=hours)


def split_week(zone, edges):
    """People whose hours together fill every day: each from one edge to the next."""
    ordered = sorted(set(edges))
    pairs = list(zip(ordered, ordered[1:] + ordered[:1], strict=True))
    return Rota(
        people=tuple(
            person(f"p{i}", Hours(frozenset(Day), start, end, zone))
            for i, (start, end) in enumerate(pairs)
        )
    )


@given(zones, st.lists(clock, min_size=1, max_size=5), moments)
@settings(max_examples=400, deadline=None)
def test_shifts_that_fill_the_day_leave_nobody_uncovered_on_any_day_of_two_years(zone, edges, now):
    assert not on_call(split_week(zone, edges), now).gap


@pytest.mark.parametrize("zone", ZONES)
def test_shifts_that_fill_the_day_have_no_gap_in_two_years(zone):
    rota = split_week(zone, [time(1, 30), time(8), time(20)])
    assert gaps(rota, START, 730) == ()


@given(zones, st.frozensets(st.sampled_from(sorted(WEEK)), min_size=1), clock, clock, moments)
@settings(max_examples=600, deadline=None)
def test_wall_clock_hours_hold_on_both_sides_of_every_clock_change(zone, days, start, end, now):
    rota = Rota(people=(person("ann", Hours(days, start, end, zone)),))
    here = now.astimezone(ZoneInfo(zone))
    on_wall = covered_by_wall_clock(here, days, start, end)
    on_duty = not on_call(rota, now).gap
    if not repeated(here):
        assert on_duty == on_wall or within_stretched_hour(here, end)
    elif on_wall:
        assert on_duty, "the repeated hour may add somebody and never takes them away"


def covered_by_wall_clock(here, days, start, end):
    order = [Day.MON, Day.TUE, Day.WED, Day.THU, Day.FRI, Day.SAT, Day.SUN]
    today, yesterday = order[here.weekday()], order[here.weekday() - 1]
    at = here.time()
    if start < end:
        return today in days and start <= at < end
    return (today in days and at >= start) or (yesterday in days and at < end)


def repeated(here):
    """True in an hour that the wall clock shows twice."""
    other = here.replace(fold=1 - here.fold)
    return other.utcoffset() != here.utcoffset()


def within_stretched_hour(here, end):
    """Between two showings of a closing time the shift goes on; the wall clock may be past it."""
    naive = here.replace(tzinfo=None, hour=end.hour, minute=end.minute)
    first = naive.replace(tzinfo=here.tzinfo, fold=0)
    last = naive.replace(tzinfo=here.tzinfo, fold=1)
    return first.utcoffset() != last.utcoffset()


@given(zones, st.lists(st.tuples(clock, clock), max_size=3), minutes)
@settings(max_examples=60, deadline=None)
def test_every_moment_is_somebody_or_an_explicit_gap_and_spans_agree_with_on_call(zone, pairs, now):
    rota = Rota(
        people=tuple(
            person(f"p{i}", Hours(WEEK, start, end, zone)) for i, (start, end) in enumerate(pairs)
        )
    )
    cut = spans(rota, now, 3)
    assert cut[0].start == now
    assert cut[-1].end == now + timedelta(days=3)
    for span, following in pairwise(cut):
        assert span.end == following.start
        assert span.duties != following.duties
    for span in cut:
        for at in (span.start, span.start + (span.end - span.start) / 2):
            assert on_call(rota, at).duties == span.duties
            assert on_call(rota, at).gap == span.gap


def test_a_shift_that_begins_in_the_hour_that_does_not_exist_begins_at_the_jump():
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert opening(date(2026, 3, 29), time(1, 30), "Europe/London") == jump
    assert closing(date(2026, 3, 29), time(1, 30), "Europe/London") == jump


def test_the_hour_that_happens_twice_belongs_to_both_shifts_that_meet_in_it():
    day = date(2026, 10, 25)
    assert opening(day, time(1, 30), "Europe/London") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert closing(day, time(1, 30), "Europe/London") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_night_shift_belongs_to_the_day_it_starts_on():
    rota = Rota(
        people=(person("ann", Hours(frozenset({Day.FRI}), time(22), time(6), "Asia/Kolkata")),)
    )
    saturday_5am = datetime(2026, 11, 28, 5, tzinfo=ZoneInfo("Asia/Kolkata"))
    assert not on_call(rota, saturday_5am).gap
    assert on_call(rota, saturday_5am + timedelta(hours=1)).gap
    assert on_call(rota, saturday_5am - timedelta(days=1)).gap


def test_on_a_public_holiday_only_hours_that_name_it_hold():
    london = ZoneInfo("Europe/London")
    rota = Rota(
        people=(
            person("ann", Hours(WEEK, time(8), time(8), "Europe/London")),
            person("bea", Hours(frozenset({Day.HOLIDAY}), time(9), time(17), "Europe/London")),
        ),
        holidays=(Holiday(date(2026, 12, 25), "Christmas"),),
    )
    ids = lambda at: [p.id for p in on_call(rota, at).people]  # noqa: E731
    assert ids(datetime(2026, 12, 25, 7, tzinfo=london)) == ["ann"]
    assert ids(datetime(2026, 12, 25, 8, 30, tzinfo=london)) == []
    assert ids(datetime(2026, 12, 25, 12, tzinfo=london)) == ["bea"]
    assert ids(datetime(2026, 12, 26, 9, tzinfo=london)) == ["ann"]


def test_an_override_takes_one_off_and_puts_another_on():
    always = Hours(WEEK, time(0), time(0), "Europe/London")
    begin = datetime(2026, 12, 1, 12, tzinfo=UTC)
    end = begin + timedelta(hours=4)
    rota = Rota(
        people=(person("ann", always), person("bea")),
        overrides=(
            Override("ann", Change.OFF, begin, end),
            Override("bea", Change.ON, begin, end, tier=2),
        ),
    )
    assert [d.person.id for d in on_call(rota, begin).duties] == ["bea"]
    assert [d.tier for d in on_call(rota, begin).duties] == [2]
    assert [p.id for p in on_call(rota, end).people] == ["ann"]
    cut = spans(rota, begin - timedelta(hours=1), 1)
    assert [[d.person.id for d in s.duties] for s in cut] == [["ann"], ["bea"], ["ann"]]


def test_a_gap_is_named_with_its_start_and_end():
    rota = Rota(people=(person("ann", Hours(WEEK, time(8), time(20), "America/New_York")),))
    start = datetime(2026, 3, 7, 12, tzinfo=ZoneInfo("America/New_York"))
    (first, second, *_) = gaps(rota, start, 3)
    new_york = ZoneInfo("America/New_York")
    assert first.start == datetime(2026, 3, 7, 20, tzinfo=new_york)
    assert first.end == datetime(2026, 3, 8, 8, tzinfo=new_york)
    assert first.end - first.start == timedelta(hours=11), "the night of the jump is shorter"
    assert second.end - second.start == timedelta(hours=12)


def test_tiers_come_in_order_and_who_speaks_her_language_comes_first_in_a_tier():
    always = lambda tier: Hours(WEEK, time(0), time(0), "Europe/London", tier)  # noqa: E731
    rota = Rota(
        people=(
            person("lead", always(2)),
            person("ann", always(1)),
            Person("eva", "Eva", "+34600000001", languages=("es",), hours=(always(1),)),
        ),
        last_resort=("lead",),
    )
    now = datetime(2026, 12, 1, tzinfo=UTC)
    call = on_call(rota, now)
    assert [p.id for p in call.people] == ["ann", "eva", "lead"]
    assert [p.id for p in call.for_language("es").people] == ["eva", "ann", "lead"]
    assert [p.id for p in call.tier(2)] == ["lead"]
    assert [p.id for p in call.last_resort] == ["lead"]

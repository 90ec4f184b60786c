"""Check-ins: only with her yes, never in her night, and called off when things changed."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.escalation.followup import (
    CalledOff,
    Circumstances,
    Tone,
    Wish,
    called_off,
    plan_follow_up,
)
from hotline.escalation.policy import load_policies
from hotline.escalation.quiet import QuietHours, next_allowed, zones_of
from hotline.flow.levels import Level

POLICY = load_policies(Path(__file__).parents[2] / "flows" / "escalation.yaml").follow_up
NIGHT = QuietHours(time(21), time(8))
LONDON = ("Europe/London",)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CALM = Circumstances(
    agreed=True,
    planned=NOON,
    last_wrote=NOON,
    opted_out=False,
    staff_have_her=False,
    loss=False,
    tone=Tone.USUAL,
)


def test_without_her_yes_nothing_is_planned():
    assert plan_follow_up(Wish(agreed=False, level=Level.SOON, zones=LONDON), POLICY, NOON) is None


def test_with_her_yes_it_comes_at_the_time_of_her_level():
    plan = plan_follow_up(Wish(agreed=True, level=Level.SOON, zones=LONDON), POLICY, NOON)
    assert plan is not None
    assert plan.at == NOON + timedelta(hours=24)
    assert plan.saying == "follow_up"


def test_a_time_in_her_night_moves_to_eight_in_the_morning():
    evening = datetime(2026, 11, 22, 4, tzinfo=UTC)
    plan = plan_follow_up(Wish(agreed=True, level=Level.URGENT, zones=LONDON), POLICY, evening)
    assert plan is not None
    assert plan.at == datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_after_a_loss_the_tone_changes():
    plan = plan_follow_up(
        Wish(agreed=True, level=Level.SOON, zones=LONDON, loss=True), POLICY, NOON
    )
    assert plan is not None
    assert (plan.saying, plan.tone) == ("follow_up_gentle", Tone.LOSS)


def test_where_her_country_is_unknown_nothing_unasked_is_sent():
    assert zones_of("XX") == ()
    assert plan_follow_up(Wish(agreed=True, level=Level.SOON, zones=()), POLICY, NOON) is None


@given(
    st.sampled_from(["GB", "US", "IN", "CA", "AU", "FR", "ES", "MX", "IE", "BR"]),
    st.integers(0, 2 * 365 * 24 * 4),
)
@settings(max_examples=200, deadline=None)
def test_what_is_allowed_is_day_in_every_zone_of_her_country(country, quarters):
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarters)
    at = next_allowed(start, NIGHT, zones_of(country))
    assert at is not None
    assert start <= at <= start + timedelta(days=1)
    for zone in zones_of(country):
        assert time(8) <= at.astimezone(ZoneInfo(zone)).time() < time(21)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"agreed": False}, CalledOff.NO_CONSENT),
        ({"opted_out": True}, CalledOff.OPTED_OUT),
        ({"staff_have_her": True}, CalledOff.STAFF_HAVE_HER),
        ({"loss": True}, CalledOff.LOSS_REPORTED),
        ({"last_wrote": NOON + timedelta(minutes=1)}, CalledOff.SHE_WROTE),
        ({}, None),
        ({"loss": True, "tone": Tone.LOSS}, None),
    ],
)
def test_a_check_in_is_called_off_when_things_have_changed(change, why):
    assert called_off(replace(CALM, **change)) == why

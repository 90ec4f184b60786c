"""What silence brings, by risk."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.escalation.policy import load_policies
from hotline.escalation.silence import Risk, SilenceThing, Unfinished, risk_of, timers
from hotline.flow.levels import Level

POLICY = load_policies(Path(__file__).parents[2] / "flows" / "escalation.yaml").silence
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
CALM = Unfinished(finished=False, dangers=frozenset(), red_flag_open=False, level_so_far=None)


@pytest.mark.parametrize(
    ("change", "risk"),
    [
        ({}, Risk.LOW),
        ({"level_so_far": Level.SOON}, Risk.LOW),
        ({"level_so_far": Level.URGENT}, Risk.HIGH),
        ({"dangers": frozenset({"dizzy_faint"})}, Risk.HIGH),
        ({"red_flag_open": True}, Risk.HIGH),
    ],
)
def test_risk(change, risk):
    assert risk_of(replace(CALM, **change)) is risk


def test_a_half_answered_red_flag_gets_the_safety_net_after_five_minutes_and_then_staff():
    plan = timers(replace(CALM, red_flag_open=True), POLICY, NOW)
    assert plan[0].do is SilenceThing.SAFETY_NET
    assert plan[0].at == NOW + timedelta(minutes=5)
    assert plan[-1].do is SilenceThing.PAGE


def test_a_low_one_just_expires():
    assert [t.do for t in timers(CALM, POLICY, NOW)] == [SilenceThing.EXPIRE]


def test_nothing_once_finished_or_with_staff():
    risky = replace(CALM, red_flag_open=True)
    assert timers(replace(risky, finished=True), POLICY, NOW) == ()
    assert timers(replace(risky, staff_have_her=True), POLICY, NOW) == ()

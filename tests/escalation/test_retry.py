"""Trying again: later each time, never what cannot pass."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.channels.errors_table import Meaning
from hotline.channels.outcomes import Refused
from hotline.escalation.retry import Again, GiveUp, retry
from hotline.flow.levels import Level

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PASSING = Refused(permanent=False, meaning=Meaning.CARRIER_FAULT, problem="HTTP 500")


def delays(level, refused=PASSING):
    found, attempt = [], 1
    while isinstance(step := retry(refused, attempt, level, NOW, 0.0), Again):
        found.append((step.at - NOW).total_seconds())
        attempt += 1
    return found


@pytest.mark.parametrize("level", [Level.EMERGENCY, Level.SOON, None])
def test_delays_grow_and_end(level):
    found = delays(level)
    assert found == sorted(found)
    assert 5 < len(found) < 20


def test_an_emergency_is_tried_again_within_a_second_and_for_less_than_its_validity():
    found = delays(Level.EMERGENCY)
    assert found[0] == 1.0
    assert sum(found) * 1.5 < 600


def test_what_never_passes_is_not_tried_again():
    never = Refused(permanent=True, meaning=Meaning.OPTED_OUT, problem="HTTP 400", code=21610)
    assert isinstance(retry(never, 1, Level.EMERGENCY, NOW, 0.0), GiveUp)


def test_the_carriers_own_wait_is_kept_to():
    busy = Refused(permanent=False, meaning=Meaning.TOO_FAST, problem="429", wait=9.0)
    assert retry(busy, 1, None, NOW, 0.0) == Again(NOW + timedelta(seconds=9))


def test_being_too_fast_is_never_given_up():
    busy = Refused(permanent=False, meaning=Meaning.TOO_FAST, problem="429")
    for attempt in (1, 10, 500):
        step = retry(busy, attempt, Level.EMERGENCY, NOW, 1.0)
        assert isinstance(step, Again)
        assert step.at - NOW <= timedelta(seconds=90)


def test_chance_spreads_the_delay_by_up_to_half():
    assert retry(PASSING, 1, None, NOW, 1.0) == Again(NOW + timedelta(seconds=3))

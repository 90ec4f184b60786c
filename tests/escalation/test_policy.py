"""flows/escalation.yaml and the mistakes one can make in it."""

from datetime import timedelta
from pathlib import Path

import pytest

from hotline.errors import FlowErrors
from hotline.escalation.durations import parse_duration, write_duration
from hotline.escalation.policy import load_policies, sayings
from hotline.flow.levels import Level

FILE = Path(__file__).parents[2] / "flows" / "escalation.yaml"


def test_every_level_has_a_ladder_that_tells_her_when_nobody_was_reached():
    policies = load_policies(FILE)
    assert set(policies.ladders) == set(Level)
    assert all(ladder.tell_her for ladder in policies.ladders.values())
    assert {"nobody_available", "follow_up", "follow_up_gentle"} < sayings(policies)


def test_an_emergency_text_is_short_lived():
    delivery = load_policies(FILE).delivery
    assert delivery.validity(Level.EMERGENCY) == timedelta(minutes=10)
    assert delivery.validity(Level.SOON) == delivery.validity(None) == timedelta(hours=4)
    assert delivery.report_within == timedelta(seconds=60)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("after: 2 min, who: tier_1", "after: 9 min, who: tier_1", "in the order"),
        ("after: 0 min, who: tier_1, by: [text, call]", "after: 1 min, who: tier_1, by: [text]",
         "first rung"),
        ("who: tier_2", "who: tier_9", "tier_1"),
        ("by: [text, call]", "by: [pigeon]", "text"),
        ("by: [text, call]", "by: []", "at least 1"),
        ("rounds: 2", "rounds: 0", "greater than 0"),
        ("wait: 4 min", "wait: soon", "number and a unit"),
        ("wait: 4 min", "wait: 0 min", "greater than"),
        ("remind: 15 min", "remnid: 15 min", "unknown name"),
        ("do: page", "do: safety_net", "needs both"),
        ("- {after: 0 min, do: safety", "- {after: 1 min, do: safety", "0 min"),
        ("emergency: 10 min, other", "emergency: 1 s, other", "greater than or equal"),
        ("  self_care:\n    rungs", "  selfcare:\n    rungs", "missing"),
        ('start: "21:00"', 'start: "nine"', "quiet_hours"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(tmp_path, old, new, words):
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "escalation.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FlowErrors) as caught:
        load_policies(path)
    assert any(words in str(error) for error in caught.value.errors), caught.value
    for error in caught.value.errors:
        assert error.line is not None
        assert error.line > 1


@pytest.mark.parametrize("text", ["90 s", "5 min", "4 h", "2 days"])
def test_durations_read_and_write_the_same(text):
    assert write_duration(parse_duration(text)) == text

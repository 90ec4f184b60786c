"""Comparing two versions: who is told another level now, by which rule, and how many."""
# ruff: noqa: E501 a flow written in few lines

from itertools import product

import pytest

from hotline.flow.compare import compare
from hotline.flow.engine import step
from hotline.flow.levels import Level
from hotline.flow.load import parse_flow
from hotline.flow.state import Heard, State

FLOW = """
flow: small
title: Small
levels: [self_care, routine, soon, urgent, emergency]
meta: {status: draft}
questions:
  - {id: heavy, kind: yes_no, red_flag: true}
  - {id: weeks, kind: weeks, high: 20, not_sure: unknown, silence: unknown}
  - {id: amount, kind: choice, options: [spots, light, not_sure], ask_when: {weeks: {at_least: 12}}}
rules:
  - {id: heavy, when: {heavy: [yes, not_sure]}, level: emergency, sources: [ours]}
  - {id: light, when: {weeks: {at_least: 12}, amount: [light, not_sure]}, level: urgent, sources: [ours]}
  - {id: all, when: {}, level: soon, sources: [ours]}
"""


def flow(*changes):
    text = FLOW
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return parse_flow(text.encode(), "flow.yaml")


def test_a_flow_compared_with_itself_has_no_changes():
    found = compare(flow(), flow())

    assert found.changes == ()
    assert found.compared > 50


def test_a_threshold_moved_by_a_week_names_the_rule_and_one_example():
    moved = flow(
        ("when: {weeks: {at_least: 12}, amount: [", "when: {weeks: {at_least: 13}, amount: [")
    )

    found = compare(flow(), moved)

    change = found.changes[0]
    assert change.falls
    assert (change.before, change.after) == (Level.URGENT, Level.SOON)
    assert (change.rules_before, change.rules_after) == (("light",), ("all",))
    assert change.example[:3] == ("opening text: nothing that helps", "heavy: no", "weeks: 12")
    assert change.example[-1] == "-> soon, was urgent"


@pytest.mark.parametrize(
    "change",
    [
        ("when: {weeks: {at_least: 12}, amount: [", "when: {weeks: {at_least: 14}, amount: ["),
        ("heavy: [yes, not_sure]}", "heavy: yes}"),
        ("ask_when: {weeks: {at_least: 12}}", "ask_when: {weeks: {at_least: 15}}"),
        ("id: light, when: {weeks: {at_least: 12}", "id: light, when: {weeks: {at_least: 8}"),
        ("level: urgent", "level: emergency"),
    ],
)
def test_the_numbers_are_those_of_asking_everybody(change):
    old, new = flow(), flow(change)

    plain = [one for one in compare(old, new).changes if "nothing that helps" in one.example[0]]

    assert _everybody(old, new) <= sum(one.number for one in plain)
    assert bool(_everybody(old, new)) == bool(plain)


def _everybody(old, new):
    weeks = ["unknown", "no_test", *range(21)]
    people = product(["yes", "no", "not_sure"], weeks, ["spots", "light", "not_sure"])
    told = {(_told(old, one), _told(new, one), _path(old, new, one)) for one in people}
    return sum(before != after for before, after, _ in told)


def _answers(one):
    return dict(zip(("heavy", "weeks", "amount"), one, strict=True))


def _told(flow_, one):
    state, _ = step(flow_, State(), Heard())
    while state.question:
        state, _ = step(flow_, state, Heard(answer=_answers(one)[state.question]))
    return state.level


def _path(old, new, one):
    """What she was asked by either flow, with her answers: one combination."""
    said = {}
    for flow_ in (old, new):
        state, _ = step(flow_, State(), Heard())
        while state.question:
            said[state.question] = _answers(one)[state.question]
            state, _ = step(flow_, state, Heard(answer=said[state.question]))
    return tuple(sorted(said.items()))


def test_rising_and_falling_are_counted_apart():
    both = flow(
        ("when: {weeks: {at_least: 12}, amount: [", "when: {weeks: {at_least: 13}, amount: ["),
        ("heavy: [yes, not_sure]}, level: emergency", "heavy: yes}, level: emergency"),
        (
            "{id: all, when: {}",
            "{id: rise, when: {weeks: no_test}, level: urgent, sources: [ours]}\n  - {id: all, when: {}",
        ),
    )

    found = compare(flow(), both)

    assert found.falling > 0
    assert found.rising > 0
    assert found.changes[0].falls

"""The proof is sound: it agrees with every conversation of small flows and with random ones."""
# ruff: noqa: E501 flows written in few lines

import random
from itertools import product
from pathlib import Path

import pytest

from hotline.flow.check.explore import Explorer, Universe
from hotline.flow.check.openings import Depth, alike, grave_dangers, openings
from hotline.flow.check.oracle import Oracle
from hotline.flow.check.paths import spans
from hotline.flow.check.proof import prove
from hotline.flow.check.registry import PROVED
from hotline.flow.engine import level_now, outlook, step
from hotline.flow.levels import Level
from hotline.flow.load import load_flow, parse_flow
from hotline.flow.state import Back, Heard, Silence, State
from hotline.flow.truth import DANGER, MENTION
from hotline.flow.vocabulary import DANGERS, MENTIONS

HEAD = """
flow: small
title: A small flow
levels: [self_care, routine, soon, urgent, emergency]
meta: {status: draft}
"""
SMALL = (
    HEAD
    + """
questions:
  - {id: heavy, kind: yes_no, red_flag: true, not_sure: {ask: heavy_check, then: yes}}
  - {id: heavy_check, kind: yes_no, red_flag: true}
  - {id: pain, kind: choice, options: [bad, some, none, not_sure], red_flag: true}
  - {id: weeks, kind: weeks, high: 24, not_sure: unknown, silence: unknown}
  - {id: bump, kind: yes_no, ask_when: {weeks: unknown}}
  - {id: signs, kind: choices, options: [fluid, head, none, not_sure], ask_when: {weeks: {at_least: 16}}}
  - {id: amount, kind: choice, options: [spots, lots, not_sure]}
rules:
  - {id: a, when: {heavy: yes}, level: emergency, sources: [ours]}
  - {id: b, when: {pain: bad}, level: emergency, sources: [ours]}
  - {id: c, when: {unsure: {at_least: 2}}, level: emergency, sources: [ours]}
  - {id: d, when: {any: [{weeks: {at_least: 20}}, {weeks: unknown, bump: [yes, not_sure]}], amount: [lots, not_sure]}, level: emergency, sources: [ours]}
  - {id: e, when: {signs: [fluid, not_sure]}, level: urgent, sources: [ours]}
  - {id: f, when: {pain: [some, not_sure]}, level: urgent, sources: [ours]}
  - {id: g, when: {heavy: not_sure}, level: urgent, sources: [ours]}
  - {id: h, when: {weeks: {at_least: 12}, amount: [lots, not_sure]}, level: urgent, sources: [ours]}
  - {id: j, when: {weeks: unknown}, level: urgent, sources: [ours]}
  - {id: i, when: {}, level: soon, sources: [ours]}
above_not_sure: {heavy: [yes], pain: [bad], weeks: [16..], signs: [fluid]}
"""
)


@pytest.fixture(scope="module")
def bleeding(repository: Path):
    return load_flow(repository / "flows" / "bleeding" / "flow.yaml")


def every_conversation(flow, universe, state):
    """Every way on from a state, one value at a time: (levels told last, number of ways)."""
    if state.question is None:
        yield state.level
        return
    for value in universe.values[state.question]:
        after, _ = step(flow, state, Heard(answer=value))
        yield from every_conversation(flow, universe, after)


def test_the_classes_hold_every_conversation_of_a_small_flow():
    flow = parse_flow(SMALL.encode(), "small.yaml")
    explorer = Explorer(flow, [])
    graph = explorer.run([(State(), Heard())])
    below, cycle = spans(graph)
    opened, _ = step(flow, State(), Heard())
    levels = list(every_conversation(flow, Universe(flow), opened))

    assert cycle is None
    assert below[graph.starts[0]].combinations == len(levels) > 500
    assert below[graph.starts[0]].low == min(level.rank for level in levels)
    assert below[graph.starts[0]].high == max(level.rank for level in levels)
    assert len(graph.nodes) < 60


def test_not_sure_is_compared_as_every_pair_of_conversations_would_be():
    flow = parse_flow(SMALL.encode(), "small.yaml")
    assert prove(flow).findings == ()

    answers = list(everybody())
    level = {tuple(sorted(one.items())): told(flow, one) for one in answers}
    for one in answers:
        for name, unsure in (("heavy", "not_sure"), ("pain", "not_sure"), ("amount", "not_sure")):
            if one[name] in {"yes", "bad"}:
                continue
            doubtful = {**one, name: unsure}
            assert level[tuple(sorted(doubtful.items()))] >= level[tuple(sorted(one.items()))]


def everybody():
    """Everyone the small flow can meet, one boundary week at a time."""
    yes_no = ("yes", "no", "not_sure")
    weeks = (0, 11, 12, 15, 16, 19, 20, "unknown")
    for heavy, check, pain, week, bump, signs, amount in product(
        yes_no,
        yes_no,
        ("bad", "some", "none", "not_sure"),
        weeks,
        yes_no,
        ("fluid", "head", "none", "not_sure"),
        ("spots", "lots", "not_sure"),
    ):
        yield {
            "heavy": heavy,
            "heavy_check": check,
            "pain": pain,
            "weeks": week,
            "bump": bump,
            "signs": signs,
            "amount": amount,
        }


def told(flow, answers):
    state, _ = step(flow, State(), Heard())
    while state.question:
        value = answers[state.question]
        answer = frozenset({value}) if state.question == "signs" else value
        state, _ = step(flow, state, Heard(answer=answer))
    return state.level.rank


def test_random_conversations_stay_in_the_classes(bleeding):
    """Whoever talks with the full flow is in a class, with its question and its level."""
    grave = grave_dangers(bleeding)
    soft = [group for group in alike(bleeding, DANGER, DANGERS) if group[0] not in grave]
    mentions = [group[0] for group in alike(bleeding, MENTION, MENTIONS)][:4]
    explorer = Explorer(bleeding, [group[0] for group in soft])
    starts = [(State(), Heard(mentions=frozenset({one}))) for one in mentions]
    graph = explorer.run([(State(), Heard()), *starts])
    universe, oracle = graph.universe, Oracle(bleeding)
    chance = random.Random(3)  # noqa: S311 the same each run
    for _ in range(400):
        mention = frozenset(chance.sample(mentions, chance.choice([0, 1])))
        state, _ = step(bleeding, State(), Heard(mentions=mention))
        while True:
            at = explorer.place(state, None)
            assert at is not None
            stands_for = graph.nodes[at].state
            assert stands_for.question == state.question
            assert stands_for.level is state.level
            if state.question is None and state.ended:
                break
            came = Heard(answer=chance.choice(universe.values[state.question or "safe_to_text"]))
            if state.question is None:
                came = Heard()
            elif chance.random() < 0.05 and not state.dangers:
                came = Heard(dangers=frozenset({chance.choice(soft)[0]}))
            elif chance.random() < 0.05:
                came = Silence()
            state, _ = step(bleeding, state, came)
        assert state.level is oracle.level(state) or state.level.rank >= oracle.level(state).rank


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_bleeding_flow_is_proved(bleeding):
    proof = prove(bleeding)

    assert proof.findings == ()
    assert proof.coverage.combinations > 10_000_000
    assert proof.coverage.openings > 300
    assert proof.coverage.texts <= 25


# ------------------------------------------------------------------ one failing flow per statement

OPEN = HEAD + "questions:\n"
LEVELS_FOR_ALL = "  - {id: all, when: {}, level: soon, sources: [ours]}\n"
BROKEN = {
    "no-level": OPEN
    + "  - {id: a, kind: yes_no}\nrules:\n  - {id: r, when: {a: yes}, level: soon, sources: [ours]}\n",
    "late-emergency": OPEN
    + "  - {id: a, kind: yes_no}\n"
    + "  - {id: b, kind: yes_no, red_flag: true}\n"
    + "rules:\n  - {id: r, when: {b: [yes, no, not_sure]}, level: emergency, sources: [ours]}\n",
    "not-at-once": OPEN
    + "  - {id: a, kind: yes_no, red_flag: true}\n  - {id: b, kind: yes_no, red_flag: true}\n"
    + "rules:\n  - {id: r, when: {a: yes, b: [yes, no, not_sure]}, level: emergency, sources: [ours]}\n"
    + LEVELS_FOR_ALL
    + "prove:\n  - {at_once: {a: yes}}\n",
    "danger-waits": OPEN
    + "  - {id: a, kind: yes_no, red_flag: true}\n"
    + "rules:\n  - {id: r, when: {danger: seizure, a: yes}, level: emergency, sources: [ours]}\n"
    + LEVELS_FOR_ALL
    + "prove:\n  - {at_once: {danger: seizure}}\n",
    "danger-lowers": OPEN
    + "  - {id: a, kind: yes_no, red_flag: true}\n"
    + "rules:\n  - {id: r, when: {a: yes, not: {danger: tissue}}, level: urgent, sources: [ours]}\n"
    + LEVELS_FOR_ALL
    + "above_not_sure: {a: [yes]}\n",
    "not-sure-lowers": OPEN
    + "  - {id: a, kind: yes_no, red_flag: true}\n"
    + "rules:\n  - {id: r, when: {a: yes}, level: urgent, sources: [ours]}\n"
    + LEVELS_FOR_ALL,
    "red-flag-skipped": OPEN
    + "  - {id: a, kind: yes_no, red_flag: true, ask_when: {b: yes}}\n  - {id: b, kind: yes_no}\n"
    + "rules:\n  - {id: r, when: {a: yes, b: yes}, level: emergency, sources: [ours]}\n"
    + LEVELS_FOR_ALL,
    "claim": OPEN
    + "  - {id: a, kind: yes_no, red_flag: true}\nrules:\n"
    + LEVELS_FOR_ALL
    + "prove:\n  - {always: {when: {a: yes}, level: urgent}}\n",
    "unreachable-question": OPEN
    + "  - {id: a, kind: yes_no, red_flag: true}\n"
    + "  - {id: b, kind: yes_no, ask_when: {a: yes}}\n"
    + "rules:\n  - {id: r, when: {a: yes}, level: emergency, sources: [ours]}\n"
    + "  - {id: q, when: {b: yes}, level: urgent, sources: [ours]}\n"
    + LEVELS_FOR_ALL,
    "dead-rule": OPEN
    + "  - {id: a, kind: yes_no, red_flag: true}\n  - {id: w, kind: weeks, not_sure: unknown}\n"
    + "rules:\n  - {id: r, when: {w: {at_least: 9, below: 4}}, level: urgent, sources: [ours]}\n"
    + LEVELS_FOR_ALL,
    "idle-rule": OPEN
    + "  - {id: a, kind: yes_no, red_flag: true}\n"
    + "rules:\n  - {id: r, when: {a: yes}, level: urgent, sources: [ours]}\n"
    + "  - {id: q, when: {a: yes}, level: urgent, sources: [ours]}\n"
    + LEVELS_FOR_ALL
    + "above_not_sure: {a: [yes]}\n",
    "above-not-sure": OPEN
    + "  - {id: a, kind: yes_no, red_flag: true}\n"
    + "rules:\n  - {id: r, when: {a: yes}, level: urgent, sources: [ours]}\n"
    + LEVELS_FOR_ALL
    + "above_not_sure: {a: [yes]}\n",
}
ENGINE_ONLY = {
    *("endless", "danger-unasked", "danger-detour", "danger-dropped", "level-falls"),
    *("known-asked", "silence", "nonsense", "week-boundary", "oracle"),
}
"""Statements that no flow can break, only a fault of the engine: none has a failing example yet."""


@pytest.mark.parametrize("statement", BROKEN)
def test_a_flow_that_breaks_a_statement_is_found_with_its_line(statement):
    flow = parse_flow(BROKEN[statement].encode(), "broken.yaml")

    proof = prove(flow, Depth.FULL)

    found = [one for one in (*proof.findings, *proof.notes) if one.check == statement]
    assert found
    assert str(found[0]).startswith("broken.yaml")
    assert found[0].problem
    assert found[0].mend


def test_every_statement_has_a_flow_that_breaks_it_or_is_the_engines_own():
    assert PROVED.keys() == BROKEN.keys() | ENGINE_ONLY


def test_a_finding_shows_the_shortest_conversation():
    flow = parse_flow(BROKEN["not-sure-lowers"].encode(), "broken.yaml")

    (finding,) = prove(flow).findings

    assert finding.story == (
        "opening text: nothing that helps",
        "a: not_sure instead of yes",
        "-> soon instead of urgent",
    )


def test_names_that_can_be_exchanged_are_taken_once(bleeding):
    groups = alike(bleeding, MENTION, MENTIONS)

    assert ["faded", "discharge", "itch", "urine"] in groups
    assert all("for_someone" not in group for group in groups)


def test_openings_hold_every_set_of_mentions_that_opens_questions(bleeding):
    opened = list(openings(bleeding, Universe(bleeding), Depth.FULL))

    assert len(opened) > 100
    assert (State(), Heard()) in opened
    assert any(state.last_level is Level.URGENT for state, _ in opened)


def test_back_leads_to_a_class_that_is_looked_at_too(bleeding):
    explorer = Explorer(bleeding, [])
    graph = explorer.run([(State(), Heard())])
    for node in graph.nodes:
        back, _ = step(bleeding, node.state, Back())
        if back.question is not None:
            kind = explorer.place(back, None)
            assert kind is not None


def test_what_holds_if_nothing_more_is_asked_is_what_the_oracle_says(bleeding):
    oracle, universe = Oracle(bleeding), Universe(bleeding)
    chance = random.Random(5)  # noqa: S311 the same each run
    for _ in range(300):
        state, _ = step(bleeding, State(), Heard())
        while state.question:
            came = Heard(answer=chance.choice(universe.values[state.question]))
            state, _ = step(bleeding, state, came)
            assert level_now(bleeding, state).level is oracle.level(state)
            assert outlook(bleeding, state).level in {None, *Level}

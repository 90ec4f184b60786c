"""The proof: what is shown of every class that the flow can reach, and what it covered.

Method. The engine that serves is walked itself: from every opening, through every kind of answer,
silence, nonsense and danger, each class of states (classes.py says when two are the same, and why
that is sound) is stepped through once. On the graph that this gives, every statement below is
decided for all conversations at once; a second, naive reading of the rules (oracle.py) is held
against the engine's masks in every class.

What "not sure never lowers" means here. The decision table puts some plain answers above "not
sure": bad pain is an emergency, pain she is not sure about is urgent. So the statement is: "not
sure", silence and "rather not say" never end lower than any other answer to the same question,
given the same further answers, except for the values that the flow lists under `above_not_sure`.
That list is read and signed by the clinician; a value that outranks "not sure" without standing
there is a fault, and one that stands there in vain is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from hotline.flow.check import not_sure
from hotline.flow.check.explore import Explorer, Graph, Universe
from hotline.flow.check.finding import Finding
from hotline.flow.check.moments import Moments
from hotline.flow.check.openings import Depth, alike, grave_dangers, openings
from hotline.flow.check.paths import Span, spans
from hotline.flow.check.relation import Relation
from hotline.flow.check.story import story
from hotline.flow.conditions import variables
from hotline.flow.flow import Flow
from hotline.flow.levels import LEVELS, Level
from hotline.flow.truth import DANGER
from hotline.flow.vocabulary import DANGERS


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the proof walked.

    `combinations` are answer combinations from a plain opening, every week and every set of
    choices counted on its own; `ways` counts answers that are treated alike once. `texts` is the
    longest conversation, in answers, from any opening; `common` the steps actually made.
    """

    combinations: int
    ways: int
    openings: int
    classes: int
    steps: int
    compared: int
    texts: int
    rules: int
    decide: int
    ends: dict[str, int]


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found (empty: proved) and what was covered. `notes` are information."""

    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    coverage: Coverage


def prove(flow: Flow, depth: Depth = Depth.FULL) -> Proof:
    """Prove the safety of a flow, or find what speaks against it."""
    grave = grave_dangers(flow)
    soft = [group[0] for group in alike(flow, DANGER, DANGERS) if group[0] not in grave]
    universe = Universe(flow)
    explorer = Explorer(flow, soft)
    graph = explorer.run(openings(flow, universe, depth))
    below, cycle = spans(graph)
    if cycle is not None:
        return _endless(flow, graph, cycle)
    relation = Relation(graph, below)
    moments = Moments(flow, explorer, grave)
    found = [
        *_levels(graph),
        *_late_emergency(graph, below),
        *moments.findings(),
        *not_sure.lowered(graph, relation),
        *_danger_lowers(graph, relation),
    ]
    notes = list(not_sure.unlisted_notes(graph, relation))
    if depth is not Depth.QUICK:
        notes += _idle_rules(flow, explorer, depth)
        found += _never_asked(graph)
    dead = [note for note in notes if not note.information]
    coverage = _coverage(graph, below, relation, moments.steps, len(explorer.deciding))
    return Proof(
        tuple(_shortest([*found, *dead])), tuple(n for n in notes if n.information), coverage
    )


def _endless(flow: Flow, graph: Graph, at: int) -> Proof:
    question = graph.nodes[at].state.question
    line = flow.by_id[question].line if question else None
    problem = f"the questions never end: {question} leads back to itself"
    mend = "make its `ask_when` false once it was answered"
    finding = Finding("endless", flow.file, line, problem, mend, tuple(story(graph, at)))
    nothing = Coverage(0, 0, len(graph.starts), len(graph.nodes), 0, 0, 0, len(flow.rules), 0, {})
    return Proof((finding,), (), nothing)


def _levels(graph: Graph) -> Iterator[Finding]:
    """Every way ends in a level or in an exit."""
    for at, node in enumerate(graph.nodes):
        if node.state.ended and node.state.level is None:
            told = tuple(story(graph, at))
            mend = "add a rule that holds here, or take the question's way out"
            yield Finding(
                "no-level", graph.flow.file, None, "a conversation ends without a level", mend, told
            )


def _late_emergency(graph: Graph, below: list[Span | None]) -> Iterator[Finding]:
    """Where every answer ends in emergency, it is told without asking on."""
    top = Level.EMERGENCY.rank
    for at, node in enumerate(graph.nodes):
        span = below[at]
        if span is None or node.state.question is None or span.low < top:
            continue
        question = graph.flow.by_id[node.state.question]
        problem = f"{question.id} is asked although every answer ends in emergency"
        mend = "let a rule hold without it, so that the emergency is told at once"
        yield Finding(
            "late-emergency", graph.flow.file, question.line, problem, mend, tuple(story(graph, at))
        )


def _never_asked(graph: Graph) -> Iterator[Finding]:
    """A question that nobody is asked; one that an aside answers to may be told unasked."""
    asked = {node.state.question for node in graph.nodes}
    told = {n for aside in graph.flow.asides for n in variables(aside.when.expression)}
    for question in graph.flow.questions:
        if question.id not in asked and not question.checks and question.id not in told:
            problem = f"{question.id} is never asked"
            mend = "its `ask_when` never holds, or its answer changes nothing: take it out"
            yield Finding("unreachable-question", graph.flow.file, question.line, problem, mend)


def _danger_lowers(graph: Graph, relation: Relation) -> Iterator[Finding]:
    for at, node in enumerate(graph.nodes):
        for danger, to in node.dangers:
            parting = relation.lower(to, at)
            if parting is not None:
                lines = [*story(graph, to), *parting]
                problem = f"hearing the danger {danger} ends lower than not hearing it"
                mend = "no rule may ask that a danger was not heard"
                yield Finding("danger-lowers", graph.flow.file, None, problem, mend, tuple(lines))


def _idle_rules(flow: Flow, explorer: Explorer, depth: Depth) -> Iterator[Finding]:
    """Rules that never fire are faults; those that never raise the level alone are told."""
    dangers = flow.truth.own[DANGER]
    heard = {
        rule.id
        for rule in flow.rules
        if all(positive & dangers and not negative for positive, negative in rule.when.clauses)
    }
    idle = [r for r in flow.rules if r.id not in explorer.deciding | heard]
    fired = explorer.fired
    unseen = frozenset(rule.id for rule in idle) - fired
    if unseen:
        second = Explorer(flow, [], unseen)
        second.run(openings(flow, explorer.graph.universe, depth))
        fired = fired | second.fired
    for rule in idle:
        if rule.id in fired:
            problem = f"the rule {rule.id} never decides: other rules always give its level"
            mend = "keep it for its reason and its source, or take it out"
            yield Finding("idle-rule", flow.file, rule.line, problem, mend, information=True)
        else:
            problem = f"the rule {rule.id} never fires in any conversation"
            mend = "its parts exclude each other, or its questions are not asked together"
            yield Finding("dead-rule", flow.file, rule.line, problem, mend)


def _coverage(
    graph: Graph, below: list[Span | None], relation: Relation, steps: int, decide: int
) -> Coverage:
    plain = below[graph.starts[0]]
    ends: Counter[str] = Counter()
    for node in graph.nodes:
        if node.state.ended and node.state.level is not None:
            ends[node.state.level.value] += 1
    edges = sum(len(node.edges) + len(node.dangers) for node in graph.nodes)
    return Coverage(
        combinations=plain.combinations if plain else 0,
        ways=plain.ways if plain else 0,
        openings=len(graph.starts),
        classes=len(graph.nodes),
        steps=steps + edges + len(graph.starts),
        compared=relation.compared,
        texts=1 + max((span.texts for span in below if span), default=0),
        rules=len(graph.flow.rules),
        decide=decide,
        ends={level.value: ends[level.value] for level in LEVELS},
    )


def _shortest(found: list[Finding]) -> list[Finding]:
    """One finding per check and problem: the one with the shortest story."""
    best: dict[tuple[str, int | None, str], Finding] = {}
    for finding in found:
        key = (finding.check, finding.line, finding.problem)
        if key not in best or len(finding.story) < len(best[key].story):
            best[key] = finding
    return list(best.values())

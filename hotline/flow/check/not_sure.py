"""Whether "not sure", silence or "rather not say" can ever end lower than another answer."""

from __future__ import annotations

from collections.abc import Iterator

from hotline.flow.check.explore import Edge, Graph, Node
from hotline.flow.check.finding import Finding
from hotline.flow.check.relation import Parting, Relation
from hotline.flow.check.story import in_words, story
from hotline.flow.model import NOT_SURE, Question, Value

UNSURE_WORDS = frozenset({NOT_SURE, "rather_not", "unknown"})


def lowered(graph: Graph, relation: Relation) -> Iterator[Finding]:
    """A fault for every answer that outranks "not sure" and is not listed as one that may."""
    for at, question, unsure, other, parting in _outranked(graph, relation):
        if _listed(graph, question, other.value):
            continue
        said, name = in_words(unsure), in_words(other.value)
        lines = [*story(graph, at), f"{question.id}: {said} instead of {name}", *parting]
        problem = f"{question.id}: {said!r} ends lower than {name!r} on the same further answers"
        mend = "raise what not sure counts as, or list the value under `above_not_sure`"
        file = graph.flow.file
        yield Finding("not-sure-lowers", file, question.line, problem, mend, tuple(lines))


def unlisted_notes(graph: Graph, relation: Relation) -> Iterator[Finding]:
    """As information: what is listed as outranking "not sure", and what is listed in vain."""
    seen: set[tuple[str, str]] = set()
    for _, question, _, other, _ in _outranked(graph, relation):
        for value in _members(other.value):
            seen.add((question.id, value))
    for name, values in graph.flow.above_not_sure.items():
        question = graph.flow.by_id[name]
        for value in values:
            outranks = any(_covers(value, one) for one in seen if one[0] == name)
            does = "outranks" if outranks else "is listed to outrank, but never outranks,"
            problem = f"{name}: {value!r} {does} 'not sure'"
            mend = "for the clinician to know" if outranks else "take it off the list"
            yield Finding(
                "above-not-sure", graph.flow.file, question.line, problem, mend, information=True
            )


def _outranked(
    graph: Graph, relation: Relation
) -> Iterator[tuple[int, Question, Value, Edge, Parting]]:
    for at, node in enumerate(graph.nodes):
        if node.state.question is None:
            continue
        question = graph.flow.by_id[node.state.question]
        for value, unsure in _unsure_edges(graph, node, question):
            for other in node.edges:
                if other.to == unsure.to:
                    continue
                parting = relation.lower_after(question.id, unsure, other)
                if parting is not None:
                    yield at, question, value, other, parting


def _unsure_edges(graph: Graph, node: Node, question: Question) -> list[tuple[Value, Edge]]:
    """The edges for "not sure", silence and every option that withholds."""
    values: list[Value] = [question.unsure, question.silence]
    values += [
        frozenset({one}) if isinstance(question.unsure, frozenset) else one
        for one in question.values
        if one in UNSURE_WORDS
    ]
    found: dict[int, tuple[Value, Edge]] = {}
    for value in values:
        bit = graph.universe.bit(question.id, value)
        edge = next(edge for edge in node.edges if edge.values & bit)
        found.setdefault(edge.to, (value, edge))
    return list(found.values())


def _listed(graph: Graph, question: Question, value: Value) -> bool:
    listed = graph.flow.above_not_sure.get(question.id, ())
    return any(_covers(one, (question.id, member)) for one in listed for member in _members(value))


def _members(value: Value) -> tuple[str, ...]:
    return tuple(sorted(value)) if isinstance(value, frozenset) else (str(value),)


def _covers(listed: str, seen: tuple[str, str]) -> bool:
    """Whether an entry ("severe", or "20.." for numbers from 20) stands for a value."""
    value = seen[1]
    if listed.endswith(".."):
        return value.isdecimal() and int(value) >= int(listed[:-2])
    return listed == value

"""Walking every class of states that a flow can reach, each once, through the engine's own step."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from hotline.flow.answering import alone
from hotline.flow.check.classes import Class, Classifier
from hotline.flow.engine import outlook, step
from hotline.flow.events import Event
from hotline.flow.flow import Flow, Verdict
from hotline.flow.levels import Level
from hotline.flow.model import NOT_SURE, Kind, Question, Value
from hotline.flow.plan import Outlook
from hotline.flow.state import Back, Heard, Input, State
from hotline.flow.truth import Settled


@dataclass(frozen=True, slots=True)
class Edge:
    """One kind of answer to the open question: one value for all that are treated alike.

    `values` is the set of all those values as bits over Universe.values; `weight` their number.
    `raised` are the rules that hold at the new level when the answer raised it.
    """

    value: Value
    values: int
    weight: int
    to: int
    after: State
    events: tuple[Event, ...]
    raised: tuple[str, ...]


@dataclass(slots=True)
class Node:
    """One class: a state that stands for it, how it was first reached, and where answers lead."""

    state: State
    kind: Class
    came_from: int | None
    came_by: Input | None
    events: tuple[Event, ...]
    edges: list[Edge] = field(default_factory=list)
    dangers: list[tuple[str, int]] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        """Whether no question is open."""
        return self.state.question is None


class Universe:
    """Every value that each question can be answered with: all weeks, all subsets of choices."""

    def __init__(self, flow: Flow) -> None:
        """List the values once."""
        self._flow = flow
        self.values: dict[str, tuple[Value, ...]] = {q.id: _values(q) for q in flow.questions}
        self._place = {
            name: {value: i for i, value in enumerate(values)}
            for name, values in self.values.items()
        }
        self._masks = {
            q.id: [self._settles(q, value) for value in self.values[q.id]] for q in flow.questions
        }

    def bit(self, question: str, value: Value) -> int:
        """The value's bit in an edge's `values`."""
        return 1 << self._place[question][value]

    def groups(self, question: Question, matters: int) -> list[tuple[Value, int, int]]:
        """The values with the same effect, as (one of them, their bits, their number)."""
        found: dict[tuple[object, ...], list[int]] = {}
        clarifier = self._flow.truth.own[question.id] if question.clarifier else 0
        relevant = matters | clarifier
        for i, (true, false, rest) in enumerate(self._masks[question.id]):
            found.setdefault((true & relevant, false & relevant, rest), []).append(i)
        values = self.values[question.id]
        return [
            (values[places[0]], sum(1 << i for i in places), len(places))
            for places in found.values()
        ]

    def _settles(self, question: Question, value: Value) -> tuple[int, int, object]:
        flow = self._flow
        value = alone(question, value)
        true, false = flow.truth.value(question.id, value)
        answered = flow.truth.answered[question.id]
        key = "known" if isinstance(value, int) else value
        implied = str(question.implies.get(key)) if isinstance(key, str) else None
        plain = value if question.checks or (question.red_flag and value == NOT_SURE) else None
        return true & ~answered, false & ~answered, (implied, plain)


def _values(question: Question) -> tuple[Value, ...]:
    match question.kind:
        case Kind.CHOICES:
            options = question.values
            sizes = range(1, len(options) + 1)
            return tuple(frozenset(some) for n in sizes for some in combinations(options, n))
        case Kind.WEEKS | Kind.NUMBER:
            return (*question.values, *range(question.low, question.high + 1))
        case Kind.TEXT:
            return ("text",)
        case _:
            return question.values


@dataclass(slots=True)
class Graph:
    """All classes reached, those of the openings first."""

    flow: Flow
    universe: Universe
    nodes: list[Node]
    starts: list[int]


class Explorer:
    """Explores one flow; `graph` is the result."""

    def __init__(
        self, flow: Flow, soft: Sequence[str], tracked: frozenset[str] = frozenset()
    ) -> None:
        """`soft` are the dangers that do not end the questions: they may come at any time.

        `fired` and `deciding` gather the rules that hold when the level rises, and those that
        raise it alone. A rule that only ever holds beside a higher one is seen when `tracked`.
        """
        self._flow = flow
        self._soft = soft
        self._tracked = [rule for rule in flow.rules if rule.id in tracked]
        self._classify = Classifier(flow, tracked).classify
        self.graph = Graph(flow, Universe(flow), [], [])
        self._index: dict[object, int] = {}
        self._verdicts: dict[Settled, Verdict] = {}
        self.opened: list[int] = []
        self.fired: set[str] = set()
        self.deciding: set[str] = set()
        self._queue: deque[int] = deque()

    def run(self, openings: Iterable[tuple[State, Heard]]) -> Graph:
        """Every class that any sequence of answers and dangers reaches from the openings."""
        for state, opening in openings:
            after, events = step(self._flow, state, opening)
            self.opened.append(self._reach(after, events, None, opening))
            self.graph.starts.append(self.opened[-1])
        while self._queue:
            self._expand(self._queue.popleft())
        return self.graph

    def place(self, state: State, near: Class | None) -> int | None:
        """The class of a state that one answer leads to from `near`, None when not reached."""
        kind = self._classify(state, outlook(self._flow, state), near)
        return self._index.get(kind.key)

    def _reach(
        self, state: State, events: list[Event], came_from: int | None, came_by: Input
    ) -> int:
        before = None if came_from is None else self.graph.nodes[came_from].kind
        look = outlook(self._flow, state)
        kind = self._classify(state, look, before)
        self._note_rules(state, look, before.level if before else None)
        found = self._index.get(kind.key)
        if found is None:
            found = self._index[kind.key] = len(self.graph.nodes)
            self.graph.nodes.append(Node(state, kind, came_from, came_by, tuple(events)))
            self._queue.append(found)
            if state.question is None and not state.ended:
                self._resume(state, found)
        return found

    def _put_back(self, state: State, at: int) -> None:
        """BACK opens the question before; where it was answered in another light, that is new."""
        back, events = step(self._flow, state, Back())
        if back is not state and back.question is not None:
            self._reach(back, events, at, Back())

    def _note_rules(self, state: State, look: Outlook, before: Level | None) -> None:
        for rule in self._tracked:
            if rule.when.holds(*look.settled):
                self.fired.add(rule.id)
        top = self._raised(state, before)
        self.fired.update(top)
        if len(top) == 1:
            self.deciding.update(top)

    def _raised(self, state: State, before: Level | None) -> tuple[str, ...]:
        """The rules at the level that holds now, when it is above the one that held before."""
        look = outlook(self._flow, state)
        ended = state.question is None or state.level is not None
        settled = self._flow.at_last(look.settled) if ended else look.settled
        if not ended and (look.level is None or look.level is before):
            return ()
        verdict = self._verdicts.get(settled)
        if verdict is None:
            verdict = self._verdicts[settled] = self._flow.judge(settled)
        if verdict.level is None or (before is not None and verdict.level.rank <= before.rank):
            return ()
        rules = (self._flow.rules_by_id[name] for name in verdict.rules)
        return tuple(rule.id for rule in rules if rule.level is verdict.level)

    def _resume(self, state: State, at: int) -> None:
        """After an exit any text goes on: where that leads is an opening of its own."""
        after, events = step(self._flow, state, Heard())
        if after.question is not None or after.ended:
            self.graph.starts.append(self._reach(after, events, at, Heard()))

    def _expand(self, at: int) -> None:
        node = self.graph.nodes[at]
        state = node.state
        if state.question is not None:
            question = self._flow.by_id[state.question]
            for value, values, weight in self.graph.universe.groups(question, node.kind.matters):
                came = Heard(answer=value)
                after, events = step(self._flow, state, came)
                to = self._reach(after, events, at, came)
                raised = self._raised(after, node.kind.level)
                edge = Edge(value, values, weight, to, after, tuple(events), raised)
                node.edges.append(edge)
            self._put_back(state, at)
        if state.level is Level.EMERGENCY:
            return
        for danger in self._soft:
            if danger not in state.dangers:
                came = Heard(dangers=frozenset({danger}))
                after, events = step(self._flow, state, came)
                node.dangers.append((danger, self._reach(after, events, at, came)))

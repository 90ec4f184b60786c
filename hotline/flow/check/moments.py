"""What must hold in every class at the very next text: danger, silence, nonsense, BACK, weeks."""

from __future__ import annotations

from collections.abc import Iterator

from hotline.flow.check.explore import Edge, Explorer, Graph, Node
from hotline.flow.check.finding import Finding
from hotline.flow.check.oracle import Oracle
from hotline.flow.check.story import in_words, story
from hotline.flow.conditions import variables
from hotline.flow.engine import step
from hotline.flow.events import Asked, Event, LevelGiven
from hotline.flow.flow import Flow
from hotline.flow.levels import Level
from hotline.flow.model import Claim, Kind, Question, Rule
from hotline.flow.state import Heard, Input, Silence, State
from hotline.flow.truth import UNSURE, thresholds


class Moments:
    """Looks at every class and every step out of it. `steps` counts the steps made for that."""

    def __init__(self, flow: Flow, explorer: Explorer, grave: list[str]) -> None:
        """`grave` are the dangers that some rule puts at emergency by themselves."""
        self._flow = flow
        self._explorer = explorer
        self._graph: Graph = explorer.graph
        self._grave = grave
        self._oracle = Oracle(flow)
        self._checked: set[object] = set()
        self._at_once: dict[str | None, list[Claim]] = {
            q.id: [c for c in flow.claims if q.id in variables(c.when.expression)]
            for q in flow.questions
            if not q.implies and not q.checks and not q.clarifies
        }
        self._by_question: dict[str | None, list[Rule]] = {}
        self.steps = 0

    def findings(self) -> Iterator[Finding]:
        """Every fault at any moment of any conversation."""
        for at, node in enumerate(self._graph.nodes):
            if node.came_from is None:
                yield from self._arrived(at, State(), node.state, node.events)
            for edge in node.edges:
                yield from self._arrived(at, node.state, edge.after, edge.events, edge)
            if node.state.level is not Level.EMERGENCY:
                yield from self._hears_danger(at, node)
            if node.state.question is not None:
                question = self._flow.by_id[node.state.question]
                yield from self._passes_over(at, node, question)
                yield from self._weeks(at, node, question)

    def _fault(self, check: str, at: int, problem: str, mend: str, last: str = "") -> Finding:
        name = self._graph.nodes[at].state.question
        line = self._flow.by_id[name].line if name else None
        lines = [*story(self._graph, at), *([last] if last else [])]
        return Finding(check, self._flow.file, line, problem, mend, tuple(lines))

    # ------------------------------------------------------------ after any answer

    def _arrived(
        self,
        at: int,
        before: State,
        after: State,
        events: tuple[Event, ...],
        edge: Edge | None = None,
    ) -> Iterator[Finding]:
        last = f"{before.question}: {in_words(edge.value)}" if edge else ""
        for event in events:
            match event:
                case Asked(question=name) if name in after.answers:
                    problem = f"{name} is asked although its answer is known"
                    yield self._fault("known-asked", at, problem, "a fault of the engine", last)
                case LevelGiven():
                    yield from self._told(at, before, after, event, last)
                case _:
                    pass
        if before.level and (after.level is None or after.level.rank < before.level.rank):
            yield self._fault(
                "level-falls", at, "a level falls after it was told", "a fault of the engine", last
            )
        if after.level is not Level.EMERGENCY:
            for claim in self._at_once.get(before.question, self._flow.claims):
                if claim.at_once and self._oracle.surely(claim.when.expression, after):
                    problem = "a line of `prove` is broken: the emergency is not told at once"
                    yield self._fault("not-at-once", at, problem, "mend the rule", last)
            for rule in self._emergency_rules(before.question):
                if self._oracle.surely(rule.when.expression, after):
                    problem = f"{rule.id} holds, and the emergency is not told in the same turn"
                    yield self._fault("not-at-once", at, problem, "a fault of the engine", last)

    def _emergency_rules(self, question: str | None) -> list[Rule]:
        """The emergency rules that the answer to this question can make hold."""
        found = self._by_question.get(question)
        if found is None:
            asked = self._flow.by_id.get(question or "")
            names = {question, UNSURE, asked.clarifies if asked else None}
            names |= {n for answers in (asked.implies.values() if asked else ()) for n in answers}
            rules = [rule for rule in self._flow.rules if rule.level is Level.EMERGENCY]
            found = [r for r in rules if asked is None or names & variables(r.when.expression)]
            self._by_question[question] = found
        return found

    def _told(
        self, at: int, before: State, after: State, event: LevelGiven, last: str
    ) -> Iterator[Finding]:
        naive = self._oracle.level(after)
        if naive is not event.level:
            problem = f"{event.level} is told where the rules, read plainly, give {naive}"
            yield self._fault("oracle", at, problem, "a fault of the engine", last)
        if event.level is not Level.EMERGENCY:
            for name in self._missed_flags(after):
                problem = f"{event.level} is told before the red flag {name} was answered"
                yield self._fault("red-flag-skipped", at, problem, "ask it always", last)
        for claim in self._flow.claims:
            if self._oracle.holds(claim.when.expression, after):
                yield from self._claimed(at, before, event, claim, last)

    def _claimed(
        self, at: int, before: State, event: LevelGiven, claim: Claim, last: str
    ) -> Iterator[Finding]:
        low, high = claim.at_least, claim.at_most
        too_high = before.level is None and event.level.rank > high.rank
        if event.level.rank >= low.rank and not too_high:
            return
        wanted = low if low is high else f"{low} to {high}"
        lines = (*story(self._graph, at), *([last] if last else []), f"-> {event.level}")
        problem = f"a line of `prove` is broken: {event.level} is told, {wanted} was claimed"
        mend = "mend the rules, or the claim when it is the claim that is wrong"
        yield Finding("claim", self._flow.file, claim.line, problem, mend, lines)

    def _missed_flags(self, state: State) -> list[str]:
        missed = []
        for question in self._flow.questions:
            if not question.red_flag or question.id in state.answers:
                continue
            if question.clarifies is None or (
                state.answers.get(question.clarifies) == self._flow.by_id[question.clarifies].unsure
            ):
                missed.append(question.id)
        return missed

    # ------------------------------------------------------------ besides answering

    def _hears_danger(self, at: int, node: Node) -> Iterator[Finding]:
        """Grave dangers end in emergency in the same turn; possible ones are asked about next."""
        place = (node.state.question, node.state.level, bool(node.state.possible))
        names = self._grave if place not in self._checked else self._grave[:1]
        for name in names:
            after, events = self._step(node.state, Heard(dangers=frozenset({name})))
            told = any(isinstance(e, LevelGiven) and e.level is Level.EMERGENCY for e in events)
            if not told or after.question is not None:
                problem = f"the danger {name} is heard, and the emergency is not told at once"
                yield self._fault("danger-waits", at, problem, "a fault of the engine")
        if place in self._checked:
            return
        self._checked.add(place)
        for name, check in self._flow.checks.items():
            if name not in node.state.dangers | node.state.possible:
                yield from self._may_be_danger(at, node, name, check)

    def _may_be_danger(self, at: int, node: Node, name: str, check: str) -> Iterator[Finding]:
        asked, _ = self._step(node.state, Heard(possible=frozenset({name})))
        if asked.question != check and not node.state.possible:
            problem = f"{name} may have been meant, and {check} is not asked next"
            yield self._fault("danger-unasked", at, problem, "a fault of the engine")
            return
        denied, _ = self._step(asked, Heard(answer="no"))
        if denied.question != node.state.question and node.state.question is not None:
            problem = f"after {check} was denied, {node.state.question} is not open again"
            yield self._fault("danger-detour", at, problem, "a fault of the engine")
        for came in (Heard(answer="yes"), Heard(answer="not_sure"), Silence()):
            sure, _ = self._step(asked, came)
            if name not in sure.dangers:
                problem = f"{check} was not denied, and {name} does not count"
                yield self._fault("danger-dropped", at, problem, "a fault of the engine")

    def _passes_over(self, at: int, node: Node, question: Question) -> Iterator[Finding]:
        """Silence and repeated nonsense lead where the value that they count as leads.

        A question that BACK opened although it cannot matter any more is dropped instead.
        """
        universe = self._graph.universe
        bit = universe.bit(question.id, question.silence)
        wanted = next(edge.to for edge in node.edges if edge.values & bit)
        silent, _ = self._step(node.state, Silence())
        if self._explorer.place(silent, node.kind) != wanted:
            problem = f"silence at {question.id} does not count as {in_words(question.silence)}"
            yield self._fault("silence", at, problem, "a fault of the engine")
        place = (question.id, node.state.level, "nonsense")
        if place not in self._checked:
            # What repeated nonsense does depends on the question alone: once for each is enough.
            self._checked.add(place)
            yield from self._nonsense(at, node, question, wanted)

    def _nonsense(self, at: int, node: Node, question: Question, wanted: int) -> Iterator[Finding]:
        state = node.state
        for _ in range(4):
            state, _events = self._step(state, Heard())
            if state.question != question.id:
                break
        dropped = question.id not in state.answers
        if not dropped and self._explorer.place(state, node.kind) != wanted:
            problem = f"nonsense at {question.id} does not count as {in_words(question.silence)}"
            yield self._fault("nonsense", at, problem, "a fault of the engine")

    def _weeks(self, at: int, node: Node, question: Question) -> Iterator[Finding]:
        """On both sides of every boundary the week itself leads where its kind leads."""
        if question.kind not in (Kind.WEEKS, Kind.NUMBER):
            return
        limits = thresholds(self._flow.atoms, question.id)
        around = sorted({w for t in limits for w in (t - 1, t)} | {question.low, question.high})
        for week in (w for w in around if question.low <= w <= question.high):
            bit = self._graph.universe.bit(question.id, week)
            wanted = next(edge.to for edge in node.edges if edge.values & bit)
            after, _ = self._step(node.state, Heard(answer=week))
            if self._explorer.place(after, node.kind) != wanted:
                problem = f"{question.id} {week} is not treated as its neighbours on its side"
                yield self._fault("week-boundary", at, problem, "a fault of the engine")

    def _step(self, state: State, came: Input) -> tuple[State, list[Event]]:
        self.steps += 1
        return step(self._flow, state, came)


def boundaries(flow: Flow) -> list[tuple[str, int, int]]:
    """Each number question's boundaries as (question, last before, first after)."""
    return [
        (question.id, below - 1, below)
        for question in flow.questions
        if question.kind in (Kind.WEEKS, Kind.NUMBER)
        for below in thresholds(flow.atoms, question.id)
    ]

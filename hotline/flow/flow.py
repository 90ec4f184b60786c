"""A compiled flow: its parts, and what each state of answers settles, remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from hotline.flow.conditions import Atoms, Condition, Expression
from hotline.flow.levels import Level
from hotline.flow.model import Advice, Alert, Aside, Claim, Exit, Meta, Question, Rule
from hotline.flow.plan import REMEMBERED, Plan
from hotline.flow.state import State
from hotline.flow.truth import Settled, Truth


@dataclass(frozen=True, slots=True)
class Verdict:
    """The level that already holds, the rules behind it, and what may still change it.

    `rules` are all rules that hold, most urgent first. `open_atoms` are the undecided atoms of
    rules that would raise the level, or of advice and alerts that may still be added.
    """

    level: Level | None
    rules: tuple[str, ...]
    open_atoms: int


@dataclass(frozen=True)
class Flow:
    """A flow as loaded: immutable, shared by all threads."""

    id: str
    title: str
    version: str
    meta: Meta
    red_flag_minutes: int
    resume_minutes: int
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    advice: tuple[Advice, ...]
    asides: tuple[Aside, ...]
    exits: tuple[Exit, ...]
    alerts: tuple[Alert, ...]
    claims: tuple[Claim, ...]
    named: Mapping[str, Expression]
    atoms: Atoms
    file: str = "flow.yaml"

    @cached_property
    def _remembered(self) -> Callable[[int, int], Verdict]:
        return lru_cache(REMEMBERED)(self._judge)

    @cached_property
    def plan(self) -> Plan:
        """Which question comes next."""
        return Plan(self)

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """The questions by id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def truth(self) -> Truth:
        """What each value settles."""
        return Truth(self.questions, self.atoms)

    @cached_property
    def checks(self) -> Mapping[str, str]:
        """The check question of each danger that has one."""
        return {q.checks: q.id for q in self.questions if q.checks}

    @cached_property
    def asked_in_order(self) -> tuple[Question, ...]:
        """The questions but for the danger checks, which are asked only when called for."""
        return tuple(q for q in self.questions if not q.checks)

    def settle(self, state: State) -> Settled:
        """What is true and decided, questions that can never be asked any more included."""
        raw = self.truth.of(state)
        return self.plan.closed(raw.true, raw.decided, state.hints)

    def judge(self, settled: Settled) -> Verdict:
        """The verdict on a state of atoms, remembered."""
        return self._remembered(settled.true, settled.decided)

    def final(self, settled: Settled) -> Verdict:
        """The verdict when nothing more will be asked: what is open counts as not so."""
        return self.judge(Settled(settled.true, self.truth.everything))

    def _judge(self, true: int, decided: int) -> Verdict:
        fired: list[Rule] = []
        waiting: list[Rule] = []
        for rule in self.rules:
            if rule.when.holds(true, decided):
                fired.append(rule)
            elif not rule.when.dead(true, decided):
                waiting.append(rule)
        fired.sort(key=lambda rule: -rule.level.rank)
        level = fired[0].level if fired else None
        floor = level.rank if level else -1
        open_atoms = 0
        for rule in waiting:
            if rule.level.rank > floor:
                open_atoms |= rule.when.open_atoms(true, decided)
        open_atoms |= self._open_sayings(floor, true, decided)
        return Verdict(level, tuple(rule.id for rule in fired), open_atoms)

    def _open_sayings(self, floor: int, true: int, decided: int) -> int:
        open_atoms = 0
        for saying in self.advice:
            if any(level.rank >= floor for level in saying.levels):
                open_atoms |= saying.when.open_atoms(true, decided)
        for alert in self.alerts:
            open_atoms |= alert.when.open_atoms(true, decided)
        for way_on in self.exits:
            open_atoms |= way_on.when.open_atoms(true, decided)
        return open_atoms

    @cached_property
    def main_atoms(self) -> int:
        """The atoms of all questions but the extras."""
        return sum(self.truth.own[q.id] for q in self.questions if not q.extra)

    def level_of_rule(self, rule_id: str) -> Level:
        """The level of a rule by its id. Raises KeyError."""
        return self.rules_by_id[rule_id].level

    @cached_property
    def rules_by_id(self) -> Mapping[str, Rule]:
        """The rules by id."""
        return {rule.id: rule for rule in self.rules}


def holds_now(condition: Condition, settled: Settled) -> bool:
    """Whether a condition holds on what is settled so far."""
    return condition.holds(settled.true, settled.decided)

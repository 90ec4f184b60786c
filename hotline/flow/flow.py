"""A compiled flow: its parts, and the level and rules that hold on what is settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from hotline.flow.conditions import Atoms, Condition, Expression
from hotline.flow.levels import Level
from hotline.flow.model import Advice, Alert, Aside, Claim, Exit, Meta, Question, Rule
from hotline.flow.plan import Plan
from hotline.flow.state import State
from hotline.flow.truth import Settled, Truth


@dataclass(frozen=True, slots=True)
class Verdict:
    """The level that holds, and all rules that hold, most urgent first."""

    level: Level | None
    rules: tuple[str, ...]


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
    units: tuple[Aside, ...]
    exits: tuple[Exit, ...]
    alerts: tuple[Alert, ...]
    claims: tuple[Claim, ...]
    above_not_sure: Mapping[str, tuple[str, ...]]
    named: Mapping[str, Expression]
    atoms: Atoms
    file: str = "flow.yaml"

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

    @cached_property
    def by_urgency(self) -> tuple[Rule, ...]:
        """The rules, most urgent first, else in the order written."""
        return tuple(sorted(self.rules, key=lambda rule: -rule.level.rank))

    def settle(self, state: State) -> Settled:
        """What is true and false, questions that can never be asked any more included."""
        raw = self.truth.of(state)
        return self.plan.closed(raw.true, raw.false, state.hints)

    def judge(self, settled: Settled) -> Verdict:
        """The level that holds whatever is still answered, and its rules."""
        fired = [rule for rule in self.by_urgency if rule.when.holds(*settled)]
        return Verdict(fired[0].level if fired else None, tuple(rule.id for rule in fired))

    def final(self, settled: Settled) -> Verdict:
        """The verdict when nothing more will be asked: what is open counts as not so."""
        return self.judge(self.at_last(settled))

    def at_last(self, settled: Settled) -> Settled:
        """What is settled when nothing more will be asked: what is open is not so."""
        true, false = settled
        return Settled(true, false | self.truth.everything & ~true)

    def level_of_rule(self, rule_id: str) -> Level:
        """The level of a rule by its id. Raises KeyError."""
        return self.rules_by_id[rule_id].level

    @cached_property
    def rules_by_id(self) -> Mapping[str, Rule]:
        """The rules by id."""
        return {rule.id: rule for rule in self.rules}


def holds_now(condition: Condition, settled: Settled) -> bool:
    """Whether a condition holds on what is settled so far."""
    return condition.holds(settled.true, settled.false)

"""Loading flow.yaml: from an author's file to a compiled flow, every mistake with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from hotline.errors import FlowError, FlowErrors
from hotline.flow.conditions import Atom, Atoms, Condition, Expression, compile_condition
from hotline.flow.flow import Flow
from hotline.flow.levels import LEVELS, Level
from hotline.flow.model import (
    NOT_SURE,
    Advice,
    Alert,
    Aside,
    Claim,
    Exit,
    Kind,
    Meta,
    Question,
    Rule,
)
from hotline.flow.questions import build_questions
from hotline.flow.raw import RawAlways, RawAside, RawFlow, When
from hotline.flow.truth import DANGER, LAST_LEVEL, MENTION, UNSURE
from hotline.flow.vocabulary import DANGERS, MENTIONS
from hotline.flow.when import Path as YamlPath
from hotline.flow.when import WhenReader
from hotline.flow.yaml_text import Marks, parse_yaml, read_yaml, validate


def load_flow(path: Path) -> Flow:
    """Load a flow file. Raises FlowError or FlowErrors with every fault found."""
    read_yaml(path)
    return parse_flow(path.read_bytes(), str(path))


def parse_flow(raw: bytes, file: str) -> Flow:
    """Compile a flow from its bytes; the version is their hash. Raises as load_flow."""
    tree, marks = parse_yaml(raw, file)
    written = validate(RawFlow, tree, marks)
    compiler = _Compiler(written, marks)
    return compiler.flow(hashlib.sha256(raw).hexdigest()[:12])


class _Compiler:
    """Holds what the parts of one file share while they are compiled."""

    def __init__(self, written: RawFlow, marks: Marks) -> None:
        self._written = written
        self._marks = marks
        self._atoms = Atoms()
        self._faults: list[FlowError] = []
        variables = {q.id: frozenset(_values(q.kind, q.options)) for q in written.questions}
        variables |= {
            DANGER: frozenset(DANGERS),
            MENTION: frozenset(MENTIONS),
            LAST_LEVEL: frozenset(LEVELS),
            UNSURE: frozenset(),
        }
        numbers = {q.id for q in written.questions if q.kind in (Kind.WEEKS, Kind.NUMBER)}
        self._reader = WhenReader(variables, frozenset({*numbers, UNSURE}), marks)
        self.named: dict[str, Expression] = {}

    def flow(self, version: str) -> Flow:
        written = self._written
        for name, when in written.conditions.items():
            self._reader.named[name] = self._reader.read(when, ("conditions", name))
        questions = self._questions()
        self._add_bookkeeping_atoms(questions)
        flow = Flow(
            id=written.flow,
            title=written.title,
            version=version,
            meta=Meta(
                written.meta.status,
                written.meta.reviewed_by,
                written.meta.review_due,
                written.title,
            ),
            red_flag_minutes=written.silence.red_flag,
            resume_minutes=written.silence.resume,
            questions=questions,
            rules=self._rules(),
            advice=self._advice(),
            asides=self._sayings("asides", self._written.asides),
            units=self._sayings("units", self._written.units),
            exits=self._exits(),
            alerts=self._alerts(),
            claims=self._claims(),
            above_not_sure=self._above_not_sure(),
            named=dict(self._reader.named),
            atoms=self._atoms,
            file=self._marks.file,
        )
        self._check_levels()
        faults = [*self._faults, *self._reader.faults]
        if faults:
            raise FlowErrors(sorted(faults, key=lambda fault: fault.line or 0))
        return flow

    def _questions(self) -> tuple[Question, ...]:
        conditions: dict[str, Condition] = {}
        for i, one in enumerate(self._written.questions):
            if one.ask_when is not None:
                conditions[one.id] = self._condition(one.ask_when, ("questions", i, "ask_when"))
        questions, faults = build_questions(self._written.questions, conditions, self._marks)
        self._faults += faults
        return questions

    def _add_bookkeeping_atoms(self, questions: Sequence[Question]) -> None:
        """One atom per question for "answered", and "not sure" where a clarifier hangs on it."""
        for question in questions:
            self._atoms.bit(Atom(question.id, "answered", ""))
            if question.clarifier:
                self._atoms.bit(Atom(question.id, "is", NOT_SURE))
                self._atoms.bit(Atom(question.id, "is", str(question.clarifier_then)))

    def _rules(self) -> tuple[Rule, ...]:
        self._refuse_twice("rules", [one.id for one in self._written.rules])
        return tuple(
            Rule(
                one.id,
                self._condition(one.when, ("rules", i, "when")),
                one.level,
                tuple(one.sources),
                self._marks.line("rules", i),
                one.note,
            )
            for i, one in enumerate(self._written.rules)
        )

    def _advice(self) -> tuple[Advice, ...]:
        return tuple(
            Advice(
                one.say,
                self._condition(one.when, ("advice", i, "when")),
                self._marks.line("advice", i),
                frozenset(LEVELS if one.levels is None else one.levels),
            )
            for i, one in enumerate(self._written.advice)
        )

    def _sayings(self, part: str, written: Sequence[RawAside]) -> tuple[Aside, ...]:
        return tuple(
            Aside(
                one.say,
                self._condition(one.when, (part, i, "when")),
                self._marks.line(part, i),
            )
            for i, one in enumerate(written)
        )

    def _exits(self) -> tuple[Exit, ...]:
        known = {*(q.id for q in self._written.questions), MENTION}
        for i, one in enumerate(self._written.exits):
            for name in set(one.forget) - known:
                self._fault(("exits", i, "forget"), f"there is no question {name!r}", "name one")
        return tuple(
            Exit(
                one.say,
                self._condition(one.when, ("exits", i, "when")),
                self._marks.line("exits", i),
                tuple(one.forget),
            )
            for i, one in enumerate(self._written.exits)
        )

    def _alerts(self) -> tuple[Alert, ...]:
        return tuple(
            Alert(
                one.alert,
                self._condition(one.when, ("alerts", i, "when")),
                self._marks.line("alerts", i),
            )
            for i, one in enumerate(self._written.alerts)
        )

    def _above_not_sure(self) -> dict[str, tuple[str, ...]]:
        known = {one.id: _values(one.kind, one.options) for one in self._written.questions}
        for name, values in self._written.above_not_sure.items():
            for value in values:
                number = value.removesuffix("..").isdecimal()
                if name not in known or not (value in known[name] or number):
                    problem = f"{name} is never {value!r}"
                    self._fault(("above_not_sure", name), problem, "name a question and its option")
        return {name: tuple(values) for name, values in self._written.above_not_sure.items()}

    def _claims(self) -> tuple[Claim, ...]:
        claims: list[Claim] = []
        top = LEVELS[-1]
        for i, one in enumerate(self._written.prove):
            line = self._marks.line("prove", i)
            if one.at_once is not None:
                when = self._condition(one.at_once, ("prove", i, "at_once"))
                claims.append(Claim(when, top, top, line, at_once=True))
            if one.always is not None:
                at: YamlPath = ("prove", i, "always")
                low, high = self._bounds(one.always, at)
                when = self._condition(one.always.when, (*at, "when"))
                claims.append(Claim(when, low, high, line))
            if one.always is None and one.at_once is None:
                self._fault(("prove", i), "claims nothing", "write always: or at_once:")
        return tuple(claims)

    def _bounds(self, always: RawAlways, at: YamlPath) -> tuple[Level, Level]:
        if always.level is not None:
            if always.at_least or always.at_most:
                self._fault(at, "has a level and a bound", "keep `level`, or the bounds")
            return always.level, always.level
        if always.at_least is None and always.at_most is None:
            self._fault(at, "claims nothing", "add level, at_least or at_most")
        return always.at_least or LEVELS[0], always.at_most or LEVELS[-1]

    def _condition(self, when: When, path: YamlPath) -> Condition:
        expression = self._reader.read(when, path)
        try:
            return compile_condition(expression, self._atoms)
        except ValueError as error:
            self._fault(path, str(error), "split the rule into two")
            return Condition(expression, ())

    def _check_levels(self) -> None:
        if tuple(self._written.levels) != LEVELS:
            mend = f"write: [{', '.join(LEVELS)}]"
            self._fault(("levels",), "must list the five levels, mildest first", mend)

    def _refuse_twice(self, part: str, ids: Sequence[str]) -> None:
        for i, name in enumerate(ids):
            if name in ids[:i]:
                self._fault((part, i, "id"), f"{name!r} stands here twice", "rename one of them")

    def _fault(self, path: YamlPath, problem: str, mend: str) -> None:
        self._faults.append(self._marks.error(path, problem, mend))


def _values(kind: Kind, options: list[str] | dict[str, str] | None) -> list[str]:
    match kind:
        case Kind.WEEKS:
            return ["unknown", "no_test"]
        case Kind.YES_NO if options is None:
            return ["yes", "no", "not_sure"]
        case _ if isinstance(options, dict):
            return list(options.values())
        case _:
            return list(options or [])

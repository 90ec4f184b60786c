"""Worked examples: what a person says in a case, the level she must be told, and running them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from hotline.errors import FlowError, FlowErrors
from hotline.flow.engine import step
from hotline.flow.events import AdviceGiven, Exited, LevelGiven
from hotline.flow.flow import Flow
from hotline.flow.levels import LEVELS, Level
from hotline.flow.model import Kind, Question, Value
from hotline.flow.raw import Words
from hotline.flow.state import Heard, Silence, State
from hotline.flow.vocabulary import DANGERS, MENTIONS
from hotline.flow.yaml_text import Marks, parse_yaml, validate

SILENCE = "(silence)"
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Case:
    """One example. `given` is the level that this flow is meant to tell, `level` what is right.

    They differ where the flow is knowingly more careful (`over:` says why).
    """

    name: str
    answers: Mapping[str, Value]
    level: Level | None
    sources: tuple[str, ...]
    line: int
    exit: str | None = None
    given: Level | None = None
    over: str = ""
    danger: frozenset[str] = frozenset()
    mention: frozenset[str] = frozenset()
    last_level: Level | None = None
    advice: tuple[str, ...] = ()
    questions_at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the flow did with a case; `problem` is empty when it was right."""

    case: Case
    level: Level | None
    rules: tuple[str, ...]
    asked: tuple[str, ...]
    advice: tuple[str, ...]
    problem: str = ""
    exit: str | None = None


@dataclass(slots=True)
class _Run:
    asked: list[str] = field(default_factory=list)
    level: Level | None = None
    rules: tuple[str, ...] = ()
    advice: list[str] = field(default_factory=list)
    exit: str | None = None
    before_level: int | None = None


def run_case(flow: Flow, case: Case) -> Outcome:
    """Answer every question the flow asks as the case says, until no question is left."""
    run = _Run()
    came: Heard | Silence = Heard(dangers=case.danger, mentions=case.mention)
    state = State(last_level=case.last_level)
    for _ in range(LONGEST):
        state, events = step(flow, state, came)
        for event in events:
            match event:
                case LevelGiven():
                    run.level, run.rules = event.level, event.rules
                    run.advice += event.advice
                    run.before_level = run.before_level or len(run.asked)
                case AdviceGiven():
                    run.advice += event.advice
                case Exited():
                    run.exit = event.say
                case _:
                    pass
        if state.question is None:
            return _judged(case, run)
        run.asked.append(state.question)
        if state.question not in case.answers:
            return _outcome(case, run, f"{state.question} is asked, and the case does not answer")
        answer = case.answers[state.question]
        came = Silence() if answer == SILENCE else Heard(answer=answer)
    return _outcome(case, run, "the questions do not end")


def _judged(case: Case, run: _Run) -> Outcome:
    wanted = case.given or case.level
    if case.exit is not None or run.exit is not None:
        same = case.exit == run.exit
        return _outcome(case, run, "" if same else f"rests with {run.exit}, not {case.exit}")
    if run.level is not wanted:
        return _outcome(case, run, f"gives {run.level}, and {wanted} is right")
    missing = [say for say in case.advice if say not in run.advice]
    if missing:
        return _outcome(case, run, f"does not say {', '.join(missing)}")
    most = case.questions_at_most
    if most is not None and (run.before_level or 0) > most:
        return _outcome(case, run, f"asks {run.before_level} questions, more than {most}")
    return _outcome(case, run, "")


def _outcome(case: Case, run: _Run, problem: str) -> Outcome:
    return Outcome(
        case, run.level, run.rules, tuple(run.asked), tuple(run.advice), problem, run.exit
    )


def triage_table(outcomes: list[Outcome]) -> list[tuple[Level, dict[str, int]]]:
    """For each right level: how many cases were told less, the same, one level more, or further."""
    rows: list[tuple[Level, dict[str, int]]] = []
    for level in LEVELS:
        row = {"cases": 0, "under": 0, "right": 0, "one over": 0, "further": 0}
        for outcome in outcomes:
            if outcome.case.level is not level or outcome.level is None:
                continue
            apart = outcome.level.rank - level.rank
            row["cases"] += 1
            names = {0: "right", 1: "one over"}
            row["under" if apart < 0 else names.get(apart, "further")] += 1
        rows.append((level, row))
    return rows


# ------------------------------------------------------------------ reading cases.yaml

Answers = dict[str, Words]
Listed = Annotated[list[str], BeforeValidator(lambda v: v if isinstance(v, list) else [v])]


class _RawCase(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    case: str
    answers: Answers = {}
    level: Level | None = None
    exit: str | None = None
    source: Listed
    given: Level | None = None
    over: str = ""
    danger: Listed = []
    mention: Listed = []
    last_level: Level | None = None
    advice: Listed = []
    questions_at_most: int | None = None


class _RawCases(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    flow: str
    usual: Answers
    cases: list[_RawCase]


def parse_cases(raw: bytes, file: str, flow: Flow) -> tuple[Case, ...]:
    """Read cases.yaml. Raises FlowError or FlowErrors with every fault."""
    tree, marks = parse_yaml(raw, file)
    written = validate(_RawCases, tree, marks)
    faults = list(_faults(written, marks, flow))
    if faults:
        raise FlowErrors(faults)
    usual = _values(flow, written.usual)
    return tuple(
        Case(
            name=one.case,
            answers={**usual, **_values(flow, one.answers)},
            level=one.level,
            sources=tuple(one.source),
            line=marks.line("cases", i),
            exit=one.exit,
            given=one.given,
            over=one.over,
            danger=frozenset(one.danger),
            mention=frozenset(one.mention),
            last_level=one.last_level,
            advice=tuple(one.advice),
            questions_at_most=one.questions_at_most,
        )
        for i, one in enumerate(written.cases)
    )


def _values(flow: Flow, answers: Answers) -> dict[str, Value]:
    return {name: _value(flow.by_id[name], said) for name, said in answers.items()}


def _value(question: Question, said: list[str]) -> Value:
    if said == [SILENCE]:
        return SILENCE
    if question.kind is Kind.CHOICES:
        return frozenset(said)
    if question.kind in (Kind.WEEKS, Kind.NUMBER) and said[0].isdecimal():
        return int(said[0])
    return said[0]


def _faults(written: _RawCases, marks: Marks, flow: Flow) -> Iterator[FlowError]:
    if written.flow != flow.id:
        yield marks.error(("flow",), f"these are cases of {written.flow}", f"flow: {flow.id}")
    yield from _answer_faults(written.usual, ("usual",), marks, flow)
    for i, one in enumerate(written.cases):
        at = ("cases", i)
        yield from _answer_faults(one.answers, (*at, "answers"), marks, flow)
        if (one.level is None) == (one.exit is None):
            yield marks.error(at, f"{one.case!r} needs a level or an exit", "write one of them")
        apart = one.given and one.level and one.given.rank - one.level.rank
        if apart is not None and (apart != 1 or not one.over):
            mend = "`given` is one level above `level`, and `over` says why"
            yield marks.error((*at, "given"), f"{one.case!r} is not over by one level", mend)
        for part, names, known in (
            ("danger", one.danger, DANGERS),
            ("mention", one.mention, MENTIONS),
        ):
            for name in set(names) - set(known):
                mend = f"one of: {', '.join(known)}"
                yield marks.error((*at, part), f"there is no {part} {name!r}", mend)


def _answer_faults(
    answers: Answers, at: tuple[str | int, ...], marks: Marks, flow: Flow
) -> Iterator[FlowError]:
    for name, said in answers.items():
        question = flow.by_id.get(name)
        if question is None:
            mend = f"one of: {', '.join(flow.by_id)}"
            yield marks.error((*at, name), f"there is no question {name!r}", mend)
        elif said != [SILENCE] and not flow.truth.can_be(name, _value(question, said)):
            mend = f"one of: {', '.join(question.values) or 'a number'}, or {SILENCE}"
            yield marks.error((*at, name), f"{name} is never {', '.join(said)!r}", mend)

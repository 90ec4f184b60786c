"""Building questions from what the author wrote: options and keys, defaults, clarifiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hotline.errors import FlowError
from hotline.flow.conditions import Condition
from hotline.flow.model import NOT_SURE, Kind, Option, Question, Value
from hotline.flow.raw import RawNotSure, RawQuestion
from hotline.flow.vocabulary import DANGERS
from hotline.flow.yaml_text import Marks

YES_NO = ("yes", "no", NOT_SURE)
WEEKS_KEYS = {"0": "unknown", "99": "no_test"}


def build_questions(
    written: Sequence[RawQuestion], conditions: Mapping[str, Condition], marks: Marks
) -> tuple[tuple[Question, ...], list[FlowError]]:
    """The questions with defaults filled in, and every fault found."""
    faults: list[FlowError] = []
    ids = [one.id for one in written]
    clarifies: dict[str, str] = {}
    for i, one in enumerate(written):
        if one.id in ids[:i]:
            faults.append(_error(marks, i, "id", f"{one.id!r} stands here twice", "rename one"))
        if isinstance(one.not_sure, RawNotSure):
            if one.not_sure.ask in ids[i + 1 :]:
                clarifies[one.not_sure.ask] = one.id
            else:
                problem = f"no question {one.not_sure.ask!r} follows"
                faults.append(_error(marks, i, "not_sure", problem, "add it after this one"))
    questions: list[Question] = []
    for i, one in enumerate(written):
        built = _build(
            one, conditions.get(one.id), clarifies.get(one.id), marks.line("questions", i)
        )
        faults += _faults(one, built, i, marks)
        questions.append(built)
    return tuple(questions), faults


def _build(
    one: RawQuestion, ask_when: Condition | None, clarifies: str | None, line: int
) -> Question:
    options = _options(one)
    values = [option.value for option in options]
    unsure = _unsure(one, values)
    clarifier = one.not_sure if isinstance(one.not_sure, RawNotSure) else None
    confirm = {"no", *one.confirm} & {*values} if one.red_flag else {*one.confirm}
    return Question(
        id=one.id,
        kind=one.kind,
        options=options,
        unsure=unsure,
        silence=_as_value(one.kind, one.silence) if one.silence else unsure,
        line=line,
        red_flag=one.red_flag,
        extra=one.extra,
        checks=one.checks,
        confirm=frozenset(confirm | ({NOT_SURE} if one.red_flag else set())),
        ask_when=ask_when,
        clarifier=clarifier.ask if clarifier else None,
        clarifies=clarifies,
        clarifier_then=clarifier.then if clarifier else None,
        counts_as={value: tuple(held) for value, held in one.counts_as.items()},
        implies=one.implies,
        exclusive=frozenset(one.exclusive or ("none", NOT_SURE)),
        low=one.low,
        high=one.high,
    )


def _options(one: RawQuestion) -> tuple[Option, ...]:
    match one.kind, one.options:
        case Kind.WEEKS, _:
            return tuple(Option(key, value) for key, value in WEEKS_KEYS.items())
        case _, dict(keys):
            return tuple(Option(key, value) for key, value in keys.items())
        case _, list(values):
            return _numbered(values)
        case Kind.YES_NO, None:
            return _numbered(YES_NO)
        case _:
            return ()


def _numbered(values: Sequence[str]) -> tuple[Option, ...]:
    return tuple(Option(str(i), value) for i, value in enumerate(values, 1))


def _unsure(one: RawQuestion, values: list[str]) -> Value:
    if isinstance(one.not_sure, str):
        return _as_value(one.kind, one.not_sure)
    if NOT_SURE in values:
        return _as_value(one.kind, NOT_SURE)
    return _as_value(one.kind, one.silence or "")


def _as_value(kind: Kind, text: str) -> Value:
    return frozenset({text}) if kind is Kind.CHOICES else text


def _faults(one: RawQuestion, built: Question, i: int, marks: Marks) -> list[FlowError]:
    faults: list[FlowError] = []

    def fault(part: str, problem: str, mend: str) -> None:
        faults.append(_error(marks, i, part, problem, mend))

    if not built.options and one.kind not in (Kind.NUMBER, Kind.TEXT):
        fault("options", f"{one.id} has no options", "list their values")
    if len(built.options) > 9 and one.kind is not Kind.WEEKS:  # noqa: PLR2004 one digit a key
        fault("options", f"{one.id} has more than nine options", "split the question")
    if len({option.key for option in built.options}) < len(built.options):
        fault("options", f"two options of {one.id} share a key", "number them anew")
    if len(set(built.values)) < len(built.values):
        fault("options", f"an option of {one.id} stands twice", "take one out")
    return faults + _value_faults(one, built, i, marks)


def _value_faults(one: RawQuestion, built: Question, i: int, marks: Marks) -> list[FlowError]:
    faults: list[FlowError] = []

    def fault(part: str, problem: str, mend: str) -> None:
        faults.append(_error(marks, i, part, problem, mend))

    known = {*built.values}
    for part, value in (("not_sure", built.unsure), ("silence", built.silence)):
        members = value if isinstance(value, frozenset) else {value}
        if known and not members <= known:
            mend = f"one of: {', '.join(built.values)}"
            fault(part, f"{one.id}: {part} counts as nothing that can be answered", mend)
    if built.clarifier_then is not None and built.clarifier_then not in known:
        fault("not_sure", f"{built.clarifier_then!r} is no answer", "name one of the options")
    if one.checks is not None and one.checks not in DANGERS:
        fault("checks", f"there is no danger {one.checks!r}", f"one of: {', '.join(DANGERS)}")
    if set(one.confirm) - known:
        fault("confirm", f"{one.confirm} are not all options", "name options")
    return faults


def _error(marks: Marks, i: int, part: str, problem: str, mend: str) -> FlowError:
    return marks.error(("questions", i, part), problem, mend)

"""Taking in what was heard: dangers, mentions, what was told unasked, and the answer itself."""

from __future__ import annotations

from hotline.flow.events import (
    Answered,
    DangerHeard,
    DangerPossible,
    Event,
    Form,
    Misunderstood,
    Noted,
    PersonOffered,
    Source,
)
from hotline.flow.flow import Flow
from hotline.flow.model import NOT_SURE, Question, Value
from hotline.flow.state import Heard, State, Told

TRIES_RED_FLAG = 2
TRIES = 3


def hear(flow: Flow, state: State, heard: Heard) -> tuple[State, list[Event], Form]:
    """Take in one text: the new state, what happened, and the form to put the question in again."""
    events: list[Event] = []
    before = state
    if heard.dangers or heard.possible:
        state = _hear_dangers(flow, state, heard, events)
    if not heard.mentions <= state.mentions:
        state = state._replace(mentions=state.mentions | heard.mentions)
    if heard.told:
        state = _hear_told(flow, state, heard, events)
    if state.question is None:
        return state, events, Form.ASK
    question = flow.by_id[state.question]
    answer = heard.answer
    if answer is None:
        answer = heard.told.get(question.id)
    if answer is not None and flow.truth.can_be(question.id, answer):
        state = _settle(state, question, answer, Source.ASKED, events)
        if question.id in heard.told:
            state = _hear_otherwise(flow, state, question.id, heard.told[question.id])
        return state, events, Form.ASK
    if _said_something(before, state):
        return state, events, Form.ASK
    return _misunderstand(state, question, events)


def pass_over(flow: Flow, state: State) -> tuple[State, list[Event]]:
    """Nobody answered: the open question gets the value that silence counts as."""
    events: list[Event] = []
    question = flow.by_id.get(state.question or "")
    if question is None:
        return state, events
    return _settle(state, question, question.silence, Source.SILENCE, events), events


def correct(flow: Flow, state: State, name: str, value: Value) -> tuple[State, list[Event]]:
    """Staff set an answer. Raises KeyError for an unknown question, ValueError for a value."""
    question = flow.by_id[name]
    if not flow.truth.can_be(name, value):
        raise ValueError(f"{value!r} is no answer to {name}")
    events: list[Event] = []
    answers = {k: v for k, v in state.answers.items() if k != name}
    told = tuple(pair for pair in state.told if pair[0] != name)
    cleaned = state._replace(answers=answers, told=told)
    return _settle(cleaned, question, value, Source.STAFF, events), events


def step_back(flow: Flow, state: State) -> State:
    """The question before is open again, without its answer; unchanged once a level was told."""
    if not state.trail or state.level is not None:
        return state
    question = flow.by_id[state.trail[-1]]
    implied = {name for answers in question.implies.values() for name in answers}
    answers = {
        name: value
        for name, value in state.answers.items()
        if name != question.id and not (name in implied and name not in state.trail)
    }
    return state._replace(
        answers=answers,
        trail=state.trail[:-1],
        possible=state.possible | ({question.checks} if question.checks else set()),
        question=question.id,
        tries=0,
        ended=False,
    )


def _hear_dangers(flow: Flow, state: State, heard: Heard, events: list[Event]) -> State:
    """Certain dangers count at once; possible ones wait for their check question.

    One that she denied is asked about once more when it is heard again, and counts the time after:
    what she says again and again weighs more than her "no", and the questions come to an end.
    """
    fresh = heard.possible - heard.dangers - state.dangers - state.possible
    checks = {name: flow.checks[name] for name in fresh if name in flow.checks}
    denied = {name: check for name, check in checks.items() if check in state.answers}
    twice = {name for name, check in denied.items() if (check, "no") in state.told}
    counted = heard.dangers | twice | {name for name in fresh if name not in checks}
    new = counted - state.dangers
    if new:
        events.append(DangerHeard(tuple(sorted(new))))
    unsure = checks.keys() - twice
    if unsure:
        events.append(DangerPossible(tuple(sorted(unsure))))
    again = {check for name, check in denied.items() if name in unsure}
    answers = state.answers
    if again:
        answers = {name: value for name, value in answers.items() if name not in again}
    dangers = state.dangers | counted
    return state._replace(
        answers=answers,
        told=(*state.told, *((check, "no") for check in sorted(again))),
        dangers=dangers,
        possible=(state.possible | unsure) - dangers,
    )


def _hear_told(flow: Flow, state: State, heard: Heard, events: list[Event]) -> State:
    noted: dict[str, Value] = {}
    for name, value in heard.told.items():
        question = flow.by_id.get(name)
        if question is None or name == state.question or not flow.truth.can_be(name, value):
            continue
        members = value if isinstance(value, frozenset) else frozenset({value})
        if name in state.answers:
            louder = _hear_otherwise(flow, state, name, value)
            if louder is not state:
                noted[name] = value
            state = louder
        elif members & question.confirm:
            state = _hear_otherwise(flow, state, name, value)
            state = state._replace(hints=state.hints | {name})
        else:
            noted[name] = value
            state = _answer(state, question, value, Source.TOLD, events)
    if noted:
        events.append(Noted(noted))
    return state


def _hear_otherwise(flow: Flow, state: State, name: str, value: Value) -> State:
    """A value that contradicts an answer, or must be asked for: it counts beside the answer."""
    value = alone(flow.by_id[name], value)
    if state.answers.get(name) == value or (name, value) in state.told:
        return state
    if not flow.truth.can_be(name, value):
        return state
    return state._replace(told=(*state.told, (name, value)))


def _said_something(before: State, after: State) -> bool:
    return (
        before.dangers != after.dangers
        or before.possible != after.possible
        or before.mentions != after.mentions
        or before.told != after.told
        or before.answers != after.answers
    )


def _misunderstand(
    state: State, question: Question, events: list[Event]
) -> tuple[State, list[Event], Form]:
    tries = state.tries + 1
    events.append(Misunderstood(question.id, tries))
    grave = question.red_flag or question.checks is not None
    if tries >= (TRIES_RED_FLAG if grave else TRIES):
        if grave:
            events.append(PersonOffered())
        settled = _settle(state, question, question.silence, Source.NONSENSE, events)
        return settled, events, Form.ASK
    form = Form.SIMPLER if tries == 1 else Form.DIGITS
    return state._replace(tries=tries), events, form


def _settle(
    state: State, question: Question, value: Value, source: Source, events: list[Event]
) -> State:
    state = _answer(state, question, value, source, events, asked=True)
    if question.checks is None:
        return state
    possible = state.possible - {question.checks}
    if value == "no":
        return state._replace(possible=possible)
    if question.checks not in state.dangers:
        events.append(DangerHeard((question.checks,)))
    return state._replace(possible=possible, dangers=state.dangers | {question.checks})


def _answer(  # noqa: PLR0913 one place where an answer is kept
    state: State,
    question: Question,
    value: Value,
    source: Source,
    events: list[Event],
    *,
    asked: bool = False,
) -> State:
    value = alone(question, value)
    answers = {**state.answers, question.id: value}
    events.append(Answered(question.id, value, source))
    told = state.told
    if question.implies:
        told = _imply(question, value, answers, told, events)
    if not asked:
        return state._replace(answers=answers, told=told)
    name = question.id
    trail = state.trail
    trail = (*(one for one in trail if one != name), name) if name in trail else (*trail, name)
    return state._replace(answers=answers, told=told, trail=trail, tries=0)


def _imply(
    question: Question, value: Value, answers: dict[str, Value], told: Told, events: list[Event]
) -> Told:
    """Answers that come with this one; where she said otherwise before, both count."""
    key = "known" if isinstance(value, int) else value
    implied = question.implies.get(key, {}) if isinstance(key, str) else {}
    for name, held in implied.items():
        if name not in answers:
            answers[name] = held
            events.append(Answered(name, held, Source.IMPLIED))
        elif answers[name] != held and (name, held) not in told:
            told = (*told, (name, held))
    return told


def alone(question: Question, value: Value) -> Value:
    """A choices answer without "none" beside anything else; "not sure" beside others counts too."""
    if not isinstance(value, frozenset) or len(value) < 2:  # noqa: PLR2004 a single choice
        return value
    return value - (question.exclusive - {NOT_SURE}) or value

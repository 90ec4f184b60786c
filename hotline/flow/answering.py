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
from hotline.flow.model import Question, Value
from hotline.flow.state import Heard, State

TRIES_RED_FLAG = 2
TRIES = 3


def hear(flow: Flow, state: State, heard: Heard) -> tuple[State, list[Event], Form]:
    """Take in one text: the new state, what happened, and the form to put the question in again."""
    events: list[Event] = []
    before = state
    state = _hear_dangers(flow, state, heard, events)
    state = state._replace(mentions=state.mentions | heard.mentions)
    state = _hear_told(flow, state, heard, events)
    question = flow.by_id.get(state.question or "")
    if question is None:
        return state, events, Form.ASK
    answer = heard.answer
    if answer is None and question.id in heard.told:
        answer = heard.told[question.id]
    if answer is not None:
        return _settle(state, question, answer, Source.ASKED, events), events, Form.ASK
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
    """Staff set an answer. Raises KeyError for a question the flow does not have."""
    question = flow.by_id[name]
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
        answers=answers, trail=state.trail[:-1], question=question.id, tries=0, ended=False
    )


def _hear_dangers(flow: Flow, state: State, heard: Heard, events: list[Event]) -> State:
    new = heard.dangers - state.dangers
    dangers = state.dangers | heard.dangers
    if new:
        events.append(DangerHeard(tuple(sorted(new))))
    unsure = (heard.possible & flow.checks.keys()) - dangers
    certain_without_check = heard.possible - flow.checks.keys()
    dangers |= certain_without_check
    fresh = unsure - state.possible
    if fresh:
        events.append(DangerPossible(tuple(sorted(fresh))))
    checks = {flow.checks[name] for name in fresh}
    answers = state.answers
    if checks & answers.keys():
        answers = {name: value for name, value in answers.items() if name not in checks}
    possible = (state.possible | unsure) - dangers
    return state._replace(answers=answers, dangers=dangers, possible=possible)


def _hear_told(flow: Flow, state: State, heard: Heard, events: list[Event]) -> State:
    noted: dict[str, Value] = {}
    for name, value in heard.told.items():
        question = flow.by_id.get(name)
        if question is None or name == state.question:
            continue
        members = value if isinstance(value, frozenset) else frozenset({value})
        doubtful = bool(members & question.confirm)
        if name in state.answers or doubtful:
            state = _hear_otherwise(flow, state, name, value, doubtful=doubtful)
            if (name, value) in state.told:
                noted[name] = value
            continue
        noted[name] = value
        state = _answer(state, question, value, Source.TOLD, events)
    if noted:
        events.append(Noted(noted))
    return state


def _hear_otherwise(flow: Flow, state: State, name: str, value: Value, *, doubtful: bool) -> State:
    """A value that contradicts an answer, or must be asked for: it counts where it raises."""
    if doubtful and name not in state.answers:
        state = state._replace(hints=state.hints | {name})
    if state.answers.get(name) == value or (name, value) in state.told:
        return state
    louder = state._replace(told=(*state.told, (name, value)))
    before = flow.final(flow.settle(state)).level
    after = flow.final(flow.settle(louder)).level
    raised = after is not None and (before is None or after.rank > before.rank)
    return louder if raised else state


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
    state = _answer(state, question, value, source, events)
    trail = (*(name for name in state.trail if name != question.id), question.id)
    state = state._replace(trail=trail, tries=0)
    if question.checks is None:
        return state
    possible = state.possible - {question.checks}
    if value == "no":
        return state._replace(possible=possible)
    if question.checks not in state.dangers:
        events.append(DangerHeard((question.checks,)))
    return state._replace(possible=possible, dangers=state.dangers | {question.checks})


def _answer(
    state: State, question: Question, value: Value, source: Source, events: list[Event]
) -> State:
    value = _alone(question, value)
    answers = {**state.answers, question.id: value}
    events.append(Answered(question.id, value, source))
    key = "known" if isinstance(value, int) else value
    implied = question.implies.get(key, {}) if isinstance(key, str) else {}
    for name, held in implied.items():
        if name not in answers:
            answers[name] = held
            events.append(Answered(name, held, Source.IMPLIED))
    return state._replace(answers=answers, hints=state.hints - {question.id})


def _alone(question: Question, value: Value) -> Value:
    """A choices answer without "none" or "not sure" beside real choices (the worse counts)."""
    if not isinstance(value, frozenset) or len(value) < 2:  # noqa: PLR2004 a single choice
        return value
    return value - question.exclusive or value

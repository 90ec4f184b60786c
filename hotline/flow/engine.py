"""The engine: from where she stands and what came in, to where she stands next and what to say.

Pure: no clock, no I/O, no texts. `step` never lowers a level that was told, hears danger before
anything else, and asks a question only when its answer can still change the level or the advice.
"""

from __future__ import annotations

from typing import assert_never

from hotline.flow.answering import correct, hear, pass_over, step_back
from hotline.flow.events import (
    AdviceGiven,
    AsideSaid,
    Asked,
    Ended,
    Event,
    Exited,
    Form,
    LevelGiven,
)
from hotline.flow.flow import Flow, Verdict, holds_now
from hotline.flow.levels import Level
from hotline.flow.model import Question
from hotline.flow.state import Again, Back, Correct, Heard, Input, Silence, State
from hotline.flow.truth import MENTION, Settled

Step = tuple[State, list[Event]]


def step(flow: Flow, state: State, came: Input) -> Step:
    """Take one input. Returns the new state and what happened, in the order it is to be said."""
    match came:
        case Heard():
            heard_state, events, form = hear(flow, state, came)
            fresh = bool(heard_state.dangers - state.dangers)
            return _go_on(flow, heard_state, events, form=form, fresh_danger=fresh)
        case Silence():
            silent, events = pass_over(flow, state)
            return _go_on(flow, silent, events)
        case Back():
            return _put_back(flow, state)
        case Again():
            return state, _said_again(flow, state)
        case Correct(question, value):
            corrected, events = correct(flow, state, question, value)
            return _go_on(flow, corrected, events)
        case _:
            assert_never(came)


def level_now(flow: Flow, state: State) -> Verdict:
    """The level that the state amounts to if nothing more is asked, with its rules."""
    return flow.final(flow.settle(state))


def _go_on(
    flow: Flow,
    state: State,
    events: list[Event],
    *,
    form: Form = Form.ASK,
    fresh_danger: bool = False,
) -> Step:
    settled = flow.settle(state)
    verdict = flow.judge(settled)
    if verdict.level is Level.EMERGENCY:
        return _emergency(flow, state, events, settled, fresh_danger=fresh_danger)
    if not state.possible and state.level is None:
        for way_on in flow.exits:
            if holds_now(way_on.when, settled):
                return _exit(state, events, way_on.say, way_on.forget)
    state = _say_asides(flow, state, settled, events)
    question = _next(flow, state, settled, extras=False)
    if question is None:
        state = _tell(flow, state, events)
        question = _next(flow, state, settled, extras=True)
    if question is not None:
        return _ask(state, events, question, form)
    if not state.ended:
        events.append(Ended())
    return state._replace(question=None, tries=0, ended=True), events


def _emergency(
    flow: Flow, state: State, events: list[Event], settled: Settled, *, fresh_danger: bool
) -> Step:
    done = state._replace(question=None, tries=0, ended=True, possible=frozenset())
    if state.level is not Level.EMERGENCY:
        done = _tell(flow, done, events)
    elif fresh_danger:
        events.append(_level(flow, settled, Level.EMERGENCY, repeated=True))
    if not state.ended:
        events.append(Ended())
    return done, events


def _exit(state: State, events: list[Event], say: str, forget: tuple[str, ...]) -> Step:
    events.append(Exited(say))
    answers = {name: value for name, value in state.answers.items() if name not in forget}
    mentions = frozenset() if MENTION in forget else state.mentions
    return state._replace(answers=answers, mentions=mentions, question=None, tries=0), events


def _say_asides(flow: Flow, state: State, settled: Settled, events: list[Event]) -> State:
    new = [
        aside.say
        for aside in flow.asides
        if aside.say not in state.said and holds_now(aside.when, settled)
    ]
    if not new:
        return state
    events += [AsideSaid(say) for say in new]
    return state._replace(said=state.said | set(new))


def _tell(flow: Flow, state: State, events: list[Event]) -> State:
    """Tell the level when it is new or higher, or the advice that extras added."""
    settled = flow.settle(state)
    final = flow.final(settled)
    if final.level is None:
        return state
    if state.level is None or final.level.rank > state.level.rank:
        given = _level(flow, settled, final.level)
        events.append(given)
        advised = state.advised | {*given.advice, *given.alerts}
        return state._replace(level=final.level, advised=advised)
    given = _level(flow, settled, state.level)
    advice = tuple(say for say in given.advice if say not in state.advised)
    alerts = tuple(alert for alert in given.alerts if alert not in state.advised)
    if advice or alerts:
        events.append(AdviceGiven(advice, alerts))
        return state._replace(advised=state.advised | {*advice, *alerts})
    return state


def _level(flow: Flow, settled: Settled, level: Level, *, repeated: bool = False) -> LevelGiven:
    final = Settled(settled.true, flow.truth.everything)
    return LevelGiven(
        level=level,
        rules=flow.judge(final).rules,
        advice=tuple(
            one.say for one in flow.advice if level in one.levels and holds_now(one.when, final)
        ),
        alerts=tuple(one.alert for one in flow.alerts if holds_now(one.when, final)),
        repeated=repeated,
    )


def _ask(state: State, events: list[Event], question: Question, form: Form) -> Step:
    same = question.id == state.question
    asked = form if same else Form.ASK
    events.append(Asked(question.id, asked))
    tries = state.tries if same else 0
    return state._replace(question=question.id, tries=tries, ended=False), events


def _put_back(flow: Flow, state: State) -> Step:
    back = step_back(flow, state)
    if back.question is None:
        return state, _said_again(flow, state)
    return back, [Asked(back.question, Form.ASK)]


def _said_again(flow: Flow, state: State) -> list[Event]:
    events: list[Event] = []
    if state.level is not None:
        events.append(_level(flow, flow.settle(state), state.level, repeated=True))
    if state.question is not None:
        events.append(Asked(state.question, Form.ASK))
    return events


def _next(flow: Flow, state: State, settled: Settled, *, extras: bool) -> Question | None:
    """The next question to ask: dangers to make sure of, red flags, then what can still matter."""
    if state.possible:
        for name, check in flow.checks.items():
            if name in state.possible:
                return flow.by_id[check]
    told = state.level is not None
    return flow.plan.next_question(settled, state.hints, told=told, extras=extras)

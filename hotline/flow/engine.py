"""The engine: from where she stands and what came in, to where she stands next and what to say.

Pure: no clock, no I/O, no texts. `step` never lowers a level that was told, hears danger before
anything else, and asks a question only when its answer can still change the level or the advice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from hotline.flow.answering import correct, hear, pass_over, step_back
from hotline.flow.conditions import atoms_of
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
from hotline.flow.flow import Flow, Verdict
from hotline.flow.levels import Level
from hotline.flow.model import Exit, Question
from hotline.flow.plan import Outlook
from hotline.flow.state import Again, Back, Correct, Heard, Input, Silence, State
from hotline.flow.truth import MENTION, Settled

Step = tuple[State, list[Event]]


def step(flow: Flow, state: State, came: Input) -> Step:
    """Take one input. Returns the new state and what happened, in the order it is to be said.

    Whatever was heard, something is said: the next question, or the level again. Only silence
    when no question is open says nothing. Raises KeyError or ValueError for a correction that the
    flow does not know.
    """
    match came:
        case Heard():
            heard_state, events, form = hear(flow, state, came)
            fresh = heard_state.dangers != state.dangers
            return _go_on(flow, heard_state, events, form=form, fresh_danger=fresh)
        case Silence():
            if state.question is None:
                return state, []
            silent, events = pass_over(flow, state)
            return _go_on(flow, silent, events)
        case Back():
            return _put_back(flow, state)
        case Again():
            return _say_again(flow, state)
        case Correct(question, value):
            corrected, events = correct(flow, state, question, value)
            return _go_on(flow, corrected, events)
        case _:
            assert_never(came)


def level_now(flow: Flow, state: State) -> Verdict:
    """The level that the state amounts to if nothing more is asked, with its rules."""
    return flow.final(flow.settle(state))


def outlook(flow: Flow, state: State) -> Outlook:
    """What follows from a state, remembered by what is settled in it."""
    settled = flow.truth.of(state)
    return flow.plan.outlook(settled[0], settled[1], state.hints, state.level is not None)


def _go_on(
    flow: Flow,
    state: State,
    events: list[Event],
    *,
    form: Form = Form.ASK,
    fresh_danger: bool = False,
) -> Step:
    look = outlook(flow, state)
    if look.level is Level.EMERGENCY:
        return _emergency(flow, state, events, look.settled, fresh_danger=fresh_danger)
    if look.way_on is not None and not state.possible and state.level is None:
        return _exit(state, events, look.way_on)
    if look.asides:
        state = _say_asides(state, look.asides, events)
    if state.level is not None and look.level is not None and look.level.rank > state.level.rank:
        # She was told less before: a higher level does not wait for the questions it opened.
        state = _tell(flow, state, events, look.settled)
    question = _check_first(flow, state) if state.possible else look.question
    if question is None:
        state = _tell(flow, state, events, look.settled)
        question = outlook(flow, state).extra
    if question is not None:
        return _ask(state, events, question, form)
    return _end(flow, state, events, look.settled)


def _emergency(
    flow: Flow, state: State, events: list[Event], settled: Settled, *, fresh_danger: bool
) -> Step:
    if state.level is not Level.EMERGENCY:
        state = _tell(flow, state, events, settled)
    elif fresh_danger:
        events.append(_level(flow, settled, Level.EMERGENCY, repeated=True))
    return _end(flow, state._replace(possible=frozenset()), events, settled)


def _end(flow: Flow, state: State, events: list[Event], settled: Settled) -> Step:
    if not state.ended:
        events.append(Ended())
    elif state.level and not any(isinstance(e, LevelGiven | AdviceGiven) for e in events):
        events.append(_level(flow, settled, state.level, repeated=True))
    return state._replace(question=None, tries=0, ended=True), events


def _exit(state: State, events: list[Event], way_on: Exit) -> Step:
    """Rest. What the exit forgets is asked anew; of the mentions only those that led to it."""
    events.append(Exited(way_on.say))
    gone = way_on.forget
    mentions = state.mentions
    if MENTION in gone:
        atoms = atoms_of(way_on.when.expression)
        mentions -= {atom.value for atom in atoms if atom.variable == MENTION}
    return state._replace(
        answers={name: value for name, value in state.answers.items() if name not in gone},
        told=tuple(pair for pair in state.told if pair[0] not in gone),
        mentions=mentions,
        question=None,
        tries=0,
    ), events


def _say_asides(state: State, asides: tuple[str, ...], events: list[Event]) -> State:
    new = [say for say in asides if say not in state.said]
    if not new:
        return state
    events += [AsideSaid(say) for say in new]
    return state._replace(said=state.said | set(new))


def _tell(flow: Flow, state: State, events: list[Event], settled: Settled) -> State:
    """Tell the level when it is new or higher, or the advice that extras added."""
    final = flow.plan.final(settled)
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
    given = flow.plan.given(settled, level)
    return replace(given, repeated=True) if repeated else given


def _ask(state: State, events: list[Event], question: Question, form: Form) -> Step:
    same = question.id == state.question
    events.append(Asked(question.id, form if same else Form.ASK))
    if same and not state.ended:
        return state, events
    tries = state.tries if same else 0
    return state._replace(question=question.id, tries=tries, ended=False), events


def _put_back(flow: Flow, state: State) -> Step:
    back = step_back(flow, state)
    if back.question is None:
        return _say_again(flow, state)
    return back, [Asked(back.question, Form.ASK)]


def _say_again(flow: Flow, state: State) -> Step:
    events: list[Event] = []
    if state.level is not None:
        settled = outlook(flow, state).settled
        events.append(_level(flow, settled, state.level, repeated=True))
    if state.question is not None:
        events.append(Asked(state.question, Form.ASK))
    return (state, events) if events else _go_on(flow, state, events)


def _check_first(flow: Flow, state: State) -> Question | None:
    """The question that makes sure of the first danger she may have meant."""
    return next(flow.by_id[check] for name, check in flow.checks.items() if name in state.possible)

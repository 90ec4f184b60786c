"""Taking a stored session's inputs through a flow again: on its own version, or on today's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hotline.flow.engine import level_now, step
from hotline.flow.flow import Flow
from hotline.flow.levels import Level
from hotline.flow.model import Value
from hotline.flow.state import Correct, Heard, Input, State
from hotline.session.codec import heard_from_plain
from hotline.session.records import Entry, Session


@dataclass(frozen=True, slots=True)
class Replayed:
    """Where the inputs lead: the level told, that of the rules if nothing more is asked, its rules.

    `same` compares with the stored session; None where the versions differ.
    """

    version: str
    told: Level | None
    level: Level | None
    rules: tuple[str, ...]
    question: str | None
    same: bool | None = None


def replay(flow: Flow, session: Session, entries: Iterable[Entry]) -> Replayed:
    """The session's inputs on its own flow, step by step as they were taken."""
    kept = list(entries)
    state, _ = _taken(flow, session, kept)
    stored = session.state
    same = (state.level, state.answers) == (stored.level, stored.answers)
    # While staff have her, dangers are heard and kept without a step of the flow.
    with_staff = any(entry.extra.get("did") == "took_over" for entry in kept)
    heard = state.dangers <= stored.dangers if with_staff else state.dangers == stored.dangers
    return _result(flow, state, same=same and heard)


def replay_on(flow: Flow, own: Flow, session: Session, entries: Sequence[Entry]) -> Replayed:
    """The same inputs on another version of the flow.

    An answer is given where that version asks the same question next, else it counts as told.
    """
    _, asked = _taken(own, session, entries)
    state = _begin(session)
    for question, came in asked:
        state, _ = step(flow, state, _moved(flow, state, question, came))
    return _result(flow, state, same=None)


def _taken(
    flow: Flow, session: Session, entries: Iterable[Entry]
) -> tuple[State, list[tuple[str | None, Input]]]:
    state = _begin(session)
    asked: list[tuple[str | None, Input]] = []
    for entry in entries:
        if entry.extra.get("did") == "closed":
            state = state._replace(question=None, ended=True)
        if entry.heard is None:
            continue
        came = heard_from_plain(entry.heard)
        asked.append((state.question, came))
        before = state
        state, _ = step(flow, state, came)
        if isinstance(came, Correct) and not entry.said and before.question is None:
            # A correction that she was not told of opens nothing (see correcting.py).
            state = state._replace(question=None, tries=0, ended=before.ended)
    return state, asked


def _begin(session: Session) -> State:
    return State(last_level=session.state.last_level)


def _moved(flow: Flow, state: State, question: str | None, came: Input) -> Input:
    match came:
        case Heard(answer, told, dangers, possible, mentions):
            if answer is None or question is None or question == state.question:
                return came
            known: dict[str, Value] = {question: answer} if question in flow.by_id else {}
            return Heard(None, {**told, **known}, dangers, possible, mentions)
        case Correct(name, value) if name not in flow.by_id or not flow.truth.can_be(name, value):
            return Heard()
        case _:
            return came


def _result(flow: Flow, state: State, *, same: bool | None) -> Replayed:
    verdict = level_now(flow, state)
    return Replayed(flow.version, state.level, verdict.level, verdict.rules, state.question, same)

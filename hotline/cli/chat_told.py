"""What one turn of `hotline chat` told: the words, what was understood, the level and its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hotline.flow.events import AdviceGiven, Answered, DangerHeard, LevelGiven, Noted
from hotline.flow.flow import Flow
from hotline.flow.library import Library
from hotline.flow.model import Kind, Question, Value
from hotline.flow.sms_text import measure
from hotline.session.codec import values_to_plain
from hotline.session.duties import duties_of
from hotline.session.own_questions import own_question
from hotline.session.phone_line import parts_of
from hotline.session.records import Menu, Session, TaskKind
from hotline.session.turn import Taken


@dataclass(frozen=True, slots=True)
class Verdict:
    """The level told so far in the session, the rules that held when it was told, the advice."""

    level: str | None = None
    rules: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()

    def after(self, taken: Taken) -> Verdict:
        """The verdict after one more turn. A new session begins without one."""
        turned = taken.turned
        if turned is None:
            return self
        if taken.session is None:
            return Verdict()
        verdict = Verdict() if turned.new_session else self
        for event in turned.events:
            match event:
                case LevelGiven(level, rules, advice):
                    verdict = Verdict(level, rules, advice)
                case AdviceGiven(advice):
                    more = [one for one in advice if one not in verdict.advice]
                    verdict = replace(verdict, advice=(*verdict.advice, *more))
                case _:
                    pass
        return verdict


@dataclass(frozen=True, slots=True)
class Told:
    """One turn: everything `hotline chat` shows of it. `plain` is the contract of --json."""

    turn: int
    heard: str
    messages: tuple[str, ...]
    verdict: Verdict
    understood: Mapping[str, Value] = field(default_factory=dict)
    danger: tuple[str, ...] = ()
    question: Mapping[str, Any] | None = None
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    ended: bool = False

    def plain(self) -> dict[str, object]:
        """The turn as --json writes it (DESIGN, section 7)."""
        return {
            "turn": self.turn,
            "heard": self.heard,
            "understood": values_to_plain(self.understood),
            "danger": list(self.danger),
            "question": self.question,
            "messages": [_measured(message) for message in self.messages],
            "level": self.verdict.level,
            "rules": [{"id": one, "sources": list(self.sources[one])} for one in self.sources],
            "advice": list(self.verdict.advice),
            "ended": self.ended,
        }


def tell(library: Library, before: Session | None, taken: Taken, said: Told) -> Told:
    """Fill in what a turn told; `said` brings its number, her words, our words and the verdict.

    `before` is the session as it was: it knows which question of the hotline's own was open.
    """
    session = taken.session
    if session is None:
        return replace(said, ended=True)
    flow = library.flow_of(session.flow)
    question = _open_question(flow, session)
    return replace(
        said,
        understood=dict(_understood(before, taken)),
        danger=tuple(sorted(_dangers(taken))),
        question=question,
        sources={one: flow.rules_by_id[one].sources for one in said.verdict.rules},
        pages=tuple(_pages(library, taken)),
        ended=question is None and _is_over(session),
    )


def _is_over(session: Session) -> bool:
    """Whether nothing is left to say: no question, she stopped us, or the call was said goodbye."""
    said_goodbye = session.call is not None and session.line.menu is Menu.BYE
    return session.opted_out or session.state.ended or said_goodbye


def _measured(message: str) -> dict[str, object]:
    size = measure(message)
    return {"text": message, "segments": size.segments, "encoding": size.encoding.value}


def _understood(before: Session | None, taken: Taken) -> Iterator[tuple[str, Value]]:
    """What this turn settled: told unasked first, then the answers themselves."""
    turned = taken.turned
    if turned is None:
        return
    for event in turned.events:
        if isinstance(event, Noted):
            yield from event.told.items()
    for event in turned.events:
        if isinstance(event, Answered):
            yield event.question, event.value
    own = own_question(before) if before is not None else None
    understood = turned.understood
    rested = taken.session is None or taken.session.asking is None
    if own is not None and rested and understood is not None and understood.answer is not None:
        yield own.id, understood.answer


def _dangers(taken: Taken) -> set[str]:
    turned = taken.turned
    if turned is None:
        return set()
    heard = set(turned.understood.dangers) if turned.understood else set()
    return heard.union(
        *(event.dangers for event in turned.events if isinstance(event, DangerHeard))
    )


def _open_question(flow: Flow, session: Session) -> dict[str, Any] | None:
    if session.opted_out:
        return None
    if session.call is not None and session.line.menu is not None:
        return _menu(session.line.menu)
    question = own_question(session) or flow.by_id.get(session.state.question or "")
    if session.asking is not None and own_question(session) is None:
        return {"id": session.asking.value, "kind": "text", "options": []}
    return None if question is None else _shown(question, session)


def _shown(question: Question, session: Session) -> dict[str, Any]:
    options = [{"key": one.key, "value": one.value} for one in question.options]
    if session.call is not None and question.kind is Kind.CHOICES:
        part = parts_of(question)[session.line.part]  # asked about one by one on the telephone
        options = [{"key": "1", "value": part}, {"key": "2", "value": "no"}]
    return {"id": question.id, "kind": question.kind.value, "options": options}


def _menu(menu: Menu) -> dict[str, Any] | None:
    """A menu of the telephone; its keys are said, and nothing in it is an answer of the flow."""
    if menu is Menu.BYE:
        return None
    return {"id": f"menu_{menu.value}", "kind": "choice", "options": []}


def _pages(library: Library, taken: Taken) -> Iterator[str]:
    """The pages to staff that the turn committed: the reason and the level."""
    if taken.turned is None:
        return
    for task in duties_of(library, taken.turned, taken.reply, 0, ("", 0)):
        if task.kind is TaskKind.PAGE:
            yield f"{task.payload['reason']} {task.payload.get('level') or ''}".strip()

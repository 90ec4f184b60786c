"""Records to plain data and back: what the log, the tasks and older session records are made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from enum import StrEnum
from operator import attrgetter
from typing import Any

from hotline.flow import events as flow_events
from hotline.flow.levels import Level
from hotline.flow.model import Value
from hotline.flow.state import Again, Back, Correct, Heard, Input, Silence, State
from hotline.session.records import (
    Asking,
    Channel,
    Control,
    Entry,
    Lane,
    Line,
    Menu,
    Reply,
    Session,
    Task,
    TaskKind,
)


def value_to_plain(value: Value) -> str | int | list[str]:
    """A choices value becomes a sorted list, the others stay."""
    return sorted(value) if isinstance(value, frozenset) else value


def value_from_plain(plain: Any) -> Value:  # noqa: ANN401 plain data
    """The inverse of value_to_plain."""
    return frozenset(plain) if isinstance(plain, list) else plain


def values_to_plain(values: Mapping[str, Value]) -> dict[str, str | int | list[str]]:
    """Each value plain."""
    return {name: value_to_plain(value) for name, value in values.items()}


def values_from_plain(plain: Mapping[str, Any]) -> dict[str, Value]:
    """The inverse of values_to_plain."""
    return {name: value_from_plain(value) for name, value in plain.items()}


def state_from_plain(plain: list[Any]) -> State:
    """A state from a list in the order of its fields."""
    level, last = plain[9], plain[12]
    return State(
        answers=values_from_plain(plain[0]),
        told=tuple((name, value_from_plain(value)) for name, value in plain[1]),
        trail=tuple(plain[2]),
        dangers=frozenset(plain[3]),
        possible=frozenset(plain[4]),
        mentions=frozenset(plain[5]),
        hints=frozenset(plain[6]),
        question=plain[7],
        tries=plain[8],
        level=None if level is None else Level(level),
        said=frozenset(plain[10]),
        advised=frozenset(plain[11]),
        last_level=None if last is None else Level(last),
        ended=plain[13],
    )


_MEMBERS: dict[str, dict[str, StrEnum]] = {
    name: {one.value: one for one in kind}
    for name, kind in (
        ("channel", Channel),
        ("control", Control),
        ("asking", Asking),
        ("last_level", Level),
    )
}
"""Enum members by value: calling the enum takes four times as long."""


def session_from_plain(plain: dict[str, Any]) -> Session:
    """A session from a plain record: its fields by name, those at their default left out.

    Such records were written before packing.pack_session. Raises TypeError for a field we do not
    know.
    """
    plain["state"] = state_from_plain(plain["state"])
    for name, members in _MEMBERS.items():
        if name in plain:
            plain[name] = members[plain[name]]
    if "recent" in plain:
        plain["recent"] = tuple(plain["recent"])
    if "line" in plain:
        plain["line"] = _line_from_plain(plain["line"])
    if "notes" in plain:
        plain["notes"] = tuple(tuple(note) for note in plain["notes"])
    if "noted" in plain:
        plain["noted"] = values_from_plain(plain["noted"])
    return Session(**plain)


def _line_from_plain(plain: list[Any]) -> Line:
    line = Line(*plain)
    return line._replace(menu=line.menu and Menu(line.menu), picked=tuple(line.picked))


def reply_to_plain(reply: Reply) -> list[Any]:
    """A reply as [messages, emergency], and the document of a call."""
    plain = [list(reply.messages), int(reply.emergency)]
    return [*plain, reply.document] if reply.document else plain


def reply_from_plain(plain: list[Any]) -> Reply:
    """The inverse of reply_to_plain."""
    return Reply(tuple(plain[0]), bool(plain[1]), *plain[2:])


_EVENT_TYPES = {
    name: kind
    for name, kind in vars(flow_events).items()
    if dataclasses.is_dataclass(kind) and isinstance(kind, type)
}


def _plainly(annotation: str) -> Callable[[Any], Any] | None:
    """What makes a field of this type plain; None where it is so already."""
    if "Mapping" in annotation:
        return values_to_plain
    return value_to_plain if "Value" in annotation or "frozenset" in annotation else None


_EVENT_FIELDS = {
    name: tuple((field.name, _plainly(str(field.type))) for field in dataclasses.fields(kind))
    for name, kind in _EVENT_TYPES.items()
}


def event_to_plain(event: flow_events.Event) -> dict[str, Any]:
    """An event by field name, its kind under "is"."""
    name = type(event).__name__
    plain: dict[str, Any] = {"is": name}
    for field, plainly in _EVENT_FIELDS[name]:
        value = getattr(event, field)
        plain[field] = value if plainly is None else plainly(value)
    return plain


def heard_to_plain(came: Input) -> dict[str, Any]:
    """What came in, so that the turn can be replayed."""
    match came:
        case Heard(answer, told, dangers, possible, mentions):
            plain: dict[str, Any] = {"is": "heard"}
            if answer is not None:
                plain["answer"] = value_to_plain(answer)
            if told:
                plain["told"] = values_to_plain(told)
            for name, names in (("dangers", dangers), ("possible", possible)):
                if names:
                    plain[name] = sorted(names)
            if mentions:
                plain["mentions"] = sorted(mentions)
            return plain
        case Correct(question, value):
            return {"is": "correct", "question": question, "value": value_to_plain(value)}
        case Silence():
            return {"is": "silence"}
        case Back():
            return {"is": "back"}
        case Again():
            return {"is": "again"}


def heard_from_plain(plain: Mapping[str, Any]) -> Input:
    """The inverse of heard_to_plain. Raises KeyError for an unknown kind."""
    simple: dict[str, Input] = {"silence": Silence(), "back": Back(), "again": Again()}
    match plain["is"]:
        case "heard":
            answer = plain.get("answer")
            return Heard(
                answer=None if answer is None else value_from_plain(answer),
                told=values_from_plain(plain.get("told", {})),
                dangers=frozenset(plain.get("dangers", ())),
                possible=frozenset(plain.get("possible", ())),
                mentions=frozenset(plain.get("mentions", ())),
            )
        case "correct":
            return Correct(plain["question"], value_from_plain(plain["value"]))
        case other:
            return simple[other]


_ENTRY_FIELDS = tuple(field.name for field in dataclasses.fields(Entry))
_entry_values = attrgetter(*_ENTRY_FIELDS)


def entry_to_plain(entry: Entry) -> dict[str, Any]:
    """An entry by field name; empty fields are left out."""
    values = zip(_ENTRY_FIELDS, _entry_values(entry), strict=True)
    return {name: value for name, value in values if value}


def entry_from_plain(plain: Mapping[str, Any]) -> Entry:
    """The inverse of entry_to_plain."""
    return Entry(
        kind=plain["kind"],
        delivery=plain.get("delivery", ""),
        words=plain.get("words", ""),
        heard=plain.get("heard"),
        events=tuple(plain.get("events", ())),
        said=tuple(plain.get("said", ())),
        by=plain.get("by", ""),
        flow=plain.get("flow", ""),
        extra=plain.get("extra", {}),
    )


def task_to_plain(task: Task) -> dict[str, Any]:
    """A task by field name."""
    return {
        "id": task.id,
        "kind": task.kind,
        "lane": task.lane,
        "due": task.due,
        "contact": task.contact,
        "serial": task.serial,
        "fence": task.fence,
        "payload": dict(task.payload),
    }


def task_from_plain(plain: Mapping[str, Any]) -> Task:
    """The inverse of task_to_plain."""
    return Task(
        id=plain["id"],
        kind=TaskKind(plain["kind"]),
        lane=Lane(plain["lane"]),
        due=plain["due"],
        contact=plain["contact"],
        serial=plain["serial"],
        fence=plain["fence"],
        payload=plain["payload"],
    )

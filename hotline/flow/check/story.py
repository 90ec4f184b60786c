"""The shortest conversation that leads to a class, in lines that a clinician can read."""

from __future__ import annotations

from collections.abc import Iterable

from hotline.flow.check.explore import Graph, Node
from hotline.flow.events import Asked, Event, Exited, LevelGiven
from hotline.flow.model import Value
from hotline.flow.state import Heard, Input, State


def story(graph: Graph, at: int) -> list[str]:
    """From the opening text to this class."""
    nodes: list[Node] = []
    place: int | None = at
    while place is not None:
        nodes.append(graph.nodes[place])
        place = nodes[-1].came_from
    lines: list[str] = []
    question: str | None = None
    for node in reversed(nodes):
        if node.came_by is not None:
            before = node.state if node.came_from is None else None
            lines.append(said(question, node.came_by, before))
        lines += told(node.events)
        question = node.state.question
    return lines


def said(question: str | None, came: Input, opening: State | None = None) -> str:
    """One turn of hers: the question and what she answered, or what was heard."""
    if not isinstance(came, Heard):
        return f"{question or 'opening'}: ({type(came).__name__.lower()})"
    parts: list[str] = []
    if came.answer is not None:
        parts.append(in_words(came.answer))
    parts += [f"danger {name}" for name in sorted(came.dangers)]
    parts += [f"perhaps {name}" for name in sorted(came.possible)]
    parts += [f"mentions {name}" for name in sorted(came.mentions)]
    parts += [f"tells {name}: {in_words(value)}" for name, value in came.told.items()]
    if opening is not None and opening.last_level is not None:
        parts.append(f"told {opening.last_level} less than a day ago")
    where = question or "opening text"
    return f"{where}: {', '.join(parts) or 'nothing that helps'}"


def told(events: Iterable[Event]) -> list[str]:
    """What the hotline said of weight: levels and exits."""
    lines: list[str] = []
    for event in events:
        match event:
            case LevelGiven(level=level, rules=rules):
                lines.append(f"-> {level} ({', '.join(rules)})")
            case Exited(say=say):
                lines.append(f"-> rests: {say}")
            case _:
                pass
    return lines


def asked(events: Iterable[Event]) -> str | None:
    """The question put in these events."""
    return next((event.question for event in events if isinstance(event, Asked)), None)


def in_words(value: Value) -> str:
    """A value as it is written in cases and stories."""
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)

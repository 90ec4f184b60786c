"""Which work a turn leaves for the worker: pages, watched deliveries, timers, follow-ups."""

from __future__ import annotations

from collections.abc import Iterable

from hotline.flow.events import AdviceGiven, LevelGiven
from hotline.flow.levels import Level
from hotline.flow.library import Library
from hotline.session.conversation import Turned
from hotline.session.phone_menus import CALL_BACK
from hotline.session.records import Control, Lane, Reply, Session, Task, TaskKind

DELIVERY_WATCH_MS = 60_000
GRAVE = frozenset({"level", "danger", "opted_out", "suicidal"})


def duties_of(
    library: Library, turned: Turned, reply: Reply, fence: int, cause: tuple[str, int]
) -> list[Task]:
    """The tasks of one turn.

    `fence` is the revision it will have; `cause` its delivery id and its time (ms). Task ids come
    from the cause, so the same turn committed twice leaves the same tasks.
    """
    delivery, now = cause
    tasks = [
        _task(turned.session, TaskKind.PAGE, f"page:{delivery}:{reason}", now, payload, grave=grave)
        for reason, payload, grave in _reasons(turned)
    ]
    if reply.emergency and turned.session.number:
        tasks.append(
            _task(
                turned.session,
                TaskKind.DELIVERY_CHECK,
                f"delivery:{delivery}",
                now + DELIVERY_WATCH_MS,
                {"delivery": delivery},
                grave=True,
            )
        )
    tasks += _timers(library, turned.session, fence, now)
    tasks += [_asked_for(turned.session, asked, cause) for asked in turned.asks]
    if turned.session.follow_up == 0 and _just_agreed(turned):
        follow_up = f"follow:{turned.session.id}"
        tasks.append(_task(turned.session, TaskKind.FOLLOW_UP, follow_up, now, {"plan": True}))
    return tasks


def _reasons(turned: Turned) -> Iterable[tuple[str, dict[str, object], bool]]:
    for event in turned.events:
        match event:
            case LevelGiven(level, rules, _, alerts, repeated):
                if not repeated and level.rank >= Level.URGENT.rank:
                    payload: dict[str, object] = {
                        "reason": "level",
                        "level": level,
                        "rules": list(rules),
                    }
                    yield "level", payload, level is Level.EMERGENCY
                for alert in () if repeated else alerts:
                    yield alert, {"reason": alert, "level": level}, alert in GRAVE
            case AdviceGiven(_, alerts):
                for alert in alerts:
                    yield alert, {"reason": alert}, alert in GRAVE
            case _:
                pass
    level_now = turned.session.state.level
    for reason in turned.pages:
        yield reason, {"reason": reason, "level": level_now}, reason in GRAVE


def _timers(library: Library, session: Session, fence: int, now: int) -> list[Task]:
    """The safety net for silence: while a red flag, a danger or its check is open."""
    flow = library.flow_of(session.flow)
    question = flow.by_id.get(session.state.question or "")
    watched = question is not None and (
        question.red_flag or question.checks is not None or bool(session.state.dangers)
    )
    if not watched or session.control is Control.STAFF or session.paused or session.opted_out:
        return []
    due = now + flow.red_flag_minutes * 60_000
    name = f"silence:{session.id}"
    return [_task(session, TaskKind.SILENCE, name, due, {"round": 1}, fence=fence)]


def _asked_for(session: Session, asked: str, cause: tuple[str, int]) -> Task:
    """What she asked for by telephone, as the worker takes it (escalation.orders, calling_back)."""
    delivery, now = cause
    level = session.state.level
    if asked == CALL_BACK:
        plain: dict[str, object] = {"asked_by": "phone_menu"}
        if level is not None:
            plain["level"] = level
        return _task(session, TaskKind.CALL_BACK, f"callback:{delivery}", now, plain, grave=True)
    order: dict[str, object] = {"to": "her", "by": "text", "about": "saying"}
    order |= {"level": level, "say": f"by_text_{level}"}
    name = f"bytext:{session.id}:{level}"
    return _task(session, TaskKind.SEND, name, now, order, grave=level is Level.EMERGENCY)


def _just_agreed(turned: Turned) -> bool:
    return any(getattr(piece, "id", "") == "follow_up_yes" for piece in turned.pieces)


def _task(  # noqa: PLR0913 the fields of a task
    session: Session,
    kind: TaskKind,
    name: str,
    due: int,
    payload: dict[str, object],
    *,
    grave: bool = False,
    fence: int | None = None,
) -> Task:
    return Task(
        id=name,
        kind=kind,
        lane=Lane.EMERGENCY if grave or kind is TaskKind.SILENCE else Lane.NORMAL,
        due=due,
        contact=session.contact,
        serial=session.serial,
        fence=fence,
        payload=payload,
    )

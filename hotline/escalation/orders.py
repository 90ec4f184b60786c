"""What a send task holds: to whom, how, about what; and the making of the worker's own tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from hotline.escalation.queue import to_ms
from hotline.escalation.records import Means
from hotline.flow.levels import Level
from hotline.session.records import Lane, Task, TaskKind

HER = "her"
"""The `to` of a send that goes to the woman; any other is the id of a person on the rota."""


class About(StrEnum):
    """What a send is for."""

    PAGE = "page"
    TAKEN = "taken"
    MORE = "more"
    ANSWER = "answer"
    SAYING = "saying"
    REPLY = "reply"
    FOLLOW_UP = "follow_up"
    ADVICE = "advice"
    CONNECT = "connect"


@dataclass(frozen=True, slots=True)
class SendOrder:
    """One text or call to be made.

    `say` is a phrase's id, `body` words that are ready; a page has neither, it is worded when it
    goes. `unasked` waits out her night. `watched`: its arrival is checked, and a failure goes to a
    call and to staff. `note` is what the send is about in particular (who took it, the reason).
    """

    to: str
    by: Means
    about: About
    level: Level | None = None
    say: str = ""
    body: str = ""
    note: str = ""
    unasked: bool = False
    watched: bool = False

    def plain(self) -> dict[str, Any]:
        """As a task's payload; what is empty is left out."""
        named = {
            "to": self.to,
            "by": self.by.value,
            "about": self.about.value,
            "level": self.level.value if self.level else "",
            "say": self.say,
            "body": self.body,
            "note": self.note,
            "unasked": self.unasked,
            "watched": self.watched,
        }
        return {name: value for name, value in named.items() if value}


def order_of(payload: Mapping[str, Any]) -> SendOrder:
    """The inverse of SendOrder.plain. Raises KeyError or ValueError for what is none."""
    level = payload.get("level")
    return SendOrder(
        to=payload["to"],
        by=Means(payload["by"]),
        about=About(payload["about"]),
        level=Level(level) if level else None,
        say=payload.get("say", ""),
        body=payload.get("body", ""),
        note=payload.get("note", ""),
        unasked=bool(payload.get("unasked")),
        watched=bool(payload.get("watched")),
    )


@dataclass(frozen=True, slots=True)
class Whose:
    """The session a task belongs to; `fence` is the revision it holds for (None: any)."""

    contact: str
    serial: int
    fence: int | None = None

    @property
    def session(self) -> str:
        """The session's id."""
        return f"{self.contact}.{self.serial}"


def whose(session_id: str, fence: int | None = None) -> Whose:
    """The session with this id."""
    contact, _, serial = session_id.partition(".")
    return Whose(contact, int(serial), fence)


def send_task(task_id: str, whom: Whose, order: SendOrder, at: datetime) -> Task:
    """The task of a send; its id is the send's id in the ledger and in delivery reports."""
    lane = Lane.EMERGENCY if order.level is Level.EMERGENCY else Lane.NORMAL
    return _task(task_id, TaskKind.SEND, lane, whom, at, order.plain())


def page_task(task_id: str, whom: Whose, reason: str, level: Level | None, at: datetime) -> Task:
    """The task that tells staff, in the form session.duties makes it too."""
    payload = {"reason": reason, "level": level.value if level else None}
    return _task(task_id, TaskKind.PAGE, Lane.EMERGENCY, whom, at, payload)


def ladder_task(whom: Whose, level: Level, at: datetime, note: Mapping[str, Any] | None) -> Task:
    """The next look at an escalation; with a `note` (what became of a page) it is one of its own.

    Without one the id is the same each time, so that a later time replaces an earlier one.
    """
    lane = Lane.EMERGENCY if level is Level.EMERGENCY else Lane.NORMAL
    name = f"ladder:{whom.session}" + (f":{note['send']}" if note else "")
    return _task(name, TaskKind.LADDER, lane, whom, at, dict(note or {}))


def callback_task(callback_id: str, whom: Whose, due: datetime) -> Task:
    """The reminder that a call-back is due again."""
    name, payload = f"callback:{callback_id}:{to_ms(due)}", {"due": to_ms(due)}
    return _task(name, TaskKind.CALL_BACK, Lane.NORMAL, whom, due, payload)


def check_task(send: str, whom: Whose, at: datetime) -> Task:
    """The check whether a send has arrived, in the form session.duties makes it too."""
    payload = {"delivery": send}
    return _task(check_id(send), TaskKind.DELIVERY_CHECK, Lane.EMERGENCY, whom, at, payload)


def check_id(send: str) -> str:
    """The id of the task that checks a send's arrival."""
    return f"delivery:{send}"


def _task(  # noqa: PLR0913, PLR0917 - the fields of a task
    task_id: str,
    kind: TaskKind,
    lane: Lane,
    whom: Whose,
    at: datetime,
    payload: Mapping[str, Any],
) -> Task:
    return Task(
        id=task_id,
        kind=kind,
        lane=lane,
        due=to_ms(at),
        contact=whom.contact,
        serial=whom.serial,
        fence=whom.fence,
        payload=payload,
    )

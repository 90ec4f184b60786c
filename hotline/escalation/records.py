"""The record of one escalation: what is wrong, who was told when, who took it, how it ended."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from hotline.flow.levels import Level


class Reason(StrEnum):
    """Why staff are told."""

    LEVEL = "level"
    DANGER = "danger"
    PERSON = "person"
    NOT_DELIVERED = "not_delivered"
    OPTED_OUT = "opted_out"
    SILENCE = "silence"
    SAFEGUARDING = "safeguarding"
    HARM = "harm"
    SUICIDAL = "suicidal"
    WORSE = "worse"
    CALLBACK_FAILED = "callback_failed"
    FAULT = "fault"
    OTHER = "other"


class State(StrEnum):
    """Where an escalation stands. Only RESOLVED closes it; nothing does so by itself."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    EXHAUSTED = "exhausted"
    RESOLVED = "resolved"


class Means(StrEnum):
    """How a person on the rota is told."""

    TEXT = "text"
    CALL = "call"


class What(StrEnum):
    """What a step of an escalation was."""

    OPENED = "opened"
    RAISED = "raised"
    REOPENED = "reopened"
    PAGED = "paged"
    NOBODY = "nobody"
    PAGE_FAILED = "page_failed"
    PAGE_PERHAPS = "page_perhaps"
    EXHAUSTED = "exhausted"
    TAKEN = "taken"
    REASSIGNED = "reassigned"
    RELEASED = "released"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: when (aware), what, to or by whom (a person's id), and how."""

    at: datetime
    what: What
    who: str | None = None
    by: Means | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Escalation:
    """One call for help to staff; a session has at most one, opened again when need be.

    `session` is its id. `code` is the four digits for TAKE 1234. `next_rung` counts rungs over all
    rounds; `next_at` is when `advance` has something to do next, None when it has not.
    `told_her_at` is when she was told that staff could not be reached.
    """

    session: str
    code: str
    level: Level
    reason: Reason
    opened: datetime
    language: str = "en"
    state: State = State.OPEN
    steps: tuple[Step, ...] = ()
    next_rung: int = 0
    next_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    told_her_at: datetime | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None
    resolution: str = ""

    @property
    def closed(self) -> bool:
        """True once somebody resolved it."""
        return self.state is State.RESOLVED

    @property
    def paged(self) -> tuple[str, ...]:
        """The ids of everyone who was paged, each once, in the order they were."""
        told = (step.who for step in self.steps if step.what is What.PAGED and step.who)
        return tuple(dict.fromkeys(told))

    def with_steps(self, *steps: Step) -> Self:
        """The same record with these steps added."""
        return replace(self, steps=(*self.steps, *steps))

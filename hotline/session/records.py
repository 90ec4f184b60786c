"""The records: what is kept of a contact's session, of each turn, and of the work it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from hotline.flow.levels import Level
from hotline.flow.model import Value
from hotline.flow.state import State


class Channel(StrEnum):
    """How she reaches us."""

    SMS = "sms"
    VOICE = "voice"
    WHATSAPP = "whatsapp"


class Control(StrEnum):
    """Who answers her: the machine or a person."""

    AUTOMATED = "automated"
    STAFF = "staff"


class Standing(StrEnum):
    """Where a session stands, for lists and filters."""

    OPEN = "open"
    RESTING = "resting"
    STAFF = "staff"
    ENDED = "ended"


class Asking(StrEnum):
    """A question of the hotline's own that is open beside the flow's."""

    COUNTRY = "country"
    RESUME = "resume"
    FOLLOW_UP = "follow_up"
    CHECK_IN = "check_in"


class Menu(StrEnum):
    """What a call waits for when it is not the flow's open question."""

    LANGUAGE = "language"
    AFTER = "after"
    CONNECT = "connect"
    BYE = "bye"


class Line(NamedTuple):
    """Where a call stands: what a telephone needs kept besides the session.

    `asked` is the question that was last put on the line, `part` the option asked about when
    several are asked one after another, and `picked` those said yes to. `silences` counts in a
    row, `heard` tells whether she was heard since the last question that silence answered.
    `rounds` is how often staff were rung, `taken` that one of them took the call. `sent` is the
    level that was sent by text, `gone` the last call that ended (CallSid).
    """

    menu: Menu | None = None
    asked: str = ""
    part: int = 0
    picked: tuple[str, ...] = ()
    silences: int = 0
    heard: bool = False
    rounds: int = 0
    taken: bool = False
    sent: str = ""
    gone: str = ""


class Session(NamedTuple):
    """One passage of one contact. Times are milliseconds since 1970 UTC.

    `contact` is the keyed hash of the number, `serial` counts this contact's sessions from 1.
    `number` is E.164, "" when withheld. `flow` is the flow's version (content hash). `recent` are
    the times of the last texts and `same` how often the same text came in a row (flood, robots).
    `call` is the call in progress (CallSid), `step` its last step, `line` where it stands.
    `follow_up` is the time of an agreed check-in. `loss` is set once a loss was reported, for the
    tone of what is sent later.
    `noted` is what she told unasked and was not shown yet: it waits until she said that it is safe
    to text.
    """

    contact: str
    serial: int
    number: str
    our_number: str
    channel: Channel
    country: str | None
    language: str
    flow: str
    state: State
    opened: int
    updated: int
    control: Control = Control.AUTOMATED
    staff: str | None = None
    asking: Asking | None = None
    opted_out: bool = False
    wants_person: bool = False
    paused: bool = False
    loss: bool = False
    outcome: str | None = None
    recent: tuple[int, ...] = ()
    same: int = 0
    last_words: str = ""
    call: str | None = None
    step: int = 0
    follow_up: int | None = None
    last_level: Level | None = None
    last_level_at: int | None = None
    notes: tuple[tuple[int, str, str], ...] = ()
    noted: Mapping[str, Value] = MappingProxyType({})
    line: Line = Line()

    @property
    def id(self) -> str:
        """The session's id: contact and serial, no number in it."""
        return f"{self.contact}.{self.serial}"

    @property
    def standing(self) -> Standing:
        """Where it stands, for lists."""
        if self.control is Control.STAFF:
            return Standing.STAFF
        if self.state.ended or self.outcome is not None:
            return Standing.ENDED
        return Standing.RESTING if self.state.question is None else Standing.OPEN


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: the messages in order, the worst first; none means silence.

    `emergency` marks a reply that tells the emergency level, whose arrival is watched. On a call
    the messages are what is spoken and `document` is the TwiML that speaks it.
    """

    messages: tuple[str, ...] = ()
    emergency: bool = False
    document: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One turn as the event log keeps it: what came, how it was read, what happened, what was said.

    `kind` is "text", "call", "silence", "staff", "delivery", "task" ...; `heard` and `events` are
    plain data (see codec). Its time is the log's own.
    """

    kind: str
    delivery: str = ""
    words: str = ""
    heard: Mapping[str, Any] | None = None
    events: tuple[Mapping[str, Any], ...] = ()
    said: tuple[str, ...] = ()
    by: str = ""
    flow: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


class Lane(StrEnum):
    """Which queue a task waits in: the emergency lane is always served first."""

    EMERGENCY = "emergency"
    NORMAL = "normal"


class TaskKind(StrEnum):
    """What the worker is to do."""

    PAGE = "page"
    SILENCE = "silence"
    DELIVERY_CHECK = "delivery_check"
    FOLLOW_UP = "follow_up"
    CALL_BACK = "call_back"
    SEND = "send"
    LADDER = "ladder"


@dataclass(frozen=True, slots=True)
class Task:
    """Work committed with the session.

    `id` is unique and the same for the same cause, so that a repeated commit cannot double it.
    `due` is milliseconds since 1970 UTC. `fence` is the session revision it belongs to: a task
    whose session moved on does nothing (None: do it whatever happened since).
    """

    id: str
    kind: TaskKind
    lane: Lane
    due: int
    contact: str
    serial: int
    fence: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)

"""What the Now page shows, read from Redis: escalations, dangers without one, sessions open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from redis.exceptions import RedisError

from hotline.console.office import Office
from hotline.console.shown import masked
from hotline.errors import StoreUnavailable
from hotline.escalation.board import OPEN
from hotline.escalation.records import Escalation, What
from hotline.flow.engine import level_now
from hotline.flow.levels import Level
from hotline.session.finding import fetch, opened
from hotline.session.records import Control, Session, Standing

HOUR = 3_600_000
GRAVE_FOR = 12 * HOUR
MOST = 100
SHOWN = 60
"""Of those in progress the last active ones are shown: so many in each partition are looked at."""


@dataclass(frozen=True, slots=True)
class Line:
    """One session as a list shows it; no word of hers, the number masked.

    `why` names the rules that make it grave.
    """

    id: str
    level: Level | None
    standing: Standing
    channel: str
    country: str
    language: str
    number: str
    opened: int
    updated: int
    question: str | None
    staff: str | None
    dangers: tuple[str, ...]
    wants_person: bool
    opted_out: bool
    outcome: str | None
    why: tuple[str, ...] = ()

    @property
    def weight(self) -> tuple[int, bool, int]:
        """For sorting: the worst first, then who wrote last."""
        rank = self.level.rank if self.level else -1
        return -max(rank, 3 if self.dangers else -1), not self.wants_person, -self.updated


@dataclass(frozen=True, slots=True)
class Alarm:
    """A session that needs somebody. `escalation` is None while no page went out for it yet."""

    line: Line | None
    session: str
    level: Level
    escalation: Escalation | None

    @property
    def taken(self) -> bool:
        """Whether somebody has it; without an escalation: whether somebody took her over."""
        if self.escalation is None:
            return self.line is not None and self.line.staff is not None
        return self.escalation.acknowledged_by is not None

    @property
    def more(self) -> tuple[str, ...]:
        """What has come up since somebody took it."""
        if self.escalation is None or self.escalation.acknowledged_at is None:
            return ()
        since = self.escalation.acknowledged_at
        steps = self.escalation.steps
        return tuple(one.note for one in steps if one.what is What.RAISED and one.at > since)

    @property
    def weight(self) -> tuple[bool, int, float]:
        """For sorting: those nobody has first, the worst first, the oldest first."""
        at = self.escalation.opened.timestamp() if self.escalation else 0.0
        return self.taken and not self.more, -self.level.rank, at


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything on the page."""

    alarms: tuple[Alarm, ...]
    lines: tuple[Line, ...]
    more: int

    @property
    def waiting(self) -> int:
        """How many alarms nobody has taken."""
        return sum(not alarm.taken for alarm in self.alarms)


class Sight:
    """Looks again and again; a record that has not changed is not opened twice."""

    def __init__(self, office: Office) -> None:
        """Nothing is read yet."""
        self._office = office
        self._lines: dict[str, tuple[bytes, Line | None]] = {}
        self._escalations: dict[str, tuple[bytes, Escalation]] = {}

    def look(self) -> Snapshot:
        """The picture now. Raises StoreUnavailable."""
        try:
            return self._look()
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error

    def _look(self) -> Snapshot:
        unresolved, busy, grave, beyond = self._ids()
        records = self._office.board.load_many([*unresolved, *(grave - unresolved)])
        # Those that never had an escalation: the worker is late, or down.
        unpaged = [one for one in grave - unresolved if one not in records]
        lines = self._seen([*unresolved, *busy, *unpaged])
        opened = self._opened({one: records[one] for one in unresolved if one in records})
        alarms = [Alarm(lines.get(name), name, one.level, one) for name, one in opened.items()]
        alarms += [
            Alarm(line, one, line.level, None)
            for one in unpaged
            if (line := lines.get(one)) and line.level and line.outcome is None
        ]
        in_alarm = {alarm.session for alarm in alarms}
        rest = [line for line in _latest(lines.values()) if line.id not in in_alarm]
        rest = [line for line in rest if line.standing in (Standing.OPEN, Standing.STAFF)]
        ordered = tuple(sorted(rest, key=lambda line: line.weight))
        return Snapshot(
            tuple(sorted(alarms, key=lambda alarm: alarm.weight)),
            ordered[:SHOWN],
            max(0, len(ordered) - SHOWN) + beyond,
        )

    def _ids(self) -> tuple[set[str], set[str], set[str], int]:
        """Sessions in an open escalation, those in progress, those told a grave level lately.

        And how many in progress were not looked at.
        """
        store = self._office.store
        now = int(self._office.now().timestamp() * 1000)
        flow = self._office.hotline.library.flow
        since = now - flow.resume_minutes * 60_000
        escalated: set[str] = set()
        busy: set[str] = set()
        grave: set[str] = set()
        beyond = 0
        for keys in store.all_keys():
            with store.client.pipeline(transaction=False) as pipe:
                pipe.zrange(keys.index(OPEN), 0, -1)
                for name, low, most in (
                    ("standing:open", since, SHOWN),
                    ("standing:staff", "-inf", MOST),
                    ("level:emergency", now - GRAVE_FOR, MOST),
                    ("level:urgent", now - GRAVE_FOR, MOST),
                ):
                    pipe.zrevrangebyscore(keys.index(name), "+inf", low, start=0, num=most)
                pipe.zcount(keys.index("standing:open"), since, "+inf")
                pipe.zcard(keys.index("standing:staff"))
                *rows, texting, held = pipe.execute()
            first, *others = [{raw.decode() for raw in one} for one in rows]
            beyond += max(0, texting - SHOWN) + max(0, held - MOST)
            escalated |= first
            busy |= others[0] | others[1]
            grave |= others[2] | others[3]
        return escalated, busy, grave, beyond

    def _opened(self, records: Mapping[str, bytes]) -> dict[str, Escalation]:
        """Escalations out of their records; what is no longer looked at is forgotten."""
        known, board = self._escalations, self._office.board
        self._escalations = {
            one: known[one]
            if one in known and known[one][0] == raw
            else (raw, board.opened(one, raw))
            for one, raw in records.items()
        }
        return {one: escalation for one, (_, escalation) in self._escalations.items()}

    def _seen(self, ids: Iterable[str]) -> dict[str, Line]:
        """Sessions out of their records; what is no longer looked at is forgotten."""
        known, store = self._lines, self._office.store
        self._lines = {}
        for stored in fetch(store, list(dict.fromkeys(ids))):
            old = known.get(stored.id)
            if old is None or old[0] != stored.raw:
                session = opened(store, stored)
                old = (stored.raw, self._line(session) if session else None)
            self._lines[stored.id] = old
        return {one: line for one, (_, line) in self._lines.items() if line is not None}

    def _line(self, session: Session) -> Line:
        level, line = session.state.level, line_of(session)
        if level not in (Level.EMERGENCY, Level.URGENT):
            return line
        flow = self._office.hotline.library.flow_of(session.flow)
        # What danger rules say stands on the page as the dangers themselves.
        rules = (
            one
            for one in level_now(flow, session.state).rules
            if flow.rules_by_id[one].level == level and not one.startswith("danger")
        )
        return replace(line, why=tuple(rules))


def line_of(session: Session) -> Line:
    """A session as lists show it."""
    state = session.state
    return Line(
        id=session.id,
        level=state.level,
        standing=session.standing,
        channel=session.channel,
        country=session.country or "?",
        language=session.language,
        number=masked(session.number),
        opened=session.opened,
        updated=session.updated,
        question=state.question,
        staff=session.staff if session.control is Control.STAFF else None,
        dangers=tuple(sorted(state.dangers | state.possible)),
        wants_person=session.wants_person,
        opted_out=session.opted_out,
        outcome=session.outcome,
    )


def _latest(lines: Iterable[Line]) -> list[Line]:
    """Of each contact only the latest session: an earlier one is over, however it stood."""
    latest: dict[str, Line] = {}
    for line in lines:
        contact = line.id.partition(".")[0]
        other = latest.get(contact)
        if other is None or line.opened > other.opened:
            latest[contact] = line
    return list(latest.values())

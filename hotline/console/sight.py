"""What the Now page shows, read from Redis: escalations, dangers without one, sessions open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from redis.exceptions import RedisError

from hotline.console.office import Office
from hotline.console.shown import masked
from hotline.errors import StoreUnavailable
from hotline.escalation.board import OPEN
from hotline.escalation.records import Escalation, What
from hotline.flow.levels import Level
from hotline.session.finding import Stored, fetch, opened
from hotline.session.records import Control, Session, Standing

HOUR = 3_600_000
GRAVE_FOR = 12 * HOUR
MOST = 100
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One session as a list shows it; no word of hers, the number masked."""

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
        """Whether somebody has it."""
        return self.escalation is not None and self.escalation.acknowledged_by is not None

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
        self._escalations: dict[str, tuple[bytes, Escalation | None]] = {}

    def look(self) -> Snapshot:
        """The picture now. Raises StoreUnavailable."""
        try:
            return self._look()
        except RedisError as error:
            raise StoreUnavailable(str(error)) from error

    def _look(self) -> Snapshot:
        escalated, busy, grave = self._ids()
        unpaged = self._unpaged(grave - escalated)
        lines = self._seen([*escalated, *busy, *unpaged])
        alarms = [self._alarm(one, lines.get(one)) for one in escalated]
        alarms += [
            Alarm(line, one, line.level, None)
            for one in unpaged
            if (line := lines.get(one)) and line.level and line.outcome is None
        ]
        shown = [one for one in alarms if one is not None]
        in_alarm = {alarm.session for alarm in shown}
        rest = [line for line in _latest(lines.values()) if line.id not in in_alarm]
        rest = [line for line in rest if line.standing in (Standing.OPEN, Standing.STAFF)]
        ordered = tuple(sorted(rest, key=lambda line: line.weight))
        return Snapshot(
            tuple(sorted(shown, key=lambda alarm: alarm.weight)),
            ordered[:SHOWN],
            max(0, len(ordered) - SHOWN),
        )

    def _ids(self) -> tuple[set[str], set[str], set[str]]:
        """Sessions that are escalated, those in progress, those told a grave level lately."""
        store = self._office.store
        now = int(self._office.now().timestamp() * 1000)
        flow = self._office.hotline.library.flow
        since = now - flow.resume_minutes * 60_000
        escalated: set[str] = set()
        busy: set[str] = set()
        grave: set[str] = set()
        for keys in store.all_keys():
            with store.client.pipeline(transaction=False) as pipe:
                pipe.zrange(keys.index(OPEN), 0, -1)
                for name, low in (
                    ("standing:open", since),
                    ("standing:staff", "-inf"),
                    ("level:emergency", now - GRAVE_FOR),
                    ("level:urgent", now - GRAVE_FOR),
                ):
                    pipe.zrevrangebyscore(keys.index(name), "+inf", low, start=0, num=MOST)
                first, *others = [{raw.decode() for raw in rows} for rows in pipe.execute()]
            escalated |= first
            busy |= others[0] | others[1]
            grave |= others[2] | others[3]
        return escalated, busy, grave

    def _unpaged(self, grave: set[str]) -> set[str]:
        """Those of them that never had an escalation: the worker is late, or down."""
        ids = sorted(grave)
        if not ids:
            return set()
        with self._office.store.client.pipeline(transaction=False) as pipe:
            for one in ids:
                pipe.exists(self._key(one))
            found = pipe.execute()
        return {one for one, there in zip(ids, found, strict=True) if not there}

    def _alarm(self, session_id: str, line: Line | None) -> Alarm | None:
        raw = self._office.store.client.get(self._key(session_id)) or b""
        known = self._escalations.get(session_id)
        if known is None or known[0] != raw:
            known = (raw, self._office.board.load(session_id).escalation)
            self._escalations[session_id] = known
            _forget_some(self._escalations)
        escalation = known[1]
        return Alarm(line, session_id, escalation.level, escalation) if escalation else None

    def _key(self, session_id: str) -> str:
        return self._office.store.keys(session_id.partition(".")[0]).other(f"esc:{session_id}")

    def _seen(self, ids: Iterable[str]) -> dict[str, Line]:
        found: dict[str, Line] = {}
        for stored in fetch(self._office.store, list(dict.fromkeys(ids))):
            line = self._line(stored)
            if line is not None:
                found[stored.id] = line
        return found

    def _line(self, stored: Stored) -> Line | None:
        known = self._lines.get(stored.id)
        if known is None or known[0] != stored.raw:
            session = opened(self._office.store, stored)
            known = (stored.raw, line_of(session) if session else None)
            self._lines[stored.id] = known
            _forget_some(self._lines)
        return known[1]


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


def _forget_some(known: dict[str, Any]) -> None:
    """Keep the memory bounded: the oldest half goes."""
    if len(known) > 4 * MOST:
        for one in list(known)[: 2 * MOST]:
            del known[one]

"""The ladder: who is paged next, when it is spent, who took it; pure functions on records."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from hotline.escalation.records import Escalation, Means, Reason, State, Step, What
from hotline.escalation.rota import OnCall, Person
from hotline.flow.levels import Level

CODES = 10_000


class Who(StrEnum):
    """Whom a rung of the ladder reaches."""

    TIER_1 = "tier_1"
    TIER_2 = "tier_2"
    TIER_3 = "tier_3"
    EVERYONE = "everyone"
    LAST_RESORT = "last_resort"


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: `after` this long since its round began, `who` is told `by` these means."""

    after: timedelta
    who: Who
    by: tuple[Means, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The policy of one level.

    `wait` is the time after a round's last rung before the next round, or before the ladder is
    spent; then she is told the saying `tell_her` (None: nothing). Where `remind` is given, the
    first rung is paged again that often after the ladder is spent, until somebody takes it.
    """

    rungs: tuple[Rung, ...]
    rounds: int
    wait: timedelta
    tell_her: str | None = None
    remind: timedelta | None = None

    def gap_after(self, rung: int) -> timedelta:
        """The time between this rung (counted over all rounds) and what comes next."""
        place = rung % len(self.rungs)
        if place == len(self.rungs) - 1:
            return self.wait
        return self.rungs[place + 1].after - self.rungs[place].after

    @property
    def length(self) -> int:
        """The number of rungs over all rounds."""
        return len(self.rungs) * self.rounds


@dataclass(frozen=True, slots=True)
class Page:
    """Tell this person, by text or by a call that offers "press 1 to take it"."""

    person: Person
    by: Means


@dataclass(frozen=True, slots=True)
class TellHer:
    """Tell the woman this saying, with the emergency line."""

    saying: str


@dataclass(frozen=True, slots=True)
class TellStaff:
    """Tell this person by text how it went: `taken_by` (a person's id) has it now."""

    person_id: str
    taken_by: str


@dataclass(frozen=True, slots=True)
class TellMore:
    """Tell who has it (a person's id) by text that something more has come up."""

    person_id: str
    reason: Reason


Action = Page | TellHer | TellStaff | TellMore


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new escalation is about; `language` is hers."""

    session: str
    level: Level
    reason: Reason
    language: str = "en"


def open_escalation(code: str, opening: Opening, now: datetime) -> Escalation:
    """A new open escalation whose first rung is due at once."""
    return Escalation(
        session=opening.session,
        code=code,
        level=opening.level,
        reason=opening.reason,
        opened=now,
        language=opening.language,
        steps=(Step(now, What.OPENED, note=opening.reason.value),),
        next_at=now,
    )


def reopen(before: Escalation, code: str, opening: Opening, now: datetime) -> Escalation:
    """A resolved one opened again by a new reason, with its history."""
    step = Step(now, What.REOPENED, note=opening.reason.value)
    return replace(open_escalation(code, opening, now), steps=(*before.steps, step))


def pick_code(number: int, taken: Collection[str]) -> str | None:
    """Four digits that no open escalation uses, starting from a random `number`; None: all used."""
    for offset in range(CODES):
        code = f"{(number + offset) % CODES:04d}"
        if code not in taken:
            return code
    return None


def report_more(
    escalation: Escalation, level: Level, reason: Reason, now: datetime
) -> tuple[Escalation, tuple[Action, ...]]:
    """Something more about an open one.

    A higher level starts the ladder again if nobody has it; who has it is told. The same or a lower
    level is noted, once for each reason.
    """
    note = f"{level.value}: {reason.value}"
    higher = level.rank > escalation.level.rank
    known = any(step.what is What.RAISED and step.note == note for step in escalation.steps)
    same = reason is escalation.reason and level is escalation.level
    if escalation.closed or (not higher and (known or same)):
        return escalation, ()
    more = escalation.with_steps(Step(now, What.RAISED, note=note))
    if higher:
        more = replace(more, level=level, reason=reason)
    if escalation.acknowledged_by is not None:
        return more, (TellMore(escalation.acknowledged_by, reason),)
    if higher:
        more = replace(more, state=State.OPEN, next_rung=0, next_at=now)
    return more, ()


def advance(
    escalation: Escalation, ladder: Ladder, on_call: OnCall, now: datetime
) -> tuple[Escalation, tuple[Action, ...]]:
    """What is due at `now`: the new record and what to do. Calling it again adds nothing.

    A rung that reaches nobody passes at once to the next. After a pause (the worker was down) all
    rungs that are due are done together, each person once per means; but the ladder is never spent
    sooner than the round's wait after its last page.
    """
    actions: list[Action] = []
    current = escalation
    while current.next_at is not None and current.next_at <= now:
        match current.state:
            case State.OPEN if current.next_rung < ladder.length:
                current, found = _climb(current, ladder, on_call, now)
            case State.OPEN:
                current, found = _spend(current, ladder, now)
            case State.EXHAUSTED:
                current, found = _remind(current, ladder, on_call, now)
            case State.ACKNOWLEDGED | State.RESOLVED:
                current, found = replace(current, next_at=None), ()
            case _:
                assert_never(current.state)
        actions.extend(action for action in found if action not in actions)
    return current, tuple(actions)


def note_page(escalation: Escalation, step: Step) -> Escalation:
    """Add what became of a page (failed, perhaps sent).

    When every page of the latest rung has failed there is nobody to wait for: the next rung is due
    at once.
    """
    noted = escalation.with_steps(step)
    if escalation.state is State.OPEN and escalation.next_at is not None and _all_failed(noted):
        return replace(noted, next_at=step.at)
    return noted


def _all_failed(escalation: Escalation) -> bool:
    paged = [step for step in escalation.steps if step.what is What.PAGED]
    latest = {(step.who, step.by) for step in paged if step.at == paged[-1].at}
    failed = {
        (step.who, step.by)
        for step in escalation.steps
        if step.what is What.PAGE_FAILED and step.at >= paged[-1].at
    }
    return latest <= failed


def _climb(
    escalation: Escalation, ladder: Ladder, on_call: OnCall, now: datetime
) -> tuple[Escalation, tuple[Action, ...]]:
    number = escalation.next_rung
    rung = ladder.rungs[number % len(ladder.rungs)]
    pages = tuple(Page(p, by) for p in _reached(rung.who, on_call, escalation) for by in rung.by)
    climbed = replace(escalation, next_rung=number + 1)
    if not pages:
        return replace(
            climbed.with_steps(Step(now, What.NOBODY, note=rung.who.value)), next_at=now
        ), ()
    last = (number + 1) % len(ladder.rungs) == 0
    due = now if last or escalation.next_at is None else escalation.next_at
    steps = tuple(Step(now, What.PAGED, page.person.id, page.by) for page in pages)
    fresh = (step for step in steps if step not in escalation.steps)
    return replace(climbed.with_steps(*fresh), next_at=due + ladder.gap_after(number)), pages


def _spend(
    escalation: Escalation, ladder: Ladder, now: datetime
) -> tuple[Escalation, tuple[Action, ...]]:
    tell = ladder.tell_her if escalation.told_her_at is None else None
    spent = replace(
        escalation.with_steps(Step(now, What.EXHAUSTED)),
        state=State.EXHAUSTED,
        told_her_at=now if tell else escalation.told_her_at,
        next_at=now + ladder.remind if ladder.remind else None,
    )
    return spent, (TellHer(tell),) if tell else ()


def _remind(
    escalation: Escalation, ladder: Ladder, on_call: OnCall, now: datetime
) -> tuple[Escalation, tuple[Action, ...]]:
    reached = _reached(ladder.rungs[0].who, on_call, escalation)
    pages = tuple(Page(person, by) for person in reached for by in ladder.rungs[0].by)
    steps = (Step(now, What.PAGED, page.person.id, page.by) for page in pages)
    next_at = now + ladder.remind if ladder.remind else None
    return replace(escalation.with_steps(*steps), next_at=next_at), pages


def _reached(who: Who, on_call: OnCall, escalation: Escalation) -> tuple[Person, ...]:
    """The people a rung reaches; in a gap the first tier's rungs reach the last resort."""
    call = on_call.for_language(escalation.language)
    match who:
        case Who.TIER_1:
            return call.tier(1) or (call.last_resort if call.gap else ())
        case Who.TIER_2:
            return call.tier(2)
        case Who.TIER_3:
            return call.tier(3)
        case Who.EVERYONE:
            return tuple(dict.fromkeys((*call.people, *call.last_resort)))
        case Who.LAST_RESORT:
            return call.last_resort
        case _:
            assert_never(who)

"""Who has an escalation: taken, handed on, given back, closed; pure functions on records."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from hotline.escalation.ladder import Action, TellStaff
from hotline.escalation.records import Escalation, State, Step, What


class Taking(StrEnum):
    """What came of trying to take an escalation."""

    TAKEN = "taken"
    YOURS_ALREADY = "yours_already"
    TAKEN_BEFORE = "taken_before"
    CLOSED = "closed"


def acknowledge(
    escalation: Escalation, person_id: str, now: datetime
) -> tuple[Escalation, Taking, tuple[Action, ...]]:
    """Somebody takes it. The first wins; everyone else who was paged is told who has it."""
    if escalation.state is State.RESOLVED:
        return escalation, Taking.CLOSED, ()
    if escalation.state is State.ACKNOWLEDGED:
        mine = escalation.acknowledged_by == person_id
        return escalation, Taking.YOURS_ALREADY if mine else Taking.TAKEN_BEFORE, ()
    taken = replace(
        escalation.with_steps(Step(now, What.TAKEN, person_id)),
        state=State.ACKNOWLEDGED,
        acknowledged_by=person_id,
        acknowledged_at=now,
        next_at=None,
    )
    others = (other for other in escalation.paged if other != person_id)
    return taken, Taking.TAKEN, tuple(TellStaff(other, person_id) for other in others)


def reassign(escalation: Escalation, to: str, by: str, now: datetime) -> Escalation:
    """A person hands it to another, or takes it over; a closed one stays as it is."""
    if escalation.closed:
        return escalation
    step = Step(now, What.REASSIGNED, to, note=f"by {by}")
    return replace(
        escalation.with_steps(step),
        state=State.ACKNOWLEDGED,
        acknowledged_by=to,
        acknowledged_at=now,
        next_at=None,
    )


def release(escalation: Escalation, by: str, now: datetime) -> Escalation:
    """Who took it gives it back: it is open again and the ladder starts from the first rung."""
    if escalation.state is not State.ACKNOWLEDGED:
        return escalation
    return replace(
        escalation.with_steps(Step(now, What.RELEASED, by)),
        state=State.OPEN,
        acknowledged_by=None,
        acknowledged_at=None,
        next_rung=0,
        next_at=now,
    )


def resolve(escalation: Escalation, by: str, reason: str, now: datetime) -> Escalation:
    """Close it. Raises ValueError without a reason; a closed one keeps its first reason."""
    if not reason.strip():
        raise ValueError("say how it ended: an escalation is closed with a reason")
    if escalation.closed:
        return escalation
    return replace(
        escalation.with_steps(Step(now, What.RESOLVED, by, note=reason.strip())),
        state=State.RESOLVED,
        resolved_by=by,
        resolved_at=now,
        resolution=reason.strip(),
        next_at=None,
    )

"""Orders that staff text to the hotline's number, answered before the triage hears them."""

from __future__ import annotations

from datetime import UTC, datetime

from hotline.escalation.staff_actions import StaffActions
from hotline.session.incoming import Incoming
from hotline.session.records import Reply


def answer_staff(staff: StaffActions, incoming: Incoming) -> Reply | None:
    """The answer to TAKE 1234 and its like from a number on the rota; None for all other texts.

    Costs one pattern for a text that is no order. Raises StoreUnavailable, StaleSession.
    """
    answer = staff.hear(incoming.number, incoming.words, datetime.now(UTC))
    return Reply((answer,)) if answer is not None else None

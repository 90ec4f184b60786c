"""What she is told of a reading that staff corrected, and what stays open by it."""

from __future__ import annotations

from collections.abc import Sequence

from hotline.flow.events import LevelGiven
from hotline.session.conversation import Turned
from hotline.session.pieces import Piece
from hotline.session.records import Control, Session


def for_her(before: Session, turned: Turned) -> Sequence[Piece]:
    """What of a correction she is told.

    A higher level always; the next question when the machine has her and no level was told yet.
    """
    raised = any(isinstance(one, LevelGiven) and not one.repeated for one in turned.events)
    if before.control is Control.STAFF:
        return [one for one in turned.pieces if isinstance(one, LevelGiven)] if raised else ()
    asked = turned.session.state.question not in (None, before.state.question)
    return turned.pieces if raised or (asked and before.state.level is None) else ()


def as_said(before: Session, turned: Turned, pieces: Sequence[Piece]) -> Turned:
    """The turn with nothing open that she was not asked."""
    after = turned.session
    if len(pieces) < len(turned.pieces):
        after = after._replace(asking=before.asking)
    if not pieces and before.state.question is None:
        rested = after.state._replace(question=None, tries=0, ended=before.state.ended)
        after = after._replace(state=rested)
    return turned._replace(session=after)

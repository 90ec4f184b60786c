"""What staff do to a session: take over, reply, hand back, correct a reading, note, close.

Each is one committed change with an entry of kind "staff", guarded by the session's revision.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hotline.errors import HotlineError, StaleSession
from hotline.flow.engine import level_now
from hotline.flow.levels import Level
from hotline.flow.library import Library
from hotline.flow.model import Value
from hotline.flow.state import Again, Correct, Heard
from hotline.session.codec import event_to_plain, heard_to_plain, value_to_plain
from hotline.session.conversation import Turned, stepped
from hotline.session.correcting import as_said, for_her
from hotline.session.desk import Desk
from hotline.session.duties import duties_of
from hotline.session.pieces import Phrase
from hotline.session.records import Control, Entry, Reply, Session, Task
from hotline.session.saying import say_by_text
from hotline.session.store import Change, Loaded, Store

LONGEST_REPLY = 1000
LONGEST_NOTE = 2000
_TRIES = 20


class StaffDid(StrEnum):
    """What an entry of kind "staff" tells, under `did`."""

    TOOK_OVER = "took_over"
    REPLIED = "replied"
    HANDED_BACK = "handed_back"
    CORRECTED = "corrected"
    NOTED = "noted"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a session that staff closed ended."""

    ADVISED = "advised"
    ON_HER_WAY = "on_her_way"
    AMBULANCE = "ambulance"
    REFERRED = "referred"
    NOT_REACHED = "not_reached"
    NOT_A_PATIENT = "not_a_patient"
    OTHER = "other"


class StaffingRefused(HotlineError):  # noqa: N818 - it says what came of it
    """It cannot be done as things stand; the message tells a nurse why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Staffed:
    """What was committed: the session, its revision, and what she was sent ("" for nothing).

    `rules_say` is the level that the answers amount to by now, which may be below the one told.
    """

    session: Session
    revision: int
    sent: str = ""
    rules_say: Level | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """One change as decided on a loaded session. `words` go to her."""

    turned: Turned
    did: StaffDid
    words: str = ""
    emergency: bool = False
    extra: dict[str, object] = field(default_factory=dict)


MakeSend = Callable[[Session, str, str, int], Task]
"""The task that sends a text: of a session, under an id, with this body, at a moment (ms)."""

Decide = Callable[[Session, int], _Plan | None]


class Staffing:
    """Staff's changes on one store. All raise StaffingRefused, StaleSession, StoreUnavailable."""

    def __init__(
        self,
        store: Store,
        library: Library,
        make_send: MakeSend,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock` gives seconds since 1970 UTC."""
        self._store = store
        self._library = library
        self._make_send = make_send
        self._clock = clock

    def take_over(self, session_id: str, by: str, *, tell_her: bool = True) -> Staffed:
        """The machine falls silent; she is told that a person is here now."""

        def decide(session: Session, now: int) -> _Plan | None:
            del now
            if session.control is Control.STAFF and session.staff == by:
                return None
            extra: dict[str, object] = {"from": session.staff} if session.staff else {}
            taken = session._replace(control=Control.STAFF, staff=by, paused=False, outcome=None)
            silent = not tell_her or session.control is Control.STAFF or not _can_text(session)
            words = "" if silent else self._phrase(taken, "staff_has_taken_over")
            return _Plan(Turned(taken, ()), StaffDid.TOOK_OVER, words, extra=extra)

        return self._commit(session_id, by, decide)

    def reply(self, session_id: str, by: str, body: str) -> Staffed:
        """Send her a text. Only who has taken over may."""
        words = body.strip()
        if not words:
            raise StaffingRefused("The reply is empty.")
        if len(words) > LONGEST_REPLY:
            raise StaffingRefused(f"The reply is longer than {LONGEST_REPLY} characters.")

        def decide(session: Session, now: int) -> _Plan:
            del now
            _must_have(session, by)
            if not _can_text(session):
                raise StaffingRefused("No text can reach her (STOP, or no number): phone her.")
            return _Plan(Turned(session, ()), StaffDid.REPLIED, words)

        return self._commit(session_id, by, decide)

    def hand_back(self, session_id: str, by: str) -> Staffed:
        """The machine goes on: she is told, and asked the open question again.

        A danger that she wrote meanwhile is given to the flow now.
        """

        def decide(session: Session, now: int) -> _Plan:
            _must_have(session, by)
            back = session._replace(control=Control.AUTOMATED, staff=None)
            heard = back.state.dangers
            came = Heard(dangers=heard) if heard else Again()
            going = back.state.question is not None or bool(back.state.dangers)
            turned = Turned(back, ())
            if going and not back.state.ended:
                turned = stepped(Desk(self._library, now), back, came)
            pieces = [Phrase("handed_back"), *turned.pieces]
            reply = say_by_text(self._library, turned.session, pieces)
            words = "\n".join(reply.messages) if _can_text(back) else ""
            return _Plan(turned, StaffDid.HANDED_BACK, words, emergency=reply.emergency)

        return self._commit(session_id, by, decide)

    def correct(self, session_id: str, by: str, question: str, value: Value) -> Staffed:
        """Set how an answer is read.

        She is told at once when that raises her level, and is asked what is open then when the
        machine has her. A level that was told is never lowered.
        """

        def decide(session: Session, now: int) -> _Plan:
            before = session.state
            try:
                turned = stepped(Desk(self._library, now), session, Correct(question, value))
            except (KeyError, ValueError) as error:
                raise StaffingRefused(f"That is no answer to {question}.") from error
            pieces = for_her(session, turned)
            reply = Reply()
            if pieces and _can_text(session):
                reply = say_by_text(self._library, turned.session, pieces)
            turned = as_said(session, turned, pieces)
            extra: dict[str, object] = {
                "question": question,
                "to": value_to_plain(value),
                "was": value_to_plain(before.answers.get(question, "")),
            }
            words = "\n".join(reply.messages)
            return _Plan(turned, StaffDid.CORRECTED, words, reply.emergency, extra)

        done = self._commit(session_id, by, decide)
        flow = self._library.flow_of(done.session.flow)
        return replace(done, rules_say=level_now(flow, done.session.state).level)

    def note(self, session_id: str, by: str, words: str) -> Staffed:
        """Keep a note with the session; she never sees it."""
        text = words.strip()[:LONGEST_NOTE]
        if not text:
            raise StaffingRefused("The note is empty.")

        def decide(session: Session, now: int) -> _Plan:
            noted = session._replace(notes=(*session.notes, (now, by, text)))
            return _Plan(Turned(noted, ()), StaffDid.NOTED)

        return self._commit(session_id, by, decide)

    def close(self, session_id: str, by: str, outcome: Outcome, words: str = "") -> Staffed:
        """End the session with an outcome; her next text is answered by the machine again."""

        def decide(session: Session, now: int) -> _Plan:
            if session.control is Control.STAFF:
                _must_have(session, by)
            text = words.strip()[:LONGEST_NOTE]
            closed = session._replace(
                control=Control.AUTOMATED,
                staff=None,
                asking=None,
                outcome=outcome.value,
                state=session.state._replace(question=None, ended=True),
                notes=(*session.notes, (now, by, text)) if text else session.notes,
            )
            extra: dict[str, object] = {"outcome": outcome.value}
            return _Plan(Turned(closed, ()), StaffDid.CLOSED, extra=extra)

        return self._commit(session_id, by, decide)

    def _commit(self, session_id: str, by: str, decide: Decide) -> Staffed:
        for _ in range(_TRIES):
            loaded = self._store.load(session_id.partition(".")[0])
            session = loaded.session
            if session is None:
                raise StaffingRefused("This session has been deleted.")
            if session.id != session_id:
                raise StaffingRefused("She has begun a newer session: open that one.")
            now = int(self._clock() * 1000)
            plan = decide(session, now)
            if plan is None:
                return Staffed(session, loaded.revision)
            try:
                return self._write(loaded, session, by, plan, now)
            except StaleSession:
                continue
        raise StaleSession(session_id)

    def _write(self, loaded: Loaded, before: Session, by: str, plan: _Plan, now: int) -> Staffed:
        delivery = f"staff:{before.id}:{loaded.revision + 1}"
        turned = plan.turned
        after = turned.session._replace(updated=now)
        turned = turned._replace(session=after)
        reply = Reply((plan.words,) if plan.words else (), plan.emergency)
        cause = (delivery, now)
        tasks = duties_of(self._library, turned, reply, loaded.revision + 1, cause)
        if plan.words:
            tasks.append(self._make_send(after, delivery, plan.words, now))
        entry = Entry(
            kind="staff",
            delivery=delivery if plan.words else "",
            heard=heard_to_plain(turned.heard) if turned.heard is not None else None,
            events=tuple(event_to_plain(event) for event in turned.events),
            said=reply.messages,
            by=by,
            flow=after.flow if turned.events else "",
            extra={"did": plan.did.value, **plan.extra},
        )
        change = Change(
            session=after,
            revision=loaded.revision,
            now=now,
            before=before,
            entries=[entry],
            tasks=tasks,
            deliveries=loaded.deliveries,
        )
        return Staffed(after, self._store.commit(change), plan.words)

    def _phrase(self, session: Session, one: str) -> str:
        return "\n".join(say_by_text(self._library, session, [Phrase(one)]).messages)


def _must_have(session: Session, by: str) -> None:
    if session.control is not Control.STAFF:
        raise StaffingRefused("The machine has this conversation: take over first.")
    if session.staff != by:
        raise StaffingRefused(f"{session.staff} has this conversation: take over from them first.")


def _can_text(session: Session) -> bool:
    return bool(session.number) and not session.opted_out

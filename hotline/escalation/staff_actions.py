"""What staff do with escalations, from a text, a key on the phone, or the console."""

from dataclasses import dataclass
from datetime import datetime

from hotline.escalation.board import Board, Posted
from hotline.escalation.calling_back import CallingBack
from hotline.escalation.holding import Taking, acknowledge, reassign, release, resolve
from hotline.escalation.ladder import Action
from hotline.escalation.page_words import UNKNOWN_CODE, taking_reply
from hotline.escalation.paging import Pager
from hotline.escalation.records import Escalation
from hotline.escalation.rota_store import RotaStore
from hotline.escalation.staff_text import Order, StaffOrder, read_staff_text, staff_at
from hotline.escalation.station import Station
from hotline.escalation.wording import name_of
from hotline.session.records import Entry

Made = tuple[Escalation, tuple[Action, ...]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of taking an escalation, and the escalation as it is now (None: there is none)."""

    taking: Taking
    escalation: Escalation | None


class StaffActions:
    """Every change is atomic and logged with who did it. Raises StoreUnavailable, StaleSession.

    `who` is the id of a person on the rota or of an account of the console.
    """

    def __init__(self, station: Station, rota: RotaStore) -> None:
        """Use these; nothing is sent yet."""
        self._station = station
        self._rota = rota
        self._pager = Pager(station, rota)
        self._calling_back = CallingBack(station)
        self.board = Board(station.store)

    def take(self, session_id: str, who: str, now: datetime) -> Taken:
        """Take the session's escalation. The first wins; everyone else who was paged is told."""
        came: list[Taking] = []

        def change(posted: Posted, at: datetime) -> Made | None:
            came.clear()
            if posted.escalation is None:
                came.append(Taking.CLOSED)
                return None
            after, taking, actions = acknowledge(posted.escalation, who, at)
            came.append(taking)
            return (after, actions) if taking is Taking.TAKEN else None

        entry = Entry("escalation", by=who, extra={"taken": True})
        changed = self._pager.change(session_id, change, now, entry=entry)
        return Taken(came[0], changed.escalation)

    def resolve(self, session_id: str, who: str, reason: str, now: datetime) -> bool:
        """Close it with a reason (ValueError without one); False when it was closed before."""

        def change(posted: Posted, at: datetime) -> Made | None:
            before = posted.escalation
            if before is None or before.closed:
                return None
            return resolve(before, who, reason, at), ()

        entry = Entry("escalation", by=who, extra={"resolved": reason})
        changed = self._pager.change(session_id, change, now, entry=entry)
        if changed.done and changed.escalation is not None:
            self.board.free_code(changed.escalation.code, session_id)
            if self._station.store.load_by_id(session_id).session is None:
                self.board.forget([session_id])  # erased while it was open
        return changed.done

    def reassign(self, session_id: str, to: str, who: str, now: datetime) -> bool:
        """Give it to somebody else; False when it is closed."""

        def change(posted: Posted, at: datetime) -> Made | None:
            before = posted.escalation
            if before is None or before.closed:
                return None
            return reassign(before, to, who, at), ()

        entry = Entry("escalation", by=who, extra={"reassigned": to})
        return self._pager.change(session_id, change, now, entry=entry).done

    def release(self, session_id: str, who: str, now: datetime) -> bool:
        """Give it back: the ladder starts again; False when nobody had it."""

        def change(posted: Posted, at: datetime) -> Made | None:
            before = posted.escalation
            if before is None or before.acknowledged_by is None or before.closed:
                return None
            return release(before, who, at), ()

        entry = Entry("escalation", by=who, extra={"released": True})
        return self._pager.change(session_id, change, now, entry=entry).done

    def hear(self, number: str, text: str, now: datetime) -> str | None:
        """A text from `number`: the answer if a staff member gave an order, None if not.

        Ask this before the turn; with None the text goes to the triage like anybody's.
        """
        order = read_staff_text(text)
        person = staff_at(self._rota.current(), number) if order is not None else None
        if order is None or person is None:
            return None
        escalation = self.board.by_code(order.code)
        if escalation is None:
            return UNKNOWN_CODE.format(code=order.code)
        return self._obey(order, escalation, person.id, now)

    def _obey(self, order: StaffOrder, escalation: Escalation, who: str, now: datetime) -> str:
        session_id, code = escalation.session, order.code
        match order.order:
            case Order.TAKE:
                taken = self.take(session_id, who, now)
                holder = taken.escalation.acknowledged_by if taken.escalation else None
                rota = self._rota.current()
                return taking_reply(taken.taking, code, name_of(rota, holder) if holder else None)
            case Order.CALL:
                self.take(session_id, who, now)
                if self._calling_back.start(session_id, who, now):
                    return f"Your phone will ring now for {code}. Press 1 to be put through."
                return f"Somebody is on the phone for {code} already."
            case Order.BACK:
                done = self.release(session_id, who, now)
                return f"{code} is open again." if done else f"Nobody had {code}."
            case Order.DONE:
                if not order.words:
                    return f"How did it end? Text DONE {code} and a few words."
                self.resolve(session_id, who, order.words, now)
                return f"{code} is closed."

"""Did it arrive: delivery reports taken in, emergencies checked, what follows when it did not."""

from collections.abc import Mapping
from datetime import datetime

from hotline.channels.delivery import SendState, read_report
from hotline.channels.errors_table import Meaning, judge_report
from hotline.errors import StaleSession, StoreUnavailable
from hotline.escalation.callbacks import Outcome
from hotline.escalation.calling_back import CallingBack
from hotline.escalation.conclude import Conclusion, conclude
from hotline.escalation.ledger import Ledger, SendRecord
from hotline.escalation.orders import (
    HER,
    About,
    SendOrder,
    check_id,
    ladder_task,
    page_task,
    send_task,
    whose,
)
from hotline.escalation.queue import Taken, to_ms
from hotline.escalation.records import Means, Reason, What
from hotline.escalation.station import Station
from hotline.flow.levels import Level
from hotline.session.connection import FAILURES
from hotline.session.keys import keys_of
from hotline.session.records import Channel, Control, Entry, Session, Task
from hotline.session.store import Change

_CALL_IS_OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
_FAILURES = frozenset({SendState.UNDELIVERED, SendState.FAILED})
_TRIES = 20


class Watcher:
    """Takes delivery reports, and does the tasks of kind DELIVERY_CHECK.

    Its log entries name the send in `extra`, never in `delivery`: that is the id under which the
    reply to a text is found again when the carrier delivers the text twice.
    """

    def __init__(self, station: Station) -> None:
        """Use this station's store."""
        self._station = station
        self._store = station.store
        self._ledger = Ledger(station.store)
        self._calling_back = CallingBack(station)

    def report(self, send: str, partition: int, form: Mapping[str, str]) -> SendState | None:
        """Take a delivery report; the state now, None when the form says nothing we know.

        `send` is our own id from the callback's address. Raises StoreUnavailable: the carrier does
        not repeat reports, so answer its webhook with a 5xx only if it is set to retry.
        """
        report = read_report(send, form)
        if report is None or not 0 <= partition < self._store.partitions:
            return None
        now = self._station.clock()
        before, after = self._ledger.report(partition, report, now)
        if before is not after and after in _FAILURES:
            self._failed(send, partition, now)
        if form.get("CallStatus") in _CALL_IS_OVER:
            self._call_ended(send, partition, now)
        return after

    def check(self, taken: Taken, now: datetime) -> None:
        """An emergency text should have arrived by now: else a call that speaks, and a page."""
        task = taken.task
        send = str(task.payload["delivery"])
        session_id = f"{task.contact}.{task.serial}"
        record = self._ledger.read(taken.keys, send)
        session = self._store.load(task.contact).session
        arrived = record is not None and record.state is SendState.DELIVERED
        spoken = session is not None and session.channel is Channel.VOICE and record is None
        tasks: tuple[Task, ...] = ()
        if session is not None and not arrived and not spoken:
            if self._opted_out_at_carrier(record) and not session.opted_out:
                self.mark_opted_out(task.contact)
            tasks = self._not_arrived(send, session_id, session, record, now)
        entry = Entry("delivery", extra={"send": send, "arrived": False}) if tasks else None
        conclude(
            self._store,
            Conclusion(task.contact, session_id, now, taken, entry=entry, tasks=tasks),
        )

    def mark_opted_out(self, contact: str) -> None:
        """The carrier says she opted out: nothing more is sent to her until she sends START."""
        for _ in range(_TRIES):
            loaded = self._store.load(contact)
            session = loaded.session
            if session is None or session.opted_out:
                return
            change = Change(
                session=session._replace(opted_out=True),
                revision=loaded.revision,
                now=to_ms(self._station.clock()),
                before=session,
                entries=(Entry("delivery", extra={"opted_out": "carrier"}),),
                deliveries=loaded.deliveries,
            )
            try:
                self._store.commit(change)
            except StaleSession:
                continue
            return

    def _not_arrived(
        self,
        send: str,
        session_id: str,
        session: Session,
        record: SendRecord | None,
        now: datetime,
    ) -> tuple[Task, ...]:
        """A page always; a call unless she told us to stop, staff have her, or no number is known.

        After the carrier's own 21610 the call is made (TWILIO.md, rule 5 and 8): she may not know
        that our texts are blocked.
        """
        stopped = session.opted_out or self._opted_out_at_carrier(record)
        reason = Reason.OPTED_OUT if stopped else Reason.NOT_DELIVERED
        whom, level = whose(session_id), Level.EMERGENCY
        page = page_task(f"page:{send}:unseen", whom, reason.value, level, now)
        if session.opted_out or session.control is Control.STAFF or not session.number:
            return (page,)
        order = SendOrder(HER, Means.CALL, About.ADVICE, level)
        return (page, send_task(f"advice:{send}", whom, order, now))

    def _failed(self, send: str, partition: int, now: datetime) -> None:
        """Do at once what the check would have done later; a page that failed is not waited for."""
        keys = keys_of(partition)
        try:
            self._store.client.zadd(keys.due, {check_id(send): to_ms(now)}, xx=True, lt=True)
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error
        record = self._ledger.read(keys, send)
        session_id = record.field("session") if record is not None else ""
        if record is None or not session_id:
            return
        whom, to, by = whose(session_id), record.field("to"), record.field("by")
        tasks: tuple[Task, ...] = ()
        if record.field("about") == About.PAGE:
            level = Level(record.field("level") or Level.URGENT)
            note = {"send": send, "what": What.PAGE_FAILED.value, "who": to, "by": by}
            tasks = (ladder_task(whom, level, now, note),)
        if to == HER and self._opted_out_at_carrier(record):
            self.mark_opted_out(whom.contact)
        extra = {"send": send, "to": to, "by": by, "result": record.state.value}
        entry = Entry("delivery", extra={**extra, "code": record.code})
        conclude(self._store, Conclusion(whom.contact, session_id, now, entry=entry, tasks=tasks))

    def _call_ended(self, send: str, partition: int, now: datetime) -> None:
        """A staff member's phone was hung up: where she was not put through, that ends the try."""
        record = self._ledger.read(keys_of(partition), send)
        if record is None or record.field("about") != About.CONNECT:
            return
        through = record.state is SendState.DELIVERED
        outcome = Outcome.SPOKE if through else Outcome.STAFF_DID_NOT_TAKE
        self._calling_back.finish(record.field("session"), outcome, now)

    def _opted_out_at_carrier(self, record: SendRecord | None) -> bool:
        code = record.code if record is not None else None
        return code is not None and judge_report(code).meaning is Meaning.OPTED_OUT

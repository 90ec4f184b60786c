"""Doing a send: noted before, asked for once, noted after."""

import random
from dataclasses import dataclass, replace
from datetime import datetime

from hotline.channels.errors_table import Meaning
from hotline.channels.outcomes import Outcome, Refused, Sent, Unknown
from hotline.channels.outgoing import OutgoingCall, OutgoingText
from hotline.escalation.board import Board
from hotline.escalation.ledger import Begun, Guard, Ledger
from hotline.escalation.orders import HER, About, SendOrder, order_of
from hotline.escalation.queue import Taken
from hotline.escalation.quiet import next_allowed, zones_of
from hotline.escalation.records import Means
from hotline.escalation.retry import Again, GiveUp, retry
from hotline.escalation.rota_store import RotaStore
from hotline.escalation.send_ends import Job, SendEnds
from hotline.escalation.station import Station
from hotline.escalation.wording import words_to_her, words_to_staff
from hotline.flow.levels import Level
from hotline.flow.sms_text import measure
from hotline.session.records import Channel, Session
from hotline.session.store import Loaded

DIED = Unknown("the worker died while it was sending")


@dataclass(frozen=True, slots=True)
class _Ready:
    """A send that may go out: the carrier's numbers, and the words of a text."""

    to: str
    sender: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class _Later:
    """Not now: it would come in her night."""

    at: datetime


@dataclass(frozen=True, slots=True)
class _Not:
    """Not at all, and why."""

    why: str


class Sender:
    """Does the tasks of kind SEND. `owner` names the worker in the ledger."""

    def __init__(self, station: Station, rota: RotaStore, owner: str) -> None:
        """Use these; nothing is sent yet."""
        self._station = station
        self._rota = rota
        self._owner = owner
        self._board = Board(station.store)
        self._ledger = Ledger(station.store)
        self._ends = SendEnds(station)

    def do(self, taken: Taken, now: datetime) -> None:
        """Send it if it still is to be sent. Raises StoreUnavailable: then the task stays."""
        job = Job(taken, order_of(taken.task.payload))
        loaded = self._station.store.load(taken.task.contact)
        ready = self._ready(job, loaded, now)
        match ready:
            case _Not(why):
                self._ends.dropped(job, why, now)
            case _Later(at):
                self._ends.later(job, at, now)
            case _Ready():
                self._try(replace(job, words=ready.body), ready, loaded, now)

    def _ready(self, job: Job, loaded: Loaded, now: datetime) -> _Ready | _Later | _Not:
        """Judged by her present session: an older one does not know that she opted out."""
        session, fence = loaded.session, job.taken.task.fence
        if session is None:
            return _Not("the session is gone")
        if fence is not None and (loaded.revision != fence or session.id != job.session):
            return _Not("she wrote meanwhile")
        if job.order.to == HER:
            return self._for_her(job.order, session, now)
        return self._for_staff(job)

    def _for_her(self, order: SendOrder, session: Session, now: datetime) -> _Ready | _Later | _Not:
        if not session.number:
            return _Not("her number is withheld")
        if order.by is Means.TEXT and session.opted_out:
            return _Not("she opted out")
        if order.unasked:
            country = session.country or self._station.addresses.country
            quiet = self._station.policies.follow_up.quiet
            at = next_allowed(now, quiet, zones_of(country))
            if at is None:
                return _Not("her night cannot be told")
            if at > now:
                return _Later(at)
        number, ours = _addresses(session, self._station.addresses.number, order.by)
        if order.by is Means.CALL:
            return _Ready(number, ours)
        return _Ready(number, ours, words_to_her(self._station, session, order))

    def _for_staff(self, job: Job) -> _Ready | _Not:
        order = job.order
        rota = self._rota.current()
        person = rota.person(order.to)
        if person is None:
            return _Not("nobody on the rota has this id")
        body = words_to_staff(self._station, self._board, rota, job.session, order)
        if body is None and order.about is not About.CONNECT:
            return _Not("taken meanwhile")
        return _Ready(person.phone, self._station.addresses.number, body or "")

    def _try(self, job: Job, ready: _Ready, loaded: Loaded, now: datetime) -> None:
        task, hers = job.taken.task, job.order.to == HER
        guard = Guard(self._owner, repeat=not hers, revision=loaded.revision if hers else None)
        fields = {name: str(value) for name, value in job.fields.items()}
        begun, attempt = self._ledger.begin(task.contact, task.id, guard, fields, now)
        match begun:
            case Begun.MOVED:
                self.do(job.taken, now)
            case Begun.DONE:
                self._ends.nothing(job, now)
            case Begun.PERHAPS:
                self._ends.perhaps(job, DIED, now)
            case Begun.GO | Begun.AGAIN:
                outcome = self._ask(job, ready)
                self._note(job, outcome, attempt)

    def _ask(self, job: Job, ready: _Ready) -> Outcome:
        station, task, order = self._station, job.taken.task, job.order
        if station.carrier is None:
            problem = "no carrier account is set up"
            return Refused(permanent=True, meaning=Meaning.OUR_ACCOUNT, problem=problem)
        report = station.report_url(task.contact, task.id)
        if order.by is Means.CALL:
            url = station.call_url(task.contact, task.id)
            return station.carrier.place_call(OutgoingCall(ready.to, ready.sender, url, report))
        text = OutgoingText(
            to=ready.to,
            sender=ready.sender,
            body=ready.body,
            report_url=report,
            valid=station.policies.delivery.validity(order.level),
            segments=measure(ready.body).segments,
            urgent=order.level is Level.EMERGENCY,
        )
        return station.carrier.send_text(text)

    def _note(self, job: Job, outcome: Outcome, attempt: int) -> None:
        now = self._station.clock()
        match outcome:
            case Sent(sid):
                self._ends.sent(job, sid, now)
            case Unknown():
                self._ends.perhaps(job, outcome, now)
            case Refused():
                chance = random.random()  # noqa: S311 - only spreads retries
                follows = retry(outcome, attempt, job.order.level, now, chance)
                match follows:
                    case Again(at):
                        self._ends.later(job, at, now, outcome.problem)
                    case GiveUp(why):
                        self._ends.failed(job, outcome, why, now)


def _addresses(session: Session, number: str, by: Means) -> tuple[str, str]:
    """Hers and ours, as the carrier writes them for her channel; a call goes by telephone."""
    ours = session.our_number or number
    if session.channel is Channel.WHATSAPP and by is Means.TEXT:
        return f"whatsapp:{session.number}", f"whatsapp:{ours}"
    return session.number, ours

"""What a call of ours says when it is answered, and what the keys pressed in it do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hotline.channels.delivery import Report, SendState
from hotline.escalation.board import contact_of
from hotline.escalation.call_words import Ask, CallStep, Close, Through, call_twiml
from hotline.escalation.callbacks import Outcome
from hotline.escalation.calling_back import CallingBack
from hotline.escalation.ledger import Ledger, SendRecord
from hotline.escalation.orders import HER, About, SendOrder, send_task, whose
from hotline.escalation.page_words import page_speech, taking_reply
from hotline.escalation.queue import to_ms
from hotline.escalation.records import Means
from hotline.escalation.rota_store import RotaStore
from hotline.escalation.staff_actions import StaffActions
from hotline.escalation.station import Station
from hotline.escalation.wording import may_text, name_of, spoken_advice, spoken_to_her, waits
from hotline.session.keys import keys_of
from hotline.session.records import Entry, Session

_TIMES = 3
"""How often a call asks for a key before it hangs up."""

_GOODBYE = "Goodbye."

_OUTCOMES = {
    "completed": Outcome.SPOKE,
    "answered": Outcome.SPOKE,
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
}


@dataclass(frozen=True, slots=True)
class _Call:
    """One request of a call under way: the send it belongs to, what came, and when."""

    record: SendRecord
    partition: int
    form: Mapping[str, str]
    turn: int
    now: datetime

    @property
    def session(self) -> str:
        """The id of the session the call is about."""
        return self.record.field("session")

    @property
    def key(self) -> str:
        """The key pressed, "" for none."""
        return self.form.get("Digits", "")


class CallAnswers:
    """Answers the carrier's requests at /twilio/call. Raises StoreUnavailable, StaleSession."""

    def __init__(self, station: Station, rota: RotaStore) -> None:
        """Use these; nothing is sent yet."""
        self._station = station
        self._rota = rota
        self._ledger = Ledger(station.store)
        self._staff = StaffActions(station, rota)
        self._calling_back = CallingBack(station)

    def answer(
        self, send: str, partition: int, step: str, turn: int, form: Mapping[str, str]
    ) -> str:
        """The TwiML for one request; send, p, step and n stand in its address."""
        valid = 0 <= partition < self._station.store.partitions
        record = self._ledger.read(keys_of(partition), send) if valid else None
        if record is None or not record.field("session"):
            return call_twiml(Close(_GOODBYE))
        call = _Call(record, partition, form, turn, self._station.clock())
        match record.field("about"), step:
            case _, "ended":
                said = self._ended(call)
            case ((About.PAGE | About.CONNECT), "through") if call.key == "1":
                said = self._through(call)
            case About.PAGE, "key":
                said = self._paged_key(call)
            case About.PAGE, _:
                said = self._page(call)
            case About.CONNECT, _:
                said = self._connect(call)
            case About.ADVICE, "key":
                said = self._advice_key(call)
            case About.ADVICE, _:
                said = self._greet(call)
            case _:
                said = Close(_GOODBYE)
        return call_twiml(said)

    def _page(self, call: _Call) -> CallStep:
        escalation = self._staff.board.load(call.session).escalation
        if escalation is None or not waits(escalation):
            return Close("Somebody has taken this already. Thank you. Goodbye.")
        if call.turn >= _TIMES:
            return Close(_GOODBYE)
        words = f"{page_speech(escalation)} To take it, press 1. To hear this again, press 2."
        return self._ask(call, words, "key", "")

    def _paged_key(self, call: _Call) -> CallStep:
        if call.key != "1":
            return self._page(call)
        taken = self._staff.take(call.session, call.record.field("to"), call.now)
        self._heard(call)
        escalation = taken.escalation
        if escalation is None:
            return Close(_GOODBYE)
        held = escalation.acknowledged_by
        holder = name_of(self._rota.current(), held) if held else None
        words = taking_reply(taken.taking, escalation.code, holder)
        if held != call.record.field("to"):
            return Close(words)
        return self._ask(call, f"{words} Or press 1 now, and stay on the line.", "through", "ended")

    def _connect(self, call: _Call) -> CallStep:
        """Whoever picks up must press 1, so that she is never put through to a voicemail box."""
        if call.turn >= _TIMES:
            self._calling_back.finish(call.session, Outcome.STAFF_DID_NOT_TAKE, call.now)
            return Close(_GOODBYE)
        words = "This is the bleeding hotline. Press 1 to be put through to her."
        return self._ask(call, words, "through", "")

    def _through(self, call: _Call) -> CallStep:
        session = self._session(call)
        if session is None or not session.number:
            return Close("Her number is not known. Goodbye.")
        if call.record.field("about") == About.PAGE:
            self._calling_back.begun(call.session, call.record.field("to"), call.now)
        self._heard(call)
        ours = session.our_number or self._station.addresses.number
        ended = self._url(call, "ended", 0)
        return Through("I put you through now.", session.number, ours, ended)

    def _ended(self, call: _Call) -> CallStep:
        status = call.form.get("DialCallStatus")
        if status is None:
            return Close(_GOODBYE)
        outcome = _OUTCOMES.get(status, Outcome.FAILED)
        self._calling_back.finish(call.session, outcome, call.now)
        if outcome is Outcome.SPOKE:
            return Close(_GOODBYE)
        self._sorry_we_missed_you(call)
        return Close("She did not answer. It stays on the list and will come up again. Goodbye.")

    def _sorry_we_missed_you(self, call: _Call) -> None:
        session = self._session(call)
        if session is None or not may_text(session):
            return
        order = SendOrder(HER, Means.TEXT, About.SAYING, say="missed_call")
        name = f"missed:{call.session}:{to_ms(call.now)}"
        task = send_task(name, whose(call.session), order, call.now)
        entry = Entry("callback", extra={"missed": True})
        self._calling_back.note(call.session, entry, (task,), call.now)

    def _greet(self, call: _Call) -> CallStep:
        session = self._session(call)
        if session is None or call.turn >= _TIMES:
            return Close(_GOODBYE)
        words = spoken_to_her(self._station, session, "call_greeting")
        return self._ask(call, words, "key", "", session.language)

    def _advice_key(self, call: _Call) -> CallStep:
        """1: the advice, twice, and only then does it count as heard. 2: not a good time."""
        session = self._session(call)
        if session is None:
            return Close(_GOODBYE)
        if call.key == "2":
            words = spoken_to_her(self._station, session, "call_bad_time")
            return Close(words, session.language)
        if call.key != "1":
            return self._greet(call)
        self._heard(call)
        advice = spoken_advice(self._station, session)
        return Close(f"{advice} {advice}", session.language)

    def _heard(self, call: _Call) -> None:
        sid = call.form.get("CallSid", call.record.sid)
        report = Report(call.record.id, SendState.DELIVERED, sid)
        self._ledger.report(call.partition, report, call.now)

    def _session(self, call: _Call) -> Session | None:
        return self._station.store.load(contact_of(call.session)).session

    def _ask(
        self, call: _Call, words: str, key: str, silence: str, language: str = "en"
    ) -> CallStep:
        again = self._url(call, silence, call.turn + 1)
        return Ask(words, self._url(call, key, call.turn + 1), again, language)

    def _url(self, call: _Call, step: str, turn: int) -> str:
        more = {"n": str(turn), **({"step": step} if step else {})}
        return self._station.call_url(contact_of(call.session), call.record.id, **more)

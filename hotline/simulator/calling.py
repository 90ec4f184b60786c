"""Carrying calls: in from a phone, out from the hotline, put through to a third phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hotline.simulator.ledger import Call, Caption, Habit, Ledger, new_sid, now
from hotline.simulator.playing import CallOver, Go, Player, call_form, heard
from hotline.simulator.twiml import Dial, Target
from hotline.simulator.wire import Wire

IGNORED_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class CallOrder:
    """A call that the hotline asked for: whom, the document to play, the reports it wants."""

    to: str
    url: str
    ring: float
    report_url: str = ""
    report_events: tuple[str, ...] = ("completed",)


class Calling:
    """Carries calls, each in a thread of its own (`later`); `pace` as in Player."""

    def __init__(
        self, wire: Wire, ledger: Ledger, later: Callable[..., object], pace: float = 1.0
    ) -> None:
        """Carry over this wire."""
        self._wire = wire
        self._ledger = ledger
        self._later = later
        self._pace = pace

    def from_phone(self, number: str) -> Call:
        """Someone calls the hotline."""
        call = Call(new_sid("CA"), number, self._wire.line.number, outbound=False, at=now())
        call.status, call.answered = "ringing", True
        call.report_url, call.report_events = self._wire.line.status_url, ("completed",)
        self._ledger.add_call(call)
        self._later(self._come_in, call)
        return call

    def from_hotline(self, order: CallOrder) -> Call:
        """The hotline calls someone (REST)."""
        call = Call(new_sid("CA"), self._wire.line.number, order.to, outbound=True, at=now())
        call.report_url, call.report_events = order.report_url, order.report_events
        self._ledger.add_call(call)
        self._later(self._go_out, call, order)
        return call

    def answer(self, sid: str) -> None:
        """The phone that rings is picked up."""
        self._set(sid, "answered", value=True)

    def hang_up(self, sid: str) -> None:
        """Whoever holds the phone hangs up, or declines while it rings."""
        self._set(sid, "over", value=True)

    def go_on(self, sid: str, url: str) -> None:
        """The REST API sends a running call to another document."""
        self._set(sid, "wish", value=url)

    def _set(self, sid: str, name: str, *, value: object) -> None:
        call = self._ledger.calls.get(sid)
        if call is not None and not call.over:
            with self._ledger.change():
                setattr(call, name, value)

    def press(self, sid: str, *, digits: str = "", words: str = "") -> None:
        """Keys or words from the phone; words on a call that is put through go to the other."""
        call = self._ledger.calls.get(sid)
        if call is None or call.over:
            return
        pressed = heard(words, digits)
        shown = pressed.speech or pressed.digits
        if not shown:
            return
        with self._ledger.change():
            call.captions.append(Caption("me", shown))
            partner = self._ledger.calls.get(call.partner)
            if partner is not None and pressed.speech:
                partner.captions.append(Caption("other", shown))
            wanted = "speech" if pressed.speech else "dtmf"
            if wanted in call.listening.split():
                call.heard.append(pressed)

    def _come_in(self, call: Call) -> None:
        with self._ledger.change():
            call.status = "in-progress"
        self._play(call, self._wire.line.voice_url)
        self._finish(call, "completed")

    def _go_out(self, call: Call, order: CallOrder) -> None:
        self._event(call, "initiated", "initiated")
        if not self._ring(call, order.ring):
            self._finish(call, "busy" if call.over else "no-answer")
            return
        self._event(call, "answered", "in-progress")
        self._play(call, order.url)
        self._finish(call, "completed")

    def _ring(self, call: Call, seconds: float) -> bool:
        """Ring until the phone is picked up; False when it is not, or is off."""
        habit = self._ledger.habit(call.called)
        if habit is Habit.OFF:
            return False
        self._event(call, "ringing", "ringing")
        if habit is Habit.IGNORES:
            seconds = min(seconds, IGNORED_SECONDS * self._pace)
        self._ledger.wait(lambda: call.answered or call.over, seconds)
        return call.answered and not call.over

    def _play(self, call: Call, url: str) -> bool:
        """Play to the end; False when somebody hung up before, or the document said to."""
        if not url:
            return True
        player = Player(self._wire, self._ledger, call, self._put_through, self._pace)
        try:
            player.play(Go(url))
        except CallOver:
            return False
        return True

    def _put_through(self, call: Call, dial: Dial) -> dict[str, str]:
        """Ring the numbers at once; the first that answers and stays is put through."""
        children = {
            child.sid: target
            for target in dial.targets
            if (child := self._child(call, target)) is not None
        }
        calls = [self._ledger.calls[sid] for sid in children]
        self._ledger.wait(
            lambda: (
                call.over
                or any(c.answered for c in calls)
                or all(c.over or _dead(c) for c in calls)
            ),
            dial.timeout,
        )
        taken = next((c for c in calls if c.answered and not c.over), None)
        for other in calls:
            if other is not taken:
                self._finish(other, "canceled" if call.over or taken else "no-answer")
        if taken is None or call.over:
            return {"DialCallStatus": "no-answer"}
        return self._bridge(call, taken, children[taken.sid])

    def _child(self, call: Call, target: Target) -> Call | None:
        child = Call(new_sid("CA"), call.called, target.number, outbound=True, at=now())
        child.parent, child.status = call.sid, "ringing"
        self._ledger.add_call(child)
        if self._ledger.habit(target.number) is Habit.OFF:
            self._finish(child, "failed")
        return child

    def _bridge(self, call: Call, child: Call, target: Target) -> dict[str, str]:
        with self._ledger.change():
            child.status = "in-progress"
        status = {"DialCallSid": child.sid}
        if not self._play(child, target.url) or child.over:
            self._finish(child, "completed")
            return {**status, "DialCallStatus": "no-answer"}
        with self._ledger.change():
            call.partner, child.partner = child.sid, call.sid
            for one in (call, child):
                one.captions.append(Caption("line", "(you are connected)"))
        self._ledger.wait(lambda: call.over or child.over, 3600)
        with self._ledger.change():
            call.partner = child.partner = ""
        self._finish(child, "completed")
        return {**status, "DialCallStatus": "completed", "DialCallDuration": "1"}

    def _finish(self, call: Call, status: str) -> None:
        with self._ledger.change():
            call.over, call.status, call.listening = True, status, ""
        self._report(call, "completed")

    def _event(self, call: Call, event: str, status: str) -> None:
        with self._ledger.change():
            call.status = status
        self._report(call, event)

    def _report(self, call: Call, event: str) -> None:
        if not call.report_url or event not in call.report_events:
            return
        form = {**call_form(call), "SequenceNumber": str(call.sequence), "CallDuration": "1"}
        call.sequence += 1
        self._wire.post("call report", call.report_url, form)


def _dead(call: Call) -> bool:
    return call.status in {"failed", "no-answer", "busy"}

"""People who telephone while everything dies: each step is posted until somebody answers it."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping

from tests.carrier import Call, Phone, faults_of
from tests.escalation.scene import ANN
from tests.fault.carrier import Answer, Carrier

SPEECH = (
    *("yes", "no", "not sure", "12 weeks", "spotting", "mild cramps", "none of them", "say again"),
    *("I am soaking a pad an hour", "go back", "one", "nurse", "blah blah", "start over"),
)
WITHHELD = "+266696687"
END_PATH = "/twilio/voice/status"


class Callers:
    """Simulated callers: each thread leads the calls of its people, a step of each in turn."""

    def __init__(self, carrier: Carrier, count: int, threads: int, seed: int) -> None:
        self._carrier = carrier
        self._chance = [random.Random(seed + 100 + n) for n in range(threads)]  # noqa: S311 load
        self._calls: list[Call | None] = [None] * count
        self._made = [0] * count
        self._threads = threads
        self._next = list(range(threads))
        self.mute: list[str] = []
        self.fell_off = 0
        self.doubled: list[tuple[Answer, Answer]] = []

    def step(self, place: int) -> None:
        """The next person of this thread dials, answers, waits, texts meanwhile or hangs up."""
        person, chance = self._next[place], self._chance[place]
        self._next[place] = person + self._threads
        if self._next[place] >= len(self._calls):
            self._next[place] = place
        call = self._calls[person]
        if self._carrier.unanswered:  # the test fails: nobody goes on with such a call
            return
        if call is None or call.over:
            self._calls[person] = self._dial(person, chance)
        else:
            self._act(call, chance)
            self.fell_off += call.fell_off
        time.sleep(0.02)

    def _dial(self, person: int, chance: random.Random) -> Call:
        """A new call; every third one from the number of the one before."""
        number = f"+44771{self._made[person] // 3:03d}{person:04d}"
        self._made[person] += 1
        staff = {ANN.phone: Phone(takes=chance.random() < 0.5)}
        call = Call(
            lambda path, form: self._post(path, form, chance),
            WITHHELD if chance.random() < 0.1 else number,
            staff,
        )
        return call.begin()

    def _act(self, call: Call, chance: random.Random) -> None:
        if not call.listens:
            call.hang_up()
            return
        what = chance.random()
        if what < 0.5:
            call.press(chance.choice("1222339*0#") + chance.choice(("", "#", "2#")))
        elif what < 0.8:
            call.speak(chance.choice(SPEECH), chance.choice(("0.9", "0.3", "")))
        elif what < 0.88:
            call.wait()
        elif what < 0.93 and call.number != WITHHELD:
            self._carrier.text(call.number, chance.choice(SPEECH))
        else:
            call.hang_up(report=chance.random() < 0.8)

    def _post(self, path: str, form: Mapping[str, str], chance: random.Random) -> bytes:
        """One step, now and then delivered twice."""
        answer = self._carrier.deliver(path, dict(form), delivery_of(path, form))
        assert answer is not None, f"nobody answered {path}"
        if path == END_PATH:
            return b""
        self._look(path, answer)
        if chance.random() < 0.1 and "/screen" not in path:
            again = self._carrier.deliver(path, dict(form), answer.sid)
            assert again is not None, f"nobody answered {path}"
            self._look(path, again)
            self.doubled.append((answer, again))
        return answer.body

    def _look(self, path: str, answer: Answer) -> None:
        """Keep a document that the carrier would not take, or that would leave her in silence."""
        if faults_of(answer.body, bridges="/take" in path):
            self.mute.append(f"{path} {answer.words} {answer.tries}: {answer.body.decode()}")


def delivery_of(path: str, form: Mapping[str, str]) -> str:
    """The id under which the log keeps a step: the call's id and the step's number."""
    if path == END_PATH:
        return f"{form['CallSid']}:left"
    if "/screen" in path:
        return f"{form['CallSid']}:screen"
    _, _, query = path.partition("?")
    number = dict(part.partition("=")[::2] for part in query.split("&")).get("n", "0")
    return f"{form['CallSid']}:{number or 0}"

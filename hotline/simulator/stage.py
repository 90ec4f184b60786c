"""The stage: whose phones are on the page, and scenes that play themselves on them."""

from __future__ import annotations

import threading
import time
from dataclasses import asdict, dataclass

from hotline.flow.model import Question
from hotline.runtime import Hotline
from hotline.session.own_questions import own_question
from hotline.session.records import Session
from hotline.simulator.carrier import Carrier, later
from hotline.simulator.ledger import Habit
from hotline.simulator.numbers import new_number
from hotline.simulator.scenes import MILD, Scene

TURNS = 40
REPLY_SECONDS = 12.0
BETWEEN_SECONDS = 1.6


@dataclass(frozen=True, slots=True)
class Patient:
    """The phone on the left: its number, the country of it, the language she speaks."""

    number: str
    country: str
    language: str


class Stage:
    """Who plays, and the scene that is on."""

    def __init__(self, hotline: Hotline, carrier: Carrier, nurse: str) -> None:
        """Begin with a new phone in the hotline's own country."""
        self._hotline = hotline
        self._carrier = carrier
        self.nurse = nurse
        self.scene = ""
        self._lock = threading.Lock()
        settings = hotline.settings
        self.patient = Patient(new_number(settings.country), settings.country, settings.language)

    def new_phone(self, country: str, language: str, number: str = "") -> Patient:
        """Give her another phone; the scene that is on ends."""
        with self._lock:
            self.patient = Patient(number or new_number(country), country, language)
            self.scene = ""
        self._changed()
        return self.patient

    def play(self, scene: Scene) -> None:
        """Begin a scene on a new phone."""
        patient = self.new_phone(scene.country, scene.language)
        with self._carrier.ledger.change():
            self._carrier.ledger.habits[self.nurse] = scene.nurse
        with self._lock:
            self.scene = scene.id
        later(self._act, scene, patient)

    def plain(self) -> dict[str, object]:
        """As the page shows it."""
        return {"patient": asdict(self.patient), "nurse": self.nurse, "scene": self.scene}

    def set_habit(self, number: str, habit: Habit) -> None:
        """How a phone treats what reaches it."""
        with self._carrier.ledger.change():
            self._carrier.ledger.habits[number] = habit

    def _act(self, scene: Scene, patient: Patient) -> None:
        if scene.calls:
            self._carrier.calling.from_phone(patient.number)
        else:
            self._talk(scene, patient)
        with self._lock:
            if self.patient == patient:
                self.scene = ""
        self._changed()

    def _talk(self, scene: Scene, patient: Patient) -> None:
        words: str | None = scene.opening
        told = frozenset[str]()
        for _ in range(TURNS):
            if words is None or self.patient != patient:
                return
            came = self._replies(patient.number)
            self._carrier.texting.from_phone(patient.number, words)
            if not self._await_reply(patient.number, came):
                return
            time.sleep(BETWEEN_SECONDS * self._carrier.pace)
            question = self._open_question(patient.number)
            if question is None or question.id == scene.silent_from:
                return
            words = _words(scene, question, told)
            told |= {question.id}

    def _replies(self, number: str) -> int:
        return sum(
            1 for text in self._carrier.ledger.texts if text.to == number and _came(text.status)
        )

    def _await_reply(self, number: str, before: int) -> bool:
        return self._carrier.ledger.wait(lambda: self._replies(number) > before, REPLY_SECONDS)

    def _open_question(self, number: str) -> Question | None:
        store = self._hotline.store
        session = store.load(store.contact_of(number)).session
        return None if session is None else self._asked(session)

    def _asked(self, session: Session) -> Question | None:
        flow = self._hotline.library.flow_of(session.flow)
        return own_question(session) or flow.by_id.get(session.state.question or "")

    def _changed(self) -> None:
        with self._carrier.ledger.change():
            pass


def _came(status: str) -> bool:
    return status in {"sent", "delivered", "undelivered"}


def _words(scene: Scene, question: Question, told: frozenset[str]) -> str:
    """What she sends: the words of the scene, or the digit of her answer."""
    if question.id in scene.instead and question.id not in told:
        return scene.instead[question.id]
    value = scene.answers.get(question.id)
    if value is None:
        value = next((one for one in MILD if one in question.values), "1")
    return next((one.key for one in question.options if one.value == value), value)

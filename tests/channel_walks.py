"""One person's answers given by text, by keys and by speech, until nothing more is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from hotline.flow.cases import SILENCE, Case
from hotline.flow.engine import step
from hotline.flow.events import Exited
from hotline.flow.flow import Flow
from hotline.flow.levels import Level
from hotline.flow.library import Library
from hotline.flow.model import Kind, Question, Value
from hotline.flow.state import Heard, State
from hotline.flow.words import labels_of
from hotline.session.incoming import Incoming
from hotline.session.lifetime import first_session
from hotline.session.phone_line import languages_offered, parts_of
from hotline.session.records import Menu, Session
from tests.carrier import Call
from tests.records import Records
from tests.server import Server

MOST_STEPS = 90
NONSENSE = "qwxz plm"
GONE = "(rests)"

SPOKEN: Mapping[str, Mapping[str, str]] = {
    "en": {
        "yes": "yes",
        "no": "no",
        "not_sure": "I am not sure",
        "unknown": "I don't know",
        "no_test": "no test yet",
        "weeks": "{} weeks",
    },
    "es": {
        "yes": "sí",
        "no": "no",
        "not_sure": "no estoy segura",
        "unknown": "no lo sé",
        "no_test": "aún no me hice la prueba",
        "weeks": "{} semanas",
    },
    "fr": {
        "yes": "oui",
        "no": "non",
        "not_sure": "je ne suis pas sûre",
        "unknown": "je ne sais pas",
        "no_test": "pas encore fait de test",
        "weeks": "{} semaines",
    },
    "hi": {
        "yes": "हाँ",
        "no": "नहीं",
        "not_sure": "पक्का नहीं",
        "unknown": "पता नहीं",
        "no_test": "अभी टेस्ट नहीं किया",
        "weeks": "{} हफ्ते",
    },
}
"""What she says on the telephone where no option's own words fit."""

Ended = Level | str | None
"""Where a walk ended: the level told, or that the questions rest without one."""


class Walker:
    """Gives a case's answers on one channel; what is asked is read from the session's record."""

    def __init__(
        self, library: Library, records: Records, case: Case, number: str, language: str = "en"
    ) -> None:
        self.library = library
        self.language = language
        self.flow: Flow = library.flow
        self.records = records
        self.case = case
        self.number = number

    def seed(self) -> bool:
        """What the case says was heard before the first question; False when it ends all."""
        session = self._first()
        came = Heard(dangers=self.case.danger, mentions=self.case.mention)
        state, events = step(self.flow, State(last_level=self.case.last_level), came)
        if any(isinstance(one, Exited) for one in events):
            return False
        if state.question is not None:
            # The channels put the question themselves; what was heard stays.
            state = state._replace(question=None, trail=())
        self.records.seed(session._replace(state=state, last_level=self.case.last_level))
        return True

    def ended(self) -> Ended:
        session = self._session()
        if session.state.level is not None:
            return session.state.level
        return GONE

    def by_text(self, server: Server) -> Ended:
        server.text("ok", self.number)
        for _ in range(MOST_STEPS):
            question = self._open()
            if question is None:
                return self.ended()
            value = self._answer(question)
            words = NONSENSE if value == SILENCE else self._keys(question, value)
            # As if she took her time: texts this quick would be stopped as a flood.
            self.records.seed(self._session()._replace(recent=()))
            server.text(words, self.number)
        raise AssertionError(f"{self.case.name}: the texts do not end")

    def by_keys(self, call: Call) -> Ended:
        return self._call(call, self._press)

    def by_speech(self, call: Call) -> Ended:
        return self._call(call, self._speak)

    def _call(self, call: Call, give: Callable[[Call, Question, Value], object]) -> Ended:
        for _ in range(MOST_STEPS):
            session = self._session()
            if call.over:
                return self.ended()
            if session.line.menu is Menu.LANGUAGE:
                offered = languages_offered(self.library, session)
                call.press(str(offered.index(self.language) + 1))
                continue
            if session.asking is not None:
                call.press("1")
                continue
            question = self._open()
            if session.line.menu is Menu.AFTER:
                if question is None:
                    call.hang_up()
                    return self.ended()
                call.press("3")
                continue
            assert question is not None, call.transcript()
            value = self._answer(question)
            if value == SILENCE:
                call.wait()
            else:
                give(call, question, value)
        raise AssertionError(f"{self.case.name}: the call does not end\n{call.transcript()}")

    def _press(self, call: Call, question: Question, value: Value) -> None:
        if question.kind is Kind.CHOICES:
            call.press({"yes": "1", "no": "2", "not_sure": "3"}[self._verdict(question, value)])
        elif question.kind is Kind.WEEKS:
            call.press(f"{self._keys(question, value)}#")
        else:
            call.press(self._keys(question, value))

    def _speak(self, call: Call, question: Question, value: Value) -> None:
        if question.kind is Kind.CHOICES:
            call.speak(SPOKEN[self.language][self._verdict(question, value)])
        elif question.kind is Kind.WEEKS:
            words = SPOKEN[self.language]
            call.speak(words.get(str(value), words["weeks"].format(value)))
        else:
            labels = labels_of(self.library.words.texts(self.language), question)
            call.speak(labels[str(value)].lower())

    def _verdict(self, question: Question, value: Value) -> str:
        part = parts_of(question)[self._session().line.part]
        assert isinstance(value, frozenset)
        if value == {"not_sure"}:
            return "not_sure"
        return "yes" if part in value else "no"

    def _keys(self, question: Question, value: Value) -> str:
        if question.kind is Kind.WEEKS:
            return {"unknown": "0", "no_test": "99"}.get(str(value), str(value))
        values = value if isinstance(value, frozenset) else {value}
        keys = [one.key for one in question.options if one.value in values]
        assert len(keys) == len(values), (question.id, value)
        return " ".join(keys)

    def _answer(self, question: Question) -> Value:
        if question.checks is not None and question.id not in self.case.answers:
            # Her own words for an answer sounded like a danger: she means what she said.
            return "yes"
        assert question.id in self.case.answers, f"{self.case.name} does not answer {question.id}"
        return self.case.answers[question.id]

    def _open(self) -> Question | None:
        return self.flow.by_id.get(self._session().state.question or "")

    def _session(self) -> Session:
        return self.records.session(self.number)

    def _first(self) -> Session:
        contact = self.records.store.contact_of(self.number)
        came = Incoming(self.number, "", "", "seed")
        now = self.records.now()
        first = first_session(self.library, contact, came, now, ("GB", "en"))
        return first._replace(language=self.language)


def usual(case: Case, answers: Mapping[str, Value]) -> Case:
    """The case with these answers instead of its own."""
    return replace(case, answers={**case.answers, **answers})

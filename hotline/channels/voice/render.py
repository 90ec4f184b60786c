"""A turn on the telephone as TwiML: what is said, and what the call waits for then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from twilio.twiml.voice_response import Gather

from hotline.channels.voice.hints import danger_hints, joined
from hotline.channels.voice.lines import line_of
from hotline.channels.voice.page import SCREEN_PATH, Page, Steps
from hotline.channels.voice.voices import Voices
from hotline.flow.events import Asked, Form, LevelGiven
from hotline.flow.levels import Level
from hotline.flow.library import Library
from hotline.flow.model import Kind, Question
from hotline.flow.texts import Place, Texts
from hotline.flow.words import (
    phrase,
    render_advice,
    render_level,
    render_question,
    spoken_keys,
    spoken_options,
)
from hotline.session.phone import ELSEWHERE
from hotline.session.phone_line import languages_offered, parts_of, takes_number
from hotline.session.phone_menus import NOBODY, may_text
from hotline.session.pieces import Phrase, Piece
from hotline.session.records import Menu, Reply, Session
from hotline.session.saying import unit_place


@dataclass(frozen=True, slots=True)
class VoiceRender:
    """Puts pieces into TwiML.

    `url` makes full addresses, `staff` gives the numbers to ring (E.164) and is asked only when
    somebody is to be rung, `caller_id` is our own number, which staff see; without it the number
    she called.
    """

    voices: Voices
    url: Callable[[str], str]
    staff: Callable[[], tuple[str, ...]] = tuple
    caller_id: str = ""

    def __call__(self, library: Library, session: Session, pieces: Sequence[Piece]) -> Reply:
        """The document for these pieces; none when the call is over."""
        if session.call is None:
            return Reply()
        return _Rendering(self, library, session, pieces).document()


class _Rendering:
    """One document: the words of the pieces, then what the session's call waits for."""

    def __init__(
        self, render: VoiceRender, library: Library, session: Session, pieces: Sequence[Piece]
    ) -> None:
        self.render = render
        self.voices = render.voices
        self.library = library
        self.session = session
        self.pieces = pieces
        self.texts: Texts = library.words.texts(session.language)
        self.place: Place = library.words.place(session.country, session.language)
        speaker = self.voices.speaker(self.texts.language, session.country)
        connects = session.line.menu is Menu.CONNECT
        self.staff = render.staff() if connects else ()
        self.page = Page(speaker, Steps(render.url, session.step + 1, self.texts.language))

    def document(self) -> Reply:
        level = next((one for one in self.pieces if isinstance(one, LevelGiven)), None)
        lines = [one for one in map(self._line, self.pieces) if one]
        if self.session.line.menu is Menu.CONNECT and not self.staff:
            lines = []
        if level is not None:
            self._level(level, [] if level.level is Level.EMERGENCY else lines)
        else:
            for line in lines:
                self.page.say(line)
        if any(isinstance(one, Phrase) and one.id == ELSEWHERE for one in self.pieces):
            self._hang_up()
        else:
            self._wait()
        return self.page.reply()

    def _line(self, piece: Piece) -> str:
        return line_of(self.voices, self.texts, self.place, piece)

    def _hang_up(self) -> None:
        """The end of the call, never without a word."""
        if not self.page.words:
            self.page.say(self._phone("phone_bye"))
        self.page.hang_up()

    def _wait(self) -> None:
        match self.session.line.menu:
            case Menu.LANGUAGE:
                self._language()
            case Menu.AFTER:
                self._after()
            case Menu.CONNECT:
                self._connect()
            case Menu.BYE:
                self._hang_up()
            case None if self.session.asking is not None:
                self.page.say(self._phone("phone_welcome_back"), self._listen())
                self.page.go_on(silent="1")
            case None:
                self._question()

    def _language(self) -> None:
        gather = self._listen()
        for key, language in enumerate(languages_offered(self.library, self.session), 1):
            speaker = self.voices.speaker(language, self.session.country)
            place = self.library.words.place(self.session.country, language)
            words = self.voices.say(language, "phone_language", place, key=str(key))
            self.page.say(words, gather, speaker=speaker)
        self.page.go_on(silent="1")

    def _question(self) -> None:
        by_id = self.library.flow_of(self.session.flow).by_id
        question = by_id.get(self.session.state.question or "")
        if question is None:
            self._hang_up()
            return
        asked = next((one for one in self.pieces if isinstance(one, Asked)), None)
        form = asked.form if asked is not None else Form.ASK
        number = takes_number(question)
        labels = tuple(label for _, label in spoken_options(self.texts, question))
        gather = self._listen(*labels, number=number)
        put = render_question(self.texts, question, form, self.place, voice=True)
        if question.kind is Kind.CHOICES:
            self._part(question, put, gather)
        else:
            self.page.say(put, gather)
            self.page.say(spoken_keys(self.texts, question, self.place), gather)
        if number and self.session.line.silences:
            self.page.say(self._phone("phone_number_keys"), gather)
        line = self.session.line
        first = len(self.session.state.trail) == 1 and line.heard
        if first and not line.silences and not line.rounds:
            self.page.say(self._phone("phone_keys"), gather)
        self.page.go_on(silent="1")

    def _part(self, question: Question, put: str, gather: Gather) -> None:
        """One option of several: the question before the first, the keys there and after silence.

        One at a time, because nobody keeps seven keys in mind.
        """
        line = self.session.line
        value = parts_of(question)[line.part]
        labels = dict(
            zip(
                question.values,
                (label for _, label in spoken_options(self.texts, question)),
                strict=True,
            )
        )
        first = line.part == 0
        if first:
            self.page.say(put, gather)
        self.page.say(f"{labels[value]}?", gather)
        if first or line.silences:
            self.page.say(self._phone("phone_part"), gather)

    def _level(self, given: LevelGiven, lines: list[str]) -> None:
        """The level slowly, the action first; then once more with its advice, which a key cuts."""
        place = unit_place(self.library, self.session)
        told = render_level(self.texts, given.level, place, voice=True)
        self.page.say(told, slow=True)
        again = self.page.interruptible()
        self.page.say(self._phone("phone_again"), again)
        self.page.say(told, again, slow=True)
        for say in given.advice:
            self.page.say(render_advice(self.texts, say, place, voice=True), again)
        for line in lines:
            self.page.say(line, again)

    def _after(self) -> None:
        gather = self._listen()
        if not self.session.line.heard:
            # Nobody was heard: the shortest menu, so that the call comes to its end.
            self.page.say(phrase(self.texts, "press_repeat", self.place, voice=True), gather)
            self.page.go_on(silent="1")
            return
        self.page.say(self._phone("phone_after"), gather)
        level = self.session.state.level
        if may_text(self.session) and self.session.line.sent != level:
            self.page.say(self._phone("phone_after_text"), gather)
        more = self.session.state.question is not None and not self.session.line.silences
        self.page.say(self._phone("phone_after_more" if more else "phone_after_anew"), gather)
        self.page.go_on(silent="1")

    def _connect(self) -> None:
        if not self.staff:
            self.page.go_on(rang=NOBODY)
            return
        query = urlencode({"c": self.session.contact, "k": self.session.call or ""})
        screen = self.render.url(f"{SCREEN_PATH}?{query}")
        caller_id = self.render.caller_id or self.session.our_number
        self.page.ring(self.staff, screen, caller_id)

    def _listen(self, *labels: str, number: bool = False) -> Gather:
        language = self.texts.language
        own = self.voices.of(language).hints
        dangers = danger_hints(self.library.lexicons, language)
        return self.page.listen(joined(labels, own, dangers), number=number)

    def _phone(self, one: str) -> str:
        return self.voices.say(self.texts.language, one, self.place)

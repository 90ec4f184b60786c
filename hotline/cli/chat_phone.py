"""A made-up phone for `hotline chat`: real turns on a real store that is thrown away afterwards."""

from __future__ import annotations

import secrets
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from hotline.cli.chat_call import language_key, new_call, step_of, voice_render
from hotline.cli.chat_told import Told, Verdict, tell
from hotline.embedded import EmbeddedRedis
from hotline.flow.library import Library
from hotline.runtime import library_at
from hotline.session.connection import connect
from hotline.session.incoming import Incoming
from hotline.session.lifetime import first_session
from hotline.session.opening import open_store
from hotline.session.pieces import Render
from hotline.session.records import Channel, Session
from hotline.session.saying import say_by_text
from hotline.session.store import Change
from hotline.session.turn import Taken, Turns
from hotline.simulator.numbers import example_number

OUR_NUMBER = "+441632960100"
PAUSE_SECONDS = 10
"""How far apart texts count at least: nobody is a flood because a file was piped in."""


@dataclass(frozen=True, slots=True)
class Line:
    """Who is at the phone: her country and language, and how she reaches us."""

    country: str
    language: str
    channel: Channel = Channel.SMS


class Phone:
    """One fresh contact and her conversation. Use as a context manager.

    The store is a redis-server of its own in a temporary folder, sealed with a random key: the same
    code as behind the webhook, and nothing stays.
    """

    def __init__(self, flows: Path, line: Line) -> None:
        """Load the flows and start the store.

        Raises FlowError or FlowErrors, ValueError for a country or language that is not there.
        """
        self.library = library_at(flows)
        _check(self.library, line)
        self.line = line
        calls = line.channel is Channel.VOICE
        self._render: Render = voice_render(flows, self.library) if calls else say_by_text
        self.number = example_number(line.country)
        self._call = new_call() if calls else None
        self._count = 0
        self._verdict = Verdict()
        self._now = time.time()
        self._folder = tempfile.TemporaryDirectory(prefix="hotline-chat-")
        self._redis = EmbeddedRedis(Path(self._folder.name))
        try:
            self._client = connect(self._redis.url)
            self._store = open_store(self._client, [secrets.token_urlsafe(32)], 1)
            home = (line.country, line.language)
            self._turns = Turns(self._store, self.library, home, lambda: self._now)
            self._begin()
        except BaseException:
            self._redis.stop()
            raise

    def __enter__(self) -> Self:
        """Use the phone for a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Throw the store away."""
        self._client.close()
        self._redis.stop()
        self._folder.cleanup()

    def say(self, words: str) -> Told:
        """Take one turn with these words. Raises what a turn raises.

        On the telephone the first one comes after the greeting, which its messages begin with.
        """
        self._count += 1
        greeting = self.pick_up() if self._call else ()
        before = self._session()
        taken = self._take(words)
        self._verdict = self._verdict.after(taken)
        said = Told(self._count, words, (*greeting, *taken.reply.messages), self._verdict)
        return tell(self.library, before, taken, said)

    def pick_up(self) -> tuple[str, ...]:
        """Begin the call where none is on the line, in her language; what is said then."""
        session = self._session()
        if session is not None and session.call is not None:
            return ()
        if session is not None and session.line.gone == self._call:
            self._call = new_call()  # that call has ended: she rings again
        taken = self._take("")
        self._verdict = self._verdict.after(taken)
        session = taken.session
        key = language_key(self.library, session, self.line.language) if session else None
        return (self._take(key) if key else taken).reply.messages

    def _take(self, words: str) -> Taken:
        self._now = max(time.time(), self._now + PAUSE_SECONDS)
        incoming = self._incoming(words)
        if self._call:
            incoming = step_of(self._session(), incoming, words)
        return self._turns.take(incoming, self._render)

    def _session(self) -> Session | None:
        return self._store.load(self._store.contact_of(self.number)).session

    def _incoming(self, words: str) -> Incoming:
        return Incoming(
            number=self.number,
            our_number=OUR_NUMBER,
            words=words,
            delivery=f"SM{secrets.token_hex(16)}",
            channel=self.line.channel,
            call=self._call,
        )

    def _begin(self) -> None:
        """Begin her session in the language asked for; her number alone tells only the country."""
        hello = self._incoming("")
        contact = self._store.contact_of(hello.address)
        home = (self.line.country, self.line.language)
        session = first_session(self.library, contact, hello, self._turns.now(), home)
        session = session._replace(country=self.line.country, language=self.line.language)
        self._store.commit(Change(session=session, revision=0, now=self._turns.now()))


def _check(library: Library, line: Line) -> None:
    countries = library.words.countries.by_code
    if line.country not in countries:
        raise ValueError(f"country {line.country!r} is none of {', '.join(sorted(countries))}")
    languages = library.words.languages
    if line.language not in languages:
        raise ValueError(f"language {line.language!r} is none of {', '.join(sorted(languages))}")

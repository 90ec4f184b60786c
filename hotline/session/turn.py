"""The turn: load, decide, commit; once again when somebody else was faster, never twice."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from hotline.errors import StaleSession
from hotline.flow.events import LevelGiven
from hotline.flow.library import Library
from hotline.session.codec import event_to_plain, heard_to_plain
from hotline.session.conversation import Turned, converse
from hotline.session.desk import Desk
from hotline.session.duties import duties_of
from hotline.session.incoming import Incoming
from hotline.session.lifetime import first_session, is_over, next_session
from hotline.session.phone import converse_by_phone
from hotline.session.pieces import Phrase, Render
from hotline.session.records import Asking, Channel, Entry, Reply, Session
from hotline.session.removal import erase_contact
from hotline.session.saying import say_by_text
from hotline.session.store import Change, Loaded, Store

BUDGET_SECONDS = 2.2
"""How long a turn may try again; the whole reply has three seconds."""

PAUSE_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn that was committed (or was already): the reply, the session, and whether it is new.

    `tries` counts the commits it took; `turned` is None for a repeated delivery.
    """

    reply: Reply
    session: Session | None
    fresh: bool
    tries: int = 1
    turned: Turned | None = None


class Turns:
    """Takes turns on one store and one library."""

    def __init__(
        self,
        store: Store,
        library: Library,
        home: tuple[str | None, str] = (None, "en"),
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`home` is the country and language to assume; `clock` gives seconds since 1970 UTC."""
        self.store = store
        self.library = library
        self._home = home
        self._clock = clock

    def now(self) -> int:
        """The moment in milliseconds since 1970 UTC."""
        return int(self._clock() * 1000)

    def take(self, incoming: Incoming, render: Render = say_by_text) -> Taken:
        """Take one input and commit it.

        Raises StoreUnavailable when Redis fails, StaleSession when the budget is spent on commits
        that others won.
        """
        contact = self.store.contact_of(incoming.address)
        deadline = time.monotonic() + BUDGET_SECONDS
        tries = 0
        while True:
            tries += 1
            loaded = self.store.load(contact)
            if loaded.knows(incoming.delivery):
                stored = self.store.reply_to(loaded, incoming.delivery)
                if stored is not None:
                    self.store.confirm(contact)
                    return Taken(stored, loaded.session, fresh=False, tries=tries)
            try:
                return self._once(contact, loaded, incoming, render, tries)
            except StaleSession:
                pause = PAUSE_SECONDS * tries * (0.5 + random.random())  # noqa: S311 only jitter
                if time.monotonic() + pause > deadline:
                    raise
                time.sleep(pause)

    def _once(
        self, contact: str, loaded: Loaded, incoming: Incoming, render: Render, tries: int
    ) -> Taken:
        now = self.now()
        session, begun = self._session(contact, loaded, incoming, now)
        turned = _talk(Desk(self.library, now), session, incoming)
        after = turned.session._replace(updated=now)
        turned = turned._replace(session=after)
        turned = _ask_country(turned, first=begun)
        reply = render(self.library, turned.session, turned.pieces)
        if turned.erase:
            erase_contact(self.store, contact)
            return Taken(reply, None, fresh=True, tries=tries, turned=turned)
        archive = loaded.session is not None and turned.session.serial > loaded.session.serial
        self.store.commit(
            Change(
                session=turned.session,
                revision=loaded.revision,
                now=now,
                before=loaded.session,
                entries=[_entry(incoming, turned, reply)],
                tasks=duties_of(
                    self.library, turned, reply, loaded.revision + 1, (incoming.delivery, now)
                ),
                delivery=incoming.delivery,
                deliveries=loaded.deliveries,
                archive=archive,
            )
        )
        return Taken(reply, turned.session, fresh=True, tries=tries, turned=turned)

    def _session(
        self, contact: str, loaded: Loaded, incoming: Incoming, now: int
    ) -> tuple[Session, bool]:
        if loaded.session is None:
            return first_session(self.library, contact, incoming, now, self._home), True
        if is_over(self.library, loaded.session, now):
            return next_session(self.library, loaded.session, now), True
        return loaded.session, False


def _talk(desk: Desk, session: Session, incoming: Incoming) -> Turned:
    if incoming.phone is not None:
        return converse_by_phone(desk, session, incoming, incoming.phone)
    return converse(desk, session, incoming)


def _ask_country(turned: Turned, *, first: bool) -> Turned:
    """Ask where she is when her number does not tell; a level that was told goes before it."""
    session = turned.session
    if not first or session.country is not None or session.state.question is None:
        return turned
    if session.channel is Channel.VOICE:
        return turned
    asked = session._replace(asking=Asking.COUNTRY)
    return turned._replace(session=asked, pieces=[Phrase("unknown_country_ask")])


def _entry(incoming: Incoming, turned: Turned, reply: Reply) -> Entry:
    understood = turned.understood
    extra: dict[str, object] = {}
    if understood is not None and understood.command:
        extra["command"] = understood.command
    if understood is not None and understood.topic:
        extra["topic"] = understood.topic
    if incoming.opt_out:
        extra["opt_out"] = incoming.opt_out
    if incoming.phone is not None:
        extra["step"], extra["by"] = incoming.phone.number, incoming.phone.kind
    if incoming.media:
        extra["media"] = incoming.media
    if reply.emergency:
        extra["emergency"] = True
    if reply.document:
        extra["document"] = reply.document
    if turned.pages:
        extra["pages"] = list(turned.pages)
    return Entry(
        kind="call" if incoming.channel is Channel.VOICE else "text",
        delivery=incoming.delivery,
        words=incoming.words,
        heard=heard_to_plain(turned.heard) if turned.heard is not None else None,
        events=tuple(event_to_plain(event) for event in turned.events),
        said=reply.messages,
        flow=turned.session.flow if _told_level(turned) else "",
        extra=extra,
    )


def _told_level(turned: Turned) -> bool:
    """Whether this turn told a level."""
    return any(isinstance(event, LevelGiven) for event in turned.events)

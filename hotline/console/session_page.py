"""One session: the conversation, the answers, why this level, what was done, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from hotline.console.answers import answer_rows, open_rows
from hotline.console.audit import Did
from hotline.console.office import Office
from hotline.console.pages import Pages, may, me
from hotline.console.rights import Right
from hotline.console.sources import Source
from hotline.console.transcript import Said, converse_again, send_states, timeline
from hotline.escalation.callback_book import CallbackBook
from hotline.flow.engine import level_now
from hotline.flow.levels import Level
from hotline.flow.words import DEFAULT_LANGUAGE, phrase
from hotline.session.records import Control, Entry, Session
from hotline.session.staffing import LONGEST_REPLY, Outcome

CANNED = (
    "staff_will_call",
    "missed_call",
    "person_offered",
    "emergency_number",
    "call_bad_time",
    "goodbye",
)


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that holds: its level, what it is about, and its sources."""

    id: str
    level: Level
    note: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A session as loaded, with its log, and the tag of what stands on its page by now."""

    session: Session
    tag: str
    log: Sequence[tuple[int, Entry]]
    current: bool


def add_session_page(pages: Pages) -> None:
    """The page, its live part, and the handover note."""
    pages.add("/sessions/<session_id>", show_session, Right.SEE)
    pages.add("/sessions/<session_id>/live", session_fragment, Right.SEE)


def open_session(office: Office, session_id: str) -> Opened:
    """Load a session with its log; 404 when it does not exist."""
    if not _plausible(session_id):
        abort(404)
    raw = office.tags.raw(session_id)
    loaded = office.store.load_by_id(session_id)
    if loaded.session is None:
        abort(404)
    log = office.store.entries(loaded)
    office.tags.remember(session_id, raw, log)
    tag = office.tags.tag(session_id, _about()) or ""
    current = office.store.load(session_id.partition(".")[0]).session
    same = current is not None and current.id == session_id
    return Opened(loaded.session, tag, log, same)


def show_session(office: Office, session_id: str) -> ResponseReturnValue:
    """The page; opening it is audited, and so is seeing her words."""
    return session_page(office, session_id)


def session_page(office: Office, session_id: str, *, number: bool = False) -> str:
    """The page as HTML; with `number` hers is on it (the caller has checked the right)."""
    one = open_session(office, session_id)
    did = Did.SAW_TRANSCRIPT if may(Right.SHOW_TRANSCRIPT) else Did.SAW_SESSION
    office.note(me(), did, session_id)
    session, library = one.session, office.hotline.library
    verdict = level_now(library.flow_of(session.flow), session.state)
    return render_template(
        "console/session.html",
        **_live_values(office, one),
        tag=one.tag,
        rows=answer_rows(library, session, one.log),
        others=open_rows(library, session) if may(Right.ACT) else (),
        fired=fired_rules(office, session),
        rules_say=verdict.level,
        happened=timeline(one.log),
        canned=canned(office, session),
        outcomes=list(Outcome),
        longest=LONGEST_REPLY,
        escalation=office.board.load(session_id).escalation,
        callback=CallbackBook(office.store).load(session_id).callback,
        people=office.rota.current().people,
        number=session.number if number else None,
    )


def session_fragment(office: Office, session_id: str) -> ResponseReturnValue:
    """The changing part: who has her, and the conversation; 304 when nothing changed."""
    if not _plausible(session_id):
        abort(404)
    tag = office.tags.tag(session_id, _about())
    if tag is not None and request.if_none_match.contains(tag):
        return Response(status=304, headers={"ETag": f'"{tag}"'})
    one = open_session(office, session_id)
    values = _live_values(office, one)
    response = make_response(render_template("console/session_fragment.html", **values))
    response.set_etag(one.tag)
    return response


def fired_rules(office: Office, session: Session) -> tuple[Fired, ...]:
    """The rules that hold on the answers, most urgent first."""
    flow = office.hotline.library.flow_of(session.flow)
    verdict = level_now(flow, session.state)
    return tuple(
        Fired(rule.id, rule.level, rule.note, tuple(map(office.sources.get, rule.sources)))
        for rule in (flow.rules_by_id[name] for name in verdict.rules)
    )


def canned(office: Office, session: Session) -> list[tuple[str, str]]:
    """Sayings ready to send in her language: a name for staff, and the words."""
    words = office.hotline.library.words
    hers, place = words.texts(session.language), words.place(session.country, session.language)
    english = words.texts(DEFAULT_LANGUAGE)
    known = hers.phrases.keys() & english.phrases.keys()
    found = [(name, phrase(hers, name, place)) for name in CANNED if name in known]
    found += [
        (f"Advice: {level.value}", hers.levels[level.value].fill(place, voice=False))
        for level in reversed(Level)
        if level.value in hers.levels
    ]
    return found


def _live_values(office: Office, one: Opened) -> dict[str, object]:
    said: tuple[Said, ...] = ()
    if may(Right.SHOW_TRANSCRIPT):
        keys = office.store.keys(one.session.contact)
        said = converse_again(one.log, send_states(office.ledger, keys, one.log))
    return {
        "session": one.session,
        "current": one.current,
        "said": said,
        "mine": one.session.control is Control.STAFF and one.session.staff == me().name,
        "with_staff": one.session.control is Control.STAFF,
    }


def _about() -> str:
    """What besides the session decides on what is shown."""
    return f"{me().name} {may(Right.SHOW_TRANSCRIPT)}"


def _plausible(session_id: str) -> bool:
    contact, _, serial = session_id.partition(".")
    return contact.isalnum() and serial.isdecimal() and len(session_id) < 40  # noqa: PLR2004

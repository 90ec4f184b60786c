"""The handover note of a session for the receiving unit, in the order of SBAR."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from hotline.console.answers import Row, answer_rows
from hotline.console.audit import Did
from hotline.console.office import Office
from hotline.console.pages import Pages, may, me
from hotline.console.rights import Right
from hotline.console.session_page import Fired, Opened, fired_rules, open_session
from hotline.console.shown import LANGUAGES, LEVEL_NAMES, readable, short_id
from hotline.session.staffing import StaffDid

_PRIVATE = frozenset({"safe_to_text", "harm"})
"""Answers that stand apart: the unit must know them, and whoever is with her must not read them."""


@dataclass(frozen=True, slots=True)
class Note:
    """The four parts of SBAR, as lines."""

    situation: tuple[str, ...]
    background: tuple[str, ...]
    assessment: tuple[str, ...]
    recommendation: tuple[str, ...]


def add_handover(pages: Pages) -> None:
    """The page."""
    pages.add("/sessions/<session_id>/handover", show_handover, Right.SHOW_TRANSCRIPT)


def show_handover(office: Office, session_id: str) -> ResponseReturnValue:
    """The note, to copy or print; opening it is audited."""
    one = open_session(office, session_id)
    office.note(me(), Did.HANDOVER, session_id)
    rows = answer_rows(office.hotline.library, one.session, one.log)
    note = handover_note(one, rows, fired_rules(office, one.session))
    return render_template(
        "console/handover.html", session=one.session, note=note, now=office.now()
    )


def handover_note(one: Opened, rows: tuple[Row, ...], fired: tuple[Fired, ...]) -> Note:
    """What the receiving unit needs, in plain lines; her number only for who may see it."""
    session = one.session
    answers = {row.id: row.read for row in rows}
    level = LEVEL_NAMES[session.state.level]
    dangers = ", ".join(map(readable, sorted(session.state.dangers)))
    situation = [
        f"Bleeding hotline, session {short_id(session.id)}. Level told: {level}.",
        f"Weeks: {answers.get('weeks', 'not known')}.",
        f"Bleeding: {answers.get('amount', 'not known')}.",
    ]
    if dangers:
        situation.append(f"Dangers in her words: {dangers}.")
    language = LANGUAGES.get(session.language, session.language)
    if may(Right.SHOW_NUMBER) and session.number:
        situation.append(f"Her number: {session.number}. Language: {language}.")
    background = [f"{readable(r.id)}: {r.read} ({r.source})." for r in rows if r.id not in _PRIVATE]
    assessment = [f"{LEVEL_NAMES[r.level]}: {readable(r.id)}." for r in fired]
    assessment.append("By automatic triage; not examined.")
    private = [f"{readable(r.id)}: {r.read}." for r in rows if r.id in _PRIVATE]
    done = [_replied(one)] + [f"{by}: {words}" for _, by, words in session.notes]
    return Note(
        tuple(situation),
        tuple(background),
        tuple(assessment + [f"Confidential. {line}" for line in private]),
        tuple(line for line in done if line) or ("Nothing was done by staff yet.",),
    )


def _replied(one: Opened) -> str:
    count = sum(e.extra.get("did") == StaffDid.REPLIED for _, e in one.log)
    told = f"She was told: {LEVEL_NAMES[one.session.state.level]}."
    outcome = f" Outcome: {readable(one.session.outcome)}." if one.session.outcome else ""
    wrote = {0: "Staff did not write to her", 1: "Staff wrote to her once"}
    return f"{told} {wrote.get(count, f'Staff wrote to her {count} times')}.{outcome}"

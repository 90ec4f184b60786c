"""What staff do on a session's page: each form does one thing and comes back to the page."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, request
from flask.typing import ResponseReturnValue

from hotline.console.answers import read_value
from hotline.console.audit import Did
from hotline.console.office import Office
from hotline.console.pages import Pages, back_to, me
from hotline.console.rights import Right
from hotline.console.session_page import open_session, session_page
from hotline.console.shown import LEVEL_NAMES, readable
from hotline.errors import StaleSession
from hotline.escalation.holding import Taking
from hotline.flow.sms_text import Encoding, measure
from hotline.session.staffing import LONGEST_REPLY, Outcome, StaffingRefused

_BUSY = "Somebody else changed this session at the same moment. Please try again."


def add_session_forms(pages: Pages) -> None:
    """The forms."""
    place = "/sessions/<session_id>"
    pages.add("/take", take_alarm, Right.ACT, method="POST")
    pages.add("/measure", measure_text, Right.ACT, method="POST")
    for name, view in (
        ("take-over", take_over),
        ("reply", reply),
        ("hand-back", hand_back),
        ("correct", correct_answer),
        ("note", write_note),
        ("close", close_session),
        ("call", call_her),
    ):
        pages.add(f"{place}/{name}", view, Right.ACT, method="POST")
    pages.add(f"{place}/number", show_number, Right.SHOW_NUMBER, method="POST")


def take_alarm(office: Office) -> ResponseReturnValue:
    """Take over from the Now page."""
    return take_over(office, request.form.get("session", ""))


def take_over(office: Office, session_id: str) -> ResponseReturnValue:
    """Take the conversation, and with it the escalation."""
    open_session(office, session_id)

    def do() -> str:
        office.staffing.take_over(session_id, me().name)
        office.note(me(), Did.TOOK_OVER, session_id)
        taken = office.staff.take(session_id, me().name, office.now())
        if taken.taking is Taking.TAKEN_BEFORE and taken.escalation is not None:
            office.staff.reassign(session_id, me().name, me().name, office.now())
        return "You have her now. The machine is silent until you hand back or close."

    return _done(session_id, do)


def reply(office: Office, session_id: str) -> ResponseReturnValue:
    """Send her a text."""

    def do() -> str:
        office.staffing.reply(session_id, me().name, request.form.get("body", ""))
        office.note(me(), Did.REPLIED, session_id)
        return "Your text is on its way. The conversation shows when it has arrived."

    return _done(session_id, do)


def hand_back(office: Office, session_id: str) -> ResponseReturnValue:
    """Let the machine go on."""

    def do() -> str:
        office.staffing.hand_back(session_id, me().name)
        office.note(me(), Did.HANDED_BACK, session_id)
        return "The machine has the conversation again."

    return _done(session_id, do)


def correct_answer(office: Office, session_id: str) -> ResponseReturnValue:
    """Set how one answer is read."""
    flow = office.hotline.library.flow_of(open_session(office, session_id).session.flow)
    question = request.form.get("question", "")

    def do() -> str:
        value = read_value(flow, question, request.form.getlist("value"))
        done = office.staffing.correct(session_id, me().name, question, value)
        office.note(me(), Did.CORRECTED, session_id, question)
        told, now = done.session.state.level, done.rules_say
        line = f"{readable(question)} is set."
        if done.sent:
            return f"{line} She has been told what follows from it."
        if told is not None and (now is None or now.rank < told.rank):
            return (
                f"{line} The answers now come to: {LEVEL_NAMES[now]}. She was told "
                f"{LEVEL_NAMES[told]}, and that stays unless you write to her."
            )
        return line

    return _done(session_id, do)


def write_note(office: Office, session_id: str) -> ResponseReturnValue:
    """Keep a note."""

    def do() -> str:
        office.staffing.note(session_id, me().name, request.form.get("note", ""))
        office.note(me(), Did.NOTED, session_id)
        return "The note is kept."

    return _done(session_id, do)


def close_session(office: Office, session_id: str) -> ResponseReturnValue:
    """Close the session with an outcome, and its escalation with it."""

    def do() -> str:
        chosen = request.form.get("outcome", "")
        if chosen not in set(Outcome):
            raise StaffingRefused("Choose how it ended.")
        words = request.form.get("note", "")
        office.staffing.close(session_id, me().name, Outcome(chosen), words)
        office.note(me(), Did.CLOSED, session_id, chosen)
        office.staff.resolve(session_id, me().name, readable(chosen), office.now())
        return "The session is closed."

    return _done(session_id, do)


def call_her(office: Office, session_id: str) -> ResponseReturnValue:
    """Ring the staff member's own phone, then hers."""
    session = open_session(office, session_id).session

    def do() -> str:
        if not session.number:
            raise StaffingRefused("Her number is withheld: she cannot be called.")
        if office.rota.current().person(me().name) is None:
            raise StaffingRefused(
                f"The rota has no phone for {me().name}. Add yourself there under that id, or show "
                "her number and dial it."
            )
        office.note(me(), Did.CALLED, session_id)
        if not office.calls.start(session_id, me().name, office.now()):
            raise StaffingRefused("Somebody is calling her already.")
        return "Your phone rings now. Press 1 to be put through to her."

    return _done(session_id, do)


def show_number(office: Office, session_id: str) -> ResponseReturnValue:
    """Her number on the page, this once; the audit log has who saw it."""
    open_session(office, session_id)
    office.note(me(), Did.SAW_NUMBER, session_id)
    return session_page(office, session_id, number=True)


def measure_text(_office: Office) -> ResponseReturnValue:
    """What a text costs on the air, in words; it comes in a form so that no log has it."""
    body = request.form.get("body", "").strip()
    cost = measure(body)
    letters = f"{len(body)} of {LONGEST_REPLY} characters"
    parts = f"{cost.segments} text message" + ("" if cost.segments == 1 else "s")
    odd = ", letters that make it dearer" if cost.encoding is Encoding.UCS_2 else ""
    return f"{letters}, {parts}{odd}"


def _done(session_id: str, do: Callable[[], str]) -> ResponseReturnValue:
    try:
        said = do()
    except StaffingRefused as refused:
        said = str(refused)
    except StaleSession:
        said = _BUSY
    flash(said)
    return back_to("show_session", session_id=session_id)

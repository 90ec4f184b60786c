"""Escalations and call-backs: take, reassign, give back, resolve with a reason; who did what."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hotline.console.audit import Did
from hotline.console.office import Office
from hotline.console.pages import Pages, back_to, me
from hotline.console.rights import Right
from hotline.console.sight import line_of
from hotline.escalation.holding import Taking
from hotline.session.finding import load_many

_LONGEST_REASON = 300
_GONE = "Nothing to change: it was closed meanwhile."


def add_escalation_page(pages: Pages) -> None:
    """The page and its forms."""
    pages.add("/escalations", show_escalations, Right.SEE)
    for name, view in (
        ("take", take_escalation),
        ("reassign", reassign_escalation),
        ("release", release_escalation),
        ("resolve", resolve_escalation),
    ):
        pages.add(f"/escalations/<session_id>/{name}", view, Right.ACT, method="POST")
    pages.add("/call-backs/<session_id>/cancel", cancel_callback, Right.ACT, method="POST")


def show_escalations(office: Office) -> ResponseReturnValue:
    """Everything that nobody resolved, and the calls still owed."""
    escalations = office.board.open_ones()
    callbacks = office.calls.book.owed()
    ids = [one.session for one in escalations] + [one.session for one in callbacks]
    lines = {one.id: line_of(one) for one in load_many(office.store, list(dict.fromkeys(ids)))}
    rota = office.rota.load().rota
    accounts = {one.name: one.shown for one in office.accounts.all() if not one.disabled}
    people = {**{person.id: person.name for person in rota.people}, **accounts}
    return render_template(
        "console/escalations.html",
        escalations=escalations,
        callbacks=callbacks,
        lines=lines,
        people=people,
    )


def take_escalation(office: Office, session_id: str) -> ResponseReturnValue:
    """Take it; the first wins."""
    taken = office.staff.take(session_id, me().name, office.now())
    _audit(office, session_id, "take")
    holder = taken.escalation.acknowledged_by if taken.escalation else None
    said = {
        Taking.TAKEN: "It is yours.",
        Taking.YOURS_ALREADY: "It is yours already.",
        Taking.TAKEN_BEFORE: f"{holder} took it before you.",
        Taking.CLOSED: _GONE,
    }
    return back_to("show_escalations", said[taken.taking])


def reassign_escalation(office: Office, session_id: str) -> ResponseReturnValue:
    """Give it to somebody else."""
    to = request.form.get("to", "").strip()
    known = {person.id for person in office.rota.load().rota.people}
    if to not in known and office.accounts.get(to) is None:
        return back_to("show_escalations", "Choose who is to have it.")
    done = office.staff.reassign(session_id, to, me().name, office.now())
    _audit(office, session_id, f"reassign to {to}")
    return back_to("show_escalations", f"{to} has it now." if done else _GONE)


def release_escalation(office: Office, session_id: str) -> ResponseReturnValue:
    """Give it back: the ladder begins again."""
    done = office.staff.release(session_id, me().name, office.now())
    _audit(office, session_id, "release")
    return back_to("show_escalations", "Others are paged for it again." if done else _GONE)


def resolve_escalation(office: Office, session_id: str) -> ResponseReturnValue:
    """Close it with a reason."""
    reason = request.form.get("reason", "").strip()[:_LONGEST_REASON]
    if not reason:
        return back_to("show_escalations", "Say how it ended: it is closed with a reason.")
    done = office.staff.resolve(session_id, me().name, reason, office.now())
    _audit(office, session_id, "resolve")
    return back_to("show_escalations", "It is resolved." if done else _GONE)


def cancel_callback(office: Office, session_id: str) -> ResponseReturnValue:
    """The call is no longer wanted, or was made from one's own phone."""
    done = office.calls.cancel(session_id, me().name, office.now())
    office.note(me(), Did.CALLBACK, session_id, "cancel")
    return back_to("show_escalations", "The call-back is cancelled." if done else _GONE)


def _audit(office: Office, session_id: str, what: str) -> None:
    office.note(me(), Did.ESCALATION, session_id, what)

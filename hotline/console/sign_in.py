"""Signing in and out."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from hotline.console.audit import Did
from hotline.console.office import Office
from hotline.console.pages import VISIT, Pages, back_to, me
from hotline.console.rights import Right

_LONGEST = 200
_WRONG = "That is not right. Check the name, the password and, if you have one, the code."
_WAIT = "Too many wrong tries. Wait 15 minutes, or ask who keeps the accounts."


def add_sign_in(pages: Pages) -> None:
    """The sign-in page, its form, and signing out."""
    pages.add_open("/sign-in", show_sign_in)
    pages.add_open("/sign-in", sign_in, method="POST")
    pages.add("/sign-out", sign_out, Right.SEE, method="POST")


def show_sign_in(office: Office) -> ResponseReturnValue:
    """The form; who is signed in goes on."""
    if office.visits.account(session.get(VISIT, "")) is not None:
        return redirect(url_for("console.show_now"), 303)
    return _form("", 200)


def sign_in(office: Office) -> ResponseReturnValue:
    """Check name, password and code; begin a visit with a fresh cookie."""
    name = request.form.get("name", "").strip().lower()[:_LONGEST]
    address = request.remote_addr or ""
    if office.tries.too_many(name, address):
        return _form(_WAIT, 429)
    password = request.form.get("password", "")[:_LONGEST]
    account = office.accounts.check(name, password, request.form.get("code", "")[:_LONGEST])
    if account is None:
        office.tries.failed(name, address)
        known = office.accounts.get(name)
        # A word that is no account may be a password typed into the wrong field: not kept.
        office.audit.write(known.name if known else "(unknown)", Did.SIGN_IN_FAILED)
        return _form(_WRONG, 403)
    session.clear()
    session[VISIT] = office.visits.begin(account)
    office.note(account, Did.SIGNED_IN)
    return redirect(_inside(request.args.get("next", "")), 303)


def sign_out(office: Office) -> ResponseReturnValue:
    """End the visit here and in Redis."""
    office.visits.end(session.get(VISIT, ""))
    office.note(me(), Did.SIGNED_OUT)
    session.clear()
    return back_to("show_sign_in")


def _form(problem: str, status: int) -> ResponseReturnValue:
    return render_template("console/sign_in.html", problem=problem), status


def _inside(wanted: str) -> str:
    """Where to go after the sign-in: a page of the console, never another host."""
    home = url_for("console.show_now")
    strange = "\\" in wanted or ".." in wanted or not wanted.isprintable()
    safe = wanted.startswith("/console/") and not strange
    return wanted.rstrip("?") if safe else home

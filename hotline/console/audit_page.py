"""The audit log as a page: who saw or did what."""

from __future__ import annotations

from itertools import islice

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hotline.console.office import Office
from hotline.console.pages import Pages
from hotline.console.rights import Right

PAGE = 100


def add_audit_page(pages: Pages) -> None:
    """The page."""
    pages.add("/audit", show_audit, Right.AUDIT)


def show_audit(office: Office) -> ResponseReturnValue:
    """The newest first, of one account or session if asked."""
    by, session = request.args.get("by", "").strip(), request.args.get("session", "").strip()
    before = request.args.get("before", "+")
    start = before if before.replace("-", "").isdecimal() else "+"
    traces = list(islice(office.audit.read(start, by, session), PAGE + 1))
    shown = traces[:PAGE]
    following = shown[-1].id if len(traces) > PAGE else ""
    return render_template(
        "console/audit.html",
        traces=shown,
        by=by,
        session=session,
        following=following,
        accounts=[one.name for one in office.accounts.all()],
    )

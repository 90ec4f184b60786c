"""Exports over the web: streamed, for one session or for all that the filters leave."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, abort, request, stream_with_context
from flask.typing import ResponseReturnValue

from hotline.console.audit import Did
from hotline.console.exports import FORMS, Exporter, every_session
from hotline.console.office import Office
from hotline.console.pages import Pages, me, require
from hotline.console.rights import Right
from hotline.console.session_list import list_wanted
from hotline.console.session_page import open_session
from hotline.session.records import Session


def add_exports(pages: Pages) -> None:
    """Both ways."""
    pages.add("/export/<form>", export_sessions, Right.EXPORT)
    pages.add("/sessions/<session_id>/export/<form>", export_session, Right.EXPORT)


def export_sessions(office: Office, form: str) -> ResponseReturnValue:
    """Every session that the filters of the list leave."""
    wanted = list_wanted(request.args)
    return _stream(office, form, every_session(office.store, wanted), "sessions")


def export_session(office: Office, session_id: str, form: str) -> ResponseReturnValue:
    """One session."""
    session = open_session(office, session_id).session
    return _stream(office, form, [session], session_id)


def _stream(office: Office, form: str, sessions: Iterable[Session], name: str) -> Response:
    if form not in FORMS:
        abort(404)
    named = bool(request.args.get("named"))
    if named:
        require(office, Right.EXPORT_NAMED)
    about = name if name != "sessions" else ""
    office.note(me(), Did.EXPORTED, about, f"{form}{' with numbers' if named else ''}")
    make, media = FORMS[form]
    address = str(office.hotline.settings.public_url)
    lines = make(Exporter(office.store, office.hotline.library, address, named), sessions)
    ending = "csv" if form == "csv" else "ndjson"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(stream_with_context(lines), mimetype=media, headers=headers)

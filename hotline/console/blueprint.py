"""The console as one blueprint: its pages, its headers, its cookie, its errors."""

from __future__ import annotations

import base64
from functools import partial

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Blueprint, Response, g, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException

from hotline.console import shown
from hotline.console.audit_page import add_audit_page
from hotline.console.escalation_page import add_escalation_page
from hotline.console.export_page import add_exports
from hotline.console.figures_page import add_figures_page
from hotline.console.flow_page import add_flow_page
from hotline.console.handover import add_handover
from hotline.console.now import add_now
from hotline.console.office import Office, open_office
from hotline.console.pages import Pages, may
from hotline.console.rights import Right
from hotline.console.rota_page import add_rota_page
from hotline.console.session_forms import add_session_forms
from hotline.console.session_list import add_session_list
from hotline.console.session_page import add_session_page
from hotline.console.sign_in import add_sign_in
from hotline.console.visits import Times
from hotline.errors import StoreUnavailable
from hotline.runtime import Hotline
from hotline.settings import Settings

PREFIX = "/console"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TOLD = {
    403: ("You may not do that", "Your account lacks the right. Ask who keeps the accounts."),
    404: ("Not found", "There is no such page or session. It may have been deleted."),
    503: (
        "The database does not answer",
        "Callers are still told the emergency number. Try again soon, or tell who runs it.",
    ),
}
NAV = (
    ("show_now", "Now", Right.SEE),
    ("show_sessions", "Sessions", Right.SEE),
    ("show_escalations", "Escalations", Right.SEE),
    ("show_rota", "Rota", Right.SEE),
    ("show_flows", "Flows", Right.SEE),
    ("show_figures", "Figures", Right.SEE),
    ("show_audit", "Audit", Right.AUDIT),
)
ROOMS = (
    add_sign_in,
    add_now,
    add_session_page,
    add_session_forms,
    add_handover,
    add_session_list,
    add_escalation_page,
    add_rota_page,
    add_flow_page,
    add_figures_page,
    add_exports,
    add_audit_page,
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def console_blueprint(hotline: Hotline, times: Times | None = None) -> Blueprint:
    """The staff console of a running hotline, under /console."""
    office = open_office(hotline, times or Times())
    blueprint = Blueprint(
        "console",
        __name__,
        url_prefix=PREFIX,
        template_folder="templates",
        static_folder="static",
    )
    csrf = CSRFProtect()
    blueprint.record_once(lambda state: _set_up(state, hotline.settings, csrf))
    blueprint.before_request(csrf.protect)
    blueprint.after_request(_headers)
    blueprint.register_error_handler(CSRFError, _forged)
    blueprint.register_error_handler(HTTPException, _error)
    blueprint.context_processor(lambda: _context(office))
    shown.add_filters(blueprint)
    pages = Pages(blueprint, office)
    blueprint.register_error_handler(StoreUnavailable, partial(_no_store, pages))
    blueprint.before_request(pages.require_staff)
    for add in ROOMS:
        add(pages)
    return blueprint


def _set_up(state: BlueprintSetupState, settings: Settings, csrf: CSRFProtect) -> None:
    app = state.app
    keys = [_cookie_key(key.get_secret_value()) for key in settings.secret_keys]
    app.config.setdefault("WTF_CSRF_CHECK_DEFAULT", False)  # Twilio's webhooks sign, not these
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the visit
    app.secret_key = keys[0]
    app.config["SECRET_KEY_FALLBACKS"] = keys[1:]
    app.config["SESSION_COOKIE_NAME"] = "hotline_console"
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SESSION_COOKIE_SECURE"] = str(settings.public_url).startswith("https:")
    csrf.init_app(app)


def _cookie_key(secret: str) -> str:
    derived = HKDF(SHA256(), 32, None, b"hotline console cookie v1").derive(secret.encode())
    return base64.b64encode(derived).decode()


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "console.static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _context(office: Office) -> dict[str, object]:
    meta = office.hotline.library.flow.meta
    return {
        "me": g.get("account"),
        "may": may,
        "Right": Right,
        "nav": NAV,
        "draft": meta.status != "signed_off",
    }


def _forged(_error: CSRFError) -> ResponseReturnValue:
    return _problem(
        "This form is no longer valid",
        "You may have signed out in another window. Go back, load the page again, and repeat.",
        400,
    )


def _error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    title, text = _TOLD.get(code, (error.name, "Go back and try again."))
    return _problem(title, text, code)


def _no_store(pages: Pages, _error: StoreUnavailable) -> ResponseReturnValue:
    pages.rest()
    return _problem(*_TOLD[503], 503)


def _problem(title: str, text: str, code: int) -> ResponseReturnValue:
    return render_template("console/problem.html", title=title, text=text), code

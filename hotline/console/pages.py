"""The way to every page: a route is added with the right it asks for; `Guard` holds it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any, cast

from flask import Blueprint, abort, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from hotline.console.accounts import Account
from hotline.console.audit import Did
from hotline.console.office import Office
from hotline.console.rights import Right

VISIT = "visit"
LIVE = "X-Live"
"""The header of a page's own background requests: they get 401, not the sign-in page."""

STATIC = "console.static"
OPEN = frozenset({"console.show_sign_in", "console.sign_in", STATIC})
"""What anybody may ask for: signing in, and the style sheet of that page."""

REST_SECONDS = 2.0

View = Callable[..., ResponseReturnValue]


class Pages:
    """Adds routes to the console's blueprint and remembers which right each asks for."""

    def __init__(self, blueprint: Blueprint, office: Office) -> None:
        """Routes go to this blueprint; views get this office as their first argument."""
        self._blueprint = blueprint
        self._office = office
        self.rights: dict[str, Right] = {}
        self._rest_until = 0.0

    def rest(self) -> None:
        """Redis failed: for a moment ask it nothing for the console.

        Consoles ask every two seconds; were each to wait for a Redis that hangs, they would hold
        all threads of the server, and she would wait behind them for her safe reply.
        """
        self._rest_until = time.monotonic() + REST_SECONDS

    def add(self, rule: str, view: View, right: Right, *, method: str = "GET") -> None:
        """A page for who is signed in and has this right."""
        self.rights[f"{self._blueprint.name}.{view.__name__}"] = right
        self.add_open(rule, view, method=method)

    def add_open(self, rule: str, view: View, *, method: str = "GET") -> None:
        """A page of the list `OPEN`; any other without a right is refused to everybody."""
        bound = update_wrapper(partial(view, self._office), view)
        self._blueprint.add_url_rule(rule, view.__name__, bound, methods=[method])

    def require_staff(self) -> ResponseReturnValue | None:
        """Before every request: nobody who is not signed in, nothing without the right."""
        endpoint = request.endpoint or ""
        if endpoint == STATIC:
            return None
        if time.monotonic() < self._rest_until:
            abort(503)
        if endpoint in OPEN:
            return None
        g.account = self._office.visits.account(session.get(VISIT, ""))
        if g.account is None:
            if LIVE in request.headers:
                abort(401)
            wanted = request.full_path if request.method == "GET" else None
            return redirect(url_for("console.show_sign_in", next=wanted), 303)
        right = self.rights.get(endpoint)
        if right is None:
            abort(403)
        require(self._office, right, (request.view_args or {}).get("session_id", ""))
        return None


def me() -> Account:
    """Who is signed in, inside a guarded page."""
    return cast("Account", g.account)


def may(right: Right) -> bool:
    """Whether who is signed in has this right; False when nobody is."""
    account: Account | None = g.get("account")
    return account is not None and account.may(right)


def require(office: Office, right: Right, session_id: str = "") -> None:
    """End the request with 403 (and a line in the audit log) without this right."""
    if not may(right):
        office.note(me(), Did.REFUSED, session_id, right.value)
        abort(403)


def back_to(endpoint: str, said: str = "", **values: Any) -> ResponseReturnValue:  # noqa: ANN401
    """After a form: go to a page, with a line on what was done."""
    if said:
        flash(said)
    return redirect(url_for(f"console.{endpoint}", **values), 303)

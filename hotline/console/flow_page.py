"""Flows: what is served, who reviewed it, its proof, its picture, its texts, and trying it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError

from hotline.console.audit import Did
from hotline.console.flow_picture import draw_flow
from hotline.console.office import Office
from hotline.console.pages import Pages, back_to, me
from hotline.console.rights import Right
from hotline.errors import StoreUnavailable
from hotline.flow.draw import to_svg
from hotline.flow.levels import LEVELS, Level
from hotline.flow.library import Library
from hotline.flow.texts import Saying, Texts
from hotline.session.conversation import converse
from hotline.session.desk import Desk
from hotline.session.incoming import Incoming
from hotline.session.keys import FLOWS
from hotline.session.lifetime import first_session
from hotline.session.saying import say_by_text

PROOFS = "hl:console:proofs"
"""A hash: flow version -> the last result of `hotline flows check`, as JSON."""

COMMAND = ("-m", "hotline.cli", "flows", "check")
"""What proves a flow, run by this Python with the flow's folder behind it."""

_PROOF_SECONDS = 600
_MOST_TEXTS = 30
_LONGEST_TRY = 3000


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn of a trial: what was sent, what comes back, the level so far."""

    sent: str
    replies: tuple[str, ...]
    level: Level | None
    dangers: tuple[str, ...]


def add_flow_page(pages: Pages) -> None:
    """The page, its picture, the proof, and the trial."""
    pages.add("/flows", show_flows, Right.SEE)
    pages.add("/flows", try_flow, Right.SEE, method="POST")
    pages.add("/flows/picture.svg", flow_picture, Right.SEE)
    pages.add("/flows/drawing.svg", flow_drawing, Right.SEE)
    pages.add("/flows/prove", prove_flow, Right.ACT, method="POST")


def show_flows(office: Office) -> ResponseReturnValue:
    """The page; two languages side by side."""
    return _page(office, "", ())


def try_flow(office: Office) -> ResponseReturnValue:
    """A conversation that nobody has: nothing is kept, nobody is told."""
    typed = request.form.get("texts", "")[:_LONGEST_TRY]
    country = request.form.get("country", "") or office.hotline.settings.country
    texts = [line.strip() for line in typed.splitlines() if line.strip()][:_MOST_TEXTS]
    now = int(office.now().timestamp() * 1000)
    return _page(office, typed, rehearse(office.hotline.library, texts, country, now))


def flow_picture(office: Office) -> ResponseReturnValue:
    """The flow as SVG."""
    return Response(draw_flow(office.hotline.library.flow), mimetype="image/svg+xml")


def flow_drawing(office: Office) -> ResponseReturnValue:
    """Every question with its conditions and every rule in words, as one SVG."""
    drawing = Response(to_svg(office.hotline.library.flow), mimetype="image/svg+xml")
    # The drawing carries its own style sheet.
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    drawing.headers["Content-Security-Policy"] = policy
    return drawing


def prove_flow(office: Office) -> ResponseReturnValue:
    """Prove the flow in a process of its own, so that no text waits for it."""
    version = office.hotline.library.flow.version
    lock = f"{PROOFS}:running"
    try:
        free = office.hotline.client.set(lock, "1", nx=True, ex=_PROOF_SECONDS)
    except RedisError as error:
        raise StoreUnavailable(str(error)) from error
    if not free:
        return back_to("show_flows", "A proof runs already, or ran a moment ago.")
    _keep(office, version, {"running": True, "at": office.now().isoformat()})
    threading.Thread(target=run_proof, args=(office, version), daemon=True).start()
    office.note(me(), Did.PROVED, "", version)
    return back_to("show_flows", "The proof runs. Load the page again in a minute.")


def rehearse(library: Library, texts: list[str], country: str, now: int) -> tuple[Exchange, ...]:
    """The replies that these texts would get, without a store."""
    found: list[Exchange] = []
    session = None
    for count, words in enumerate(texts):
        incoming = Incoming("", "", words, f"try:{count}", call="try")
        if session is None:
            session = first_session(library, "try", incoming, now, (country, "en"))
        turned = converse(Desk(library, now + count * 1000), session, incoming)
        session = turned.session
        reply = say_by_text(library, session, turned.pieces)
        dangers = tuple(sorted(session.state.dangers | session.state.possible))
        found.append(Exchange(words, reply.messages, session.state.level, dangers))
    return tuple(found)


def side_by_side(first: Texts, second: Texts) -> list[tuple[str, str, str]]:
    """Every text that both languages should have: its id and the two."""
    rows = [
        (f"question {name}", _asked(first, name), _asked(second, name)) for name in first.questions
    ]
    for section in ("levels", "advice", "exits", "asides"):
        one, other = getattr(first, section), getattr(second, section)
        rows += [(f"{section} {name}", _said(one, name), _said(other, name)) for name in one]
    return rows


def _page(office: Office, typed: str, tried: tuple[Exchange, ...]) -> str:
    library = office.hotline.library
    languages = list(library.words.languages)
    chosen = [request.args.get(name, "") for name in ("a", "b")]
    first = chosen[0] if chosen[0] in languages else languages[0]
    second = chosen[1] if chosen[1] in languages else languages[min(1, len(languages) - 1)]
    texts = library.words.texts
    try:
        versions = [raw.decode() for raw in office.hotline.client.hkeys(FLOWS)]
        stored = office.hotline.client.hget(PROOFS, library.flow.version)
    except RedisError as error:
        raise StoreUnavailable(str(error)) from error
    return render_template(
        "console/flows.html",
        flow=library.flow,
        versions=versions,
        proof=json.loads(stored) if stored else None,
        levels=list(reversed(LEVELS)),
        languages=languages,
        first=first,
        second=second,
        rows=side_by_side(texts(first), texts(second)),
        reviews={one: texts(one).reviewed_by for one in languages},
        typed=typed,
        tried=tried,
        countries=library.words.countries.by_code,
        home=request.form.get("country", office.hotline.settings.country),
        source=office.sources.get,
    )


def run_proof(office: Office, version: str, command: Sequence[str] = COMMAND) -> None:
    """Run the proof of a version in a process of its own and keep what it says."""
    folder = str(office.hotline.settings.flows / office.hotline.library.flow.id)
    try:
        done = subprocess.run(  # noqa: S603 our own command, on our own folder
            [sys.executable, *command, folder],
            capture_output=True,
            text=True,
            timeout=_PROOF_SECONDS,
            check=False,
        )
        result = {"holds": done.returncode == 0, "text": done.stdout + done.stderr}
    except (OSError, subprocess.SubprocessError) as error:
        result = {"holds": False, "text": f"The proof could not run: {type(error).__name__}"}
    _keep(office, version, {**result, "at": datetime.now(UTC).isoformat()})


def _keep(office: Office, version: str, result: dict[str, object]) -> None:
    try:
        office.hotline.client.hset(PROOFS, version, json.dumps(result))
    except RedisError as error:
        raise StoreUnavailable(str(error)) from error


def _asked(texts: Texts, name: str) -> str:
    words = texts.questions.get(name)
    return _parts(words.ask.parts) if words else ""


def _said(section: dict[str, Saying], name: str) -> str:
    saying = section.get(name)
    return _parts(saying.sms.parts) if saying else ""


def _parts(parts: tuple[str, ...]) -> str:
    return "".join(f"{{{part}}}" if place % 2 else part for place, part in enumerate(parts))

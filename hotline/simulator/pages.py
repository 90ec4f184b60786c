"""The simulator's page and what its buttons do."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, render_template, request

from hotline.runtime import Hotline
from hotline.simulator.carrier import Carrier
from hotline.simulator.ledger import Habit
from hotline.simulator.scenes import BY_ID, SCENES
from hotline.simulator.stage import Stage

LONGEST = 1600
Answer = tuple[Response, int]

POLICY = "default-src 'self'; style-src 'self'; script-src 'self'; frame-ancestors 'none'"


def page_blueprint(hotline: Hotline, carrier: Carrier, stage: Stage) -> Blueprint:
    """The page, its state and its buttons. For this machine only: it asks nobody who they are."""
    blueprint = Blueprint(
        "simulator",
        __name__,
        url_prefix="/simulator",
        template_folder="templates",
        static_folder="static",
    )

    @blueprint.before_request
    def only_from_this_page() -> Answer | None:
        """Another site cannot send JSON here without asking first, which is never answered."""
        if request.method == "POST" and not request.is_json:
            return _no("send JSON")
        return None

    @blueprint.after_request
    def close_off(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    @blueprint.get("/")
    def page() -> str:
        countries = hotline.library.words.countries.by_code
        return render_template(
            "simulator.html",
            countries=sorted((c.name, code) for code, c in countries.items()),
            languages=list(hotline.library.words.languages),
            scenes=SCENES,
            number=carrier.line.number,
            flow=hotline.library.flow,
            habits=list(Habit),
        )

    @blueprint.get("/state")
    def state() -> Response:
        since = request.args.get("since", "-1")
        if since == str(carrier.ledger.version):
            return Response(status=204)
        return jsonify({**carrier.ledger.snapshot(), **stage.plain()})

    _add_phones(blueprint, carrier, stage)
    _add_stage(blueprint, stage)
    return blueprint


def _add_phones(blueprint: Blueprint, carrier: Carrier, stage: Stage) -> None:
    @blueprint.post("/text")
    def text() -> Answer:
        asked = _asked()
        body = asked.get("body", "")[:LONGEST]
        if asked.get("from") not in {stage.patient.number, stage.nurse} or not body:
            return _no("who sends what?")
        return _done(sid=carrier.texting.from_phone(asked["from"], body).sid)

    @blueprint.post("/call")
    def call() -> Answer:
        number = _asked().get("from")
        if number not in {stage.patient.number, stage.nurse}:
            return _no("who calls?")
        return _done(sid=carrier.calling.from_phone(number).sid)

    @blueprint.post("/call/<sid>/<action>")
    def on_call(sid: str, action: str) -> Answer:
        asked = _asked()
        match action:
            case "answer":
                carrier.calling.answer(sid)
            case "hangup":
                carrier.calling.hang_up(sid)
            case "press":
                carrier.calling.press(sid, digits=asked.get("digits", "")[:20])
            case "say":
                carrier.calling.press(sid, words=asked.get("words", "")[:LONGEST])
            case _:
                return _no("no such button")
        return _done()


def _add_stage(blueprint: Blueprint, stage: Stage) -> None:
    @blueprint.post("/phone")
    def phone() -> Answer:
        asked = _asked()
        country, language = asked.get("country", "GB"), asked.get("language", "en")
        return _done(number=stage.new_phone(country, language, asked.get("number", "")).number)

    @blueprint.post("/habit")
    def habit() -> Answer:
        asked = _asked()
        try:
            stage.set_habit(asked.get("number", ""), Habit(asked.get("habit", "")))
        except ValueError:
            return _no("no such habit")
        return _done()

    @blueprint.post("/scene/<name>")
    def scene(name: str) -> Answer:
        if name not in BY_ID:
            return _no("no such scene")
        stage.play(BY_ID[name])
        return _done()


def _asked() -> Mapping[str, str]:
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict):
        return {}
    return {str(name): value for name, value in asked.items() if isinstance(value, str)}


def _done(**more: str) -> Answer:
    return jsonify(ok=True, **more), 200


def _no(problem: str) -> Answer:
    return jsonify(ok=False, problem=problem), 400

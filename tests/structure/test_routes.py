"""Every route is behind a guard, or on the written list of open ones."""

from __future__ import annotations

from flask import Blueprint, Flask

from hotline.app import create_app

OPEN = {
    "health.alive": "tells only that the process lives",
    "health.ready": "tells only whether Redis answers and which flow is served",
    "health.metrics": "numbers only; a reverse proxy keeps it inside",
}
GUARDS = {"check_signature", "require_staff"}


def unguarded(app: Flask) -> list[str]:
    """The endpoints without a guard of their own or of their blueprint."""
    found = []
    for rule in app.url_map.iter_rules():
        endpoint = rule.endpoint
        blueprint = endpoint.rpartition(".")[0]
        guards = {one.__name__ for one in app.before_request_funcs.get(blueprint, [])}
        if endpoint not in OPEN and not guards & GUARDS:
            found.append(endpoint)
    return sorted(found)


def test_every_route_is_guarded_or_on_the_list(hotline):
    assert unguarded(create_app(hotline)) == []


def test_a_planted_route_without_a_guard_is_found(hotline):
    app = create_app(hotline)
    planted = Blueprint("planted", __name__)
    planted.add_url_rule("/planted", "door", lambda: "open")
    app.register_blueprint(planted)
    assert unguarded(app) == ["planted.door"]


def test_what_takes_the_short_way_has_a_route_and_the_guard(hotline):
    app = create_app(hotline)
    assert set(app.short_ways) <= {rule.rule for rule in app.url_map.iter_rules()}
    assert "/twilio/sms" in app.short_ways
    unsigned = {path: app.test_client().post(path, data={"Body": "hi"}) for path in app.short_ways}
    assert {path: answer.status_code for path, answer in unsigned.items()} == {"/twilio/sms": 403}


def test_the_list_of_open_routes_names_only_routes_that_exist(hotline):
    endpoints = {rule.endpoint for rule in create_app(hotline).url_map.iter_rules()}
    assert set(OPEN) <= endpoints

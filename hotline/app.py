"""The web application: all blueprints on one Flask app."""

from __future__ import annotations

import gc
import os
from functools import partial

from flask import Flask, Response

from hotline import logs
from hotline.console.blueprint import console_blueprint
from hotline.escalation.rota_store import RotaStore
from hotline.escalation.staff_actions import StaffActions
from hotline.runtime import Hotline, numbers_on_call, start_hotline, station_of
from hotline.settings import read_settings
from hotline.simulator import simulator_blueprint
from hotline.web.calls import calls_blueprint
from hotline.web.health import health_blueprint
from hotline.web.quick import QuickFlask
from hotline.web.reports import reports_blueprint
from hotline.web.texts import texts_blueprint
from hotline.web.traces import trace_requests


def create_app(hotline: Hotline) -> QuickFlask:
    """The app for a running hotline."""
    app = QuickFlask("hotline")
    station = station_of(hotline, sends=False)
    staff = StaffActions(station, RotaStore(hotline.store))
    app.register_blueprint(texts_blueprint(hotline, staff))
    app.register_blueprint(calls_blueprint(hotline, partial(numbers_on_call, hotline.store)))
    app.register_blueprint(reports_blueprint(hotline, station))
    app.register_blueprint(health_blueprint(hotline))
    app.register_blueprint(console_blueprint(hotline))
    app.register_error_handler(404, _not_found)
    return app


def _not_found(_error: Exception) -> Response:
    return Response("Not found\n", 404, mimetype="text/plain")


def from_environment() -> Flask:
    """The app with the settings of this process's environment (the server's factory)."""
    settings = read_settings(os.environ)
    logs.configure(settings.log_level)
    app = create_app(start_hotline(settings))
    trace_requests(app, os.environ)
    gc.freeze()  # what is loaded stays: a full collection walks it for 80 ms and frees nothing
    return app


def demo_from_environment() -> Flask:
    """The app of `hotline run`: the same, with the simulator beside it."""
    settings = read_settings(os.environ)
    logs.configure(settings.log_level, human=True)
    hotline = start_hotline(settings)
    app = create_app(hotline)
    app.register_blueprint(simulator_blueprint(hotline))
    return app

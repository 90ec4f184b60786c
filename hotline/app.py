"""The web application: all blueprints on one Flask app."""

from __future__ import annotations

import os

from flask import Flask, Response

from hotline import logs
from hotline.console.blueprint import console_blueprint
from hotline.runtime import Hotline, start_hotline
from hotline.settings import read_settings
from hotline.web.health import health_blueprint
from hotline.web.texts import texts_blueprint

LARGEST_FORM = 64 * 1024


def create_app(hotline: Hotline) -> Flask:
    """The app for a running hotline."""
    app = Flask("hotline", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_FORM
    app.register_blueprint(texts_blueprint(hotline))
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
    return create_app(start_hotline(settings))


def demo_from_environment() -> Flask:
    """The app of `hotline run`: the same, with the simulator beside it."""
    settings = read_settings(os.environ)
    logs.configure(settings.log_level, human=True)
    return create_app(start_hotline(settings))

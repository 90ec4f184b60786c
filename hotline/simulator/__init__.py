"""A pretend carrier with two phones in a web page, to try everything without an account.

Part of `hotline run` only; `hotline serve` never mounts it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Blueprint

    from hotline.runtime import Hotline

__all__ = ["simulator_blueprint"]


def simulator_blueprint(hotline: Hotline, pace: float = 1.0) -> Blueprint:
    """The page and the carrier's API on one blueprint; `pace` 0 leaves out a network's waiting.

    Raises StoreUnavailable: a nurse is put on call where the rota is empty.
    """
    from flask import Blueprint  # noqa: PLC0415 hotline chat takes only the numbers from this room

    from hotline.simulator.carrier import Carrier  # noqa: PLC0415 the same
    from hotline.simulator.pages import page_blueprint  # noqa: PLC0415 the same
    from hotline.simulator.rest_api import Keys, rest_blueprint  # noqa: PLC0415 the same
    from hotline.simulator.staffing import put_nurse_on_call  # noqa: PLC0415 the same
    from hotline.simulator.stage import Stage  # noqa: PLC0415 the same
    from hotline.simulator.wire import Line  # noqa: PLC0415 the same

    settings = hotline.settings
    line = Line(
        number=settings.number,
        public_url=str(settings.public_url),
        account_sid=settings.twilio_account_sid,
        token=settings.twilio_auth_tokens[0].get_secret_value(),
    )
    carrier = Carrier(line, pace)
    stage = Stage(hotline, carrier, put_nurse_on_call(hotline.store))
    keys = Keys(
        account=settings.twilio_account_sid,
        key=settings.twilio_api_key,
        secret=settings.twilio_api_secret.get_secret_value(),
    )
    blueprint = Blueprint("simulation", __name__)
    blueprint.register_blueprint(page_blueprint(hotline, carrier, stage))
    blueprint.register_blueprint(rest_blueprint(carrier, keys))
    return blueprint

"""The part of Twilio's REST API that the hotline uses: texts, calls, and the number's settings.

Paths, fields and error codes follow https://www.twilio.com/docs/usage/api; the answers hold the
fields that the twilio library reads.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, request

from hotline.simulator.calling import CallOrder
from hotline.simulator.carrier import Carrier

PREFIX = "/simulator/api/2010-04-01/Accounts/<account>"
NUMBER_SID = "PN" + "0" * 31 + "1"
RING_SECONDS = 60.0

Answer = tuple[Response, int]


@dataclass(frozen=True, slots=True)
class Keys:
    """What the API takes as sign-in: the account, and a key with its secret."""

    account: str
    key: str
    secret: str

    def __repr__(self) -> str:
        """Without the secret."""
        return f"Keys({self.account!r})"


def rest_blueprint(carrier: Carrier, keys: Keys) -> Blueprint:
    """The API, behind the same sign-in as Twilio's."""
    blueprint = Blueprint("simulator_api", __name__, url_prefix=PREFIX)

    @blueprint.before_request
    def sign_in() -> Answer | None:
        given = request.authorization
        wanted = (keys.key, keys.secret)
        shown = (given.username or "", given.password or "") if given else ("", "")
        account = (request.view_args or {}).get("account", "")
        right = account == keys.account and all(map(_same, wanted, shown))
        return None if right else _fault(401, 20003, "Authenticate")

    blueprint.add_url_rule("/Messages.json", view_func=_messages(carrier), methods=["POST"])
    blueprint.add_url_rule("/Calls.json", view_func=_calls(carrier), methods=["POST"])
    blueprint.add_url_rule("/Calls/<sid>.json", view_func=_one_call(carrier), methods=["POST"])
    _add_number(blueprint, carrier)
    return blueprint


def _same(wanted: str, shown: str) -> bool:
    return hmac.compare_digest(wanted.encode(), shown.encode())


def _fault(status: int, code: int, message: str) -> Answer:
    return jsonify(code=code, message=message, status=status), status


def _messages(carrier: Carrier) -> Callable[[str], Answer]:
    def send_text(account: str) -> Answer:
        form = request.form
        to, body = form.get("To", ""), form.get("Body", "")
        if form.get("From") != carrier.line.number:
            return _fault(400, 21606, "The From number is not ours")
        if not body or len(body) > 1600:  # noqa: PLR2004 Twilio's limit (21617)
            return _fault(400, 21602 if not body else 21617, "The message body")
        if to in carrier.ledger.stopped:
            return _fault(400, 21610, "Attempt to send to unsubscribed recipient")
        text = carrier.texting.from_hotline(to, body, form.get("StatusCallback", ""))
        return jsonify(
            {"sid": text.sid, "account_sid": account, "status": "queued", "to": to}
            | {"from": text.sender, "body": body, "error_code": None, "num_media": "0"}
        ), 201

    return send_text


def _calls(carrier: Carrier) -> Callable[[str], Answer]:
    def place_call(account: str) -> Answer:
        form = request.form
        if form.get("From") != carrier.line.number:
            return _fault(400, 21210, "The From number is not ours")
        order = CallOrder(
            to=form.get("To", ""),
            url=form.get("Url", ""),
            ring=float(form.get("Timeout", RING_SECONDS)),
            report_url=form.get("StatusCallback", ""),
            report_events=tuple(form.getlist("StatusCallbackEvent")) or ("completed",),
        )
        call = carrier.calling.from_hotline(order)
        return jsonify(
            {"sid": call.sid, "account_sid": account, "status": "queued", "to": call.called}
            | {"from": call.caller, "direction": "outbound-api"}
        ), 201

    return place_call


def _one_call(carrier: Carrier) -> Callable[[str, str], Answer]:
    def change_call(account: str, sid: str) -> Answer:
        call = carrier.ledger.calls.get(sid)
        if call is None:
            return _fault(404, 20404, "No such call")
        if request.form.get("Status") in {"completed", "canceled"}:
            carrier.calling.hang_up(sid)
        elif request.form.get("Url"):
            carrier.calling.go_on(sid, request.form["Url"])
        return jsonify({"sid": sid, "account_sid": account, "status": call.status}), 200

    return change_call


def _add_number(blueprint: Blueprint, carrier: Carrier) -> None:
    """The number's settings, as `hotline twilio setup` reads and changes them."""
    kept = {
        "sid": NUMBER_SID,
        "phone_number": carrier.line.number,
        "friendly_name": "the simulator's number",
        "sms_url": carrier.line.text_url,
        "voice_url": carrier.line.voice_url,
        "status_callback": carrier.line.status_url,
        **dict.fromkeys(("sms_method", "voice_method", "status_callback_method"), "POST"),
        **dict.fromkeys(("sms_fallback_url", "voice_fallback_url"), ""),
    }

    @blueprint.get("/IncomingPhoneNumbers.json")
    def list_numbers(account: str) -> Answer:
        del account
        wanted = request.args.get("PhoneNumber", carrier.line.number)
        found = [kept] if wanted == carrier.line.number else []
        return jsonify({"incoming_phone_numbers": found, "page": 0, "next_page_uri": None}), 200

    @blueprint.post("/IncomingPhoneNumbers/<sid>.json")
    def change_number(account: str, sid: str) -> Answer:
        del account
        if sid != NUMBER_SID:
            return _fault(404, 20404, "No such number")
        for name, value in request.form.items():
            spelt = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
            kept[spelt] = value
        return jsonify(kept), 200

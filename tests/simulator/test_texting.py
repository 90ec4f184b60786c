"""Texts in the simulator: signed webhooks, replies, delivery reports, scenes."""

import pytest
import requests

from tests.simulator.conftest import House


def replies(state: dict) -> list[str]:
    number = state["patient"]["number"]
    return [t["body"] for t in state["texts"] if t["to"] == number and t["status"] == "delivered"]


def test_a_text_goes_through_the_signed_webhook_and_the_reply_arrives(house: House) -> None:
    number = house.state()["patient"]["number"]
    house.post("/text", **{"from": number, "body": "hello"})
    state = house.until(replies)
    assert "Is it safe" in replies(state)[0]
    step = next(one for one in state["steps"] if one["what"] == "text in")
    assert step["status"] == 200
    assert step["signature"]
    assert "<Response><Message" in step["answer"]


def test_the_carrier_is_refused_when_the_token_is_another(house: House) -> None:
    form = {"From": "+447700900111", "To": "+441632960100", "Body": "hello", "MessageSid": "SM1"}
    got = requests.post(f"{house.url}/twilio/sms", data=form, timeout=10)
    assert got.status_code == 403


def test_a_phone_that_is_off_gets_undelivered_with_its_code(house: House) -> None:
    number = house.state()["patient"]["number"]
    house.post("/habit", number=number, habit="off")
    house.post("/text", **{"from": number, "body": "hello"})
    state = house.until(lambda s: any(t["status"] == "undelivered" for t in s["texts"]))
    assert [t["error"] for t in state["texts"] if t["status"] == "undelivered"] == [30003]


def test_after_stop_no_text_reaches_her_until_start(house: House) -> None:
    number = house.state()["patient"]["number"]
    for body in ("hello", "STOP"):
        house.post("/text", **{"from": number, "body": body})
        house.until(lambda s, b=body: any(b in x["form"].get("Body", "") for x in s["steps"]))
    settings = house.hotline.settings
    api = f"{house.url}/simulator/api/2010-04-01/Accounts/{settings.twilio_account_sid}"
    signed_in = (settings.twilio_api_key, settings.twilio_api_secret.get_secret_value())
    form = {"To": number, "From": settings.number, "Body": "hello"}
    got = requests.post(f"{api}/Messages.json", data=form, auth=signed_in, timeout=10)
    assert (got.status_code, got.json()["code"]) == (400, 21610)
    house.post("/text", **{"from": number, "body": "START"})
    house.until(lambda s: any(x["form"].get("OptOutType") == "START" for x in s["steps"]))
    got = requests.post(f"{api}/Messages.json", data=form, auth=signed_in, timeout=10)
    assert got.status_code == 201


def test_the_api_wants_its_key(house: House) -> None:
    account = house.hotline.settings.twilio_account_sid
    api = f"{house.url}/simulator/api/2010-04-01/Accounts/{account}/Messages.json"
    got = requests.post(api, data={"To": "+447700900111"}, auth=("SK1", "wrong"), timeout=10)
    assert (got.status_code, got.json()["code"]) == (401, 20003)


def test_another_site_cannot_press_buttons(house: House) -> None:
    got = requests.post(f"{house.url}/simulator/scene/heavy", data="{}", timeout=10)
    assert got.status_code == 400
    number = house.state()["patient"]["number"]
    assert house.post("/text", **{"from": "+447700900999x", "body": "hello"}).status_code == 400
    assert house.post("/text", **{"from": number}).status_code == 400


@pytest.mark.parametrize(
    ("scene", "level"), [("heavy", "emergency"), ("faints", "emergency"), ("spots", "")]
)
def test_a_scene_plays_to_its_end(house: House, scene: str, level: str) -> None:
    house.post(f"/scene/{scene}")
    house.until(lambda s: s["scene"] == scene, 5)
    state = house.until(lambda s: not s["scene"], 40)
    store = house.hotline.store
    session = store.load(store.contact_of(state["patient"]["number"])).session
    assert session is not None
    assert session.state.level is not None
    assert session.state.ended
    assert level in {"", session.state.level}
    if not level:
        assert session.state.level != "emergency"


def test_a_scene_in_spanish_is_answered_in_spanish(house: House) -> None:
    house.post("/scene/spanish")
    house.until(lambda s: s["scene"] == "spanish", 5)
    state = house.until(lambda s: not s["scene"], 40)
    assert state["patient"]["country"] == "US"
    assert "911" in replies(state)[0]
    assert any("embarazo" in reply or "sangr" in reply for reply in replies(state))


def test_the_page_shows_both_phones_and_every_scene(house: House) -> None:
    page = requests.get(f"{house.url}/simulator/", timeout=10)
    assert page.status_code == 200
    assert page.text.count('class="scene"') == 6
    assert 'id="patient"' in page.text
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    for name in ("simulator.js", "simulator.css", "icon.svg"):
        assert requests.get(f"{house.url}/simulator/static/{name}", timeout=10).status_code == 200

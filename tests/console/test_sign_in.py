"""Who gets in, for how long, and what stands in the way of the others."""

import time

import pyotp
import pytest
from flask import Flask

from hotline.console.accounts import ACCOUNTS, AccountError
from hotline.console.blueprint import console_blueprint
from hotline.console.rights import Role
from hotline.console.visits import Times
from tests.console.scene import PASSWORD


def test_a_nurse_signs_in_and_out(room):
    desk = room.sits()
    assert "Nobody needs you right now" in desk.get("/").text
    desk.post("/sign-out")
    assert "/console/sign-in" in desk.get("/", 303).location


@pytest.mark.parametrize("path", ["/", "/now", "/sessions/aaaa.1"])
def test_who_is_not_signed_in_is_sent_to_the_sign_in(room, path):
    answer = room.app.test_client().get(f"/console{path}")
    assert answer.status_code == 303
    assert answer.location.startswith("/console/sign-in?next=")


def test_a_page_that_asks_in_the_background_gets_401_and_no_form(room):
    assert room.app.test_client().get("/console/now", headers={"X-Live": "1"}).status_code == 401


def test_after_the_sign_in_one_is_where_one_wanted_to_go(room):
    room.add("ann", Role.NURSE)
    desk = room.signs_in("ann")
    desk.post("/sign-out")
    desk.get("/sign-in")
    answer = desk.post("/sign-in?next=/console/sessions", name="ann", password=PASSWORD)
    assert answer.location == "/console/sessions"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/console/../x", "/\\evil.example", "/consolevil"],
)
def test_the_sign_in_never_leads_to_another_place(room, elsewhere):
    room.add("ann", Role.NURSE)
    desk = room.signs_in("ann")
    desk.post("/sign-out")
    desk.get("/sign-in")
    answer = desk.post(f"/sign-in?next={elsewhere}", name="ann", password=PASSWORD)
    assert answer.location == "/console/"


def test_a_wrong_password_and_an_unknown_name_look_the_same(room):
    room.add("ann", Role.NURSE)
    wrong = room.signs_in("ann", "wrong password", 403)
    unknown = room.signs_in("nobody", "wrong password", 403)
    said = "That is not right"
    for desk in (wrong, unknown):
        assert said in desk.post("/sign-in", 403, name="x", password="y").text


def test_the_ninth_wrong_try_has_to_wait_even_with_the_right_password(room):
    room.add("ann", Role.NURSE)
    desk = room.signs_in("ann", "wrong password", 403)
    for _ in range(7):
        desk.post("/sign-in", 403, name="ann", password="wrong password")
    assert "Wait 15 minutes" in desk.post("/sign-in", 429, name="ann", password=PASSWORD).text


def test_a_one_time_code_is_asked_for_and_works_once(room):
    room.add("ann", Role.NURSE)
    room.accounts.set_totp("ann", wanted=True)
    code = pyotp.TOTP(room.accounts.get("ann").totp).now()
    room.signs_in("ann", status=403)
    room.signs_in("ann", code="000000", status=403)
    room.signs_in("ann", code=code)
    room.signs_in("ann", code=code, status=403)


def test_a_form_without_its_token_is_refused(room):
    desk = room.sits()
    desk.token = "forged"
    assert "no longer valid" in desk.post("/sign-out", 400).text
    assert "Now" in desk.get("/").text


def test_the_webhooks_need_no_token_but_a_signature(room):
    assert room.app.test_client().post("/twilio/sms", data={}).status_code == 403


def test_a_disabled_account_is_out_at_once(room):
    desk = room.sits()
    room.accounts.set_disabled("ann", disabled=True)
    desk.get("/", 303)
    room.signs_in("ann", status=403)


def test_a_new_password_ends_every_visit(room):
    desk = room.sits()
    room.accounts.set_password("ann", "another long password")
    desk.get("/", 303)
    room.signs_in("ann", "another long password")


def test_a_visit_ends_when_nobody_asks_for_anything(room, hotline):
    app = Flask("short")
    app.register_blueprint(console_blueprint(hotline, Times(idle=1, whole=60)))
    room.app = app
    desk = room.sits()
    desk.get("/")
    time.sleep(1.2)
    assert "/console/sign-in" in desk.get("/", 303).location


def test_a_cookie_alone_is_worth_nothing_after_the_sign_out(room):
    desk = room.sits()
    cookie = desk.client.get_cookie("hotline_console").value
    desk.post("/sign-out")
    thief = room.app.test_client()
    thief.set_cookie("hotline_console", cookie)
    assert thief.get("/console/").status_code == 303


def test_the_cookie_and_the_pages_are_locked_down(room):
    desk = room.signs_in(room.add("ann", Role.NURSE).name)
    answer = desk.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    cookies = room.app.test_client().get("/console/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookies
    assert "SameSite=Lax" in cookies
    assert "Secure" in cookies  # the public address is https


def test_no_page_carries_a_script_or_a_style_of_its_own(room):
    text = room.sits().get("/").text
    assert "<script src=" in text
    assert "<script>" not in text
    assert "style=" not in text
    assert "onclick" not in text


def test_passwords_lie_hashed_and_sealed(room, redis_client):
    room.add("ann", Role.NURSE)
    sealed = redis_client.hget(ACCOUNTS, "ann")
    assert b"argon2" not in sealed
    assert PASSWORD.encode() not in sealed
    assert room.accounts.get("ann").password.startswith("$argon2id$")


def test_accounts_that_make_no_sense_are_refused(room):
    for name, password in (("Ann!", PASSWORD), ("a", PASSWORD), ("ann", "short")):
        with pytest.raises(AccountError):
            room.accounts.add(name, Role.NURSE, password)
    room.add("ann", Role.NURSE)
    with pytest.raises(AccountError, match="exists"):
        room.add("ann", Role.LEAD)

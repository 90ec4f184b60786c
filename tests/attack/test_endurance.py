"""Floods, robots, leaks, erasure and the change of keys."""

from __future__ import annotations

import gc
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
import redis
import requests

from hotline.app import create_app
from hotline.embedded import EmbeddedRedis
from hotline.errors import SettingsError
from hotline.runtime import Hotline, library_at, wire
from hotline.session.connection import connect
from hotline.session.incoming import Incoming
from hotline.session.keys import META
from hotline.session.removal import erase_contact, trim, trim_daily
from hotline.session.turn import Turns
from hotline.settings import read_settings
from tests.carrier import Call
from tests.conftest import unused_port
from tests.fault.carrier import Carrier, Crowd, _post
from tests.server import SECRET, TOKEN, environment, new_number, new_sid, running_server


def text(words: str, number: str, sid: str | None = None) -> Incoming:
    return Incoming(number, "+441632960100", words, sid or new_sid())


def test_a_flood_from_one_number_is_quieted_and_danger_in_it_is_still_heard(hotline: Hotline):
    number = new_number()
    replies = [hotline.turns.take(text(f"hello {n}", number)).reply for n in range(60)]
    assert sum(bool(one.messages) for one in replies) <= 16
    heard = hotline.turns.take(text("I am soaking a pad an hour", number)).reply
    assert heard.emergency
    assert heard.messages


def test_a_loop_with_another_robot_is_broken_after_ten(hotline: Hotline):
    number = new_number()
    clock = iter(range(10_000))
    turns = Turns(hotline.store, hotline.library, ("GB", "en"), lambda: 1e9 + 30 * next(clock))
    replies = [turns.take(text("This is an automatic reply.", number)).reply for _ in range(25)]
    assert not any(one.messages for one in replies[11:])


MARK = "Zwetschgenknödel"


def test_marked_words_and_numbers_are_found_nowhere_outside_the_sealed_records(tmp_path: Path):
    number = f"+4477009{secrets.randbelow(10**5):05d}"
    log, data = tmp_path / "log", tmp_path / "data"
    with EmbeddedRedis(data) as server:
        env = {"HOTLINE_REDIS_URL": server.url, "HOTLINE_LOG_LEVEL": "debug"}
        process, port = _serve(log, env)
        with running_as(process):
            _everything(port, number)
            titles = _titles(process.pid)
            metrics = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
        with redis.Redis.from_url(server.url) as client:
            client.bgrewriteaof()
            keys = b"\n".join(client.keys("*")).decode("latin-1")
    files = [file.read_bytes().decode("latin-1") for file in data.rglob("*") if file.is_file()]
    places = {"log": log.read_text(), "metrics": metrics, "titles": titles, "keys": keys}
    places |= {f"file {place}": content for place, content in enumerate(files)}
    assert len(places["log"]) > 0
    for place, content in places.items():
        for secret in (number, number[1:], MARK, MARK.encode().decode("latin-1"), SECRET, TOKEN):
            assert secret not in content, f"{place} holds what nobody may read there"


def _serve(log: Path, more: dict[str, str]) -> tuple[subprocess.Popen[bytes], int]:
    port = unused_port()
    command = [sys.executable, "-m", "hotline.cli", "serve", "--port", str(port)]
    with log.open("wb") as out:
        env = environment(port, **more)
        process = subprocess.Popen(command, env=env, stdout=out, stderr=out)
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        try:
            if requests.get(f"http://127.0.0.1:{port}/readyz", timeout=1).ok:
                return process, port
        except requests.RequestException:
            time.sleep(0.05)
    process.kill()
    raise AssertionError("hotline serve did not become ready")


class running_as:  # noqa: N801 reads as a phrase
    """Ends a process at the end of a with block."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


def _everything(port: int, number: str) -> None:
    """Marked texts through every door: answered, refused, broken, oversized, by every command."""
    carrier = Carrier([port])
    for words in (
        f"hi {MARK}",
        "1",
        f"{MARK} 12 weeks",
        "MENU",
        MARK * 100,
        "NURSE",
        "STOP",
        "START",
    ):
        answer = carrier.text(number, words)
        assert answer is not None
        assert answer.status == 200
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    headers["X-Twilio-Signature"] = f"{MARK}{number}".encode("ascii", "replace").decode()
    assert _post(port, "/twilio/sms", f"From={number}&Body={MARK}", headers)[0] == 403
    for path in (f"/nothing?From={number}", f"/twilio/sms?From={number}", f"/{number}"):
        page = requests.get(f"http://127.0.0.1:{port}{path}", timeout=5)
        assert number not in page.text
    page = requests.post(f"http://127.0.0.1:{port}/twilio/sms", data={"Body": MARK}, timeout=5)
    assert MARK not in page.text
    _by_telephone(carrier, number)
    carrier.text(number, "DELETE")
    carrier.text(number, f"again {MARK}")


def _by_telephone(carrier: Carrier, number: str) -> None:
    """Marked words spoken, on a call with a number and one without, and the report of its end."""

    def post(path: str, form: Mapping[str, str]) -> bytes:
        answer = carrier.deliver(path, dict(form), form["CallSid"])
        assert answer is not None
        return answer.body

    for caller in (number, "+266696687"):
        call = Call(post, caller).begin()
        for words in (MARK, f"I am {MARK} and bleeding", "no", f"nurse {MARK}"):
            if call.listens:
                call.speak(words)
        call.hang_up()


def _titles(pid: int) -> str:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    processes = [str(pid), *children]
    return "\n".join(
        Path(f"/proc/{one}/{name}").read_bytes().decode("latin-1")
        for one in processes
        for name in ("cmdline", "comm")
    )


def everything_in(client: redis.Redis) -> str:
    """All keys and their contents, as one text.

    Streams are read: what was deleted from one stays in its node of a hundred entries, sealed and
    out of every command's reach, until the node's last entry goes.
    """
    parts = []
    for key in client.keys("*"):
        parts.append(key)
        if client.type(key) == b"stream":
            parts += [part for _, row in client.xrange(key) for part in row.values()]
        else:
            parts.append(client.dump(key) or b"")
    return b"\n".join(parts).decode("latin-1")


def test_after_delete_nothing_of_her_is_left_but_a_count(hotline: Hotline, redis_client):
    number = new_number()
    contact = hotline.store.contact_of(number)
    for words in ("hi", "1", "2", "2", "mild cramps", "no", "MENU", "1", "2"):
        hotline.turns.take(text(words, number))
    assert contact in everything_in(redis_client)
    hotline.turns.take(text("DELETE", number))
    assert contact not in everything_in(redis_client)
    assert int(redis_client.hget(META, "erased")) == 2


def test_an_erasure_by_command_takes_the_sends_along_and_leaves_the_page(hotline: Hotline):
    number = new_number()
    store = hotline.store
    contact = store.contact_of(number)
    keys = store.keys(contact)
    hotline.turns.take(text("I am soaking a pad an hour", number))
    store.client.hset(keys.other("send:x1"), mapping={"session": f"{contact}.1", "state": "sent"})
    store.client.zadd(keys.other("perhaps"), {"x1": 1})
    assert erase_contact(store, contact) == 1
    assert store.client.exists(keys.other("send:x1")) == 0
    assert store.client.zscore(keys.other("perhaps"), "x1") is None
    assert store.client.hlen(keys.tasks) == 0
    assert store.client.xlen(keys.lane("emergency")) == 1, "staff are still told"


def test_age_removes_sessions_and_their_log(hotline: Hotline, redis_client):
    day = 86_400_000
    long_ago, number = 1_000 * day, new_number()
    turns = Turns(hotline.store, hotline.library, ("GB", "en"), lambda: long_ago / 1000)
    turns.take(text("hi", number))
    young = new_number()
    hotline.turns.take(text("hi", young))
    assert trim(hotline.store, 1_001 * day) == 1
    left = everything_in(redis_client)
    assert hotline.store.contact_of(number) not in left
    assert hotline.store.contact_of(young) in left
    today = int(time.time() * 1000)
    assert trim_daily(hotline.store, today, 30) == 0
    assert trim_daily(hotline.store, today, 30) is None, "once a day"


def test_the_keys_change_without_a_lost_session(redis_url: str, repository: Path):
    library = library_at(repository / "flows")
    new_key, new_token = secrets.token_urlsafe(32), secrets.token_hex(16)
    number, sid = new_number(), new_sid()

    def running(keys: str, tokens: str) -> Hotline:
        env = environment(8000, HOTLINE_REDIS_URL=redis_url, HOTLINE_SECRET_KEY=keys)
        env["TWILIO_AUTH_TOKEN"] = tokens
        return wire(read_settings(env), library, connect(redis_url))

    old = running(SECRET, TOKEN)
    first = old.turns.take(text("hi", number, sid)).reply
    form = {"MessageSid": sid, "From": number, "Body": "hi"}
    signed = old.signatures.sign("https://hotline.example/twilio/sms", form)
    old.close()
    both = running(f"{new_key},{SECRET}", f"{new_token},{TOKEN}")
    client = create_app(both).test_client()
    answer = client.post("/twilio/sms", data=form, headers={"X-Twilio-Signature": signed})
    assert answer.status_code == 200
    assert both.turns.take(text("hi", number, sid)).reply == first
    later = both.turns.take(text("1", number))
    both.close()
    after = running(new_key, new_token)
    loaded = after.store.load(after.store.contact_of(number))
    assert loaded.session == later.session, "sealed anew with the new key at her next text"
    refused = (
        create_app(after)
        .test_client()
        .post("/twilio/sms", data=form, headers={"X-Twilio-Signature": signed})
    )
    assert refused.status_code == 403, "signed with the token that is no longer ours"
    after.close()
    with pytest.raises(SettingsError):
        running(secrets.token_urlsafe(32), new_token)
    gc.collect()


@pytest.mark.fault
def test_a_hanging_redis_costs_no_webhook_its_three_seconds(tmp_path: Path):
    with (
        EmbeddedRedis(tmp_path) as server,
        running_server(unused_port(), HOTLINE_REDIS_URL=server.url) as web,
    ):
        carrier, crowd = Carrier([web.port]), Crowd()
        carrier.text(new_number(), "hi")
        os.kill(server.pid, signal.SIGSTOP)
        try:
            crowd.start(12, lambda _: carrier.text(new_number(), "hi"))
            time.sleep(4)
            crowd.stop()
        finally:
            os.kill(server.pid, signal.SIGCONT)
        assert carrier.unanswered == []
        assert {one.status for one in carrier.answers} == {200}
        assert all(one.messages for one in carrier.answers)
        assert max(one.slowest for one in carrier.answers) < 3.0
        time.sleep(0.6)
        again = carrier.text(new_number(), "hi")
        assert again is not None
        assert "automatic helper" in again.messages[0]

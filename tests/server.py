"""A real `hotline serve` process for tests, and a carrier that signs what it posts to it."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests
from twilio.request_validator import RequestValidator

TOKEN = secrets.token_hex(16)
SECRET = secrets.token_urlsafe(32)
OUR_NUMBER = "+441632960100"
READY_SECONDS = 20


@dataclass
class Answer:
    """One webhook's answer: the HTTP status, the raw document, the messages in it."""

    status: int
    body: bytes
    messages: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.messages)


@dataclass
class Server:
    """A running hotline. `public` is the address that is signed, `address` where it listens."""

    process: subprocess.Popen[bytes]
    address: str
    public: str
    env: dict[str, str]
    port: int

    def sign(self, path: str, form: dict[str, str], token: str = TOKEN) -> str:
        return RequestValidator(token).compute_signature(self.public + path, form)

    def post(
        self, path: str, form: dict[str, str], signature: str | None = None, **headers: str
    ) -> Answer:
        made = self.sign(path, form) if signature is None else signature
        response = requests.post(
            self.address + path,
            data=form,
            headers={"X-Twilio-Signature": made, **headers},
            timeout=10,
        )
        messages = []
        if response.headers.get("content-type", "").startswith("text/xml"):
            root = ET.fromstring(response.content)  # noqa: S314 our own server wrote it
            assert root.tag == "Response"
            messages = [one.text or "" for one in root.iter("Message")]
        return Answer(response.status_code, response.content, messages)

    def text(
        self, words: str, number: str = "+447700900123", sid: str | None = None, **more: str
    ) -> Answer:
        form = {
            "AccountSid": self.env["TWILIO_ACCOUNT_SID"],
            "ApiVersion": "2010-04-01",
            "MessageSid": sid or new_sid(),
            "From": number,
            "To": OUR_NUMBER,
            "Body": words,
            "NumMedia": "0",
            "NumSegments": "1",
        }
        form.update(more)
        return self.post("/twilio/sms", form)

    def converse(self, *texts: str, number: str) -> Answer:
        answer = Answer(0, b"")
        for words in texts:
            answer = self.text(words, number)
            assert answer.status == 200
        return answer

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self) -> int:
        self.process.terminate()
        try:
            return self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


def new_sid() -> str:
    return f"SM{secrets.token_hex(16)}"


def new_number() -> str:
    """A British mobile number of the range kept for drama."""
    return f"+4477009{secrets.randbelow(100_000):05d}"


def environment(port: int, **more: str) -> dict[str, str]:
    wanted = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME")
    kept = {name: os.environ[name] for name in wanted if name in os.environ}
    return {
        **kept,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_KEY": "SK" + "0" * 32,
        "TWILIO_API_SECRET": "not-a-real-secret-of-anybody",
        "HOTLINE_PUBLIC_URL": "https://hotline.example",
        "HOTLINE_NUMBER": OUR_NUMBER,
        "HOTLINE_SECRET_KEY": SECRET,
        "HOTLINE_COUNTRY": "GB",
        "HOTLINE_SERVE_DRAFTS": "yes",
        **more,
    }


def start_server(port: int, **more: str) -> Server:
    """Start `hotline serve` on a port and wait until it answers."""
    env = environment(port, **more)
    process = subprocess.Popen(
        [sys.executable, "-m", "hotline.cli", "serve", "--port", str(port)],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE if more.get("WANT_ERRORS") else None,
        start_new_session=True,
    )
    server = Server(process, f"http://127.0.0.1:{port}", env["HOTLINE_PUBLIC_URL"], env, port)
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if requests.get(f"{server.address}/readyz", timeout=1).status_code == 200:
                return server
        except requests.RequestException:
            pass
        time.sleep(0.03)
    server.kill()
    raise AssertionError("hotline serve did not become ready")


@contextmanager
def running_server(port: int, **more: str) -> Iterator[Server]:
    """A server for the length of a with block."""
    server = start_server(port, **more)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


def data_dir(path: Path) -> dict[str, str]:
    """The setting that makes the server bring its own Redis in a folder."""
    return {"HOTLINE_DATA_DIR": str(path)}

"""A real browser on a real demo: the system's Chromium and `hotline run`."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import unused_port

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY_SECONDS = 60


@dataclass
class Demo:
    """A running `hotline run`: its address, its staff login, and people who text it."""

    address: str
    name: str
    password: str
    folder: str

    def says(self, number: str, *texts: str) -> None:
        """Somebody texts from the simulator."""
        self._ask("phone", number=number)
        for words in texts:
            self._ask("text", **{"from": number, "body": words})

    def phone(self, number: str) -> str:
        """Everything that was said on this phone, as one text."""
        state = requests.get(f"{self.address}/simulator/state", timeout=10).text
        return state if number in state else ""

    def command(self, *words: str, given: str = "") -> str:
        """A `hotline` command on the demo's data."""
        made = [sys.executable, "-m", "hotline.cli", *words, "--demo", self.folder]
        done = subprocess.run(made, input=given, capture_output=True, text=True, check=True)
        return done.stdout

    def _ask(self, what: str, **fields: str) -> None:
        answer = requests.post(f"{self.address}/simulator/{what}", json=fields, timeout=10)
        assert answer.ok, answer.text


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's browser. Skipped where there is none; in CI that is a failure."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI has to have Chromium")
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`hotline run` on a free port, with Redis, worker and simulator."""
    port, folder = unused_port(), tmp_path_factory.mktemp("demo")
    address = f"http://127.0.0.1:{port}"
    log = folder / "run.log"
    command = [sys.executable, "-m", "hotline.cli", "run", "--port", str(port)]
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, "--data-dir", str(folder / "data")],
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_ready(address, process, log)
        login = re.search(r"Staff +(\S+) / (\S+)", log.read_text())
        assert login is not None
        yield Demo(address, login[1], login[2], str(folder / "data"))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh window with no cookie; a script error in it fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    window = context.new_page()
    faults: list[str] = []
    window.on("pageerror", lambda error: faults.append(str(error)))
    yield window
    context.close()
    assert faults == []


def _wait_until_ready(address: str, process: subprocess.Popen[bytes], log) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            if requests.get(f"{address}/readyz", timeout=1).ok:
                return
        except requests.RequestException:
            pass
        assert process.poll() is None, log.read_text()[-2000:]
        time.sleep(0.2)
    pytest.fail(f"the demo did not become ready: {log.read_text()[-2000:]}")

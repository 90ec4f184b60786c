"""Make the screenshots of docs/operating.md from a running demo (`hotline run`).

    python -m tests.browser.screenshots http://127.0.0.1:8000 NAME PASSWORD [FOLDER]

People of the simulator text first, so that the pages have something to show.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import requests
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"

PEOPLE = {
    "+447700900301": ["hi im 12 weeks and bleeding", "1", "3", "no", "a bit of pain"],
    "+447700900302": ["i fainted and the blood is soaking through everything"],
    "+447700900303": ["hello", "1", "no", "no", "no"],
    "+447700900304": ["im 30 weeks, bleeding like a period", "1", "no", "no", "no", "no"],
    "+34600900305": ["hola", "1", "no", "no", "no tengo dolor"],
    "+447700900306": ["i want to talk to a person"],
    "+447700900307": ["hi", "1", "purple elephants", "what"],
    "+447700900308": [*("hi", "1", "2", "2", "mild cramps", "no", "11", "1", "1", "3", "4", "1")],
}
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
PAGES = ("escalations", "sessions", "rota", "flows", "figures", "audit")


def main(address: str, name: str, password: str, folder: Path) -> None:
    """Text, sign in, walk through the pages, take the pictures."""
    for number, texts in PEOPLE.items():
        requests.post(f"{address}/simulator/phone", json={"number": number}, timeout=10)
        for words in texts:
            sent = {"from": number, "body": words}
            requests.post(f"{address}/simulator/text", json=sent, timeout=10)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{address}/console/")
        _take(page, folder / "sign-in.png")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/console/")
        page.wait_for_timeout(6500)  # the worker pages, and counts every five seconds
        page.reload()
        _take(page, folder / "now.png")
        _walk(page, address, folder)
        browser.close()


def _walk(page: Page, address: str, folder: Path) -> None:
    page.locator("[data-alarm] a").first.click()
    take = page.get_by_role("button", name="Take over")
    if take.count():
        take.click()
    page.get_by_label("Text", exact=True).fill("Hello, I am Ann, a midwife. Is somebody with you?")
    page.wait_for_timeout(600)
    page.get_by_role("button", name="Send").click()
    page.wait_for_timeout(2500)
    page.evaluate("window.scrollTo(0, 0)")
    _take(page, folder / "session.png")
    page.get_by_role("link", name="Handover note").click()
    _take(page, folder / "handover.png")
    for name in PAGES:
        answer = page.goto(f"{address}/console/{name}")
        if answer is not None and answer.ok:
            _take(page, folder / f"{name}.png")
    page.emulate_media(color_scheme="dark")
    page.goto(f"{address}/console/")
    _take(page, folder / "now-dark.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="light")
    page.goto(f"{address}/console/")
    _take(page, folder / "now-phone.png")


def _take(page: Page, file: Path) -> None:
    page.wait_for_load_state("load")
    page.wait_for_timeout(200)
    page.screenshot(path=file)


if __name__ == "__main__":
    target = Path(sys.argv[4]) if len(sys.argv) > 4 else FOLDER
    main(sys.argv[1], sys.argv[2], sys.argv[3], target)

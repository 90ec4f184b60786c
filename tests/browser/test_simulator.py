"""The simulator in a browser: from her text to the nurse who takes it, and a call with keys."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SOON = 30_000


@pytest.fixture
def stage(page: Page, demo: Demo) -> Page:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{demo.address}/simulator/")
    expect(page.locator("#nurse .number")).not_to_be_empty()
    return page


def phone(stage: Page, who: str) -> Locator:
    return stage.locator(f"#{who}")


def last_text(stage: Page, who: str) -> Locator:
    return phone(stage, who).locator(".bubble:not(.mine)").last


def take_picture(stage: Page, name: str, folder: Path) -> None:
    """Into docs/pictures when PICTURES=yes (that is how the README's are made), else aside."""
    target = PICTURES if os.environ.get("PICTURES") == "yes" else folder
    target.mkdir(exist_ok=True)
    stage.screenshot(path=target / name)


def test_heavy_bleeding_is_told_to_call_and_the_nurse_takes_it(stage: Page, tmp_path: Path) -> None:
    stage.get_by_role("button", name="Heavy bleeding").click()
    expect(last_text(stage, "patient")).to_contain_text("CALL 999", timeout=SOON)
    expect(last_text(stage, "patient")).to_contain_text("✓✓ delivered", timeout=SOON)
    nurse = phone(stage, "nurse")
    expect(last_text(stage, "nurse")).to_contain_text("EMERGENCY", timeout=SOON)
    expect(nurse.locator(".callscreen .status")).to_contain_text("ringing", timeout=SOON)
    nurse.get_by_role("button", name="Decline").click()
    nurse.get_by_role("button", name="Close").click()
    nurse.locator(".quick button", has_text="TAKE").click()
    expect(last_text(stage, "nurse")).to_contain_text("is yours", timeout=SOON)
    stage.wait_for_timeout(500)
    take_picture(stage, "simulator.png", tmp_path)


def test_no_script_in_a_text_runs_on_the_stage(stage: Page) -> None:
    words = "<img src=x onerror=\"document.title='taken'\"><script>window.x=1</script>"
    stage.get_by_role("button", name="New phone").click()
    stage.wait_for_timeout(800)
    patient = phone(stage, "patient")
    patient.get_by_placeholder("Text message").fill(words)
    patient.get_by_role("button", name="Send").click()
    expect(patient.locator(".bubble.mine").last).to_contain_text("<img src=x", timeout=SOON)
    expect(last_text(stage, "patient")).to_be_visible(timeout=SOON)
    assert "taken" not in stage.title()
    assert stage.evaluate("window.x") is None
    assert stage.locator("img[src='x']").count() == 0


def test_the_steps_show_the_signed_webhook_and_its_twiml(stage: Page) -> None:
    patient = phone(stage, "patient")
    stage.get_by_role("button", name="New phone").click()
    stage.wait_for_timeout(800)
    patient.get_by_placeholder("Text message").fill("hello, is anybody there?")
    expect(patient.locator(".size")).to_have_text("24 · 1")
    patient.get_by_role("button", name="Send").click()
    expect(last_text(stage, "patient")).to_contain_text("Is it safe", timeout=SOON)
    expect(last_text(stage, "patient")).to_contain_text("1 segment · GSM-7")
    step = stage.locator(".steps li", has_text="text in").first
    step.locator("summary").click()
    expect(step).to_contain_text("X-Twilio-Signature")
    expect(step).to_contain_text("Body=hello, is anybody there?")
    expect(step).to_contain_text("<Message statusCallback=")


def test_a_call_is_captioned_and_answered_with_keys_and_words(stage: Page, tmp_path: Path) -> None:
    patient = phone(stage, "patient")
    stage.get_by_role("button", name="New phone").click()
    stage.wait_for_timeout(800)
    patient.get_by_role("button", name="Call").click()
    captions = patient.locator(".captions")
    expect(captions).to_contain_text("Is it safe for you to talk", timeout=SOON)
    expect(patient.locator(".status")).to_contain_text("waiting for", timeout=SOON)
    patient.locator("[data-key='1']").click()
    expect(captions).to_contain_text("soak a pad", timeout=SOON)
    take_picture(stage, "call.png", tmp_path)
    patient.get_by_placeholder("Say something").fill("yes it is, and i feel faint")
    patient.get_by_role("button", name="Say", exact=True).click()
    expect(captions).to_contain_text("call 9 9 9", timeout=SOON)
    patient.get_by_role("button", name="Hang up").click()
    expect(patient.locator(".status")).to_contain_text("completed", timeout=SOON)


def test_a_phone_that_is_off_shows_that_nothing_arrived(stage: Page) -> None:
    patient = phone(stage, "patient")
    stage.get_by_role("button", name="New phone").click()
    stage.wait_for_timeout(800)
    patient.locator(".habit select").select_option("off")
    patient.get_by_placeholder("Text message").fill("hello")
    patient.get_by_role("button", name="Send").click()
    expect(last_text(stage, "patient")).to_contain_text("undelivered (30003)", timeout=SOON)


def test_it_fits_a_narrow_window(stage: Page) -> None:
    stage.set_viewport_size({"width": 390, "height": 844})
    assert stage.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(phone(stage, "patient")).to_be_visible()

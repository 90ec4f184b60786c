"""The console in a real browser, on a real demo, with a phone at the other end."""

import json
import time
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(180)]

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
FAINTED = "i fainted and the blood is soaking through everything"
PASSWORD = "correct horse battery"
PAGES = ("", "sessions", "escalations", "rota", "flows", "figures", "audit")
_numbers = count(447700900400)


@pytest.fixture
def number():
    return f"+{next(_numbers)}"


@pytest.fixture
def desk(page, demo):
    """A window in which the demo's nurse is signed in."""
    return sign_in(page, demo, demo.name, demo.password)


def sign_in(page, demo, name, password):
    page.goto(f"{demo.address}/console/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/console/")
    return page


def serious_faults(page):
    """What axe calls serious or critical, one line each."""
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{one['id']}: {one['help']} {json.dumps(one['nodes'][0]['target'])}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def open_hers(page, demo, number):
    """Open the session of this number from the list; the simulator's text may be on its way."""
    row = page.locator("tbody tr", has_text=f"••{number[-2:]}")
    for _ in range(40):
        page.goto(f"{demo.address}/console/sessions")
        if row.count():
            break
        page.wait_for_timeout(250)
    row.locator("a").first.click()


def test_an_emergency_arrives_is_taken_answered_handed_back_and_exported(desk, demo, number):
    alarms = desk.locator("[data-alarm]").count()
    demo.says(number)
    began = time.monotonic()
    demo.says(number, FAINTED)
    expect(desk.locator("[data-alarm]")).to_have_count(alarms + 1, timeout=10_000)
    took = time.monotonic() - began
    assert took < 3.0, f"it took {took:.1f} s"
    assert "EMERGENCY" in desk.title()
    row = desk.locator("[data-alarm].alarm-new").last
    session = row.get_attribute("data-alarm").partition("+")[0]
    expect(row).to_contain_text("Emergency")
    row.get_by_role("button", name="Take over").click()
    expect(desk.get_by_text("You have her", exact=False).first).to_be_visible()
    desk.get_by_label("Text", exact=True).fill("Hello, I am Ann. Unlock the front door.")
    expect(desk.locator("[data-count]")).to_contain_text("1 text message")
    desk.get_by_role("button", name="Send").click()
    expect(desk.locator(".talk .staff")).to_contain_text("Unlock the front door")
    expect(desk.locator(".talk .staff .meta")).to_contain_text("delivered", timeout=20_000)
    assert "Unlock the front door" in demo.phone(number)
    desk.get_by_role("button", name="Hand back to the machine").click()
    expect(desk.get_by_text("The machine answers her", exact=False)).to_be_visible()
    with desk.expect_download() as started:
        desk.get_by_role("link", name="FHIR").click()
    lines = Path(started.value.path()).read_text().splitlines()
    assert any(json.loads(line).get("priority") == "stat" for line in lines)
    assert session in started.value.suggested_filename


def test_a_viewer_sees_no_number_and_no_way_to_reply(page, demo, number):
    demo.says(number, FAINTED)
    demo.command("staff", "add", "vic", "--role", "viewer", given=f"{PASSWORD}\n")
    sign_in(page, demo, "vic", PASSWORD)
    expect(page.get_by_role("button", name="Take over")).to_have_count(0)
    page.locator("[data-alarm] th a").first.click()
    body = page.locator("body").inner_text()
    assert number not in body
    assert "soaking" not in body
    expect(page.get_by_role("button", name="Show number")).to_have_count(0)
    expect(page.locator("textarea")).to_have_count(0)


def test_a_visit_that_ended_goes_to_the_sign_in_by_itself(page, demo):
    demo.command("staff", "add", "eve", "--role", "nurse", given=f"{PASSWORD}\n")
    sign_in(page, demo, "eve", PASSWORD)
    demo.command("staff", "disable", "eve")
    page.wait_for_url("**/sign-in**", timeout=10_000)


def test_a_number_is_shown_on_request_and_gone_on_the_next_look(desk, demo, number):
    demo.says(number, FAINTED)
    open_hers(desk, demo, number)
    assert number not in desk.locator("body").inner_text()
    desk.get_by_role("button", name="Show number").click()
    expect(desk.get_by_text(number)).to_be_visible()
    desk.goto(f"{demo.address}/console/audit")
    expect(desk.get_by_text("saw a number").first).to_be_visible()


def test_no_script_of_hers_runs(desk, demo, number):
    demo.says(number, "<img src=x onerror=\"document.title='taken'\"><script>window.x=1</script>")
    open_hers(desk, demo, number)
    expect(desk.locator(".talk .her").first).to_contain_text("<img src=x")
    assert "taken" not in desk.title()
    assert desk.evaluate("window.x") is None
    refused = desk.evaluate(
        """async () => { const s = document.createElement('script'); s.textContent = 'window.y=1';
        document.body.append(s); return window.y === undefined }"""
    )
    assert refused, "the policy let a script in the page run"


def test_the_keyboard_alone_takes_and_answers(page, demo, number):
    demo.says(number, FAINTED)
    page.goto(f"{demo.address}/console/")
    for typed in (demo.name, demo.password):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/")
    button = page.locator("[data-alarm] button").first
    for _ in range(60):
        if button.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    assert button.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions/**")
    body = page.locator("#body")
    for _ in range(60):
        if body.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("By keyboard")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".talk .staff").last).to_contain_text("By keyboard")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(desk, demo, number, scheme):
    demo.says(number, FAINTED)
    desk.emulate_media(color_scheme=scheme)
    faults = {}
    for name in PAGES:
        desk.goto(f"{demo.address}/console/{name}")
        faults[name] = serious_faults(desk)
    open_hers(desk, demo, number)
    if desk.get_by_role("button", name="Take over").count():
        desk.get_by_role("button", name="Take over").click()
    faults["session"] = serious_faults(desk)
    desk.get_by_role("link", name="Handover note").click()
    faults["handover"] = serious_faults(desk)
    assert {name: found for name, found in faults.items() if found} == {}


def test_nothing_is_cut_off_on_a_phone(desk, demo, number):
    demo.says(number, FAINTED)
    desk.set_viewport_size({"width": 390, "height": 844})
    wide = {}
    for name in PAGES:
        desk.goto(f"{demo.address}/console/{name}")
        wide[name] = desk.evaluate("document.documentElement.scrollWidth")
    open_hers(desk, demo, number)
    wide["session"] = desk.evaluate("document.documentElement.scrollWidth")
    assert {name: width for name, width in wide.items() if width > 390} == {}
    expect(desk.get_by_role("button", name="Take over")).to_be_visible()


def test_a_page_that_gets_no_answer_says_so(desk, demo):
    desk.context.set_offline(True)
    expect(desk.locator("#live-state")).to_contain_text("NOT LIVE", timeout=10_000)
    desk.context.set_offline(False)
    expect(desk.locator("#live-state")).to_have_text("Live", timeout=10_000)


def test_the_sound_is_on_once_asked_for_and_an_emergency_sounds(desk, demo, number):
    desk.get_by_role("button", name="Sound is off").click()
    expect(desk.get_by_role("button", name="Sound is on")).to_be_visible()
    sounded = int(desk.locator("body").get_attribute("data-beeps") or 0)
    demo.says(number, FAINTED)
    expect(desk.locator("body")).to_have_attribute("data-beeps", str(sounded + 1), timeout=10_000)

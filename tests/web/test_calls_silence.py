"""Silence, noise and wrong keys on a call: never cut off, never told less than she would be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hotline.embedded import EmbeddedRedis
from hotline.flow.levels import Level
from tests.carrier import calling
from tests.records import Records
from tests.server import Server, new_number

MINUTES = 60


@pytest.fixture
def records(server: Server, redis_server: EmbeddedRedis) -> Iterator[Records]:
    watching = Records(redis_server.url)
    yield watching
    watching.close()


@pytest.mark.parametrize(
    ("number", "language", "emergency"),
    [
        ("+447700900301", "1", "9 9 9"),
        ("+12025550181", "1", "9 1 1"),
        ("+12025550182", "2", "9 1 1"),
        ("+33639980001", "1", "1 1 2"),
        ("+919811100001", "1", "1 1 2"),
        ("", "1", "9 9 9"),
    ],
)
def test_a_silent_caller_is_safe_within_three_minutes_and_hears_the_emergency_line_twice(
    server: Server, records: Records, number: str, language: str, emergency: str
):
    call = calling(server, number)
    if language != "1":
        call.press(language)
    while not call.over:
        call.wait()

    before_the_level = [one for one in call.said if not one.slow]
    assert sum(emergency in one.words for one in before_the_level) >= 2
    assert call.seconds < 3 * MINUTES, call.transcript()
    assert not call.fell_off
    session = records.session(number or f"call:{call.sid}")
    assert session.state.level is Level.EMERGENCY


def test_a_caller_who_falls_silent_after_the_red_flags_gets_a_person_or_a_call_back(
    server: Server, records: Records
):
    number = new_number()
    call = calling(server, number)
    for key in ("1", "1", "2", "2", "3", "3"):
        call.press(key)
    assert call.last.startswith("How many weeks")

    call.wait().wait()
    assert "press 0, then hash" in call.last
    call.wait()

    assert "nobody is free to talk" in call.last
    while not call.over:
        call.wait()
    assert records.session(number).state.level in {Level.URGENT, Level.EMERGENCY}


def test_silence_after_the_level_does_not_change_it(server: Server, records: Records):
    number = new_number()
    call = calling(server, number)
    for key in ("1", "1", "2", "2", "3", "3", "12#", "2", "1", "2", *"22222"):
        call.press(key)
    while not call.over:
        call.wait()

    assert records.session(number).state.level is Level.SOON
    assert call.last.endswith("Goodbye.")


@pytest.mark.parametrize("key", ["7", "#", "8"])
def test_wrong_keys_throughout_are_never_told_less_than_nonsense_by_text(
    server: Server, records: Records, key: str
):
    writer, number = new_number(), new_number()
    for _ in range(30):
        server.text("qwxz plm", writer)
    by_text = records.session(writer).state.level

    call = calling(server, number)
    for _ in range(40):
        if call.over or records.session(number).state.level is not None:
            break
        call.press(key)

    by_keys = records.session(number).state.level
    assert by_text is not None
    assert by_keys is not None
    assert by_keys.rank >= by_text.rank


def test_noise_throughout_ends_with_the_highest_level(server: Server, records: Records):
    number = new_number()
    call = calling(server, number)
    for _ in range(20):
        if call.over or records.session(number).state.level is not None:
            break
        call.speak("mhm krr uh", confidence="0.05")

    assert records.session(number).state.level is Level.EMERGENCY


def test_a_wrong_key_at_the_last_menu_says_the_menu_again(server: Server):
    call = calling(server, new_number()).press("1").press("1").press("1")

    call.press("7")

    assert call.last.startswith("Sorry, I did not understand that.")
    assert "press 1" in call.last
    assert call.listens

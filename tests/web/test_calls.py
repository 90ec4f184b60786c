"""Whole calls to the real server process, by a caller who presses, speaks, waits and hangs up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hotline.embedded import EmbeddedRedis
from hotline.flow.levels import Level
from hotline.session.records import Channel, TaskKind
from tests.carrier import calling
from tests.records import Records
from tests.server import Server, new_number

HEADLINE = ("1", "1", "2", "2", "3", "3", "12#", "2", "1", "2", "2", "2", "2", "2", "2")
"""English, safe, no heavy, no faint, no pain, no fever, 12 weeks, spots, sex, no harm, no risks."""


@pytest.fixture
def records(server: Server, redis_server: EmbeddedRedis) -> Iterator[Records]:
    watching = Records(redis_server.url)
    yield watching
    watching.close()


def test_the_first_words_of_a_call_are_the_danger_line_with_the_emergency_number(server: Server):
    call = calling(server, new_number())

    assert call.said[0].words.startswith("If you are bleeding heavily")
    assert "hang up and call 9 9 9 now" in call.said[0].words


def test_every_language_offers_itself_in_its_own_words_and_voice(server: Server):
    call = calling(server, "+12025550171")

    offers = {one.locale: one.words for one in call.said[1:]}
    assert offers["en-US"] == "For English, press 1."
    assert offers["es-US"] == "Para español, marca 2."
    assert {"fr-FR", "hi-IN"} <= offers.keys()


def test_the_headline_case_by_keys_is_told_to_be_checked_within_24_hours(
    server: Server, records: Records
):
    number = new_number()
    call = calling(server, number)

    for keys in HEADLINE:
        call.press(keys)

    told = [one.words for one in call.said if one.slow]
    assert told[0] == told[1], "the level is said twice"
    assert told[0].startswith("Call your early pregnancy")
    assert "within 24 hours" in told[0]
    assert records.session(number).state.level is Level.SOON
    assert records.session(number).channel is Channel.VOICE


def test_the_same_case_by_speech_is_told_the_same(server: Server, records: Records):
    number = new_number()
    call = calling(server, number)

    for words in (
        *("English", "yes", "no", "no I feel fine", "no pain", "no", "twelve weeks"),
        *("spots", "sex", "no", "no", "no", "no", "no", "no"),
    ):
        call.speak(words)

    assert records.session(number).state.level is Level.SOON


def test_heavy_bleeding_ends_the_questions_with_hang_up_and_call(server: Server):
    call = calling(server, new_number()).press("1").press("1").press("1")

    told = [one.words for one in call.said if one.slow]
    assert told[0].startswith("Hang up and call 9 9 9 now.")
    assert len(told) == 2
    assert "Dial" not in call.documents[-1].decode()


def test_a_danger_spoken_at_any_question_is_answered_at_once(server: Server, records: Records):
    number = new_number()
    call = calling(server, number).press("1").press("1").press("2").press("2")
    assert call.last.startswith("Do you have any pain?")

    call.speak("I just fainted and the blood is running down my legs")

    assert call.last.startswith("Hang up and call 9 9 9 now.")
    assert {"collapse", "heavy_bleeding"} & records.session(number).state.dangers


def test_a_danger_spoken_instead_of_a_language_is_answered_at_once(server: Server):
    call = calling(server, new_number())

    call.speak("estoy sangrando muchísimo y me desmayé")

    assert call.last.startswith("Cuelga y llama al 9 9 9 ya.")


def test_speech_that_was_hardly_recognised_answers_nothing_but_its_danger_counts(server: Server):
    call = calling(server, new_number()).press("1").press("1")
    assert call.last.startswith("Does blood soak a pad")

    call.speak("no", confidence="0.12")
    assert "Is there a lot of blood?" in call.last

    call.speak("i am passing out", confidence="0.12")
    assert "Hang up and call 9 9 9 now." in call.last


def test_zero_says_it_again_and_star_goes_back(server: Server):
    call = calling(server, new_number()).press("1").press("1")
    heavy = call.last.partition(" At any time")[0]

    assert call.press("0").last.startswith(heavy)
    assert call.press("2").last.startswith("Did you faint")
    assert call.press("*").last.startswith(heavy)


def test_where_a_number_is_typed_the_three_keys_come_after_a_star(server: Server):
    call = calling(server, new_number())
    for key in ("1", "1", "2", "2", "3", "3"):
        call.press(key)
    weeks = call.last
    assert weeks.startswith("How many weeks")

    assert call.press("*0#").last == weeks
    assert call.press("*#").last.startswith("Do you feel hot")
    call.press("3")
    assert "reach a person" in call.press("*9#").words() or "nobody is free" in call.last


def test_nine_weeks_are_nine_weeks_and_no_wish_for_a_person(server: Server, records: Records):
    number = new_number()
    call = calling(server, number)
    for key in ("1", "1", "2", "2", "3", "3", "9#"):
        call.press(key)

    assert records.session(number).state.answers["weeks"] == 9


def test_several_choices_are_asked_one_after_another(server: Server, records: Records):
    number = new_number()
    call = calling(server, number)
    for key in HEADLINE[:-5]:
        call.press(key)
    assert "past ectopic pregnancy?" in call.last

    call.press("2").speak("no")
    assert call.last == "low placenta?"
    call.speak("my blood is rhesus negative")
    assert call.last == "low placenta?", "that one is still open"
    call.speak("yes")
    assert call.last == "blood thinners or clotting problem?"
    call.press("2")

    assert records.session(number).state.answers["risks"] == {"low_placenta", "rh_negative"}


def test_the_level_comes_again_by_key_and_by_word(server: Server):
    call = calling(server, new_number()).press("1").press("1").press("1")
    level = call.last

    assert call.press("1").last == level
    assert call.speak("say that again").last == level


def test_a_key_cuts_the_second_saying_of_the_level_short(server: Server):
    call = calling(server, new_number())
    call.press("1").press("1")
    call.impatient = True

    call.press("1")
    assert [one.slow for one in call.said[-3:]] == [True, False, True]
    call.press("1")

    assert call.last.startswith("Hang up and call")


def test_the_advice_goes_by_text_once_and_says_nothing_of_what_it_is_about(
    server: Server, records: Records
):
    number = new_number()
    call = calling(server, number)
    for keys in HEADLINE:
        call.press(keys)
    assert "in a text that does not say what it is about, press 2" in call.last

    call.press("2")
    assert call.last.startswith("A text is on its way")
    assert "press 2" not in call.last
    call.press("2")

    sends = [one for one in records.tasks(TaskKind.SEND) if number_of(one, records) == number]
    assert len(sends) == 1
    assert sends[0]["payload"]["say"] == "by_text_soon"
    assert sends[0]["payload"]["to"] == "her"


def number_of(task: dict[str, object], records: Records) -> str:
    session = records.store.load(str(task["contact"])).session
    return session.number if session else ""


def test_nothing_is_texted_to_a_withheld_number(server: Server, records: Records):
    call = calling(server, "+266696687").press("1").press("1").press("1")

    assert "press 2" not in call.last
    call.press("2")

    assert "did not understand" in call.last
    assert records.session(f"call:{call.sid}").number == ""


def test_the_last_questions_come_after_the_level_and_can_raise_it(server: Server, records: Records):
    number = new_number()
    call = calling(server, number)
    for keys in HEADLINE:
        call.press(keys)
    assert "stay on the line for a few last questions" in call.last

    call.wait()
    assert "A few last questions" in call.last
    for _ in range(4):
        question = records.session(number).state.question
        if question is None or call.over:
            break
        call.press({"urine": "3", "repeat": "1", "age_band": "1"}[question])

    assert records.session(number).state.level is Level.URGENT, "burning with fever raises it"


def test_not_safe_to_talk_ends_the_call_and_asks_first_on_the_next(server: Server):
    number = new_number()
    call = calling(server, number).press("1").press("2")

    assert call.over
    assert "call 9 9 9" in call.last
    again = calling(server, number)
    assert "Is it safe for you to talk now?" in again.last


def test_every_document_of_a_call_says_what_happens_next(server: Server):
    """The carrier of these tests checks each one; here only that it would complain."""
    call = calling(server, new_number())
    for keys in HEADLINE:
        call.press(keys)
    while not call.over:
        call.wait()

    assert not call.fell_off
    assert max(map(len, call.documents)) < 16 * 1024


def test_an_emergency_on_a_call_pages_staff_at_once_with_the_rule(server: Server, records: Records):
    number = new_number()
    calling(server, number).press("1").press("1").press("1")

    contact = records.store.contact_of(number)
    pages = [one for one in records.tasks(TaskKind.PAGE) if one["contact"] == contact]
    assert len(pages) == 1
    assert "heavy-bleeding" in pages[0]["payload"]["rules"]
    assert pages[0]["lane"] == "emergency"

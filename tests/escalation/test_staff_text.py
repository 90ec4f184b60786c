"""Orders of staff by text, and what they are told."""

from datetime import UTC, datetime

import pytest

from hotline.escalation.holding import Taking
from hotline.escalation.ladder import Opening, open_escalation
from hotline.escalation.page_words import page_speech, page_text, taken_text, taking_reply
from hotline.escalation.records import Reason
from hotline.escalation.rota import Person, Rota
from hotline.escalation.staff_text import Order, StaffOrder, read_staff_text, staff_at
from hotline.flow.levels import Level

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("TAKE 1234", StaffOrder(Order.TAKE, "1234")),
        ("take1234", StaffOrder(Order.TAKE, "1234")),
        (" Take 1234 ", StaffOrder(Order.TAKE, "1234")),
        ("take: 0042!", StaffOrder(Order.TAKE, "0042")),
        ("Take code 1234", StaffOrder(Order.TAKE, "1234")),
        ("1234", StaffOrder(Order.TAKE, "1234")),
        ("CALL 1234", StaffOrder(Order.CALL, "1234")),
        ("back 1234", StaffOrder(Order.BACK, "1234")),
        ("DONE 1234 spoke to her", StaffOrder(Order.DONE, "1234", "spoke to her")),
        ("1234 something else", None),
        ("12345", None),
        ("TAKE 12", None),
        ("I am bleeding", None),
        ("", None),
    ],
)
def test_orders(text, order):
    assert read_staff_text(text) == order


def test_staff_are_known_by_their_number():
    ann = Person("ann", "Ann", "+441632960001")
    assert staff_at(Rota((ann,)), "+441632960001") is ann
    assert staff_at(Rota((ann,)), "+441632960002") is None


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("reason", list(Reason))
def test_a_page_is_two_segments_at_most_and_names_the_code_first(level, reason):
    escalation = open_escalation("0042", Opening("s", level, reason), NOW)
    text = page_text(escalation, "https://hotline.example.org/console")
    assert len(text) <= 306
    assert text.isascii()
    assert "TAKE 0042" in text
    assert "0 0 4 2" in page_speech(escalation)


def test_every_result_of_taking_has_an_answer():
    for taking in Taking:
        assert "0042" in taking_reply(taking, "0042", "Bea")
    assert "Bea" in taking_reply(Taking.TAKEN_BEFORE, "0042", "Bea")
    assert "Bea" in taken_text("0042", "Bea")

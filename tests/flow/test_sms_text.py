"""What a text costs: alphabet, units, segments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.flow.sms_text import (
    GSM_EXTENDED,
    GSM_LETTERS,
    Encoding,
    fold_to_gsm,
    measure,
    odd_letters,
)

GSM, UCS = Encoding.GSM_7, Encoding.UCS_2


def test_the_gsm_table_has_its_127_letters_and_ten_wide_ones():
    assert len(GSM_LETTERS) == 127
    assert len(GSM_EXTENDED) == 10
    assert not GSM_LETTERS & set(GSM_EXTENDED)


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", GSM, 0, 0),
        ("a", GSM, 1, 1),
        ("a" * 160, GSM, 160, 1),
        ("a" * 161, GSM, 161, 2),
        ("a" * 306, GSM, 306, 2),
        ("a" * 307, GSM, 307, 3),
        ("a" * 459, GSM, 459, 3),
        ("a" * 460, GSM, 460, 4),
        ("1 Yes\n2 No", GSM, 10, 1),
        ("é è à ù ì ò ñ ü ¿ ¡ Ç", GSM, 21, 1),
        ("[]", GSM, 4, 1),
        ("€" * 80, GSM, 160, 1),
        ("a" + "€" * 80, GSM, 161, 2),
        # 153 is odd: a wide letter does not fit into the last unit and moves to the next segment.
        ("€" * 153, GSM, 306, 3),
        ("a" * 152 + "€" + "a" * 152, GSM, 306, 3),
        ("á", UCS, 1, 1),
        ("ç", UCS, 1, 1),
        ("\u2019", UCS, 1, 1),
        ("क" * 70, UCS, 70, 1),
        ("क" * 71, UCS, 71, 2),
        ("क" * 134, UCS, 134, 2),
        ("क" * 135, UCS, 135, 3),
        ("😀", UCS, 2, 1),
        ("😀" * 35, UCS, 70, 1),
        ("😀" * 36, UCS, 72, 2),
        # 67 is odd: a pair of surrogates is not cut in two.
        ("😀" * 67, UCS, 134, 3),
        ("`", UCS, 1, 1),
        ("\t", UCS, 1, 1),
    ],
)
def test_a_text_is_measured_as_the_carrier_bills_it(text, encoding, units, segments):
    measured = measure(text)
    assert (measured.encoding, measured.units, measured.segments) == (encoding, units, segments)


def test_odd_letters_are_named_once_each_in_their_order():
    assert odd_letters("más fiebre, ¿está más?") == ("á",)
    assert odd_letters("l\u2019hôpital") == ("\u2019", "ô")
    assert odd_letters("plain") == ()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("¿Está más mareada?", "¿Esta mas mareada?"),
        ("mañana, pingüino, café", "mañana, pingüino, café"),
        (
            "Êtes-vous à l\u2019hôpital, ça reçoit ?",
            "Etes-vous à l'hopital, ca reçoit ?".replace("ç", "c"),
        ),
        ("cœur", "coeur"),
        ("«oui» \u2013 non\u2026", '"oui" - non...'),
        ("नमस्ते", "नमस्ते"),
    ],
)
def test_folding_keeps_what_gsm_has_and_drops_the_other_accents(text, folded):
    assert fold_to_gsm(text) == folded


@given(st.text(alphabet="abcáéíóúñüçêôàèù¿¡ \u2019«»œ"))
def test_folded_latin_text_is_always_gsm(text):
    assert measure(fold_to_gsm(text)).encoding is GSM


@given(st.text(max_size=600))
def test_no_text_needs_fewer_segments_than_its_units_fill(text):
    measured = measure(text)
    alone, joined = (160, 153) if measured.encoding is GSM else (70, 67)
    if measured.units <= alone:
        assert measured.segments == min(1, measured.units)
    else:
        assert -(-measured.units // joined) <= measured.segments
        assert measured.units > (joined - 1) * (measured.segments - 1)


@given(st.text(max_size=300), st.text(max_size=50))
def test_a_longer_text_never_costs_less(text, more):
    assert measure(text + more).segments >= measure(text).segments

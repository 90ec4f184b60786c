"""What Hindi dialects share, and where a denial beside another word denies only that one."""

import pytest

from tests.flow.reader import read


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("उठते आँख के आगे अन्हार हो जाता बा", "dizzy_faint"),
        ("कान्ह में दरद बा ऊपर", "shoulder_tip"),
        ("हमार बहू के दउरा पड़त बा", "seizure"),
    ],
)
def test_a_word_of_a_dialect_is_heard_like_its_standard_word(text, danger):
    assert danger in read(text, None, "hi").dangers


def test_a_denial_of_one_thing_leaves_the_next_one_told():
    assert "breathless_chest" in read("chhati me jalan nahi dard hai", None, "hi").dangers
    assert not read("chhati me dard nahi hai", None, "hi").dangers


def test_yes_and_no_together_are_asked_again():
    assert read("hau hilta na", "bump", "hi").answer is None


def test_a_fever_beside_a_lower_temperature_is_not_read_as_none():
    assert read("99 nahi 100.8 hai", "fever", "hi").answer != "no"


def test_a_small_word_of_hers_is_no_danger_of_another_language():
    assert not read("appointment somvar ko hai", None, "hi").possible

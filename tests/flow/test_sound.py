"""Hindi words are told by their sound, in Devanagari and in any Romanised spelling."""

import pytest

from hotline.flow.danger.sound import Alike, forms, key
from hotline.flow.tokens import normalise


def sounds(words: str) -> set[str | None]:
    return {key(normalise(word)) for word in words.split()}


@pytest.mark.parametrize(
    "words",
    [
        "khoon khun khoooon xoon खून ख़ून",
        "bukhar bukhaar बुखार",
        "chakkar chakar chkkr chkr चक्कर",
        "dard drd दर्द दरद",
        "bachcha baccha bacha bachha बच्चा",
        "zyada jyada jyda ज्यादा",
        "kamzori kamjori कमजोरी कमज़ोरी",
        "sambandh sambndh संबंध सम्बन्ध",
        "aankhon ankho आंखों आँखो",
        "behosh behos बेहोश",
        "raha rha रहा",
        "pehle pahle पहले",
    ],
)
def test_spellings_of_one_word_share_a_key(words: str):
    assert len(sounds(words)) == 1


@pytest.mark.parametrize(
    "words",
    ["bahar bhar", "pani pati", "dard dar", "saans saath", "khoon kaun", "band bandh", "pet pata"],
)
def test_different_words_share_no_key(words: str):
    assert len(sounds(words)) == len(words.split())


@pytest.mark.parametrize("word", ["kam", "kaam", "mar", "maar", "na", "🙂", "12"])
def test_short_words_and_signs_have_no_key(word: str):
    assert key(word) is None


def test_words_set_apart_keep_to_themselves():
    alike = Alike(["bees", "बीस", "बाईस"], apart=["बाईस"], first=["बीस"])
    assert alike.close(frozenset(("bees",))) == {"bees", "बीस"}
    assert alike.close(frozenset(("बाईस",))) == {"बाईस"}
    assert alike.word("bis") == "बीस"


def test_a_stem_stands_for_all_forms_of_its_verb():
    assert {"gir", "gira", "girti", "girne", "girungi"} <= set(forms("gir~"))
    assert forms("gir") == ("gir",)

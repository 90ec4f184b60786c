"""Any text can be read, and words added to a danger never take it away."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.flow.yaml_text import read_yaml
from tests.flow.reader import LANGUAGES, read, scorer
from tests.flow.scoring import HERE

EXAMPLES = 6250
"""Of three tests, and a quarter of it of the fourth: 20,312 in all."""

pytestmark = pytest.mark.timeout(600)  # 40 s of processor time; a busy machine takes minutes


def _texts() -> list[tuple[str, str]]:
    found = []
    for path in sorted((HERE / "labelled" / "build").glob("*.yaml")):
        tree, _ = read_yaml(path)
        found += [
            (tree["language"], text)
            for danger, texts in tree["dangers"].items()
            if danger != "none"
            for text in texts
        ]
    return found


DANGEROUS = _texts()
QUESTIONS = ("heavy", "collapse", "pain", "fever", "weeks", "amount", "before", "harm", "risks")
UNRELATED = {
    "en": ("thanks", "please", "hello", "green", "seven", "sorry", "peter", "anna", "monday"),
    "es": ("por", "favor", "hola", "azul", "siete", "perdon", "pedro", "ana", "lunes"),
    "fr": ("merci", "bonjour", "bleu", "vert", "sept", "pardon", "pierre", "anne", "lundi"),
    "hi": ("shukriya", "namaste", "neela", "hara", "saat", "ramesh", "geeta", "somvar", "ji"),
}
"""Words that make no other thing with what stands beside them, in her language. Words of another
were here once: "the" is Hindi for "were"; and things: windows break, lemons tell a baby's size."""
ALPHABET = st.characters(exclude_categories=("Cs",))


@pytest.mark.slow
@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(ALPHABET, max_size=200), st.sampled_from(QUESTIONS), st.sampled_from(LANGUAGES))
def test_any_text_is_read_without_an_error(text, question, language):
    found = read(text, question, language)
    asked = scorer().questions[question]
    if isinstance(found.answer, frozenset):
        assert found.answer <= set(asked.values)
    elif isinstance(found.answer, str) and question != "weeks":
        assert found.answer in asked.values
    elif isinstance(found.answer, int):
        assert 0 <= found.answer <= 44


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A dangerous text with letters dropped, doubled or swapped, and odd signs put in."""
    _, text = draw(st.sampled_from(DANGEROUS))
    letters = list(text)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(0, len(letters) - 1)))
        kind = draw(st.sampled_from(("drop", "double", "swap", "put")))
        if not letters:
            break
        if kind == "drop":
            del letters[at]
        elif kind == "double":
            letters.insert(at, letters[at])
        elif kind == "swap" and at + 1 < len(letters):
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        else:
            letters.insert(at, draw(st.sampled_from("!?.,'\"/-+&%()1239 \u200b\u0301👍")))
    return "".join(letters)


@pytest.mark.slow
@settings(max_examples=EXAMPLES, deadline=None)
@given(mutated(), st.sampled_from(QUESTIONS), st.sampled_from(LANGUAGES))
def test_any_mutated_text_is_read_without_an_error(text, question, language):
    read(text, question, language)


@pytest.mark.slow
@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.sampled_from(DANGEROUS),
    st.lists(st.integers(0, 8), max_size=8),
    st.lists(st.integers(0, 8), max_size=8),
    st.sampled_from((" ", ", ", ". ", "! ", "\n")),
)
def test_words_added_around_a_danger_do_not_take_it_away(case, before, after, joint):
    """Words run on before it may become its subject ("anna fell"): then she is asked at least."""
    language, text = case
    words = UNRELATED[language]
    parts = (" ".join(words[i] for i in before), text, " ".join(words[i] for i in after))
    longer = read(joint.join(filter(None, parts)), None, language)
    alone = read(text, None, language)
    assert alone.dangers <= longer.dangers | longer.possible
    if joint != " ":
        assert alone.dangers <= longer.dangers


@pytest.mark.slow
@settings(max_examples=EXAMPLES // 4, deadline=None)
@given(st.sampled_from(DANGEROUS), st.sampled_from(DANGEROUS), st.text(ALPHABET, max_size=60))
def test_another_sentence_never_takes_a_danger_away(case, other, noise):
    """Whatever it says: a denial, a film, a sister. What is said in one sentence stays said."""
    language, text = case
    alone = read(text, None, language).dangers
    for added in (noise, f"no {other[1]}", "not", "in the film", "my sister", "just kidding"):
        assert alone <= read(f"{text}. {added}", None, language).dangers


ASKED = (
    "is it normal that {}",
    "should i worry {}",
    "no idea why {}",
    "the nurse said wait but {}",
    "est-ce normal {}",
    "es normal que {}",
    "{} is that normal",
    "{} what do i do",
    "{} god knows",
    "{} can i take paracetamol",
    "{} when should i worry",
    "{} kya yeh normal hai",
    "{} j'en sais rien",
)


@pytest.mark.slow
@pytest.mark.parametrize("around", ASKED)
def test_a_question_around_a_danger_leaves_it_at_least_possible(around):
    for language, text in DANGEROUS:
        if text.startswith("if ") or ("kya" in around and language in ("es", "fr")):
            continue  # "should i worry if ..." is another sentence, and nobody mixes those two
        found = read(around.format(text), None, language)
        assert read(text, None, language).dangers <= found.dangers | found.possible, text

"""The labelled texts to build on are understood as issue 4 asks, and the authors' examples hold."""

import pytest

from tests.flow.reader import LANGUAGES, read, scorer

RIGHT_OR_ASKED_AGAIN = 0.97
HEARD = 0.98
FALSE_ALARMS = 0.04
ASKED_AGAIN = 0.04
"""Of clear answers, in each language; the Hindi texts hold a set that was made to mislead."""

ASKED_FIRST = 0.05
TOLD_MISSED = 0.01


@pytest.mark.timeout(300)  # several thousand texts, each read as if by itself
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_to_build_on_are_understood(language: str):
    """All that is promised, language by language: one reading of each text serves every promise."""
    score = scorer().score(f"build/{language}*")
    assert score.answers > 500
    assert score.dangers > 300
    assert score.calm > 300
    assert score.opposite == [], "read as the opposite of what was meant"
    assert 1 - len(score.wrong) / score.answers >= RIGHT_OR_ASKED_AGAIN, score.wrong
    assert len(score.asked_again) / score.answers <= ASKED_AGAIN, score.asked_again
    assert 1 - len(score.unheard) / score.dangers >= HEARD, score.unheard
    assert len(score.alarms) / score.calm <= FALSE_ALARMS, score.alarms
    assert len(score.other_misses) / score.others <= TOLD_MISSED, score.other_misses


def test_ordinary_first_texts_begin_the_ordinary_questions():
    """Most who text bleed a little: they are neither alarmed nor asked about a danger first."""
    score = scorer().score("build/*_ordinary")
    assert score.calm > 300
    assert score.alarms == []
    assert len(score.doubts) / score.calm <= ASKED_FIRST, score.doubts


def test_every_example_of_the_authors_holds():
    """heard, perhaps and not_heard in flows/understanding say how their texts are understood."""
    wrong = []
    for example in scorer().lexicons.examples:
        found = read(example.text, None, example.language)
        got = "no"
        if example.danger in found.dangers:
            got = "heard"
        elif example.danger in found.possible:
            got = "perhaps"
        if got != example.expected:
            wrong.append(f"{example.file}:{example.line}: {example.text!r} is {got}")
    assert wrong == []


def test_every_danger_has_examples_of_both_sorts_in_every_language():
    examples = scorer().lexicons.examples
    for language in scorer().lexicons.languages:
        for danger in scorer().lexicons.dangers:
            mine = [e for e in examples if (e.language, e.danger) == (language, danger)]
            assert {"heard", "no"} <= {e.expected for e in mine}, (language, danger)

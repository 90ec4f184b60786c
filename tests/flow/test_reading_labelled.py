"""The labelled texts to build on are understood as issue 4 asks, and the authors' examples hold."""

import pytest

from tests.flow.reader import LANGUAGES, read, scorer

RIGHT_OR_ASKED_AGAIN = 0.97
HEARD = 0.98
FALSE_ALARMS = 0.04
ASKED_FIRST = 0.05


@pytest.mark.timeout(300)  # 45,000 texts, each read as if by itself
def test_the_texts_to_build_on_are_understood():
    """All that is promised: one reading of each text serves every promise."""
    scores = {language: scorer().score(f"build/{language}*") for language in LANGUAGES}
    for score in scores.values():
        assert min(score.answers, score.dangers, score.calm) > 300
        assert score.opposite == [], "read as the opposite of what was meant"
        assert 1 - len(score.wrong) / score.answers >= RIGHT_OR_ASKED_AGAIN, score.wrong
        assert 1 - len(score.unheard) / score.dangers >= HEARD, score.unheard
        assert len(score.alarms) / score.calm <= FALSE_ALARMS, score.alarms
        assert score.other_misses == [], "told or commanded and not kept"
    answers = sum(score.answers for score in scores.values())
    asked_again = [one for score in scores.values() for one in score.asked_again]
    assert len(asked_again) / answers <= 1 - RIGHT_OR_ASKED_AGAIN, asked_again


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

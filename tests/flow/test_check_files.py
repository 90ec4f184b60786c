"""The checks of the files: one failing example for each, found with its file, line and mend."""

import re
import shutil
from datetime import date
from pathlib import Path

import pyphen
import pytest

from hotline.cli.flow_files import FlowFiles
from hotline.flow.check.reading_age import grade, syllables
from hotline.flow.check.registry import IN_FILES, inspect

FLOW, EN, ES = "bleeding/flow.yaml", "bleeding/text.en.yaml", "bleeding/text.es.yaml"
EXAMPLES = {
    "unknown-source": (FLOW, "sources: [NWL, HSUK]", "sources: [NWL, NOBODY]"),
    "missing-text": (ES, "\n  anti_d:\n", "\n  anti_other:\n"),
    "incomplete-language": ("phrases/es.yaml", None, None),
    "review-overdue": (FLOW, "review_due: 2027-05-22", "review_due: 2021-05-22"),
    "waits-for-itself": (
        FLOW,
        "    kind: weeks\n    ask_when: {is: may_be_pregnant}",
        "    kind: weeks\n    ask_when: {pregnant: yes}",
    ),
    "silent-level": (
        FLOW,
        "{id: blood-from-elsewhere, when: {blood_from: elsewhere}, level: self_care",
        "{id: blood-from-elsewhere, when: {blood_from: elsewhere}, level: routine",
    ),
    "keyword-clash": (EN, '      none: "No pain"\n    voice', '      none: "Stop"\n    voice'),
    "too-long": (EN, 'ask: "Do you have any pain?"', f'ask: "{"Do you have any pain? " * 20}"'),
    "not-gsm": (EN, 'ask: "Do you have any pain?"', 'ask: "Do you have any pain? 痛"'),
    "action-late": (
        EN,
        'sms: "CALL {emergency}',
        f'sms: "{"Please read on. " * 6}CALL {{emergency}}',
    ),
    "hard-to-read": (
        EN,
        'ask: "Do you have any pain?"',
        'ask: "Are you experiencing considerable abdominal discomfort or disproportionate agony?"',
    ),
    "diagnosis-or-blame": (EN, 'sms: "Note the time', 'sms: "You are miscarrying. Note the time'),
}


@pytest.fixture(scope="module")
def files(repository: Path):
    return FlowFiles(repository / "flows" / "bleeding")


def test_nothing_is_found_in_the_files_as_they_stand(files):
    found = [one for one in inspect(files.material(files.flow())) if not one.information]

    assert [str(one) for one in found] == []


@pytest.mark.parametrize("check", IN_FILES)
def test_a_failing_example_is_found(repository: Path, tmp_path: Path, check):
    shutil.copytree(repository / "flows", tmp_path / "flows")
    file, old, new = EXAMPLES[check]
    path = tmp_path / "flows" / file
    text = path.read_text(encoding="utf-8")
    if old is None:
        old = re.search(r"\n  digits_several:\n(    .+\n)+", text).group()
        new = "\n"
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    planted = FlowFiles(tmp_path / "flows" / "bleeding")

    found = [one for one in inspect(planted.material(planted.flow())) if one.check == check]

    assert found
    assert found[0].problem
    assert found[0].mend
    assert Path(found[0].file).is_relative_to(tmp_path)
    if check != "silent-level":
        assert found[0].line


def test_every_check_has_its_failing_example():
    assert EXAMPLES.keys() == IN_FILES.keys()


def test_a_review_is_not_overdue_on_its_day(files):
    material = files.material(files.flow())

    assert date.fromisoformat(material.flow.meta.review_due) >= material.today


def test_syllables_agree_with_a_hyphenation_dictionary(files):
    """The light count is never more than one below a dictionary's, over all English words said."""
    texts = files.material(files.flow()).words.languages["en"]
    said = " ".join(part for words in texts.questions.values() for part in words.ask.parts[::2])
    known = pyphen.Pyphen(lang="en_US")
    for word in set(re.findall(r"[a-z]+", said.lower())):
        assert syllables(word) >= len(known.positions(word)), word


def test_short_words_and_sentences_have_a_low_grade():
    assert grade("Do you have any pain?") < 3
    assert grade("Immediate obstetric consultation is recommended.") > 12
    assert grade("") == 0

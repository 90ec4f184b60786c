"""hotline flows: what it prints, and its exit codes (0 nothing found, 1 found, 2 bad input)."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from hotline.cli.flows import flows


def run(*arguments, text=None):
    return CliRunner().invoke(flows, [str(one) for one in arguments], input=text)


@pytest.fixture
def copied(repository: Path, tmp_path: Path):
    shutil.copytree(repository / "flows", tmp_path / "flows")
    return tmp_path / "flows" / "bleeding"


def change(folder, old, new):
    path = folder / "flow.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_check_says_what_it_covered_and_what_holds(copied):
    result = run("check", copied, "--depth", "quick")

    assert result.exit_code == 0, result.output
    assert "combinations of answers" in result.output
    assert "boundaries of weeks: 5/6, 11/12, 12/13, 13/14, 15/16, 19/20, 36/37" in result.output
    assert "BROKEN" not in result.output


def test_check_shows_the_conversation_that_breaks_a_statement_and_exits_1(copied):
    change(
        copied,
        "{id: severe-pain, when: {pain: severe}, level: emergency",
        "{id: severe-pain, when: {pain: severe}, level: soon",
    )

    result = run("check", copied, "--depth", "quick")

    assert result.exit_code == 1
    assert "flow.yaml:" in result.output
    assert "    pain: severe" in result.output
    assert "NOT SAFE TO SERVE" in result.output


def test_check_finds_what_is_wrong_with_who_is_told_and_with_the_voices(copied):
    ladder, voices = copied.parent / "escalation.yaml", copied.parent / "voices.yaml"
    for path, old, new in (
        (ladder, "quiet_hours:", "quiet_hourz:"),
        (voices, "  fr:", "  it:"),
    ):
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    result = run("check", copied, "--depth", "quick")

    assert result.exit_code == 1, result.output
    assert "escalation.yaml:" in result.output
    assert "quiet_hourz" in result.output
    assert "voices.yaml" in result.output


@pytest.mark.parametrize("command", ["check", "cases", "draw"])
def test_a_flow_that_cannot_be_read_is_bad_input(copied, command):
    change(copied, "when: {heavy: yes}, level: emergency", "when: {heavvy: yes}, level: emergency")

    result = run(command, copied)

    assert result.exit_code == 2
    assert "there is no question 'heavvy'" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", ["check", "cases", "compare", "draw", "read"])
def test_a_folder_that_is_not_there_is_bad_input(tmp_path, command):
    assert run(command, tmp_path / "nowhere").exit_code == 2


def test_cases_prints_the_table_by_level(copied):
    result = run("cases", copied)

    assert result.exit_code == 0, result.output
    assert "right level" in result.output
    assert "0 wrong" in result.output


def test_a_wrong_case_is_told_with_its_line_and_exits_1(copied):
    change(
        copied,
        "{id: fever, when: {fever: [yes, not_sure]}, level: urgent",
        "{id: fever, when: {fever: [yes, not_sure]}, level: soon",
    )

    result = run("cases", copied)

    assert result.exit_code == 1
    assert "cases.yaml:" in result.output
    assert "and urgent is right" in result.output


@pytest.mark.timeout(240)
def test_compare_exits_1_when_a_level_falls_unless_allowed(copied, repository):
    change(
        copied,
        "{id: under-13, when: {age_band: under_13}, level: urgent",
        "{id: under-13, when: {age_band: under_13}, level: soon",
    )
    old = repository / "flows" / "bleeding"

    fallen = run("compare", old, copied)

    assert fallen.exit_code == 1
    assert "FALLS" in fallen.output
    assert "rules before: under-13" in fallen.output
    assert run("compare", old, copied, "--allow-lower").exit_code == 0


def test_draw_writes_a_picture_or_mermaid(copied, tmp_path):
    assert run("draw", copied, "-o", tmp_path / "flow.svg").exit_code == 0
    assert (tmp_path / "flow.svg").read_text(encoding="utf-8").startswith("<svg")
    assert run("draw", copied, "--mermaid").output.startswith("flowchart TD")


def test_read_says_how_each_text_is_understood(copied):
    texts = "12 weeks\nim bleeding through a pad every 20 minutes\n\n"

    result = run("read", copied, "--question", "weeks", "--json", text=texts)

    assert result.exit_code == 0, result.output
    first, second, third = map(json.loads, result.output.splitlines())
    assert first.keys() == {"text", "value", "confidence", "danger"}
    assert first["value"] == 12
    assert "heavy_bleeding" in second["danger"]
    assert third["value"] is None


def test_read_says_to_people_what_would_be_asked_about(copied):
    result = run("read", copied, "--question", "weeks", text="there are some small clots\n")

    assert "perhaps heavy_bleeding" in result.output


@pytest.mark.parametrize(
    "option", [["--question", "nothing"], ["--question", "weeks", "--language", "xx"]]
)
def test_read_refuses_an_unknown_question_or_language(copied, option):
    result = run("read", copied, *option, text="12\n")

    assert result.exit_code == 2
    assert "one of:" in result.output

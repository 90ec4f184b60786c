"""The worked examples: all right, spread over the levels, sourced; bad ones are refused."""

from pathlib import Path

import pytest

from hotline.cli.flow_files import FlowFiles
from hotline.errors import FlowErrors
from hotline.flow.cases import parse_cases, run_case, triage_table
from hotline.flow.levels import LEVELS
from hotline.flow.yaml_text import read_yaml


@pytest.fixture(scope="module")
def files(repository: Path):
    return FlowFiles(repository / "flows" / "bleeding")


@pytest.fixture(scope="module")
def flow(files):
    return files.flow()


@pytest.fixture(scope="module")
def cases(files, flow):
    return files.cases(flow)


def test_every_case_is_told_its_level(flow, cases):
    wrong = {case.name: problem for case in cases if (problem := run_case(flow, case).problem)}

    assert wrong == {}


def test_there_are_cases_for_every_level_and_none_twice(cases):
    assert len(cases) >= 80
    assert len({case.name for case in cases}) == len(cases)
    for level in LEVELS:
        assert sum(case.level is level for case in cases) >= 4


def test_every_case_cites_a_source_that_is_listed(files, cases):
    sources, _ = read_yaml(files.folder / "sources.yaml")

    assert {key for case in cases for key in case.sources} <= set(sources["sources"])


def test_nobody_is_told_less_and_nobody_more_than_one_level_more(flow, cases):
    table = dict(triage_table([run_case(flow, case) for case in cases]))

    assert all(row["under"] == row["further"] == 0 for row in table.values())
    assert sum(row["one over"] for row in table.values()) <= 0.091 * len(cases)


def test_the_common_path_has_ten_questions(flow, cases):
    headline = next(case for case in cases if case.name.startswith("12 weeks, spots after sex,"))

    assert run_case(flow, headline).asked[:10] == (
        *("safe_to_text", "heavy", "collapse", "pain", "fever"),
        *("weeks", "amount", "before", "harm", "risks"),
    )


USUAL = "flow: bleeding\nusual: {safe_to_text: yes}\ncases:\n"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (
            "  - {case: a, level: soon, answers: {heavvy: yes}, source: ours}",
            "no question 'heavvy'",
        ),
        ("  - {case: a, level: soon, answers: {pain: sore}, source: ours}", "never 'sore'"),
        ("  - {case: a, level: soon, answers: {weeks: 99}, source: ours}", "never '99'"),
        ("  - {case: a, source: ours}", "needs a level or an exit"),
        ("  - {case: a, level: soon, given: emergency, over: x, source: ours}", "not over by one"),
        ("  - {case: a, level: soon, danger: headake, source: ours}", "no danger 'headake'"),
        ("  - {case: a, level: sooner, source: ours}", "level"),
        ("  - {case: a, level: soon}", "source"),
    ],
)
def test_a_mistake_in_a_case_is_told_with_its_line(flow, line, complaint):
    with pytest.raises(FlowErrors, match=r"cases\.yaml:4") as refused:
        parse_cases((USUAL + line).encode(), "cases.yaml", flow)

    assert complaint in str(refused.value)


def test_a_case_that_does_not_answer_what_is_asked_is_wrong(flow):
    (case,) = parse_cases(
        (USUAL + "  - {case: a, level: soon, source: ours}").encode(), "cases.yaml", flow
    )

    assert run_case(flow, case).problem == "heavy is asked, and the case does not answer"

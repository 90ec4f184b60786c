"""Loading a flow: every mistake of an author is told with its line and the mend."""

from pathlib import Path

import pytest

from hotline.errors import FlowError, FlowErrors
from hotline.flow.load import load_flow, parse_flow

GOOD = """flow: small
title: Small
levels: [self_care, routine, soon, urgent, emergency]
meta: {status: draft}
questions:
  - {id: heavy, kind: yes_no, red_flag: true}
  - {id: weeks, kind: weeks, not_sure: unknown, silence: unknown}
rules:
  - {id: heavy, when: {heavy: yes}, level: emergency, sources: [ours]}
  - {id: all, when: {}, level: soon, sources: [ours]}
"""


def test_a_good_flow_is_compiled_and_its_version_is_its_content():
    flow = parse_flow(GOOD.encode(), "flow.yaml")

    assert [question.id for question in flow.questions] == ["heavy", "weeks"]
    assert flow.by_id["heavy"].silence == "not_sure"
    assert flow.version != parse_flow((GOOD + "\n").encode(), "flow.yaml").version


@pytest.mark.parametrize(
    ("old", "new", "line", "complaint"),
    [
        ("when: {heavy: yes}", "when: {heavvy: yes}", 9, "there is no question 'heavvy'"),
        ("when: {heavy: yes}", "when: {heavy: maybe}", 9, "heavy is never 'maybe'"),
        ("when: {heavy: yes}", "when: {heavy: {at_least: 3}}", 9, "cannot be compared"),
        ("when: {heavy: yes}", "when: {weeks: {at_least: many}}", 9, "is no number"),
        ("when: {heavy: yes}", "when: {is: nobody}", 9, "no condition is called 'nobody'"),
        ("when: {heavy: yes}", "when: {any: []}", 9, "needs a list"),
        ("id: all", "id: heavy", 10, "stands here twice"),
        ("id: weeks", "id: heavy", 7, "stands here twice"),
        ("level: soon", "level: sooner", 10, "level"),
        ("kind: yes_no", "kind: maybe", 6, "kind"),
        ("kind: yes_no", "kind: choice", 6, "has no options"),
        ("silence: unknown", "silence: nobody", 7, "counts as nothing"),
        ("red_flag: true", "not_sure: {ask: nothing, then: yes}", 6, "no question 'nothing'"),
        ("red_flag: true", "checks: hunger", 6, "there is no danger 'hunger'"),
        ("red_flag: true", "red_flags: true", 6, "unknown name"),
        ("red_flag: true", "red_flag: [true]", 6, "red_flag"),
        ("title: Small\n", "", 1, "is missing"),
        ("routine, soon", "soon, routine", 3, "mildest first"),
        ("rules:\n", "prove:\n  - {always: {when: {}}}\nrules:\n", 9, "claims nothing"),
        ("rules:\n", "prove:\n  - {}\nrules:\n", 9, "claims nothing"),
        ("rules:\n", "above_not_sure: {heavy: [sore]}\nrules:\n", 8, "heavy is never 'sore'"),
        ("rules:\n", "exits:\n  - {say: a, when: {}, forget: [b]}\nrules:\n", 9, "no question 'b'"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_mend(old, new, line, complaint):
    assert old in GOOD

    with pytest.raises((FlowError, FlowErrors)) as refused:
        parse_flow(GOOD.replace(old, new, 1).encode(), "flow.yaml")

    errors = getattr(refused.value, "errors", (refused.value,))
    assert any(complaint in one.problem and one.line == line for one in errors), str(refused.value)
    assert all(one.mend for one in errors)


def test_all_mistakes_are_told_at_once():
    text = GOOD.replace("heavy: yes}", "heavvy: yes}").replace("silence: unknown", "silence: no")

    with pytest.raises(FlowErrors) as refused:
        parse_flow(text.encode(), "flow.yaml")

    assert {one.line for one in refused.value.errors} == {7, 9}


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"flow: [", b"a: &x 1\nb: *x", b"", b"- 1"])
def test_what_is_no_flow_at_all_is_refused(raw):
    with pytest.raises((FlowError, FlowErrors)):
        parse_flow(raw, "flow.yaml")


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(FlowError, match="cannot be read"):
        load_flow(tmp_path / "flow.yaml")

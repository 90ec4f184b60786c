"""Planted faults: every one is caught, and the test names what caught it."""

import shutil
from pathlib import Path

import pytest

from hotline.cli.flow_files import FlowFiles
from hotline.errors import FlowError, FlowErrors
from hotline.flow.cases import run_case
from hotline.flow.check.openings import Depth
from hotline.flow.check.proof import prove
from hotline.flow.check.registry import IN_FILES, PROVED, inspect
from tests.flow.mutants import MUTANTS

NEEDS_EVERY_OPENING = {"show: not sure is slime", "a rule that cannot fire"}
"""Faults that show only after certain opening texts; the others fall to the quick proof."""


def planted(flows: Path, into: Path, mutant: tuple[str, ...]) -> FlowFiles:
    """A copy of the flows with this one fault in it."""
    name, file, old, new, _ = mutant
    shutil.copytree(flows, into / "flows")
    path = into / "flows" / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name}: the words to replace are gone from {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return FlowFiles(into / "flows" / "bleeding")


def catchers(files: FlowFiles, catcher: str, name: str) -> set[str]:
    """Who finds something, asking no more of them than needed."""
    try:
        flow = files.flow()
        if catcher == "load":
            files.cases(flow)
        if catcher in IN_FILES or catcher == "load":
            return {one.check for one in inspect(files.material(flow)) if not one.information}
        if catcher == "cases":
            outcomes = [run_case(flow, case) for case in files.cases(flow)]
            return {"cases"} if any(outcome.problem for outcome in outcomes) else set()
        depth = Depth.FULL if name in NEEDS_EVERY_OPENING else Depth.QUICK
        return {one.check for one in prove(flow, depth).findings}
    except (FlowError, FlowErrors):
        return {"load"}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant[0]} <- {mutant[4]}")
@pytest.mark.timeout(180)
def test_a_planted_fault_is_caught(repository: Path, tmp_path: Path, mutant):
    name, *_, catcher = mutant
    files = planted(repository / "flows", tmp_path, mutant)

    assert catcher in catchers(files, catcher, name)


def test_there_are_forty_planted_faults_and_each_catcher_is_known():
    assert len({name for name, *_ in MUTANTS}) == len(MUTANTS) >= 40
    assert {catcher for *_, catcher in MUTANTS} <= {*IN_FILES, *PROVED, "load", "cases"}

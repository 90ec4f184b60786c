"""hotline flows: prove, run the worked examples, read texts, compare versions, draw."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from hotline.cli.flow_files import FlowFiles, faults, files_of
from hotline.errors import FlowError, FlowErrors
from hotline.flow.cases import Outcome, run_case, triage_table
from hotline.flow.check.finding import Finding
from hotline.flow.check.moments import boundaries
from hotline.flow.check.openings import Depth
from hotline.flow.check.proof import Coverage, Proof, prove
from hotline.flow.check.registry import PROVED, inspect
from hotline.flow.flow import Flow

T = TypeVar("T")

FOUND = 1
BAD_INPUT = 2

_FOLDER = click.argument(
    "folder", required=False, type=click.Path(path_type=Path, exists=True), default=None
)


@click.group()
def flows() -> None:
    """Prove, try out, compare and draw the flows that clinicians own."""


@flows.command()
@_FOLDER
@click.option(
    "--depth",
    type=click.Choice([one.value for one in Depth]),
    default=Depth.FULL.value,
    show_default=True,
    help="quick: plain openings only. thorough: everything told in the opening too; minutes.",
)
def check(folder: Path | None, depth: str) -> None:
    """Prove that a flow is safe, and find what its files lack. Exit 1 when something is found."""
    files = files_of(folder)
    flow = _loaded(files.flow)
    began = time.perf_counter()
    found = _found_in_files(files, flow)
    proof = prove(flow, Depth(depth))
    took = time.perf_counter() - began
    notes = [one for one in found if one.information] + list(proof.notes)
    broken = [one for one in found if not one.information] + list(proof.findings)
    for finding in broken:
        click.echo(str(finding))
    for note in notes:
        click.echo(f"note: {note}")
    _print_proof(flow, proof, depth, took)
    if broken:
        click.echo(f"{len(broken)} found. NOT SAFE TO SERVE.", err=True)
        sys.exit(FOUND)
    click.echo("Nothing found: every statement above holds.")


def _found_in_files(files: FlowFiles, flow: Flow) -> list[Finding]:
    """What the files show; a fault in loading them is a finding too."""
    try:
        return inspect(files.material(flow))
    except FlowErrors as error:
        return [Finding("load", e.file, e.line, e.problem, e.mend) for e in error.errors]
    except FlowError as error:
        return [Finding("load", error.file, error.line, error.problem, error.mend)]


def _print_proof(flow: Flow, proof: Proof, depth: str, took: float) -> None:
    broken = {finding.check for finding in proof.findings}
    click.echo(f"\n{flow.id}, version {flow.version}, {flow.meta.status}")
    click.echo(f"{_where(proof.coverage)} (depth {depth}, {took:.1f} s)")
    for name, sentence in PROVED.items():
        if not sentence.startswith("("):
            click.echo(f"  {'BROKEN' if name in broken else 'holds '}  {sentence}")
    pairs = ", ".join(f"{before}/{after}" for _, before, after in boundaries(flow))
    click.echo(f"  boundaries of weeks: {pairs}")


def _where(coverage: Coverage) -> str:
    return (
        f"{coverage.combinations:,} combinations of answers from a plain opening, on "
        f"{coverage.ways:,} paths; {coverage.openings} openings, {coverage.classes:,} classes of "
        f"states, {coverage.steps:,} steps of the engine, {coverage.compared:,} pairs compared; "
        f"{coverage.rules} rules, of which {coverage.decide} decide; at most {coverage.texts} "
        f"texts to the end"
    )


@flows.command()
@_FOLDER
def cases(folder: Path | None) -> None:
    """Run the worked examples of a flow. Exit 1 when one gives another level than is right."""
    files = files_of(folder)
    flow = _loaded(files.flow)
    examples = _loaded(lambda: files.cases(flow))
    outcomes = [run_case(flow, case) for case in examples]
    wrong = [outcome for outcome in outcomes if outcome.problem]
    for outcome in wrong:
        click.echo(f"{files.folder / 'cases.yaml'}:{outcome.case.line}: {outcome.case.name}")
        click.echo(f"    {outcome.problem}; rules: {', '.join(outcome.rules) or 'none'}")
    _print_table(outcomes)
    click.echo(f"{len(outcomes)} cases, {len(wrong)} wrong")
    if wrong:
        sys.exit(FOUND)


def _print_table(outcomes: list[Outcome]) -> None:
    click.echo(
        f"{'right level':<12}{'cases':>7}{'under':>7}{'right':>7}{'one over':>10}{'further':>9}"
    )
    for level, row in triage_table(outcomes):
        click.echo(
            f"{level:<12}{row['cases']:>7}{row['under']:>7}{row['right']:>7}"
            f"{row['one over']:>10}{row['further']:>9}"
        )


def _loaded(load: Callable[[], T]) -> T:
    try:
        return load()
    except (FlowError, FlowErrors) as error:
        _refuse(faults(error))


def _refuse(lines: list[str]) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(BAD_INPUT)

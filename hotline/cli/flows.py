"""hotline flows: prove, run the worked examples, read texts, compare versions, draw."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn, TextIO, TypeVar

import click

from hotline.cli.flow_files import FlowFiles, faults, files_of
from hotline.cli.proving import write_seal
from hotline.compiled import lexicons_at
from hotline.errors import FlowError, FlowErrors
from hotline.flow.cases import Outcome, run_case, triage_table
from hotline.flow.check.finding import Finding
from hotline.flow.check.moments import boundaries
from hotline.flow.check.openings import Depth
from hotline.flow.check.proof import Coverage, Proof, prove
from hotline.flow.check.registry import PROVED, inspect
from hotline.flow.check.story import in_words
from hotline.flow.compare import compare
from hotline.flow.draw import to_mermaid, to_svg
from hotline.flow.flow import Flow
from hotline.flow.reading import Understood, understand
from hotline.flow.words import labels_of
from hotline.flow.words_load import load_words

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
@click.option("--seal", is_flag=True, help="Write proof.json beside the flow when it is proved.")
def check(folder: Path | None, depth: str, *, seal: bool) -> None:
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
    if seal and Depth(depth) is not Depth.QUICK:
        click.echo(f"Sealed: {write_seal(files, asdict(proof.coverage))}")


def _found_in_files(files: FlowFiles, flow: Flow) -> list[Finding]:
    """What the files show, those that only serving reads included."""
    found: list[Finding] = []
    try:
        found += inspect(files.material(flow))
        files.serving()
    except (FlowError, FlowErrors) as error:
        found += _unread(error)
    return found


def _unread(error: FlowError | FlowErrors) -> list[Finding]:
    """A fault in loading is a finding too."""
    each = error.errors if isinstance(error, FlowErrors) else [error]
    return [Finding("load", one.file, one.line, one.problem, one.mend) for one in each]


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


@flows.command(name="compare")
@click.argument("old", type=click.Path(path_type=Path, exists=True))
@click.argument("new", type=click.Path(path_type=Path, exists=True))
@click.option("--allow-lower", is_flag=True, help="Exit 0 even when somebody is told less now.")
def compare_versions(old: Path, new: Path, *, allow_lower: bool) -> None:
    """Say which answers change level between two versions. Exit 1 when any level falls."""
    before, after = _loaded(files_of(old).flow), _loaded(files_of(new).flow)
    found = compare(before, after)
    for change in found.changes:
        arrow = "FALLS" if change.falls else "rises"
        click.echo(f"{arrow}  {change.before} -> {change.after}: {change.number:,} combinations")
        click.echo(f"    rules before: {', '.join(change.rules_before) or 'none'}")
        click.echo(f"    rules now:    {', '.join(change.rules_after) or 'none'}")
        for line in change.example:
            click.echo(f"      {line}")
    click.echo(
        f"{found.compared:,} combinations compared: {found.rising:,} rise, {found.falling:,} fall"
    )
    if found.falling and not allow_lower:
        sys.exit(FOUND)


@flows.command()
@_FOLDER
@click.option("--mermaid", is_flag=True, help="As a Mermaid flowchart instead of SVG.")
@click.option("-o", "--output", type=click.File("w", encoding="utf-8", lazy=True), default="-")
def draw(folder: Path | None, output: TextIO, *, mermaid: bool) -> None:
    """Draw a flow: its questions in order, and what leads to which level."""
    flow = _loaded(files_of(folder).flow)
    output.write((to_mermaid(flow) if mermaid else to_svg(flow)) + "\n")


@flows.command()
@_FOLDER
@click.option("--question", required=True, help="The id of the question that is open.")
@click.option("--language", default="en", show_default=True, help="The language of the session.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per text.")
def read(folder: Path | None, question: str, language: str, *, as_json: bool) -> None:
    """Say how texts from standard input, one per line, are understood as answers."""
    files = files_of(folder)
    flow = _loaded(files.flow)
    asked = flow.by_id.get(question)
    if asked is None:
        _refuse([f"there is no question {question!r}; one of: {', '.join(flow.by_id)}"])
    words = _loaded(lambda: load_words(files.folder, files.shared))
    if language not in words.languages:
        _refuse([f"{language!r} is not spoken here; one of: {', '.join(words.languages)}"])
    lexicons = _loaded(lambda: lexicons_at(files.shared / "understanding"))
    labels = labels_of(words.languages[language], asked)
    today = datetime.now(tz=UTC).date()
    stream = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    for line in stream:
        text = line.rstrip("\r\n")
        understood = understand(
            lexicons, text, question=asked, labels=labels, language=language, today=today
        )
        click.echo(_told_json(text, understood) if as_json else _told(text, understood))


def _told_json(text: str, understood: Understood) -> str:
    answer = understood.answer
    value = sorted(answer) if isinstance(answer, frozenset) else answer
    return json.dumps(
        {
            "text": text,
            "value": value,
            "confidence": round(understood.confidence, 3),
            "danger": sorted(understood.dangers),
        },
        ensure_ascii=False,
    )


def _told(text: str, understood: Understood) -> str:
    answer = "-" if understood.answer is None else in_words(understood.answer)
    danger = f"  DANGER {', '.join(sorted(understood.dangers))}" if understood.dangers else ""
    perhaps = f"  perhaps {', '.join(sorted(understood.possible))}" if understood.possible else ""
    return f"{answer:<14} {understood.confidence:.2f}  {text}{danger}{perhaps}"


def _loaded(load: Callable[[], T]) -> T:
    try:
        return load()
    except (FlowError, FlowErrors) as error:
        _refuse(faults(error))


def _refuse(lines: list[str]) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(BAD_INPUT)

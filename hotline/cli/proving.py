"""No flow is served that was not proved: the seal beside it, or the proof itself at start."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from redis.exceptions import RedisError

from hotline.cli.flow_files import FlowFiles, files_of
from hotline.errors import FlowError, FlowErrors, StoreUnavailable
from hotline.flow.check.finding import Finding
from hotline.flow.check.openings import Depth
from hotline.flow.check.proof import prove
from hotline.flow.check.registry import inspect

SEAL = "proof.json"
PROVED = "hl:proved"
"""A set in Redis: the fingerprints that were proved here."""


_READING = frozenset(
    {"reading", "lexicon", "lexicon_load", "spelling", "tokens", "compare", "draw"}
)
"""Modules of the core that neither the engine nor the checks of a flow's files depend on."""


def fingerprint(files: FlowFiles) -> str:
    """The hash of what the proof depends on: the flow, its words, the engine and the checks."""
    core = Path(__file__).parents[1] / "flow"
    code = [*core.glob("*.py"), *(core / "check").glob("*.py")]
    digest = hashlib.sha256()
    for path in (*_authored(files), *sorted(one for one in code if one.stem not in _READING)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _authored(files: FlowFiles) -> Iterator[Path]:
    shared = files.shared
    for folder in (files.folder, shared / "phrases", shared / "topics"):
        yield from sorted(folder.glob("*.yaml"))
    yield shared / "countries.yaml"


def findings_of(files: FlowFiles) -> list[Finding]:
    """What keeps a flow from being served, by the checks of its files and the quick proof.

    An overdue review is for the doctor and the console to say, no reason for silence. Raises
    FlowError, FlowErrors.
    """
    flow = files.flow()
    found = [*inspect(files.material(flow)), *prove(flow, Depth.QUICK).findings]
    return [one for one in found if not one.information and one.check != "review-overdue"]


def write_seal(files: FlowFiles, coverage: dict[str, Any]) -> Path:
    """Write the seal of a flow that was just proved: its fingerprint and what was covered."""
    path = files.folder / SEAL
    seal = {"fingerprint": fingerprint(files), **coverage}
    path.write_text(json.dumps(seal, indent=2) + "\n", encoding="utf-8")
    return path


def is_sealed(files: FlowFiles) -> bool:
    """Whether the seal beside the flow is for these very files and this code."""
    try:
        seal = json.loads((files.folder / SEAL).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(seal, dict) and seal.get("fingerprint") == fingerprint(files)


def ensure_proved(flows: Path, client: Any) -> None:  # noqa: ANN401 a Redis client of any kind
    """Return when this flow carries its seal or was proved here before; else prove it now.

    At start it is the quick proof (plain openings), remembered in Redis by the fingerprint; the
    full one is the author's `hotline flows check --seal`. Raises FlowErrors with every finding,
    StoreUnavailable when Redis fails.
    """
    files = files_of(flows / "bleeding")
    if is_sealed(files):
        return
    mark = fingerprint(files)
    try:
        if client.sismember(PROVED, mark):
            return
        click.echo("This flow carries no seal of its proof. Proving it takes some seconds ...")
        found = findings_of(files)
        if found:
            raise FlowErrors([_error(one) for one in found])
        client.sadd(PROVED, mark)
    except RedisError as error:
        raise StoreUnavailable(str(error)) from error


def _error(finding: Finding) -> FlowError:
    story = "".join(f"\n    {line}" for line in finding.story)
    problem = f"[{finding.check}] {finding.problem}"
    return FlowError(finding.file, finding.line, problem, finding.mend + story)

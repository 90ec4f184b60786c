"""`make audit`: known faults of the locked packages, or the plain word that nobody could be asked.

    python -m tests.attack.audit PIP_AUDIT LOCK

Ends with 0 when a source knew the packages and no fault of them, with 1 when there is one, and
with 3 when no advisory source was reached. pip-audit alone ends with 0 where a mirror of the
package index answers for the index but knows no advisories: each package is "skipped" then.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

SOURCES = ("pypi", "osv")
"""pip-audit's two: the package index's own advisories, and the OSV database."""

SECONDS = 300


@dataclass(frozen=True)
class Audit:
    """What one source said. `asked` counts the packages it knew; `why` tells why it knew none."""

    asked: int = 0
    skipped: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    why: str = ""


def read_report(report: str, errors: str) -> Audit:
    """pip-audit's JSON, with what it said on standard error when it wrote none."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        said = errors.strip().splitlines()
        return Audit(why=said[-1] if said else "it said nothing")
    skipped = tuple(one["name"] for one in packages if "skip_reason" in one)
    faults = tuple(
        f"{one['name']} {one['version']}: {fault['id']}"
        f" (mended in {', '.join(fault['fix_versions']) or 'no version'})"
        for one in packages
        for fault in one.get("vulns", ())
    )
    asked = len(packages) - len(skipped)
    return Audit(asked, skipped, faults, "" if asked else "it knows none of the packages")


def ask(program: str, lock: str, source: str) -> Audit:
    """Ask one source for every package of the lock."""
    command = [program, "--requirement", lock, "--require-hashes", "--disable-pip"]
    command += ["--vulnerability-service", source, "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return Audit(why=f"no answer in {SECONDS} seconds")
    return read_report(done.stdout, done.stderr)


def conclude(audits: Sequence[tuple[str, Audit]]) -> tuple[list[str], int]:
    """The lines to print, and the exit status."""
    lines, answered = [], False
    for source, audit in audits:
        if not audit.asked:
            lines.append(f"{source}: not reached: {audit.why}")
            continue
        answered = answered or not audit.skipped
        lines.append(f"{source}: {audit.asked} packages, {len(audit.faults)} known faults")
        lines += [f"  not known there: {', '.join(audit.skipped)}"] if audit.skipped else []
        lines += [f"  {fault}" for fault in audit.faults]
    if any(audit.faults for _, audit in audits):
        return [*lines, "FAULTY: mend these, or give the reason why they do not concern us."], 1
    if not answered:
        return [*lines, "NOT AUDITED: no advisory source could be asked from this machine."], 3
    return [*lines, "Nothing known against any of them."], 0


def main(program: str, lock: str) -> int:
    """Ask the sources until one has answered for every package."""
    audits = []
    for source in SOURCES:
        audit = ask(program, lock, source)
        audits.append((source, audit))
        if audit.asked and not audit.skipped:
            break
    lines, status = conclude(audits)
    print("\n".join(lines))  # noqa: T201 it is a command
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

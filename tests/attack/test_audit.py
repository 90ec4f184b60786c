"""What `make audit` makes of pip-audit's word; the word itself needs the network."""

from __future__ import annotations

import json

from tests.attack.audit import conclude, read_report

CLEAN = {"name": "flask", "version": "3.1.0", "vulns": []}
FAULTY = {
    "name": "old",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": [], "description": ""}],
}
SKIPPED = {"name": "redis", "skip_reason": "Dependency not found on PyPI"}


def report(*packages: object) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_a_known_fault_fails_the_audit_and_is_named():
    lines, status = conclude([("pypi", read_report(report(CLEAN, FAULTY), ""))])
    assert status == 1
    assert "  old 1.0: PYSEC-1 (mended in 1.1)" in lines


def test_packages_without_a_known_fault_pass():
    assert conclude([("pypi", read_report(report(CLEAN), ""))])[1] == 0


def test_a_source_that_knows_no_package_is_no_audit():
    audits = [
        ("pypi", read_report(report(SKIPPED), "")),
        ("osv", read_report("", "Traceback\nConnectionError: no such host")),
    ]
    lines, status = conclude(audits)
    assert status == 3
    assert lines[-1].startswith("NOT AUDITED")
    assert "osv: not reached: ConnectionError: no such host" in lines


def test_a_package_that_no_source_knew_leaves_the_audit_open():
    assert conclude([("pypi", read_report(report(CLEAN, SKIPPED), ""))])[1] == 3

"""The hazard log: complete, and every test that it names exists."""

import re
from pathlib import Path

import pytest

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
PARTS = ("Cause", "Effect", "Control", "Held by")


@pytest.fixture(scope="module")
def page(repository: Path):
    return (repository / "docs" / "safety.md").read_text(encoding="utf-8")


def hazards(page):
    return re.split(r"^### (?=H\d+ )", page, flags=re.MULTILINE)[1:]


def test_what_is_not_signed_off_is_said_first(page):
    assert page.split("\n")[2].startswith("**Not signed off.**")


def test_there_are_at_least_25_hazards_each_whole_and_numbered(page):
    found = hazards(page)

    assert len(found) >= 25
    for number, hazard in enumerate(found, start=1):
        assert hazard.startswith(f"H{number} ")
        for part in PARTS:
            assert re.search(rf"^- \*\*{part}:\*\* \S", hazard, re.MULTILINE), hazard
        assert NAMED.search(hazard), hazard


def test_every_test_that_is_named_exists(page, repository: Path):
    missing = [
        f"{file}::{name}"
        for file, name in sorted(set(NAMED.findall(page)))
        if not (repository / file).is_file()
        or f"def {name}(" not in (repository / file).read_text(encoding="utf-8")
    ]

    assert missing == []

"""The house keeps its shape: imports one way, a pure core, small rooms with names."""

from pathlib import Path

import pytest

from tests.structure import architecture

# One planted violation for each rule, and several for those with several ways to go wrong:
# the rule, the file, what is written into it, and a word of the complaint.
PLANTED = [
    ("import_order", "session/planted.py", "import hotline.web", "session stands below"),
    ("import_order", "session/planted.py", "from hotline import web", "hotline.web"),
    ("import_order", "session/planted.py", "from ..web import guard", "hotline.web.guard"),
    ("import_order", "flow/planted.py", "def f():\n    from hotline.logs import configure", "logs"),
    ("import_order", "settings/planted.py", "from hotline import logs", "beside logs"),
    ("import_order", "errors.py", "from hotline.flow import model", "errors stands below"),
    ("import_order", "elsewhere.py", "", "without a rank: elsewhere"),
    ("import_order", "__init__.py", "from hotline.errors import HotlineError", "the root"),
    ("purity", "flow/planted.py", "import os", "imports os"),
    ("purity", "flow/planted.py", "from time import time", "imports time"),
    ("purity", "flow/planted.py", "import random", "imports random"),
    ("purity", "flow/planted.py", "from flask import request", "imports flask"),
    ("purity", "flow/planted.py", "def f():\n    import redis", "imports redis"),
    ("purity", "flow/planted.py", "from pathlib import Path", "imports pathlib"),
    ("purity", "flow/deep/planted.py", "import logging", "imports logging"),
    ("purity", "flow/load.py", "import socket", "imports socket"),
    ("purity", "flow/planted.py", "import datetime as d\nx = d.datetime.now()", "a clock"),
    ("purity", "flow/planted.py", "from datetime import date\nx = date.today", "a clock"),
    ("purity", "flow/planted.py", "def f(clock): return clock.now()", "a clock"),
    ("purity", "flow/load.py", "Path('x').write_text('y')", "writes to disk"),
    ("purity", "flow/planted.py", "text = open('flow.yaml').read()", "uses open"),
    ("purity", "flow/planted.py", "m = __import__('os')", "uses __import__"),
    ("size", "session/planted.py", "x = 1\n" * 301, "301 lines"),
    ("nameless", "session/utils.py", "", "utils says nothing"),
    ("nameless", "web/common/planted.py", "", "common says nothing"),
    ("undocumented", "web/planted.py", "", "no docstring"),
    ("varying_log_events", "web/planted.py", "_log.info(f'got {text}')", "fixed words"),
    ("varying_log_events", "web/planted.py", "log.error(text, code=1)", "fixed words"),
]


@pytest.mark.parametrize("rule", architecture.RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_shape(rule, repository: Path):
    assert list(rule(repository)) == []


@pytest.mark.parametrize(("rule", "file", "source", "complaint"), PLANTED)
def test_a_planted_violation_is_caught(tmp_path: Path, rule, file, source, complaint):
    planted = tmp_path / "hotline" / file
    planted.parent.mkdir(parents=True)
    planted.write_text(source, encoding="utf-8")

    found = list(getattr(architecture, rule)(tmp_path))

    assert len(found) == 1
    assert complaint in found[0]


def test_every_rule_has_a_planted_violation():
    assert {rule for rule, *_ in PLANTED} == {rule.__name__ for rule in architecture.RULES}


def test_an_import_within_a_room_or_downwards_is_allowed(tmp_path: Path):
    room = tmp_path / "hotline" / "session"
    room.mkdir(parents=True)
    (room / "turn.py").write_text(
        '"""A turn."""\nfrom hotline import __version__, errors\nfrom .store import commit\n'
        "from hotline.session.records import Session\nfrom hotline.flow.engine import step\n",
        encoding="utf-8",
    )

    assert [v for rule in architecture.RULES for v in rule(tmp_path)] == []


def test_a_day_that_is_handed_in_is_no_clock(tmp_path: Path):
    room = tmp_path / "hotline" / "flow"
    room.mkdir(parents=True)
    (room / "dates.py").write_text(
        '"""Dates."""\ndef year(context): return context.today.year\n', encoding="utf-8"
    )

    assert list(architecture.purity(tmp_path)) == []


def test_a_reason_for_length_that_is_no_longer_needed_is_told(tmp_path: Path, monkeypatch):
    monkeypatch.setitem(architecture.LONG_FILES, "hotline/gone.py", "it was long once")

    assert list(architecture.size(tmp_path)) == [
        "hotline/gone.py is excused for its length and need not be"
    ]

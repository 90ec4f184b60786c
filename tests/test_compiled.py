"""The word lists kept in compiled form: the same readings, never a stale or a foreign one."""

from __future__ import annotations

import hashlib
import os
import pickle
from pathlib import Path

import pytest

from hotline import compiled
from hotline.compiled import KEPT, lexicons_at
from hotline.flow.lexicon import Lexicons
from hotline.flow.reading import understand
from tests.flow.reader import scorer
from tests.flow.scoring import TODAY

LISTS = """language: en
dangers:
  collapse:
    certain: [fainted]
numbers: {two: 2}
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the user's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "hotline"


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """Word lists of one language and one danger."""
    folder = tmp_path / "understanding"
    (folder / "en").mkdir(parents=True)
    (folder / "en" / "words.yaml").write_text(LISTS, "utf-8")
    return folder


def dangers(lexicons: Lexicons, text: str) -> frozenset[str]:
    found = understand(lexicons, text, question=None, labels={}, language="en", today=TODAY)
    return found.dangers


def kept(cache: Path) -> list[Path]:
    return list(cache.glob("*.words"))


def test_what_was_kept_understands_as_what_was_read(cache: Path, repository: Path):
    folder = repository / "flows" / "understanding"
    lexicons_at(folder)
    assert len(kept(cache)) == 1
    before = kept(cache)[0].stat().st_mtime_ns
    again = lexicons_at(folder)
    assert kept(cache)[0].stat().st_mtime_ns == before
    for case in scorer().lexicons.examples[::20]:
        texts = (case.text, f"{case.text} ok", case.text.replace("e", "", 1))
        for text in texts:
            seen = [
                understand(one, text, question=None, labels={}, language=case.language, today=TODAY)
                for one in (scorer().lexicons, again)
            ]
            assert seen[0] == seen[1], text


def test_a_changed_list_is_read_anew(cache: Path, lists: Path):
    assert not dangers(lexicons_at(lists), "i blacked out")
    words = lists / "en" / "words.yaml"
    words.write_text(LISTS.replace("[fainted]", "[fainted, blacked out]"), "utf-8")
    assert dangers(lexicons_at(lists), "i blacked out") == {"collapse"}
    assert len(kept(cache)) == 2


def test_changed_code_reads_the_lists_anew(
    cache: Path, lists: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    lexicons_at(lists)
    (tmp_path / "other.py").write_text("pass\n")
    monkeypatch.setattr(compiled, "_CORE", tmp_path)
    lexicons_at(lists)
    assert len(kept(cache)) == 2


@pytest.mark.parametrize("harm", ["cut", "changed", "empty"])
def test_a_damaged_form_is_made_anew(harm: str, cache: Path, lists: Path):
    lexicons_at(lists)
    path = kept(cache)[0]
    whole = path.read_bytes()
    path.write_bytes(
        {"cut": whole[:-9], "changed": whole[:-9] + b"x" + whole[-8:], "empty": b""}[harm]
    )
    assert dangers(lexicons_at(lists), "i fainted") == {"collapse"}
    assert path.read_bytes() != b""
    assert dangers(lexicons_at(lists), "i fainted") == {"collapse"}


class Evil:
    """What runs a command when it is read."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.target),)


def test_a_form_that_would_do_something_is_not_read(cache: Path, lists: Path, tmp_path: Path):
    lexicons_at(lists)
    packed = pickle.dumps(Evil(tmp_path / "done"))
    kept(cache)[0].write_bytes(hashlib.sha256(packed).digest() + packed)
    assert dangers(lexicons_at(lists), "i fainted") == {"collapse"}
    assert not (tmp_path / "done").exists()


def test_a_folder_that_others_may_write_is_not_used(cache: Path, lists: Path):
    cache.mkdir(parents=True)
    cache.chmod(0o777)
    assert dangers(lexicons_at(lists), "i fainted") == {"collapse"}
    assert not kept(cache)


def test_a_link_is_not_followed(cache: Path, lists: Path, tmp_path: Path):
    lexicons_at(lists)
    path = kept(cache)[0]
    elsewhere = tmp_path / "elsewhere"
    path.replace(elsewhere)
    path.symlink_to(elsewhere)
    assert dangers(lexicons_at(lists), "i fainted") == {"collapse"}
    assert not path.is_symlink()


def test_where_nothing_can_be_kept_the_lists_are_read(
    lists: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert dangers(lexicons_at(lists), "i fainted") == {"collapse"}


def test_only_the_newest_forms_stay(cache: Path, lists: Path):
    for number in range(KEPT + 3):
        (lists / "en" / "words.yaml").write_text(f"{LISTS}plain: [word{number}]\n", "utf-8")
        lexicons_at(lists)
    assert len(kept(cache)) == KEPT

"""The word lists as they stand in memory, kept between starts: reading them takes a second.

As Python keeps the compiled form of its sources: named by a hash of all that it was made from, so
that it can only be used for these very lists and this very code, and made anew where it is not
there, was damaged, or is anybody else's. Nothing depends on its being kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import pickle  # nosec B403
import stat
import sys
import tempfile
from pathlib import Path
from typing import Any

from hotline.flow.lexicon import Lexicons
from hotline.flow.lexicon_load import collector_resting, load_lexicons

KEPT = 4
"""How many compiled forms stay: older ones are of lists or of code that went by."""

_ENDING = ".words"
_DIGEST_BYTES = hashlib.sha256().digest_size
_CORE = Path(__file__).parent / "flow"
_PLAIN = frozenset(
    {
        *(("builtins", "frozenset"), ("builtins", "set")),
        *(("array", "array"), ("array", "_array_reconstructor")),
    }
)
_NOT_OURS = (
    *(pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError),
    *(TypeError, ValueError),
)
"""What reading a pickle may raise, by its documentation, and what building our values may."""


def lexicons_at(folder: Path) -> Lexicons:
    """The lexicons of `flows/understanding`, from the compiled form where that is kept.

    Raises FlowErrors with file, line, problem and mend, as load_lexicons does.
    """
    place = _place()
    if place is None:
        return load_lexicons(folder)
    path = place / f"{_mark_of(folder)}{_ENDING}"
    with collector_resting():
        lexicons = _read(path)
        if lexicons is None:
            lexicons = load_lexicons(folder)
            _write(path, lexicons)
    return lexicons


def _place() -> Path | None:
    """The folder of compiled forms, ours alone; None where there can be none.

    It is `hotline` in the user's cache (XDG Base Directory Specification: XDG_CACHE_HOME, else
    ~/.cache).
    """
    told = os.environ.get("XDG_CACHE_HOME", "")
    try:
        place = (Path(told) if Path(told).is_absolute() else Path.home() / ".cache") / "hotline"
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return place if _is_ours(place.lstat()) and place.is_dir() else None
    except (OSError, RuntimeError):  # RuntimeError: nobody's home
        return None


def _is_ours(found: os.stat_result) -> bool:
    """Whether only we (or root, who may do anything) can have written it."""
    others = stat.S_IWGRP | stat.S_IWOTH
    return found.st_uid in {0, os.geteuid()} and not (
        found.st_mode & others or stat.S_ISLNK(found.st_mode)
    )


def _mark_of(folder: Path) -> str:
    """The hash of the lists and of the code that reads them."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (*sorted(folder.glob("*/*.yaml")), *sorted(_CORE.rglob("*.py"))):
        data = path.read_bytes()
        digest.update(f"{path.parent.name}/{path.name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def _read(path: Path) -> Lexicons | None:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            if not _is_ours(os.fstat(file.fileno())):
                return None
            # Mapped, not read: megabytes of heap would stay with the process.
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as packed:
                digest = packed.read(_DIGEST_BYTES)
                if hashlib.sha256(memoryview(packed)[_DIGEST_BYTES:]).digest() != digest:
                    return None
                lexicons = _Reader(packed).load()
    except (OSError, *_NOT_OURS):  # an empty file cannot be mapped: ValueError
        return None
    return lexicons if isinstance(lexicons, Lexicons) else None


def _write(path: Path, lexicons: Lexicons) -> None:
    packed = pickle.dumps(lexicons, protocol=pickle.HIGHEST_PROTOCOL)
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(packed).digest() + packed)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink()
            raise
        kept = sorted(path.parent.glob(f"*{_ENDING}"), key=lambda one: one.stat().st_mtime)
        for old in kept[:-KEPT]:
            old.unlink(missing_ok=True)


class _Reader(pickle.Unpickler):
    """Reads what we write and nothing that could do anything: values of the pure core.

    So the reader that Python's documentation warns of can be used (Restricting Globals there).
    """

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 as pickle has it
        """The class of this name. Raises UnpicklingError for any but values of the core."""
        ours = module.startswith("hotline.flow.") and name.isidentifier()
        if ours or (module, name) in _PLAIN:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place among word lists")

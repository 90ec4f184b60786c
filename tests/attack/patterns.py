"""Every regular expression of the hotline's source, wherever it stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import hotline as package

FUNCTIONS = frozenset({"compile", "match", "fullmatch", "search", "sub", "split", "findall"})
FUNCTIONS |= {"subn", "finditer"}
ROOT = Path(package.__file__).parent


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """Compiled ones in modules, in lists and tables of modules, and literals given to `re`."""
    seen = set()
    for name, pattern in (*_in_modules(), *_in_source()):
        if (pattern.pattern, pattern.flags) not in seen:
            seen.add((pattern.pattern, pattern.flags))
            yield name, pattern


def _in_modules() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in walk_packages(package.__path__, "hotline."):
        if not module.name.endswith("__main__"):
            for name, value in vars(import_module(module.name)).items():
                yield from _held(f"{module.name}.{name}", value, 3)


def _held(name: str, value: object, depth: int) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Patterns in a value, or in the collections that it is made of."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _held(name, one, depth - 1)
    elif depth and isinstance(value, dict):
        for one in (*value.keys(), *value.values()):
            yield from _held(name, one, depth - 1)


def _in_source() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    for file in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if is_call_of_re(node) and node.args and isinstance(node.args[0], ast.Constant):
                yield f"{file.name}:{node.lineno}", re.compile(node.args[0].value)


def is_call_of_re(node: ast.AST) -> bool:
    """Whether this is re.compile(...) or another function that takes a pattern."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in FUNCTIONS
    )

"""Reading authors' YAML: every scalar stays a string, and every value knows its line.

PyYAML's C composer is used instead of ruamel.yaml: measured on 240 kB of word lists it was twelve
times faster (0.27 s against 3.2 s), and the service has to be ready within two seconds. Because the
values are taken from the node tree, no YAML 1.1 rule turns `no`, `NO` or `012` into something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from hotline.errors import FlowError, FlowErrors

MAX_BYTES = 2_000_000
MAX_DEPTH = 24
MANY = 3000
_ANCHOR = re.compile(r"[&*](?<![^\s\[{,:][&*])\S")
"""Where an anchor or an alias may stand; the & of "d&c" or "and/&" is none."""

Tree = dict[str, Any] | list[Any] | str | None
"""What a file holds: mappings, lists, strings, and None for an empty value or `null`."""


M = TypeVar("M", bound=BaseModel)


class Marks:
    """The line (from 1) of every value of a file, by its path of keys and indexes."""

    def __init__(self, file: str, lines: dict[tuple[str | int, ...], int]) -> None:
        """Keep the file's name for messages and the lines by path."""
        self.file = file
        self._lines = lines

    def line(self, *path: str | int) -> int:
        """The line of the value at this path, or of its nearest parent that has one."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def error(self, path: tuple[str | int, ...], problem: str, mend: str) -> FlowError:
        """A FlowError that points at this path."""
        return FlowError(self.file, self.line(*path), problem, mend)


def read_yaml(path: Path) -> tuple[Tree, Marks]:
    """Read one file.

    Raises FlowError with file and line when the file is missing, too large, no UTF-8, no YAML,
    nested too deep, uses anchors (a way to blow a small file up), or has a key twice.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        raise FlowError(str(path), 1, problem, "check that the file is there") from error
    return parse_yaml(raw, str(path))


def parse_yaml(raw: bytes, file: str) -> tuple[Tree, Marks]:
    """Read YAML from memory; `file` is the name used in errors. Raises FlowError as read_yaml."""
    if len(raw) > MAX_BYTES:
        raise FlowError(file, 1, f"is larger than {MAX_BYTES} bytes", "split the file")
    try:
        text = raw.decode("utf-8")
        _refuse_aliases(text, file)
        _refuse_depth(text, file)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FlowError(file, line, "is not UTF-8", "save the file as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problem = f"is not YAML: {error.problem or error.context}"
        mend = "check the indentation, and put texts with a colon or # in quotes"
        raise FlowError(file, line, problem, mend) from error
    except yaml.YAMLError as error:
        mend = "save the file as plain UTF-8 text without control characters"
        raise FlowError(file, 1, f"is not YAML: {error}", mend) from error
    lines: dict[tuple[str | int, ...], int] = {}
    tree = _value(root, (), lines, file) if root is not None else None
    return tree, Marks(file, lines)


def validate(model: type[M], tree: Tree, marks: Marks) -> M:
    """The tree as a pydantic model. Raises FlowErrors with every fault, each with its line."""
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        raise FlowErrors([_fault(dict(one), marks) for one in error.errors()]) from error


def _fault(one: Mapping[str, Any], marks: Marks) -> FlowError:
    path = tuple(one["loc"])
    name = ".".join(str(part) for part in path) or "the file"
    match one["type"]:
        case "extra_forbidden":
            problem, mend = f"{name}: unknown name", "correct the spelling or take the line out"
        case "missing":
            problem, mend = f"{name}: is missing", "add it"
        case _:
            problem, mend = f"{name}: {one['msg']}", f"got {str(one.get('input'))[:60]!r}; mend it"
    return marks.error(path, problem, mend)


def _refuse_aliases(text: str, file: str) -> None:
    if ("&" not in text and "*" not in text) or not _ANCHOR.search(text):
        return
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            line = token.start_mark.line + 1
            problem = "uses a YAML anchor (& or *)"
            raise FlowError(file, line, problem, "write the value out, or put it in quotes")


def _refuse_depth(text: str, file: str) -> None:
    """Refuse what is nested so deep that composing it would end the process.

    Depth needs brackets or a long line; files with few of either are not parsed twice.
    """
    longest = max(map(len, text.splitlines()), default=0)
    if text.count("[") + text.count("{") < MANY and longest < MANY:
        return
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > 2 * MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise FlowError(file, line, "is nested too deep", f"keep it within {MAX_DEPTH} levels")


def _value(
    node: yaml.Node, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int], file: str
) -> Tree:
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if len(path) > MAX_DEPTH:
        raise FlowError(file, line, "is nested too deep", f"keep it within {MAX_DEPTH} levels")
    if isinstance(node, yaml.ScalarNode):
        plain_null = not node.style and node.value in ("", "null", "~")
        return None if plain_null else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, (*path, i), lines, file) for i, one in enumerate(node.value)]
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        at = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise FlowError(file, at, "a name must be one word or text", "use a plain name")
        key = str(key_node.value)
        if key in result:
            raise FlowError(file, at, f"{key!r} stands here twice", "keep one of the two")
        lines[(*path, key)] = at
        result[key] = _value(value_node, (*path, key), lines, file)
    return result

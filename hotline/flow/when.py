"""Turns what an author writes under `when` into an expression, naming every mistake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hotline.errors import FlowError
from hotline.flow.conditions import All, AnyOf, Atom, Expression, Not
from hotline.flow.raw import When
from hotline.flow.yaml_text import Marks

NUMERIC = frozenset({"at_least", "below"})
Path = tuple[str | int, ...]


class WhenReader:
    """Reads conditions against the flow's variables and their values.

    `variables` maps each variable to the values it can take; `numbers` are those that may also be
    compared with at_least/below. Faults are collected, so that an author sees all of them at once.
    """

    def __init__(
        self, variables: Mapping[str, frozenset[str]], numbers: frozenset[str], marks: Marks
    ) -> None:
        """Start with no named conditions and no faults."""
        self._variables = variables
        self._numbers = numbers
        self._marks = marks
        self.named: dict[str, Expression] = {}
        self.faults: list[FlowError] = []

    def read(self, when: When, path: Path) -> Expression:
        """The expression; on a fault a condition that never holds, and the fault is kept."""
        parts = [self._entry(key, value, (*path, key)) for key, value in when.items()]
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _entry(self, key: str, value: Any, path: Path) -> Expression:  # noqa: ANN401 raw YAML
        match key:
            case "any" | "all":
                return self._group(key, value, path)
            case "not":
                return Not(self._nested(value, path))
            case "is":
                names = value if isinstance(value, list) else [value]
                return _all([self._name(str(name), path) for name in names])
            case _:
                return self._variable(key, value, path)

    def _group(self, key: str, value: Any, path: Path) -> Expression:  # noqa: ANN401 raw YAML
        if not isinstance(value, list) or not value:
            return self._fault(path, f"{key} needs a list of conditions", "write one per line")
        parts = tuple(self._nested(one, (*path, i)) for i, one in enumerate(value))
        return AnyOf(parts) if key == "any" else All(parts)

    def _nested(self, value: Any, path: Path) -> Expression:  # noqa: ANN401 raw YAML
        if not isinstance(value, dict):
            return self._fault(path, "a condition must be `name: value`", "e.g. {heavy: yes}")
        return self.read(value, path)

    def _name(self, name: str, path: Path) -> Expression:
        if name in self.named:
            return self.named[name]
        known = ", ".join(sorted(self.named)) or "none yet"
        return self._fault(path, f"no condition is called {name!r}", f"defined above: {known}")

    def _variable(self, name: str, value: Any, path: Path) -> Expression:  # noqa: ANN401 raw YAML
        if name not in self._variables:
            near = ", ".join(sorted(self._variables))
            return self._fault(path, f"there is no question {name!r}", f"one of: {near}")
        if isinstance(value, dict):
            return self._compared(name, value, path)
        values = value if isinstance(value, list) else [value]
        if values == ["any"] and "any" not in self._variables[name]:
            values = sorted(self._variables[name])
        atoms = [self._is(name, str(one), path) for one in values]
        return atoms[0] if len(atoms) == 1 else AnyOf(tuple(atoms))

    def _is(self, name: str, value: str, path: Path) -> Expression:
        allowed = self._variables[name]
        if value in allowed:
            return Atom(name, "is", value)
        mend = f"one of: {', '.join(sorted(allowed))}"
        return self._fault(path, f"{name} is never {value!r}", mend)

    def _compared(self, name: str, value: dict[str, Any], path: Path) -> Expression:
        if name not in self._numbers or not value or set(value) - NUMERIC:
            mend = "only numbers compare, with at_least and below"
            return self._fault(path, f"{name} cannot be compared like this", mend)
        parts: list[Expression] = []
        for test, number in value.items():
            if not str(number).isdecimal():
                return self._fault((*path, test), f"{number!r} is no number", "write digits")
            parts.append(Atom(name, test, str(int(number))))
        return _all(parts)

    def _fault(self, path: Path, problem: str, mend: str) -> Expression:
        self.faults.append(self._marks.error(path, problem, mend))
        return AnyOf(())


def _all(parts: list[Expression]) -> Expression:
    return parts[0] if len(parts) == 1 else All(tuple(parts))

"""Conditions: what an author writes under `when`, and the bit masks the engine decides them by.

A condition is a tree of atoms ("pain is severe", "weeks is at least 20"). For the engine it is
compiled to conjunctive normal form over one bit per atom: a clause is a pair of masks (atoms of
which one must be true, atoms of which one must be false). With the sets of true and of false atoms
as two integers, a condition holds, is dead or is still open in a few machine operations.

An atom that is in both sets was said both ways. Every clause may then take it as it helps, so what
holds by one of her statements holds: the worse statement counts, and a further statement, which
only adds atoms to the two sets, can never make a condition that holds fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

MAX_CLAUSES = 400
DEAD = 0
HOLDS = -1


@dataclass(frozen=True, slots=True, order=True)
class Atom:
    """One thing that is true or not: the variable has this value, or is at least/below a number.

    `test` is "is", "at_least" or "below"; `value` is the option's value or the number as text.
    """

    variable: str
    test: str
    value: str

    def __str__(self) -> str:
        """As a clinician would read it."""
        words = {"is": "is", "at_least": "is at least", "below": "is below"}
        return f"{self.variable} {words[self.test]} {self.value}"


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Expression


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; with no parts it always holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; with no parts it never does."""

    parts: tuple[Expression, ...]


Expression = Atom | Not | All | AnyOf


class Atoms:
    """The atoms of a flow, each with its bit."""

    def __init__(self) -> None:
        """Start with none; `bit` adds."""
        self._bits: dict[Atom, int] = {}

    def bit(self, atom: Atom) -> int:
        """The atom's mask (one bit set), a new one when it was not seen before."""
        return self._bits.setdefault(atom, 1 << len(self._bits))

    def find(self, variable: str, test: str, value: str) -> int:
        """The mask of this atom, 0 when no condition asks for it."""
        return self._bits.get(Atom(variable, test, value), 0)

    def of(self, variable: str) -> int:
        """The mask of all atoms of one variable."""
        return sum(bit for atom, bit in self._bits.items() if atom.variable == variable)

    def named(self, mask: int) -> list[Atom]:
        """The atoms in a mask, in the order they were first written."""
        return [atom for atom, bit in self._bits.items() if bit & mask]

    def __iter__(self) -> Iterator[Atom]:
        """All atoms, in the order they were first written."""
        return iter(self._bits)


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression with its clauses (atoms of which one is true, atoms of which one is false)."""

    expression: Expression
    clauses: tuple[tuple[int, int], ...]

    def holds(self, true: int, false: int) -> bool:
        """Whether it holds already, given the atoms that are true and those that are false."""
        for positive, negative in self.clauses:  # noqa: SIM110 a generator costs twice the time
            if not (true & positive or false & negative):
                return False
        return True

    def dead(self, true: int, false: int) -> bool:
        """Whether it can no longer hold."""
        for positive, negative in self.clauses:
            if true & positive or false & negative:
                continue
            if positive & ~false == 0 and negative & ~true == 0:
                return True
        return False

    def standing(self, true: int, false: int) -> int:
        """HOLDS, DEAD, or the undecided atoms that still matter: both questions in one pass."""
        open_mask = 0
        for positive, negative in self.clauses:
            if true & positive or false & negative:
                continue
            undecided = positive & ~false | negative & ~true
            if not undecided:
                return DEAD
            open_mask |= undecided
        return open_mask or HOLDS

    def open_atoms(self, true: int, false: int) -> int:
        """The undecided atoms that still matter, 0 when it holds or is dead."""
        found = self.standing(true, false)
        return 0 if found == HOLDS else found


def compile_condition(expression: Expression, atoms: Atoms) -> Condition:
    """Compile to clauses. Raises ValueError when it would take more than MAX_CLAUSES."""
    clauses: list[tuple[int, int]] = []
    for clause in _clauses(expression, negate=False):
        positive = negative = 0
        for atom, wanted in clause:
            if wanted:
                positive |= atoms.bit(atom)
            else:
                negative |= atoms.bit(atom)
        if not positive & negative:
            clauses.append((positive, negative))
    return Condition(expression, tuple(dict.fromkeys(clauses)))


Literal = tuple[Atom, bool]
Clause = frozenset[Literal]


def _clauses(expression: Expression, *, negate: bool) -> list[Clause]:
    match expression:
        case Atom():
            return [frozenset({(expression, not negate)})]
        case Not(part):
            return _clauses(part, negate=not negate)
        case All(parts) if not negate:
            return _joined(parts, negate=negate)
        case AnyOf(parts) if negate:
            return _joined(parts, negate=negate)
        case All(parts) | AnyOf(parts):
            return _spread([_clauses(part, negate=negate) for part in parts])


def _joined(parts: Iterable[Expression], *, negate: bool) -> list[Clause]:
    return [clause for part in parts for clause in _clauses(part, negate=negate)]


def _spread(groups: list[list[Clause]]) -> list[Clause]:
    size = 1
    for group in groups:
        size *= len(group)
    if size > MAX_CLAUSES:
        message = f"this condition needs {size} clauses, more than {MAX_CLAUSES}"
        raise ValueError(message)
    merged = {frozenset().union(*choice) for choice in product(*groups)}
    return [clause for clause in merged if not any(other < clause for other in merged)]


def variables(expression: Expression) -> frozenset[str]:
    """The names of all variables the expression asks about."""
    match expression:
        case Atom(variable):
            return frozenset({variable})
        case Not(part):
            return variables(part)
        case All(parts) | AnyOf(parts):
            return frozenset().union(*(variables(part) for part in parts))


def atoms_of(expression: Expression) -> list[Atom]:
    """All atoms of the expression, in the order written."""
    match expression:
        case Atom():
            return [expression]
        case Not(part):
            return atoms_of(part)
        case All(parts) | AnyOf(parts):
            return [atom for part in parts for atom in atoms_of(part)]


def in_words(expression: Expression, named: Mapping[Expression, str] | None = None) -> str:
    """The expression as one line a clinician can read; parts that have a name by their name."""
    if named and expression in named:
        return named[expression]
    match expression:
        case Atom():
            return str(expression)
        case Not(part):
            return f"not ({in_words(part, named)})"
        case All(parts):
            return " and ".join(_bracketed(part, named) for part in parts) or "always"
        case AnyOf(parts):
            return " or ".join(_bracketed(part, named) for part in parts) or "never"


def _bracketed(part: Expression, named: Mapping[Expression, str] | None) -> str:
    words = in_words(part, named)
    needs = isinstance(part, All | AnyOf) and len(part.parts) > 1 and " " in words
    return f"({words})" if needs else words

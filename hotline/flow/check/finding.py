"""A finding: what is wrong, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a flow's files (or, as information, something its author should know).

    `check` is the id of the check that found it; `story` is the shortest conversation that shows
    it, one line a turn, empty when no conversation is needed to see it.
    """

    check: str
    file: str
    line: int | None
    problem: str
    mend: str
    story: tuple[str, ...] = ()
    information: bool = False

    def __str__(self) -> str:
        """As an editor can jump to it: file:line: [check] problem. Mend."""
        place = f"{self.file}:{self.line}" if self.line is not None else self.file
        said = f"{place}: [{self.check}] {self.problem}. {self.mend}"
        return "\n".join([said, *(f"    {line}" for line in self.story)])

"""One measured figure: what it is, what was found, what was promised, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its promise: `least` or `most` is the bound (None: told, not promised)."""

    name: str
    value: float
    unit: str
    least: float | None = None
    most: float | None = None
    remark: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the promise is kept; None where nothing was promised."""
        if self.least is not None:
            return self.value >= self.least
        if self.most is not None:
            return self.value <= self.most
        return None

    @property
    def promise(self) -> str:
        """The bound in words."""
        if self.least is not None:
            return f"at least {self.least:g}"
        return f"at most {self.most:g}" if self.most is not None else ""

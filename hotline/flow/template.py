"""Templates: a text with {placeholders}, split once when it is read so that filling it is cheap."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A text cut at its placeholders: literal, name, literal, name, ..., literal."""

    parts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The placeholders, in the order they stand."""
        return self.parts[1::2]

    def fill(self, words: Mapping[str, str]) -> str:
        """The text with every placeholder replaced. Raises KeyError for one that has no words."""
        parts = self.parts
        if len(parts) == 1:
            return parts[0]
        return "".join(words[part] if index % 2 else part for index, part in enumerate(parts))


def cut(text: str) -> Template:
    """Cut a text at its placeholders. Raises ValueError for a brace that is no placeholder."""
    parts = tuple(_SLOT.split(text))
    if any("{" in literal or "}" in literal for literal in parts[::2]):
        raise ValueError("a brace that is no placeholder: write {name} in small letters")
    return Template(parts)

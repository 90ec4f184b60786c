"""The published sources that rules cite, for showing why a rule exists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from hotline.flow.yaml_text import read_yaml, validate

STATUSES = {
    "V": "read on the organisation's own page",
    "V2": "read in a copy only",
    "NV": "not verified",
}


class _Source(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    organisation: str
    title: str
    url: str | None = None
    status: str = "NV"
    checked: str = ""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    sources: dict[str, _Source]


@dataclass(frozen=True, slots=True)
class Source:
    """One source: whose, its title, where (None: nowhere), how it was checked and when."""

    key: str
    organisation: str
    title: str
    url: str | None
    status: str
    checked: str


@dataclass(frozen=True, slots=True)
class SourceBook:
    """The sources by key."""

    by_key: Mapping[str, Source]

    def get(self, key: str) -> Source:
        """The source with this key; one that is not in the file is named as such."""
        lacking = Source(key, key, "not in sources.yaml", None, STATUSES["NV"], "")
        return self.by_key.get(key, lacking)


def load_sources(path: Path) -> SourceBook:
    """Read sources.yaml. Raises FlowError or FlowErrors."""
    tree, marks = read_yaml(path)
    shape = validate(_Shape, tree, marks)
    return SourceBook({key: _source(key, one) for key, one in shape.sources.items()})


def _source(key: str, one: _Source) -> Source:
    status = STATUSES.get(one.status, one.status)
    # Only an address of the web becomes a link.
    url = one.url if one.url and one.url.startswith("https://") else None
    return Source(key, one.organisation, one.title, url, status, one.checked)

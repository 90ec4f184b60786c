"""Everything authors own, loaded: the flow, its older versions, the words and the word lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hotline.flow.flow import Flow
from hotline.flow.lexicon import Lexicons
from hotline.flow.lexicon_load import load_lexicons
from hotline.flow.load import load_flow, parse_flow
from hotline.flow.words import Words
from hotline.flow.words_load import load_words

FLOW = "bleeding"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Library:
    """What is served. `source` is the flow file's bytes, kept so that a session can finish on it.

    `fetch` gives the bytes of an older version (None when nobody has it).
    """

    flow: Flow
    source: bytes
    words: Words
    lexicons: Lexicons
    fetch: Callable[[str], bytes | None] = lambda _version: None
    _older: dict[str, Flow] = field(default_factory=dict)

    def flow_of(self, version: str) -> Flow:
        """The flow of this version: today's, an older one, or today's when nobody has it."""
        if version == self.flow.version:
            return self.flow
        older = self._older.get(version)
        if older is None:
            source = self.fetch(version)
            older = self.flow if source is None else parse_flow(source, f"flow {version}")
            self._older[version] = older
        return older


def load_library(
    flows: Path,
    fetch: Callable[[str], bytes | None] | None = None,
    read_lists: Callable[[Path], Lexicons] = load_lexicons,
) -> Library:
    """Load the flows folder. Raises FlowError or FlowErrors with file, line and mend.

    `read_lists` gives the lexicons of a folder, for who keeps them in another form.
    """
    folder = flows / FLOW
    flow = load_flow(folder / "flow.yaml")
    library = Library(
        flow=flow,
        source=(folder / "flow.yaml").read_bytes(),
        words=load_words(folder, flows),
        lexicons=read_lists(flows / "understanding"),
    )
    if fetch is None:
        return library
    return Library(library.flow, library.source, library.words, library.lexicons, fetch)

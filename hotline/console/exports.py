"""Sessions as they leave the house: CSV, JSON Lines and FHIR lines, pseudonymous unless named."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hotline.console.fhir import Fhir
from hotline.flow.engine import level_now
from hotline.flow.library import Library
from hotline.session.codec import value_to_plain
from hotline.session.finding import Wanted, find, load_many
from hotline.session.records import Entry, Session
from hotline.session.store import Store

_AT_ONCE = 200
_FORMULA = frozenset("=+-@\t\r\n")
_HEAD = (
    *("session", "began", "last_active", "level", "level_by_rules", "rules", "state", "channel"),
    *("country", "language", "flow", "dangers", "asked_for_person", "outcome", "number"),
)


@dataclass(frozen=True, slots=True)
class Exporter:
    """Exports from one store. `named`: with her number and, in JSON, her words."""

    store: Store
    library: Library
    address: str
    named: bool = False

    def csv(self, sessions: Iterable[Session]) -> Iterator[str]:
        """A table: one line a session, one column an answer. Safe to open in a spreadsheet."""
        questions = [one.id for one in self.library.flow.questions]
        yield _csv_line([*_HEAD, *questions])
        for session in sessions:
            plain = self.plain(session)
            answers = plain.pop("answers")
            cells = [plain.get(name, "") for name in _HEAD]
            yield _csv_line([*cells, *(answers.get(one, "") for one in questions)])

    def jsonl(self, sessions: Iterable[Session]) -> Iterator[str]:
        """One JSON object a line, with the log of each session."""
        for session in sessions:
            loaded = self.store.load_by_id(session.id)
            log = [self._entry(at, entry) for at, entry in self.store.entries(loaded)]
            plain = {**self.plain(session), "log": log}
            yield json.dumps(plain, ensure_ascii=False) + "\n"

    def fhir(self, sessions: Iterable[Session]) -> Iterator[str]:
        """FHIR R4 resources, one a line: the questionnaires, then what each session amounts to."""
        fhir = Fhir(self.library, self.address, named=self.named)
        seen: set[str] = set()
        for session in sessions:
            if session.flow not in seen:
                seen.add(session.flow)
                yield fhir.questionnaire(session.flow) + "\n"
            for resource in fhir.resources(session):
                yield resource + "\n"

    def plain(self, session: Session) -> dict[str, Any]:
        """A session as plain data, without a word of hers."""
        state = session.state
        flow = self.library.flow_of(session.flow)
        verdict = level_now(flow, state)
        plain: dict[str, Any] = {
            "session": session.id,
            "began": _iso(session.opened),
            "last_active": _iso(session.updated),
            "level": state.level.value if state.level else "",
            "level_by_rules": verdict.level.value if verdict.level else "",
            "rules": list(verdict.rules),
            "state": session.standing.value,
            "channel": session.channel.value,
            "country": session.country or "",
            "language": session.language,
            "flow": session.flow,
            "dangers": sorted(state.dangers),
            "asked_for_person": session.wants_person,
            "outcome": session.outcome or "",
            "answers": {name: value_to_plain(value) for name, value in state.answers.items()},
        }
        return {**plain, "number": session.number} if self.named else plain

    def _entry(self, at: int, entry: Entry) -> dict[str, Any]:
        plain: dict[str, Any] = {"at": _iso(at), "kind": entry.kind, "events": list(entry.events)}
        if entry.by:
            plain["by"] = entry.by
        if self.named:
            plain |= {"words": entry.words, "said": list(entry.said)}
        return plain


Form = Callable[[Exporter, Iterable[Session]], Iterator[str]]

FORMS: dict[str, tuple[Form, str]] = {
    "csv": (Exporter.csv, "text/csv"),
    "jsonl": (Exporter.jsonl, "application/x-ndjson"),
    "fhir": (Exporter.fhir, "application/fhir+ndjson"),
}
"""Each form: how it is made, and its media type."""


def every_session(store: Store, wanted: Wanted) -> Iterator[Session]:
    """All sessions wanted, the last active first, read in small steps."""
    step = Wanted(wanted.indexes, wanted.since, wanted.until, wanted.cursor, _AT_ONCE)
    while True:
        found = find(store, step)
        yield from load_many(store, [one.id for one in found])
        if len(found) < _AT_ONCE:
            return
        step = Wanted(wanted.indexes, wanted.since, wanted.until, found[-1].cursor, _AT_ONCE)


def _csv_line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([safe_cell(one) for one in cells])
    return out.getvalue()


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text[:1] in _FORMULA else text


def _iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds")

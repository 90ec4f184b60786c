"""A session's answers as a table: what was asked, what she wrote, how it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.flow.flow import Flow
from hotline.flow.library import Library
from hotline.flow.model import Kind, Question, Value
from hotline.flow.words import DEFAULT_LANGUAGE, labels_of
from hotline.session.codec import value_from_plain
from hotline.session.records import Entry, Session
from hotline.session.staffing import StaffDid, StaffingRefused

SOURCES = {
    "asked": "answered",
    "told": "told unasked",
    "implied": "follows from another answer",
    "silence": "silence counts as this",
    "nonsense": "not understood; counts as this",
    "staff": "set by staff",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One option in a form for correcting."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One question: its words, what she wrote (and when), how it was read, and the options."""

    id: str
    asked: str
    wrote: str
    read: str
    source: str
    by: str
    kind: Kind
    choices: tuple[Choice, ...]
    number: str
    red_flag: bool


@dataclass(frozen=True, slots=True)
class _Given:
    wrote: str
    source: str
    by: str


def answer_rows(
    library: Library, session: Session, log: Sequence[tuple[int, Entry]]
) -> tuple[Row, ...]:
    """The answered questions in the order they were settled."""
    flow = library.flow_of(session.flow)
    given = _given(log)
    return tuple(
        _row(library, flow.by_id[name], value, given.get(name))
        for name, value in session.state.answers.items()
        if name in flow.by_id
    )


def open_rows(library: Library, session: Session) -> tuple[Row, ...]:
    """The questions without an answer, for what a nurse learns by asking herself."""
    flow = library.flow_of(session.flow)
    answers = session.state.answers
    return tuple(
        _row(library, question, None, None)
        for question in flow.asked_in_order
        if question.id not in answers
    )


def read_value(flow: Flow, question_id: str, values: Sequence[str]) -> Value:
    """The value that a correction form means. Raises StaffingRefused for none."""
    question = flow.by_id.get(question_id)
    given = [one.strip() for one in values if one.strip()]
    if question is None or not given:
        raise StaffingRefused("Choose an answer first.")
    if question.kind is Kind.CHOICES:
        return frozenset(given)
    # A number and an option side by side: what was chosen in words counts, it is chosen knowingly.
    if question.kind in (Kind.WEEKS, Kind.NUMBER) and given[-1].isdecimal():
        return int(given[-1])
    return given[-1]


def _given(log: Sequence[tuple[int, Entry]]) -> dict[str, _Given]:
    found: dict[str, _Given] = {}
    for _, entry in log:
        corrected = entry.extra.get("did") == StaffDid.CORRECTED
        by = entry.by if corrected else ""
        for event in entry.events:
            if event["is"] == "Answered":
                before = found.get(event["question"])
                # What she wrote stays beside what staff made of it.
                wrote = before.wrote if corrected and before else entry.words
                found[event["question"]] = _Given(wrote, event["source"], by)
    return found


def _row(library: Library, question: Question, value: Value | None, given: _Given | None) -> Row:
    texts = library.words.texts(DEFAULT_LANGUAGE)
    place = library.words.place(None, DEFAULT_LANGUAGE)
    words = texts.questions.get(question.id)
    labels = labels_of(texts, question) if words else {}
    chosen = value if isinstance(value, frozenset) else {value}
    return Row(
        id=question.id,
        asked=words.ask.fill(place.sms) if words else question.id,
        wrote=given.wrote if given else "",
        read=_read(value, labels),
        source=SOURCES.get(given.source, given.source) if given else "",
        by=given.by if given else "",
        kind=question.kind,
        choices=tuple(
            Choice(one.value, labels.get(one.value, one.value), one.value in chosen)
            for one in question.options
        ),
        number=str(value) if isinstance(value, int) else "",
        red_flag=question.red_flag or question.checks is not None,
    )


def _read(value: Value | None, labels: dict[str, str]) -> str:
    if value is None:
        return ""
    plain = value_from_plain(value)
    members = sorted(plain) if isinstance(plain, frozenset) else [plain]
    return ", ".join(labels.get(str(one), str(one)) for one in members)

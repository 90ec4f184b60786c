"""Sessions in FHIR R4 (4.3): Questionnaire, QuestionnaireResponse, ServiceRequest, Flag.

Every resource is built as a model of fhir.resources, which validates it, before it leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from hotline.flow.flow import Flow
from hotline.flow.levels import Level
from hotline.flow.library import Library
from hotline.flow.model import Kind, Question, Value
from hotline.flow.words import DEFAULT_LANGUAGE, labels_of
from hotline.session.records import Session

PRIORITY = {
    Level.EMERGENCY: "stat",
    Level.URGENT: "asap",
    Level.SOON: "urgent",
    Level.ROUTINE: "routine",
    Level.SELF_CARE: "routine",
}
"""Our levels in FHIR's request-priority."""

_NUMBERS = (Kind.WEEKS, Kind.NUMBER)


class Fhir:
    """Makes resources; `address` is the base of their canonical names."""

    def __init__(self, library: Library, address: str, *, named: bool) -> None:
        """`named`: her number is her identifier, else only the contact's keyed hash."""
        self._library = library
        self._base = f"{address}/fhir"
        self._named = named

    def questionnaire(self, version: str) -> str:
        """The questions of a flow's version."""
        from fhir.resources.R4B.questionnaire import Questionnaire  # noqa: PLC0415 takes 0.5 s

        flow = self._library.flow_of(version)
        draft = flow.meta.status != "signed_off"
        return _json(
            Questionnaire,
            resourceType="Questionnaire",
            id=_fhir_id(flow.version),
            url=f"{self._base}/Questionnaire/{flow.id}",
            version=flow.version,
            title=flow.title,
            status="draft" if draft else "active",
            item=[self._item(flow, one) for one in flow.questions],
        )

    def resources(self, session: Session) -> Iterator[str]:
        """A session's answers, its level as a request, and each danger as a flag."""
        yield self._response(session)
        if session.state.level is not None:
            yield self._request(session, session.state.level)
        for danger in sorted(session.state.dangers):
            yield self._flag(session, danger)

    def _response(self, session: Session) -> str:
        from fhir.resources.R4B.questionnaireresponse import (  # noqa: PLC0415 takes 0.5 s
            QuestionnaireResponse,
        )

        flow = self._library.flow_of(session.flow)
        # FHIR wants the answers in the order of the questions.
        given = [one for one in flow.questions if one.id in session.state.answers]
        items = [self._answered(flow, one, session.state.answers[one.id]) for one in given]
        return _json(
            QuestionnaireResponse,
            resourceType="QuestionnaireResponse",
            id=_fhir_id(session.id),
            questionnaire=f"{self._base}/Questionnaire/{flow.id}|{flow.version}",
            status="completed" if session.state.ended else "in-progress",
            subject=self._subject(session),
            authored=_when(session.updated),
            **({"item": items} if items else {}),
        )

    def _request(self, session: Session, level: Level) -> str:
        from fhir.resources.R4B.servicerequest import ServiceRequest  # noqa: PLC0415 takes 0.5 s

        flow = self._library.flow_of(session.flow)
        rules = flow.final(flow.settle(session.state)).rules
        return _json(
            ServiceRequest,
            resourceType="ServiceRequest",
            id=_fhir_id(f"{session.id}-level"),
            status="active",
            intent="proposal",
            priority=PRIORITY[level],
            code={"text": f"To be seen: {level.value}"},
            subject=self._subject(session),
            authoredOn=_when(session.updated),
            supportingInfo=[{"reference": f"QuestionnaireResponse/{_fhir_id(session.id)}"}],
            **({"reasonCode": [{"text": rule} for rule in rules]} if rules else {}),
        )

    def _flag(self, session: Session, danger: str) -> str:
        from fhir.resources.R4B.flag import Flag  # noqa: PLC0415 takes 0.5 s

        return _json(
            Flag,
            resourceType="Flag",
            id=_fhir_id(f"{session.id}-{danger}"),
            status="active",
            code={"coding": [{"system": f"{self._base}/danger", "code": danger}], "text": danger},
            subject=self._subject(session),
            period={"start": _when(session.opened)},
        )

    def _subject(self, session: Session) -> dict[str, Any]:
        if self._named and session.number:
            return {"identifier": {"system": "urn:ietf:rfc:3966", "value": f"tel:{session.number}"}}
        return {"identifier": {"system": f"{self._base}/contact", "value": session.contact}}

    def _item(self, flow: Flow, question: Question) -> dict[str, Any]:
        texts = self._library.words.texts(DEFAULT_LANGUAGE)
        place = self._library.words.place(None, DEFAULT_LANGUAGE)
        words = texts.questions.get(question.id)
        item: dict[str, Any] = {
            "linkId": question.id,
            "text": words.ask.fill(place.sms) if words else question.id,
            "type": "open-choice" if question.kind in _NUMBERS else "choice",
            "repeats": question.kind is Kind.CHOICES,
        }
        if question.kind is Kind.TEXT:
            return {**item, "type": "text"}
        codes = [self._coding(flow, question, one.value) for one in question.options]
        return {**item, "answerOption": [{"valueCoding": one} for one in codes]}

    def _answered(self, flow: Flow, question: Question, value: Value) -> dict[str, Any]:
        values = sorted(value) if isinstance(value, frozenset) else [value]
        answers: list[dict[str, Any]] = []
        for one in values:
            if isinstance(one, int):
                answers.append({"valueString": str(one)})
            elif question.kind is Kind.TEXT:
                answers.append({"valueString": "(not exported)"})
            else:
                answers.append({"valueCoding": self._coding(flow, question, one)})
        return {"linkId": question.id, "answer": answers}

    def _coding(self, flow: Flow, question: Question, value: str) -> dict[str, str]:
        texts = self._library.words.texts(DEFAULT_LANGUAGE)
        known = question.id in texts.questions
        label = labels_of(texts, question).get(value, value) if known else value
        system = f"{self._base}/{flow.id}/{question.id}"
        return {"system": system, "code": value, "display": label}


def _json(model: Any, **fields: Any) -> str:  # noqa: ANN401 the models share no typed base
    """Build, and so validate, a resource; its JSON. Raises pydantic.ValidationError."""
    built = model.model_validate(fields)
    text: str = built.model_dump_json()
    return text


def _fhir_id(name: str) -> str:
    """FHIR ids have letters, digits, dashes and dots, 64 at most."""
    return name.replace("_", "-")[:64]


def _when(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds")

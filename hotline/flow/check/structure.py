"""Faults that can be seen in the files alone: ids, sources, missing words, dates, languages."""

from __future__ import annotations

from collections.abc import Iterator

from hotline.flow.check.finding import Finding
from hotline.flow.check.material import Material, languages
from hotline.flow.conditions import Expression, Not, variables
from hotline.flow.levels import LEVELS
from hotline.flow.model import Kind, Question
from hotline.flow.texts import Texts
from hotline.flow.words import DEFAULT_LANGUAGE
from hotline.flow.words_load import missing_words


def unknown_source(material: Material) -> Iterator[Finding]:
    """A rule or a topic cites a source that sources.yaml does not have."""
    mend = "add it to sources.yaml, or cite another"
    for rule in material.flow.rules:
        for source in rule.sources:
            if source not in material.sources:
                problem = f"the rule {rule.id} cites {source!r}, which nobody knows"
                yield material.finding("unknown-source", rule.line, problem, mend)
        if not rule.sources:
            problem = f"the rule {rule.id} cites no source"
            yield material.finding("unknown-source", rule.line, problem, "cite one, or `ours`")
    for language, texts in languages(material):
        for name, topic in texts.topics.items():
            for source in topic.sources:
                if source not in material.sources:
                    problem = f"the topic {name} cites {source!r}, which nobody knows"
                    place = (language, "topics", name, "sources")
                    yield material.wording("unknown-source", place, problem, mend)


def missing_text(material: Material) -> Iterator[Finding]:
    """Something the flow says has no words in some language."""
    flow = material.flow
    said = {
        "levels": [level.value for level in LEVELS],
        "advice": [one.say for one in flow.advice],
        "exits": [one.say for one in flow.exits],
        "asides": [one.say for one in flow.asides],
    }
    for language, texts in languages(material):
        have = {name: getattr(texts, name) for name in said}
        lacking = [(s, one) for s, ids in said.items() for one in ids if one not in have[s]]
        lacking += [("questions", q.id) for q in flow.questions if q.id not in texts.questions]
        for question in flow.questions:
            lacking += [("labels", one) for one in _unlabelled(question, texts)]
        for section, one in dict.fromkeys(lacking):
            problem = f"{section}.{one} has no words in {language!r}"
            yield material.wording("missing-text", (language, section, one), problem, "add them")


def _unlabelled(question: Question, texts: Texts) -> list[str]:
    if question.kind in (Kind.WEEKS, Kind.NUMBER):
        return []
    own = texts.questions.get(question.id)
    known = {*texts.labels, *(own.options if own else ())}
    return [value for value in question.values if value not in known]


def incomplete_language(material: Material) -> Iterator[Finding]:
    """A language that lacks phrases, topics or facts that English has, or is not understood."""
    reference = material.words.languages[DEFAULT_LANGUAGE]
    for language, texts in languages(material):
        for one in missing_words(reference, texts):
            section, _, name = one.partition(".")
            if section in ("phrases", "topics", "facts"):
                problem = f"{one} has no words in {language!r}, but in English"
                place = (language, section, name)
                yield material.wording("incomplete-language", place, problem, "add them")
        if language not in material.understood:
            problem = f"{language!r} is spoken, but no words of it are understood"
            mend = f"add flows/understanding/{language}/"
            yield material.wording("incomplete-language", (language, "language"), problem, mend)


def review_overdue(material: Material) -> Iterator[Finding]:
    """The date by which a clinician had to look again is past."""
    meta = material.flow.meta
    if meta.review_due and meta.review_due < material.today.isoformat():
        problem = f"the review was due on {meta.review_due}"
        mend = "have a clinician review the flow and set the next date"
        yield material.finding("review-overdue", _line_of_meta(material), problem, mend)
    if meta.status == "signed_off" and not meta.reviewed_by:
        problem = "the flow is signed off by nobody"
        mend = "name the clinician under meta.reviewed_by, or set status: draft"
        yield material.finding("review-overdue", _line_of_meta(material), problem, mend)


def _line_of_meta(material: Material) -> int | None:
    marks = material.marks.get(("", "flow"))
    return marks.line("meta") if marks else None


def waits_for_itself(material: Material) -> Iterator[Finding]:
    """A question whose `ask_when` needs an answer that is only asked for after this one."""
    by_id = material.flow.by_id
    for question in material.flow.questions:
        if question.ask_when is None:
            continue
        for name in variables(question.ask_when.expression) & by_id.keys():
            other = by_id[name]
            if other.ask_when is None or name == question.id:
                continue
            if _needs(other.ask_when.expression, question.id) and _needs(
                question.ask_when.expression, name
            ):
                problem = f"{question.id} waits for {name}, which waits for {question.id}"
                mend = "take one of the two out of the other's `ask_when`"
                yield material.finding("waits-for-itself", question.line, problem, mend)
                return


def _needs(expression: Expression, name: str) -> bool:
    """Whether it cannot hold before this question is answered (a plain part asks about it)."""
    parts = getattr(expression, "parts", (expression,))
    return any(
        variables(part) == {name} and not isinstance(part, Not) and not _can_be_empty(part)
        for part in parts
    )


def _can_be_empty(expression: Expression) -> bool:
    parts = getattr(expression, "parts", ())
    return any(isinstance(part, Not) for part in parts)


def silent_level(material: Material) -> Iterator[Finding]:
    """A level that no rule gives: its words are never said."""
    given = {rule.level for rule in material.flow.rules}
    for level in LEVELS:
        if level not in given:
            problem = f"no rule gives the level {level}"
            mend = "add a rule, or keep the level in mind when you read the others"
            found = material.finding("silent-level", None, problem, mend)
            yield Finding(found.check, found.file, None, problem, mend, information=True)

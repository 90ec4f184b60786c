"""Faults of what is said: too long, wrong letters, the action too late, hard words, blame."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hotline.errors import FlowError
from hotline.flow.check.finding import Finding
from hotline.flow.check.material import Material, languages
from hotline.flow.check.reading_age import grade
from hotline.flow.events import Form
from hotline.flow.levels import Level
from hotline.flow.sms_text import Encoding, measure, odd_letters
from hotline.flow.texts import Place, Saying, Texts
from hotline.flow.words import render_question

CARRIER = frozenset(
    {
        *("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"),
        *("HELP", "INFO", "START", "UNSTOP"),
    }
)
"""Words that a carrier answers or blocks on by itself; alone in a text they never reach us."""

QUESTION_SEGMENTS = {Encoding.GSM_7: 2, Encoding.UCS_2: 4}
ACTION_WITHIN = 70
GRADE = 6.0

_PARTS_OF_SENTENCES = frozenset(
    {
        *("emergency", "emergency_again", "urgent_line", "violence", "crisis", "child"),
        *("hospital", "unit", "or_hospital", "silent_call", "then_press", "press_key", "number"),
        *("unit_not_pregnant", "unit_after_pregnancy"),
    }
)
_BLAME = {
    "en": r"you have (a |an )?(miscarr|ectopic|infection|placenta)|you are miscarrying"
    r"|(?<!not )your fault|you should (have|not have)|nothing to worry|don't worry"
    r"|usually harmless|harmless|probably",
    "es": r"usted tiene (un |una )?(aborto|infecc|embarazo ect)|(?<!no es )culpa suya"
    r"|no se preocupe|no te preocupes|probablemente",
    "fr": r"vous avez une? (fausse|infection|grossesse extra)|ne vous inqui|probablement",
    "hi": r"चिंता न करें|शायद आपको",
}


def keyword_clash(material: Material) -> Iterator[Finding]:
    """An answer that a carrier keeps for itself: she would send it, and nobody would hear her."""
    mend = "say it with another word"
    for language, texts in languages(material):
        for question in material.flow.questions:
            if question.id not in texts.questions:
                continue
            for value, label in _labels(texts, question.id):
                if label.strip().upper() in CARRIER:
                    problem = f"{question.id}: the answer {label!r} is a word that carriers keep"
                    place = (language, "questions", question.id, "options", value)
                    yield material.wording("keyword-clash", place, problem, mend)
        for word in sorted(material.understood.get(language, frozenset())):
            if word.upper() in CARRIER:
                problem = f"{word!r} is read as an answer, but carriers keep it"
                yield material.wording("keyword-clash", (language, "language"), problem, mend)


def _labels(texts: Texts, question: str) -> list[tuple[str, str]]:
    return [*texts.questions[question].options.items(), *texts.labels.items()]


def too_long(material: Material) -> Iterator[Finding]:
    """A question that, with its options and the longest numbers, needs too many segments."""
    for language, texts in languages(material):
        for place in _places(material, language):
            for question in material.flow.questions:
                if not _has_words(texts, question.id, material):
                    continue
                for form in Form:
                    try:
                        measured = measure(render_question(texts, question, form, place))
                    except FlowError:  # words that are not there are another check's finding
                        continue
                    most = QUESTION_SEGMENTS[measured.encoding]
                    if measured.segments > most:
                        problem = (
                            f"{question.id} ({form}) is {measured.segments} segments long in "
                            f"{place.code or 'no country'}, more than {most}"
                        )
                        at = (language, "questions", question.id)
                        yield material.wording("too-long", at, problem, "say it shorter")
                        break


def not_gsm(material: Material) -> Iterator[Finding]:
    """A text with letters that GSM-7 lacks, in a file that promises `letters: gsm`."""
    for language, texts in languages(material):
        if language not in material.gsm:
            continue
        for section, name, saying in _sayings(texts):
            for part in saying.sms.parts[::2]:
                yield from _odd(material, (language, section, name), part)
        for name, words in texts.questions.items():
            for part in (*words.ask.parts[::2], *words.simpler.parts[::2], *words.options.values()):
                yield from _odd(material, (language, "questions", name), part)


def _odd(material: Material, place: tuple[str, ...], text: str) -> Iterator[Finding]:
    odd = "".join(odd_letters(text))
    if odd:
        problem = f"{place[1]}.{place[2]} has letters that make a text cost double: {odd}"
        mend = "write them otherwise, or `letters: all` for the file"
        yield material.wording("not-gsm", place, problem, mend)


def action_late(material: Material) -> Iterator[Finding]:
    """`emergency` and `urgent` must say whom to call within the first 70 characters."""
    wanted = {Level.EMERGENCY: "emergency", Level.URGENT: "unit"}
    for language, texts in languages(material):
        for level, number in wanted.items():
            saying = texts.levels.get(level.value)
            for place in _places(material, language) if saying else ():
                said = saying.fill(place, voice=False) if saying else ""
                words = place.sms[number]
                if words[:30] not in said[:ACTION_WITHIN]:
                    problem = (
                        f"levels.{level} says whom to call later than in its first "
                        f"{ACTION_WITHIN} characters ({place.code or 'no country'})"
                    )
                    at = (language, "levels", level.value, "sms")
                    yield material.wording("action-late", at, problem, "begin with what to do")
                    break


def hard_to_read(material: Material) -> Iterator[Finding]:
    """An English text above grade 6."""
    texts = material.words.languages["en"]
    place = material.words.place("GB", "en")
    own = dict.fromkeys(("number", "press", "key", "label", "when", "language", "title"), "1")
    said = {
        (section, name): saying.sms.fill({**own, **place.sms})
        for section, name, saying in _sayings(texts)
        if name not in _PARTS_OF_SENTENCES
    }
    for name, words in texts.questions.items():
        said["questions", name] = words.ask.fill(place.sms)
        said["questions", name, "simpler"] = words.simpler.fill(place.sms)  # type: ignore[index]
    for where, text in said.items():
        found = grade(text)
        if found > GRADE:
            problem = f"{'.'.join(where[:2])} asks for {found:.1f} years of school, more than 6"
            mend = "shorter sentences, shorter words"
            yield material.wording("hard-to-read", ("en", *where), problem, mend)


def diagnosis_or_blame(material: Material) -> Iterator[Finding]:
    """Words that name a cause, calm without knowing, or blame."""
    for language, texts in languages(material):
        pattern = _BLAME.get(language)
        for section, name, saying in _sayings(texts) if pattern else ():
            text = " ".join(saying.sms.parts[::2])
            found = re.search(pattern or "", text, re.IGNORECASE)
            if found:
                problem = f"{section}.{name} says {found.group()!r}"
                mend = "say what to do, not what it is or whose doing"
                place = (language, section, name)
                yield material.wording("diagnosis-or-blame", place, problem, mend)


def _sayings(texts: Texts) -> Iterator[tuple[str, str, Saying]]:
    for section in ("levels", "advice", "exits", "asides", "phrases"):
        for name, saying in getattr(texts, section).items():
            yield section, name, saying
    for name, topic in texts.topics.items():
        yield "topics", name, topic.saying


def _places(material: Material, language: str) -> list[Place]:
    codes: list[str | None] = [None, *material.words.countries.by_code]
    return [material.words.place(code, language) for code in codes]


def _has_words(texts: Texts, question: str, material: Material) -> bool:
    if question not in texts.questions:
        return False
    known = {*texts.labels, *texts.questions[question].options}
    values = material.flow.by_id[question].values
    return material.flow.by_id[question].kind == "weeks" or all(one in known for one in values)

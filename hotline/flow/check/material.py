"""What the checks look at: the flow, its words in every language, its sources and their lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hotline.flow.check.finding import Finding
from hotline.flow.flow import Flow
from hotline.flow.texts import Texts
from hotline.flow.words import Words
from hotline.flow.yaml_text import Marks


@dataclass(frozen=True, slots=True)
class Material:
    """All that is known of a flow before anybody is asked anything.

    `marks` gives the lines of each language's files by (language, "text" | "phrases" | "topics");
    `understood` are the languages whose words are understood, with the words that mean an answer;
    `gsm` those whose texts promise to keep to the letters of GSM-7.
    """

    flow: Flow
    words: Words
    sources: frozenset[str]
    understood: Mapping[str, frozenset[str]]
    gsm: frozenset[str]
    marks: Mapping[tuple[str, str], Marks]
    today: date

    def finding(self, check: str, line: int | None, problem: str, mend: str) -> Finding:
        """A finding in flow.yaml."""
        return Finding(check, self.flow.file, line, problem, mend)

    def wording(self, check: str, place: tuple[str, ...], problem: str, mend: str) -> Finding:
        """A finding in a language's texts; `place` is (language, section, id, ...)."""
        language, section, *rest = place
        kind = section if section in ("phrases", "topics") else "text"
        marks = self.marks.get((language, kind))
        if marks is None:
            return Finding(check, self.words.languages[language].file, None, problem, mend)
        line = marks.line(section, *rest)
        return Finding(check, marks.file, line, problem, mend)


def languages(material: Material) -> list[tuple[str, Texts]]:
    """The languages with their texts, English first."""
    return sorted(material.words.languages.items(), key=lambda pair: (pair[0] != "en", pair[0]))

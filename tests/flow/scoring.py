"""Scores how labelled texts are understood: python -m tests.flow.scoring [build|build/es|...].

An answer counts as right when it is the label, or when a text that is unclear ("?") is asked again
or counts as not sure. A danger counts as heard when it is certain or leads to its check question.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from hotline.flow.lexicon import Lexicons
from hotline.flow.lexicon_load import load_lexicons
from hotline.flow.load import load_flow
from hotline.flow.model import Kind, Question, Value
from hotline.flow.reading import Understood, understand
from hotline.flow.words import Words, labels_of
from hotline.flow.words_load import load_words
from hotline.flow.yaml_text import read_yaml

HERE = Path(__file__).parent
FLOWS = HERE.parents[1] / "flows"
TODAY = date(2026, 11, 22)
UNCLEAR = "?"

HEAVIER = {
    "amount": ("none", "spots", "light", "period"),
    "pain": ("none", "mild", "severe"),
    "fever": ("no", "yes", "very_ill"),
}
"""Answers in their order: a heavier one read as a lighter is an opposite."""


@dataclass
class Score:
    """What was counted, with every miss."""

    answers: int = 0
    wrong: list[str] = field(default_factory=list)
    asked_again: list[str] = field(default_factory=list)
    opposite: list[str] = field(default_factory=list)
    dangers: int = 0
    certain: int = 0
    unheard: list[str] = field(default_factory=list)
    calm: int = 0
    alarms: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    others: int = 0
    other_misses: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The score in words, then every miss."""
        right = self.answers - len(self.wrong) - len(self.asked_again)
        safe = self.answers - len(self.wrong)
        heard = self.dangers - len(self.unheard)
        yield f"answers: {self.answers} texts"
        yield f"  read right: {right} ({_share(right, self.answers)})"
        yield f"  right or asked again: {safe} ({_share(safe, self.answers)})"
        yield f"  the opposite of what was meant: {len(self.opposite)}"
        yield f"dangers: {self.dangers} texts"
        yield f"  heard: {heard} ({_share(heard, self.dangers)}), at once {self.certain}"
        yield f"texts without danger: {self.calm}"
        yield f"  false alarms: {len(self.alarms)} ({_share(len(self.alarms), self.calm)})"
        yield f"  asked about, no alarm: {len(self.doubts)} ({_share(len(self.doubts), self.calm)})"
        yield f"told and commands: {self.others}, missed {len(self.other_misses)}"
        for title, found in (
            ("read as the opposite", self.opposite),
            ("read wrong", self.wrong),
            ("clear but asked again", self.asked_again),
            ("danger not heard", self.unheard),
            ("false alarm", self.alarms),
            ("asked about without danger", self.doubts),
            ("told or command missed", self.other_misses),
        ):
            yield f"{title}: {len(found)}"
            yield from (f"  - {one}" for one in found)


class Scorer:
    """Loads what is needed once, then scores files."""

    def __init__(self) -> None:
        self.lexicons: Lexicons = load_lexicons(FLOWS / "understanding")
        flow = load_flow(FLOWS / "bleeding" / "flow.yaml")
        self.questions: Mapping[str, Question] = {one.id: one for one in flow.questions}
        self.words: Words = load_words(FLOWS / "bleeding", FLOWS)

    def read(self, text: str, question: str | None, language: str) -> Understood:
        asked = self.questions[question] if question else None
        texts = self.words.texts(language)
        labels = labels_of(texts, asked) if asked else {}
        return understand(
            self.lexicons, text, question=asked, labels=labels, language=language, today=TODAY
        )

    def score(self, part: str) -> Score:
        """The score of a part ("build"), or of one file of it ("build/es_fourth")."""
        score = Score()
        folder, _, name = part.partition("/")
        for path in sorted((HERE / "labelled" / folder).glob(f"{name or '*'}.yaml")):
            tree, _ = read_yaml(path)
            assert isinstance(tree, dict)
            self._answers(score, tree)
            self._dangers(score, tree)
            self._others(score, tree)
        return score

    def _answers(self, score: Score, tree: dict) -> None:
        language = tree["language"]
        for name, values in tree["answers"].items():
            for label, texts in values.items():
                for text in texts:
                    score.answers += 1
                    read = self.read(text, name, language)
                    got = read.answer
                    line = f"{language} {name} {text!r}: meant {label}, read {_shown(got)}"
                    if label == UNCLEAR:
                        if got not in (None, "not_sure", "unknown"):
                            score.wrong.append(line)
                        continue
                    meant = _value(self.questions[name].kind, label)
                    if got == meant:
                        continue
                    if _opposite(name, meant, got) and not _raised(read, name):
                        score.opposite.append(line)
                    (score.asked_again if got is None else score.wrong).append(line)

    def _dangers(self, score: Score, tree: dict) -> None:
        language = tree["language"]
        for name, texts in tree["dangers"].items():
            for text in texts:
                read = self.read(text, None, language)
                if name == "none":
                    score.calm += 1
                    line = f"{language} {text!r}: {sorted(read.dangers | read.possible)}"
                    if read.dangers:
                        score.alarms.append(line)
                    elif read.possible:
                        score.doubts.append(line)
                    continue
                score.dangers += 1
                score.certain += name in read.dangers
                if name not in read.dangers | read.possible:
                    heard = sorted(read.dangers | read.possible)
                    score.unheard.append(f"{language} {text!r}: meant {name}, heard {heard}")

    def _others(self, score: Score, tree: dict) -> None:
        language = tree["language"]
        for case in tree.get("told") or ():
            read = self.read(case["text"], None, language)
            for name, label in case["told"].items():
                score.others += 1
                several = isinstance(label, list)
                meant = frozenset(label) if several else _value(self.questions[name].kind, label)
                if read.told.get(name) != meant:
                    got = _shown(read.told.get(name))
                    score.other_misses.append(f"{language} {case['text']!r} {name}: read {got}")
        for command, texts in (tree.get("commands") or {}).items():
            for text in texts:
                score.others += 1
                got = self.read(text, None, language).command
                if got != command:
                    score.other_misses.append(f"{language} {text!r}: meant {command}, read {got}")


def _value(kind: Kind, label: str) -> Value:
    if kind is Kind.CHOICES:
        return frozenset(label.split("+"))
    return int(label) if kind is Kind.WEEKS and label.isdigit() else label


def _opposite(name: str, meant: Value, got: Value | None) -> bool:
    if {meant, got} == {"yes", "no"}:
        return True
    order = HEAVIER.get(name, ())
    return meant in order and got in order and order.index(got) < order.index(meant)


def _raised(read: Understood, name: str) -> bool:
    """A danger heard in the same text answers the question whatever was read."""
    return name in ("heavy", "collapse", "pain", "fever") and bool(read.dangers)


def _shown(value: Value | None) -> str:
    return "+".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.1f} %" if total else "-"


def main() -> None:
    """Print the score of the parts named."""
    scorer = Scorer()
    for part in sys.argv[1:] or ["build"]:
        print(f"== {part}")  # noqa: T201 - it is a command
        for line in scorer.score(part).lines():
            print(line)  # noqa: T201


if __name__ == "__main__":
    main()

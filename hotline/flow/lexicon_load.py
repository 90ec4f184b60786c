"""Reading flows/understanding/<language>/*.yaml into Lexicons; it opens the files it is given."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from hotline.errors import FlowError, FlowErrors
from hotline.flow.danger.automaton import Output, build
from hotline.flow.danger.cues import CUES
from hotline.flow.danger.ear import Ear
from hotline.flow.danger.pattern import Parts, PatternError, Phrase, Steps, parse, widened, words_of
from hotline.flow.danger.scan import MILD
from hotline.flow.danger.sound import Alike, forms, inflected
from hotline.flow.lexicon import Example, Lexicon, Lexicons, bounds_among, small_words, units_of
from hotline.flow.spelling import Spelling
from hotline.flow.tokens import normalise, tokenise
from hotline.flow.vocabulary import DANGERS
from hotline.flow.yaml_text import Marks, read_yaml, validate


class DangerWords(BaseModel):
    """What is heard for certain, what perhaps (a `net` is wide), and the author's examples."""

    model_config = ConfigDict(extra="forbid")
    certain: list[str] = Field(default_factory=list)
    possible: list[str] = Field(default_factory=list)
    net: list[str] = Field(default_factory=list)
    heard: list[str] = Field(default_factory=list)
    perhaps: list[str] = Field(default_factory=list)
    not_heard: list[str] = Field(default_factory=list)


class CommandWords(BaseModel):
    """A command: as the whole text, or as a phrase anywhere in it."""

    model_config = ConfigDict(extra="forbid")
    alone: list[str] = Field(default_factory=list)
    anywhere: list[str] = Field(default_factory=list)


class WordsFile(BaseModel):
    """One file of a language; a language may be split over several."""

    model_config = ConfigDict(extra="forbid")
    language: str | None = None
    reviewed_by: str | None = None
    words: dict[str, list[str]] = Field(default_factory=dict)
    function_words: list[str] = Field(default_factory=list)
    own_words: list[str] = Field(default_factory=list)
    plain: list[str] = Field(default_factory=list)
    by_sound: bool = False
    by_ear: dict[str, str] = Field(default_factory=dict)
    endings: dict[str, str] = Field(default_factory=dict)
    short: dict[str, str] = Field(default_factory=dict)
    apart: list[str] = Field(default_factory=list)
    same: list[str] = Field(default_factory=list)
    light: list[str] = Field(default_factory=list)
    known_words: str = ""
    fillers: list[str] = Field(default_factory=list)
    numbers: dict[str, int] = Field(default_factory=dict)
    units: dict[str, list[str]] = Field(default_factory=dict)
    months: dict[str, int] = Field(default_factory=dict)
    scopes: dict[str, list[str]] = Field(default_factory=dict)
    concepts: list[str] = Field(default_factory=list)
    never: list[str] = Field(default_factory=list)
    mild: list[str] = Field(default_factory=list)
    dangers: dict[str, DangerWords] = Field(default_factory=dict)
    says: dict[str, dict[str, list[str]]] = Field(default_factory=dict)
    answers: dict[str, dict[str, list[str]]] = Field(default_factory=dict)
    replies: dict[str, list[str]] = Field(default_factory=dict)
    ordinals: dict[str, int] = Field(default_factory=dict)
    sounds: dict[str, int] = Field(default_factory=dict)
    mentions: dict[str, list[str]] = Field(default_factory=dict)
    commands: dict[str, CommandWords] = Field(default_factory=dict)
    topics: dict[str, list[str]] = Field(default_factory=dict)
    asks: list[str] = Field(default_factory=list)
    rates: dict[str, list[str]] = Field(default_factory=dict)


_TIMES = ("week", "month", "trimester", "period", "due", "am_weeks", "courses", "nth_week")
_HEARD = ("certain", "possible", "net")
_EXPECTED = {"heard": "heard", "perhaps": "perhaps", "not_heard": "no"}
_Path = tuple[str | int, ...]
_Entry = tuple[_Path, str, Output]


@contextmanager
def collector_resting() -> Iterator[None]:
    """Without garbage collection, which finds nothing in what is all kept: two fifths of a load."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def load_lexicons(folder: Path) -> Lexicons:
    """Every language under `folder`. Raises FlowErrors with file, line, problem and mend."""
    with collector_resting():
        return _load(folder)


def _load(folder: Path) -> Lexicons:
    languages: dict[str, Lexicon] = {}
    entries: list[tuple[Steps, Output]] = []
    wanted: dict[str, set[str]] = {}
    plain: set[str] = set()
    numbers: dict[str, int] = {}
    examples: list[Example] = []
    alike: dict[str, Alike | Ear] = {}
    places = sorted(filter(Path.is_dir, folder.iterdir())) if folder.is_dir() else []
    if not places:
        raise FlowError(folder, None, "holds no language", "add flows/understanding/en")
    for place in places:
        loader = _Language(place)
        languages[place.name] = loader.lexicon()
        found = list(loader.entries())
        if loader.errors:
            raise FlowErrors(loader.errors)
        patterns = [steps for steps, _ in found]
        by_sound = any(file.by_sound for file, _ in loader.files)
        if by_sound:
            patterns = widened(patterns, inflected)
        words = words_of(patterns)
        wanted[place.name] = {*words, *loader.numbers}
        if by_sound:
            alike[place.name] = sounds = loader.alike(wanted[place.name])
            patterns = widened(patterns, sounds.close)
        by_ear = {w: sound for file, _ in loader.files for w, sound in file.by_ear.items()}
        if by_ear:
            endings = {w: e for file, _ in loader.files for w, e in file.endings.items()}
            alike[place.name] = Ear(by_ear, endings, wanted[place.name])
        entries += zip(patterns, (output for _, output in found), strict=True)
        plain |= loader.plain
        numbers = {**loader.numbers, **numbers}
        examples += loader.examples()
    units = units_of(languages)
    known = frozenset(plain).union(
        *wanted.values(),
        *(one.function_words for one in languages.values()),
        *(group for one in languages.values() for group in one.units.values()),
        *((*one.months, *one.fillers, *one.ordinals, *one.sounds) for one in languages.values()),
    )
    return Lexicons(
        languages=languages,
        root=build(entries),
        numbers=numbers,
        bounds=bounds_among(known),
        known=known,
        spelling=Spelling(wanted, known, alike),
        function_words=small_words(languages),
        examples=tuple(examples),
        dangers=frozenset(DANGERS),
        topics=frozenset(out.name for _, out in entries if out.kind == "topic"),
        units=units,
        times=frozenset("+").union(*(units.get(name, frozenset()) for name in _TIMES)),
        fillers=frozenset(word for one in languages.values() for word in one.fillers),
        ordinals={w: n for one in languages.values() for w, n in one.ordinals.items()},
        months={w: n for one in languages.values() for w, n in one.months.items()},
    )


class _Language:
    """The files of one language while they are being read."""

    def __init__(self, place: Path) -> None:
        self.name = place.name
        self.files: list[tuple[WordsFile, Marks]] = []
        for path in sorted(place.glob("*.yaml")):
            tree, marks = read_yaml(path)
            self.files.append((validate(WordsFile, tree, marks), marks))
        self.errors: list[FlowError] = []
        self.plain = {
            normalise(word)
            for one, _ in self.files
            for word in (*one.plain, *one.apart, *" ".join((one.known_words, *one.same)).split())
        }
        self.numbers = {
            normalise(word): n for one, _ in self.files for word, n in one.numbers.items()
        }
        self.classes: Mapping[str, tuple[Phrase, ...]] = {
            name: tuple(
                dict.fromkeys(tuple(tokenise(one).words) for word in words for one in forms(word))
            )
            for file, _ in self.files
            for name, words in file.words.items()
        }

    def lexicon(self) -> Lexicon:
        """The language's small words and units, gathered from its files."""
        files = [file for file, _ in self.files]
        units: dict[str, set[str]] = {}
        for file in files:
            for name, words in file.units.items():
                units.setdefault(name, set()).update(map(normalise, words))
        return Lexicon(
            language=self.name,
            reviewed_by=next((file.reviewed_by for file in files if file.reviewed_by), None),
            function_words=frozenset(normalise(w) for file in files for w in file.function_words),
            units={name: frozenset(words) for name, words in units.items()},
            months={normalise(word): n for file in files for word, n in file.months.items()},
            fillers=frozenset(normalise(word) for file in files for word in file.fillers),
            ordinals={normalise(word): n for file in files for word, n in file.ordinals.items()},
            sounds={normalise(word): n for file in files for word, n in file.sounds.items()},
            short={one: normalise(w) for file in files for one, w in file.short.items()},
            light=frozenset(normalise(w) for file in files for w in file.light),
            own_words=frozenset(
                normalise(w) for file in files for w in (*file.function_words, *file.own_words)
            ),
        )

    def entries(self) -> Iterator[tuple[Steps, Output]]:
        """Every pattern expanded; what cannot be read goes to `errors`."""
        seen: Parts = {}
        for file, marks in self.files:
            for path, pattern, output in _patterns(file, self.name):
                try:
                    for steps in parse(pattern, self.classes, seen):
                        yield steps, output
                except PatternError as error:
                    mend = "see docs/understanding.md for how patterns are written"
                    self.errors.append(marks.error(path, str(error), mend))
            for name in file.scopes:
                if name not in CUES:
                    self.errors.append(
                        marks.error(("scopes", name), f"unknown scope {name}", "see scopes.py")
                    )
            for name in file.dangers:
                if name not in DANGERS:
                    self.errors.append(
                        marks.error(("dangers", name), f"unknown danger {name}", "see DESIGN 4")
                    )

    def alike(self, wanted: set[str]) -> Alike:
        """The words that sound alike, of the patterns and of what is looked up word by word."""
        lexicon = self.lexicon()
        looked_up = set(self.numbers).union(
            lexicon.months, lexicon.fillers, lexicon.ordinals, *lexicon.units.values()
        )
        apart = {normalise(word) for file, _ in self.files for word in file.apart}
        same = [normalise(words) for file, _ in self.files for words in file.same]
        return Alike(wanted | looked_up | self.plain, apart, looked_up, same)

    def examples(self) -> Iterator[Example]:
        """The authors' examples and counter-examples, with their places."""
        for file, marks in self.files:
            for danger, words in file.dangers.items():
                below = f"{self.name}/{Path(marks.file).name}"
                for key, expected in _EXPECTED.items():
                    for i, text in enumerate(getattr(words, key)):
                        line = marks.line("dangers", danger, key, i)
                        yield Example(self.name, danger, text, expected, below, line)


def _patterns(file: WordsFile, language: str) -> Iterator[_Entry]:
    def listed(path: _Path, patterns: list[str], output: Output) -> Iterator[_Entry]:
        for i, pattern in enumerate(patterns):
            yield (*path, i), pattern, output

    for name, danger in file.dangers.items():
        heard = {"danger": danger.certain, "possible": danger.possible, "net": danger.net}
        for (kind, patterns), key in zip(heard.items(), _HEARD, strict=True):
            yield from listed(("dangers", name, key), patterns, Output(kind, name, "", language))
    for kind, by_question in (("says", file.says), ("answers", file.answers)):
        for question, values in by_question.items():
            for value, patterns in values.items():
                output = Output(kind, question, value, language)
                yield from listed((kind, question, value), patterns, output)
    for name, command in file.commands.items():
        at = ("commands", name)
        yield from listed((*at, "alone"), command.alone, Output("command", name, "alone", language))
        output = Output("command", name, "anywhere", language)
        yield from listed((*at, "anywhere"), command.anywhere, output)
    groups = (
        ("cue", "scopes", file.scopes),
        ("reply", "replies", file.replies),
        ("mention", "mentions", file.mentions),
        ("topic", "topics", file.topics),
        ("rate", "rates", file.rates),
    )
    for kind, key, group in groups:
        for name, patterns in group.items():
            yield from listed((key, name), patterns, Output(kind, name, "", language))
    yield from listed(("concepts",), file.concepts, Output("concept", "", "", language))
    yield from listed(("asks",), file.asks, Output("asks", "", "", language))
    yield from listed(("never",), file.never, Output("never", "", "", language))
    yield from listed(("mild",), file.mild, Output("never", "", MILD, language))

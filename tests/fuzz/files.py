"""What authors write: every YAML file is taken, or refused with a file, a place and a mend."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hotline.channels.voice.voices import load_voices
from hotline.errors import FlowError, FlowErrors
from hotline.escalation.rota_file import read_rota
from hotline.flow.cases import parse_cases
from hotline.flow.countries_load import load_countries
from hotline.flow.flow import Flow
from hotline.flow.lexicon_load import load_lexicons
from hotline.flow.load import parse_flow
from hotline.flow.words_load import load_texts
from tests.fuzz.target import Target

SMALL = b"""flow: small
title: Small
levels: [self_care, routine, soon, urgent, emergency]
meta: {status: draft}
silence: {red_flag: 5, resume: 120}
conditions:
  late: {weeks: {at_least: 20}}
questions:
  - {id: heavy, kind: yes_no, red_flag: true}
  - {id: weeks, kind: weeks, not_sure: unknown, silence: unknown}
  - {id: pain, kind: choice, options: [severe, none],
     not_sure: severe, silence: severe, ask_when: {not: {heavy: yes}}}
  - {id: signs, kind: choices, options: [fluid, none], not_sure: fluid, silence: fluid}
rules:
  - {id: heavy, when: {any: [{heavy: yes}, {danger: any}]}, level: emergency, sources: [ours]}
  - {id: late, when: {is: late, signs: fluid}, level: urgent, sources: [ours]}
  - {id: all, when: {}, level: soon, sources: [ours]}
advice:
  - {say: rest, when: {pain: [none]}}
prove:
  - always: {when: {heavy: yes}, level: emergency}
"""
TEXTS = b"""language: en
reviewed_by: null
labels: {yes: 'Yes', no: 'No'}
questions:
  heavy: {ask: 'Heavy? {emergency}', simpler: 'A pad an hour?', options: {yes: 'Yes', no: 'No'}}
levels:
  soon: {sms: 'See somebody soon.', voice: 'See somebody soon.'}
advice: {rest: {sms: Rest.}}
exits: {bye: {sms: Bye.}}
noted: {line: 'Noted: {facts}.', facts: {weeks: '{weeks} weeks'}}
"""
PHRASES = b"language: en\nreviewed_by: null\nphrases: {hello: {sms: Hello.}}\n"
TOPICS = (
    b"language: en\nreviewed_by: null\ntopics: {tea: {title: Tea, sms: Yes., sources: [ours]}}\n"
)
WORDS = b"""language: en
words: {bleed: [bleeding, blood]}
function_words: [the, a]
numbers: {one: 1, twelve: 12}
units: {week: [weeks, wk]}
dangers:
  heavy_bleeding:
    certain: ['<bleed> .. heavily', soaking/soaked + a? pad, 'N>=3 pads']
    heard: [soaking a pad]
answers: {heavy: {'yes': ['a lot']}}
commands: {stop: {alone: [stop], anywhere: [stop it]}}
scopes: {negation: [no, not]}
"""
CASES = b"""flow: small
usual: {heavy: no, weeks: 12, pain: none, signs: [none]}
cases:
  - {case: heavy, answers: {heavy: yes}, level: emergency, source: ours}
  - {case: quiet, answers: {weeks: unknown}, level: soon, source: [ours], danger: collapse}
"""
ROTA = b"""people:
  - {id: ada, name: Ada, phone: '+447700900801', roles: [nurse], languages: [en]}
overrides:
  - {person: ada, change: 'off', start: '2026-11-22T08:00Z', end: '2026-11-22T20:00Z'}
holidays:
  - {day: '2026-12-25', name: Christmas}
last_resort: [ada]
"""
PARTS = ("{", "}", "[", "]", ": ", "- ", "\n  ", "'", "null", "~", "&a", "*a", "!!int", "---", "\t")


@cache
def folder() -> Path:
    """A folder of this process, with the language folders that the loaders look for."""
    found = Path(tempfile.mkdtemp(prefix="hotline-fuzz-"))
    (found / "en").mkdir()
    return found


def refused(read: Callable[[], object]) -> None:
    """Read; a refusal has to name a file, a problem and a mend."""
    try:
        read()
    except (FlowError, FlowErrors) as error:
        for one in getattr(error, "errors", (error,)):
            assert one.file
            assert one.problem
            assert one.mend


def put(name: str, data: bytes) -> Path:
    """The data as a file."""
    path = folder() / name
    path.write_bytes(data)
    return path


@cache
def small() -> Flow:
    return parse_flow(SMALL, "flow.yaml")


def take_flow(data: bytes) -> None:
    refused(lambda: parse_flow(data, "flow.yaml"))


def take_texts(data: bytes) -> None:
    """The first letter says which of the three files is the fuzzer's."""
    which, text = data[:1], data[1:]
    files = [text if which == name else known for name, known in THREE]
    paths = [put(name, one) for name, one in zip(NAMES, files, strict=True)]
    refused(lambda: load_texts(*paths))


THREE = ((b"t", TEXTS), (b"p", PHRASES), (b"o", TOPICS))
NAMES = ("text.en.yaml", "phrases.yaml", "topics.yaml")


def take_words(data: bytes) -> None:
    put("en/words.yaml", data)
    refused(lambda: load_lexicons(folder()))


def take_cases(data: bytes) -> None:
    refused(lambda: parse_cases(data, "cases.yaml", small()))


def take_others(data: bytes) -> None:
    """The first letter says whose file it is: the countries', the voices' or the rota's."""
    readers: dict[bytes, Callable[[Path], object]] = {
        b"c": load_countries,
        b"v": lambda path: load_voices(path, frozenset({"en"})),
        b"r": read_rota,
    }
    reader = readers.get(data[:1])
    if reader is not None:
        path = put("other.yaml", data[1:])
        refused(lambda: reader(path))


COUNTRIES = b"""checked: '2026-11-22'
sources: {a: {title: A, url: 'https://a.example', status: V}}
countries:
  GB:
    name: United Kingdom
    languages: [en]
    territories: [GG]
    emergency: [{number: '999', verified: 'yes', source: a}]
"""
VOICES = b"""languages:
  en:
    locale: en-GB
    voice: Polly.Amy
    reviewed_by: null
    hints: [bleeding]
    countries: {US: {locale: en-US, voice: Polly.Joanna}}
    sayings: {phone_danger: 'Call {emergency}.', phone_language: 'For English, press {key}.'}
"""

TARGETS = {
    "flow": Target(take_flow, [SMALL], (*PARTS, "not_sure", "at_least", "when", "is", "checks")),
    "texts": Target(
        take_texts,
        [b"t" + TEXTS, b"p" + PHRASES, b"o" + TOPICS],
        (*PARTS, "{emergency}", "{{", "sms", "voice", "letters: all"),
    ),
    "words": Target(
        take_words, [WORDS], (*PARTS, "<bleed>", "a/b ", "?", " + ", "..", "N>=3", "little_one")
    ),
    "cases": Target(take_cases, [CASES], (*PARTS, "(silence)", "level", "exit", "given", "\u0663")),
    "others": Target(
        take_others,
        [b"c" + COUNTRIES, b"v" + VOICES, b"r" + ROTA],
        (*PARTS, "territories", "overrides", "holidays", "sayings"),
    ),
}

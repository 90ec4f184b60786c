"""The same answers give the same level: by text, by keys and by speech, for every worked case."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hotline.embedded import EmbeddedRedis
from hotline.flow.cases import Case, parse_cases
from hotline.flow.library import Library
from hotline.runtime import library_at
from tests.carrier import calling
from tests.channel_walks import Walker
from tests.conftest import REPOSITORY
from tests.records import Records
from tests.server import Server, new_number

FLOWS = REPOSITORY / "flows"
SHARDS = 12


@pytest.fixture(scope="module")
def library() -> Library:
    return library_at(FLOWS)


@pytest.fixture(scope="module")
def cases(library: Library) -> tuple[Case, ...]:
    file = FLOWS / "bleeding" / "cases.yaml"
    return parse_cases(file.read_bytes(), str(file), library.flow)


@pytest.fixture
def records(server: Server, redis_server: EmbeddedRedis) -> Iterator[Records]:
    watching = Records(redis_server.url)
    yield watching
    watching.close()


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_worked_case_ends_the_same_by_text_by_keys_and_by_speech(
    server: Server, records: Records, library: Library, cases: tuple[Case, ...], shard: int
):
    wrong = []
    for case in cases[shard::SHARDS]:
        by_text, by_keys, by_speech = (
            Walker(library, records, case, new_number()) for _ in range(3)
        )
        if not all(one.seed() for one in (by_text, by_keys, by_speech)):
            continue
        ends = {
            "text": by_text.by_text(server),
            "keys": by_keys.by_keys(calling(server, by_keys.number)),
            "speech": by_speech.by_speech(calling(server, by_speech.number)),
        }
        if len(set(ends.values())) != 1:
            wrong.append(f"{case.name} (line {case.line}): {ends}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["es", "fr", "hi"])
@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_worked_case_ends_the_same_by_keys_and_by_speech_in_every_language(
    server: Server,
    records: Records,
    library: Library,
    cases: tuple[Case, ...],
    shard: int,
    language: str,
):
    wrong = _by_ear(server, records, library, cases[shard::SHARDS], language)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["es", "fr", "hi"])
def test_some_worked_cases_end_the_same_by_keys_and_by_speech_in_every_language(
    server: Server, records: Records, library: Library, cases: tuple[Case, ...], language: str
):
    wrong = _by_ear(server, records, library, cases[:: len(cases) // 8], language)
    assert not wrong, "\n".join(wrong)


def _by_ear(
    server: Server,
    records: Records,
    library: Library,
    cases: tuple[Case, ...],
    language: str,
) -> list[str]:
    wrong = []
    for case in cases:
        by_keys, by_speech = (
            Walker(library, records, case, new_number(), language) for _ in range(2)
        )
        if not all(one.seed() for one in (by_keys, by_speech)):
            continue
        keys = by_keys.by_keys(calling(server, by_keys.number))
        speech = by_speech.by_speech(calling(server, by_speech.number))
        if keys != speech:
            wrong.append(f"{case.name} (line {case.line}), {language}: {keys} != {speech}")
    return wrong


def test_the_worked_cases_are_not_few(cases: tuple[Case, ...]):
    assert len(cases) > 50

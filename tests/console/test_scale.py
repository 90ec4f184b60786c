"""Lists stay quick and small when there are many sessions (200,000 by hand: docs/operating.md)."""

import tracemalloc

import pytest

from tests.console.scale import FILTERS, fill, measure

MANY = 10_000
SECONDS = 0.3


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_every_filter_answers_quickly_and_memory_does_not_grow(hotline):
    fill(hotline.store, MANY)
    measure(hotline.store, ())
    tracemalloc.start()
    times = {filters: measure(hotline.store, filters)[0] for filters in FILTERS}
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert {filters: took for filters, took in times.items() if took > SECONDS} == {}
    assert most < 20_000_000

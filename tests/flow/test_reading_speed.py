"""Reading costs microseconds, and no more per letter for a long text than for a short one."""

import statistics
import time

from tests.flow.reader import read

TEXTS = (
    "no",
    "12 weeks",
    "nah just spots when i wipe",
    "im 12 weeks pregnant and bleeding a little after sex, no pain",
    "gone through 3 pads since 2 and feel dizzy when i stand",
    "blod is comming out hevy and im scard",
    "my waters havent broken but tummy is tight on and off",
)
MEDIAN_US = 200
REMEMBERED_US = 20
SLACK = 4
"""The machine of the tests is shared and may be slower; the aim itself is held by the bench."""


def cost(text: str, rounds: int = 15) -> float:
    """The least processor time of reading a text, in microseconds."""
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time_ns()
        read(text, "heavy")
        best = min(best, (time.process_time_ns() - began) / 1000)
    return best


def test_the_middle_text_costs_little():
    costs = [cost(text) for text in TEXTS]
    assert statistics.median(costs) <= MEDIAN_US * SLACK, costs


def test_a_known_word_that_was_read_before_costs_next_to_nothing():
    for text in ("1", "2", "no", "yes", "11", "hi"):
        assert cost(text) <= REMEMBERED_US * SLACK, text


def test_the_cost_grows_no_faster_than_the_text():
    long = " ".join(TEXTS) * 6
    by_length = {length: cost(long[:length], rounds=7) / length for length in (200, 400, 800, 1600)}
    assert by_length[1600] <= 2 * by_length[200], by_length


def test_repeated_words_cost_no_more_than_others():
    """The worst for a search: every word begins and continues patterns."""
    for word in ("blood", "no", "pad soaking", "my heavy bleeding so much"):
        text = (word + " ") * (1600 // (len(word) + 1))
        assert cost(text, rounds=3) < 100_000, word

"""Measures what understanding a text costs: python -m tests.flow.reading_cost (microseconds).

Each text is read several times and the least time counts. Texts of one known word are told twice:
read for the first time, and remembered.
"""

import statistics
import time

from hotline.flow.yaml_text import read_yaml
from tests.flow.reader import LANGUAGES, read, scorer
from tests.flow.scoring import HERE
from tests.flow.test_reading_speed import TEXTS

SHORT = (("1", "heavy"), ("no", "heavy"), ("hi", "safe_to_text"), ("11", "weeks"))
FEW = (
    ("mild cramps", "pain"),
    ("20 weeks", "weeks"),
    ("not sure", "collapse"),
    ("nt sure", "pain"),
)
ROUNDS = 30


def cost(text: str, question: str, language: str = "en", *, anew: bool = False) -> float:
    """The least time of reading a text; `anew`: with nothing remembered."""
    best = float("inf")
    for _ in range(ROUNDS):
        if anew:
            scorer().lexicons.readings.clear()
        began = time.perf_counter_ns()
        read(text, question, language)
        best = min(best, (time.perf_counter_ns() - began) / 1000)
    return best


def ten_words(language: str) -> list[str]:
    """The labelled texts of nine to eleven words in a language."""
    found: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, str):
            found.append(node)
        elif isinstance(node, dict | list):
            for one in node.values() if isinstance(node, dict) else node:
                walk(one)

    for path in sorted((HERE / "labelled" / "build").glob(f"{language}*.yaml")):
        walk(read_yaml(path)[0])
    return [text for text in dict.fromkeys(found) if 9 <= len(text.split()) <= 11]


def main() -> None:
    """Print one line for each kind of text."""
    for title, anew, texts in (
        ("one known word, first time", True, SHORT),
        ("one known word, remembered", False, SHORT),
        ("two words", True, FEW),
    ):
        costs = [cost(text, question, anew=anew) for text, question in texts]
        print(f"{title}: median {statistics.median(costs):.0f}, most {max(costs):.0f}")  # noqa: T201
    for language in LANGUAGES:
        costs = [cost(text, "heavy", language) for text in ten_words(language)]
        p95 = statistics.quantiles(costs, n=20)[-1]
        middle = f"{statistics.median(costs):.0f}, 95th {p95:.0f}"
        print(f"ten words, {language} ({len(costs)} texts): median {middle}")  # noqa: T201
    long = " ".join(TEXTS) * 6
    for length in (200, 400, 800, 1600):
        print(f"{length} characters: {cost(long[:length], 'heavy'):.0f}")  # noqa: T201


if __name__ == "__main__":
    main()

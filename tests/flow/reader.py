"""A reader of texts for tests: the real word lists and the real flow, loaded once."""

from functools import cache

from hotline.flow.reading import Understood
from tests.flow.scoring import Scorer

LANGUAGES = ("en", "es", "fr", "hi")


@cache
def scorer() -> Scorer:
    return Scorer()


def read(text: str, question: str | None = None, language: str = "en") -> Understood:
    return scorer().read(text, question, language)

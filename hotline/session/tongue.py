"""Which language she is answered in: guessed from her first words and country, offered, hers."""

from __future__ import annotations

import unicodedata

from hotline.flow.library import Library
from hotline.session.pieces import Offer, Phrase, Piece
from hotline.session.records import Session

_OURS = ("LATIN", "DEVANAGARI")
_MOST = 0.6


def begin_in(library: Library, session: Session, guess: str | None) -> tuple[Session, list[Piece]]:
    """For the first text: the session in the language she writes, and the others offered.

    Offered is the language she would have got without the guess, and, where her words do not
    tell, the other languages of her country that we speak.
    """
    ours = library.words.languages
    if guess is not None and guess in ours:
        if guess == session.language:
            return session, []
        return session._replace(language=guess), [Offer(session.language)]
    country = library.words.countries.get(session.country)
    spoken = country.languages if country else ()
    return session, [Offer(one) for one in spoken if one in ours and one != session.language]


def in_unknown_script(words: str) -> bool:
    """Whether most of the letters are of a script that none of our languages is written in."""
    letters = [one for one in words if one.isalpha()]
    if not letters:
        return False
    foreign = sum(not unicodedata.name(one, "LATIN").startswith(_OURS) for one in letters)
    return foreign / len(letters) > _MOST


def unknown_language(words: str) -> list[Piece]:
    """What is said to words in a script we cannot read, nothing for others."""
    return [Phrase("unknown_language")] if in_unknown_script(words) else []

"""What she can tell the hotline: MENU, BACK, AGAIN, HELP, NURSE, DELETE, PAUSE, a language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.flow.library import Library
from hotline.flow.state import Again, Back, Heard, Input
from hotline.session.lifetime import next_session
from hotline.session.pieces import Phrase, Piece
from hotline.session.records import Session


@dataclass(frozen=True, slots=True)
class Command:
    """What a command leads to: the session, what to say first, and what the flow is given then."""

    session: Session
    pieces: Sequence[Piece] = ()
    input: Input | None = None
    new_session: bool = False
    erase: bool = False
    pages: tuple[str, ...] = ()


def obey(library: Library, session: Session, command: str, now: int) -> Command:
    """Carry out a command. Raises ValueError for one that does not exist."""
    name, _, language = command.partition(":")
    go_on = _go_on(session)
    match name:
        case "menu":
            fresh = next_session(library, session, now)
            return Command(fresh, [Phrase("menu")], Heard(), new_session=True)
        case "back":
            return Command(session, [], Back())
        case "again":
            return Command(session, [] if go_on else [Phrase("done")], go_on)
        case "help":
            return Command(session, [Phrase("help")])
        case "nurse":
            wished = session._replace(wants_person=True)
            return Command(wished, [Phrase("nurse_noted")], go_on, pages=("person",))
        case "delete":
            return Command(session, [Phrase("deleted")], erase=True)
        case "pause":
            return Command(session._replace(paused=True), [Phrase("paused")])
        case "resume":
            rested = session._replace(paused=False)
            return Command(rested, [Phrase("resumed")], go_on or Heard())
        case "language" if language in library.words.languages:
            changed = session._replace(language=language)
            return Command(changed, [Phrase("language_set")], go_on or Heard())
        case _:
            raise ValueError(f"there is no command {command!r}")


def _go_on(session: Session) -> Input | None:
    started = session.state.question is not None or session.state.level is not None
    return Again() if started else None

"""What a turn has to say, before it is put into words for a channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hotline.flow.events import Event
from hotline.flow.library import Library
from hotline.session.records import Reply, Session


@dataclass(frozen=True, slots=True)
class Phrase:
    """A fixed saying by its id; `extra` fills placeholders of its own."""

    id: str
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TopicSaid:
    """The short answer to a common question."""

    id: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Another language she can have, said in that language."""

    language: str


Piece = Event | Phrase | TopicSaid | Offer
Render = Callable[[Library, Session, Sequence[Piece]], Reply]
"""Puts pieces into words for one channel: hotline.session.saying for texts, channels for voice."""

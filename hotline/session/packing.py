"""Records to bytes and back. The first byte tells the form; every form ever written can be read.

`m` is a session and `e` a log entry as MessagePack, by the order of their fields; `{` or `[` is
plain JSON; `z` JSON squeezed against known words. Measured by itself, a session takes 4
microseconds both ways as MessagePack and took 34 as plain JSON of the standard library.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from hotline.session.codec import entry_from_plain, entry_to_plain, session_from_plain
from hotline.session.dictionary import KNOWN_WORDS
from hotline.session.records import Entry, Session

_OPENINGS = (b"{", b"[")
_SQUEEZED = b"z"
_TYPED = b"m"
_ENTRY = b"e"

LONGEST_AS_IS = 600
"""Bytes of an entry that are kept as they are: squeezing takes 24 microseconds of a text, and
hands the interpreter's lock over twice. What is longer tells a level, once in a session."""

_DELIVERIES = "deliveries"


class Kept(NamedTuple):
    """What a session's record holds: the session, and the marks of her last deliveries.

    Fields are added at the end and with a default, here as in Session, State and Line: records
    written before then stay readable.
    """

    session: Session
    deliveries: tuple[int, ...] = ()


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(type(value).__name__)


_encode = msgspec.json.Encoder(enc_hook=_plain).encode
_decode = msgspec.json.Decoder().decode
_encode_typed = msgspec.msgpack.Encoder(enc_hook=_plain).encode
_decode_entry = msgspec.msgpack.Decoder(list[Any]).decode
_entry_values = attrgetter(*(field.name for field in fields(Entry)))
_decode_kept = msgspec.msgpack.Decoder(tuple[Session, tuple[int, ...]]).decode


def pack(data: object) -> bytes:
    """Plain data to compressed bytes: for what is written once and kept."""
    squeeze = zlib.compressobj(1, zlib.DEFLATED, -13, 6, zlib.Z_DEFAULT_STRATEGY, KNOWN_WORDS)
    return _SQUEEZED + squeeze.compress(_encode(data)) + squeeze.flush()


def pack_fast(data: dict[str, Any] | list[Any]) -> bytes:
    """Plain data to bytes as they are: for what is read once and soon."""
    return _encode(data)


def unpack(packed: bytes) -> Any:  # noqa: ANN401 plain data
    """Bytes from pack or pack_fast to plain data. Raises zlib.error or ValueError on damage."""
    try:
        if packed.startswith(_OPENINGS):
            return _decode(packed)
        grow = zlib.decompressobj(-15, zdict=KNOWN_WORDS)
        return _decode(grow.decompress(packed[1:]) + grow.flush())
    except RecursionError as error:
        raise ValueError("a record is nested too deep") from error


def pack_session(session: Session, deliveries: Sequence[int] = ()) -> bytes:
    """A session's record: read and written at every turn."""
    return _TYPED + _encode_typed((session, deliveries))


def unpack_session(packed: bytes) -> Kept:
    """The inverse of pack_session, and of the plain records written before it.

    Raises zlib.error or ValueError on damage and for fields we do not know.
    """
    if packed.startswith(_TYPED):
        return Kept(*_decode_kept(packed[1:]))
    plain = unpack(packed)
    try:
        deliveries = tuple(plain.pop(_DELIVERIES, ()))
        typed = _encode_typed((session_from_plain(plain), deliveries))
    except (AttributeError, LookupError, NotImplementedError, OverflowError, TypeError) as error:
        raise ValueError("a record is of another shape") from error
    return Kept(*_decode_kept(typed))  # plain records have no types of their own to hold them to


def pack_entry(entry: Entry) -> bytes:
    """A log entry's record: as it is where it is short, squeezed where it is long."""
    packed = _ENTRY + _encode_typed(_entry_values(entry))
    return packed if len(packed) <= LONGEST_AS_IS else pack(entry_to_plain(entry))


def unpack_entry(packed: bytes) -> Entry:
    """The inverse of pack_entry, and of the plain entries written before it.

    Raises zlib.error or ValueError on damage and for fields we do not know.
    """
    try:
        if not packed.startswith(_ENTRY):
            return entry_from_plain(unpack(packed))
        kind, delivery, words, heard, events, said, *more = _decode_entry(packed[1:])
        return Entry(kind, delivery, words, heard, tuple(events), tuple(said), *more)
    except (AttributeError, LookupError, TypeError, RecursionError) as error:
        raise ValueError("an entry is of another shape") from error

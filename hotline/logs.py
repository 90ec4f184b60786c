"""The application log: what happened, never who wrote what.

Only the keys of `ALLOWED` are written, so that a number or a text cannot get into the log by
accident. Event names are fixed words in the code; whatever varies is a key.
"""

import logging
import re
import sys
import traceback
from pathlib import Path
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor

ALLOWED = frozenset(
    {
        *("timestamp", "level", "logger", "event", "error", "where", "dropped"),
        *("method", "route", "status", "duration_ms", "request", "step"),
        *("session", "delivery", "channel", "country", "language", "control", "segments"),
        *("flow", "version", "question", "rule", "rules", "danger", "reached", "ended"),
        *("task", "kind", "attempt", "retry_ms", "escalation", "staff", "role"),
        *("partition", "revision", "count", "code", "pid", "host", "port", "file", "line"),
    }
)
_LONGEST_VALUE = 200
_WITHHELD = "(withheld)"
# Keys whose values the code itself puts into words.
_OUR_WORDS = frozenset({"event", "where", "timestamp"})
_PHONE_NUMBER = re.compile(r"\+[0-9 ()-]{6,}|(?<![0-9A-Za-z-])[0-9]{7,15}(?![0-9A-Za-z])")
# Libraries write what they please, request bodies included. These write about themselves only.
_SPEAKS_OF_ITSELF = ("granian", "_granian")


def configure(level: str = "info", *, human: bool = False, stream: TextIO | None = None) -> None:
    """Set up the log of this process: JSON lines, or `human` for a terminal.

    Python's own logging (Flask, Twilio, granian) comes out in the same form, without the
    messages of libraries that might quote a request. May be called again.
    """
    out = stream or sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=out.isatty())
        if human
        else structlog.processors.JSONRenderer(sort_keys=True)
    )
    structlog.configure(
        processors=[*shared, name_error, keep_allowed, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _foreign],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.INFO))
    logging.getLogger("werkzeug").setLevel(max(number, logging.WARNING))


def keep_allowed(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Drop every key that is not on the list, telling how many, and withhold free words.

    The names of dropped keys stay unsaid: they may come from a form.
    """
    kept: dict[str, object] = {
        key: value if key in _OUR_WORDS and not _holds_number(value) else _token(value)
        for key, value in event.items()
        if key in ALLOWED
    }
    if len(kept) < len(event):
        kept["dropped"] = len(event) - len(kept)
    return kept


def name_error(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Put the error's kind and places for the exception; its message may quote what she wrote."""
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    if isinstance(raised, tuple):
        raised = raised[1]
    if isinstance(raised, BaseException):
        frames = traceback.extract_tb(raised.__traceback__)
        event["error"] = type(raised).__qualname__
        event["where"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames[-8:]]
    return event


def _foreign(logger: object, method: str, event: EventDict) -> EventDict:
    """What of a library's record may be written: where it came from, how bad, what kind."""
    record, own = event.pop("_record"), event.pop("_from_structlog")
    event["logger"] = record.name
    if not record.name.startswith(_SPEAKS_OF_ITSELF):
        event["event"] = "library message"
    if record.exc_info:
        event["exc_info"] = record.exc_info
    safe = keep_allowed(logger, method, name_error(logger, method, event))
    return {**safe, "_record": record, "_from_structlog": own}


def _token(value: object) -> object:
    """A name, an id or a number stays; a phone number or anything with a space is withheld."""
    if isinstance(value, str):
        free = any(c.isspace() for c in value) or len(value) > _LONGEST_VALUE
        return _WITHHELD if free or _holds_number(value) else value
    if isinstance(value, list | tuple | set | frozenset):
        return [_token(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else _WITHHELD


def _holds_number(value: object) -> bool:
    return isinstance(value, str) and _PHONE_NUMBER.search(value) is not None

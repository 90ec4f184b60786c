"""Lengths of time as people write them in the policy file: `90 s`, `5 min`, `4 h`, `2 days`."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

_UNITS = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "day": timedelta(days=1),
    "days": timedelta(days=1),
}
_WRITTEN = re.compile(r"\s*(\d{1,6})\s*(s|min|h|days?)\s*\Z")


def parse_duration(text: object) -> timedelta:
    """`5 min` as a timedelta. Raises ValueError when it is not a number and a unit."""
    if isinstance(text, timedelta):
        return text
    found = _WRITTEN.match(str(text))
    if found is None:
        raise ValueError("write a number and a unit: 90 s, 5 min, 4 h, 2 days")
    return int(found[1]) * _UNITS[found[2]]


def write_duration(length: timedelta) -> str:
    """The duration as the policy file writes it, in the largest unit that needs no fraction."""
    seconds = int(length.total_seconds())
    for unit, name in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds and seconds % unit == 0:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"


Duration = Annotated[
    timedelta, BeforeValidator(parse_duration), PlainSerializer(write_duration, return_type=str)
]
"""A timedelta that reads and writes the form above in pydantic models."""

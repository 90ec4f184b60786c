"""Settings out of the environment and the files it names, with all faults told at once."""

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from hotline.errors import SettingsError
from hotline.settings.model import Settings


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings out of the environment's names and, for NAME_FILE, from files.

    An empty value counts as not set. Raises SettingsError with every fault at once.
    """
    faults = list(_misspelt(environ))
    values: dict[str, str] = {}
    for name in names():
        try:
            value = _value(environ, name)
        except SettingsError as error:
            faults.extend(error.faults)
            value = None
        if value:
            values[name] = value
    told = {fault.split()[0].removesuffix("_FILE") for fault in faults}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        faults += [_fault(e) for e in error.errors() if str(e["loc"][0]) not in told]
        raise SettingsError(faults) from None  # the cause would hold the secrets
    if faults:
        raise SettingsError(faults)
    return settings


def names() -> tuple[str, ...]:
    """Every setting's outside name, in the order of the documentation."""
    return tuple(str(field.alias) for field in Settings.model_fields.values())


def _value(environ: Mapping[str, str], name: str) -> str | None:
    """The value under NAME, or the content of the file under NAME_FILE without its line end."""
    plain, file = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
    if plain and file:
        raise SettingsError([f"{name} and {name}_FILE are both set. Keep one of them."])
    if not file:
        return plain or None
    try:
        content = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:  # not UTF-8, or a path that no file can have
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SettingsError(
            [f"{name}_FILE names {file}, which cannot be read: {reason}. Mend the path or rights."]
        ) from None
    if not content:
        raise SettingsError([f"{name}_FILE names {file}, which is empty. Write the value into it."])
    return content


def _misspelt(environ: Mapping[str, str]) -> Iterator[str]:
    """A name one slip away from ours would be ignored silently; say so instead."""
    known = [full for name in names() for full in (name, f"{name}_FILE")]
    for name in environ:
        if name not in known and re.match(r"(HOTLINE|TWILIO)_", name):
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.9)
            if near:
                yield f"{name} is not a setting. Did you mean {near[0]}?"


def _fault(error: ErrorDetails) -> str:
    place = str(error["loc"][0])  # the alias, or the field's own name where its default is wrong
    field = Settings.model_fields.get(place) or _by_alias(place)
    match error["type"]:
        case "missing":
            problem = "is missing"
        case "value_error":
            problem = error["msg"].removeprefix("Value error, ")
        case "string_pattern_mismatch":
            problem = "does not have the right form"
        case "too_short":
            problem = "holds nothing"
        case _:
            problem = f"is not accepted: {error['msg'][0].lower()}{error['msg'][1:]}"
    return f"{field.alias} {problem}. {field.description}"


def _by_alias(alias: str) -> FieldInfo:
    return next(field for field in Settings.model_fields.values() if field.alias == alias)

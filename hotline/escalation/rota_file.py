"""The rota as a file or stored JSON: read, checked for sense, written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict

from hotline.errors import FlowErrors
from hotline.escalation.rota import Holiday, Override, Person, Rota
from hotline.flow.yaml_text import read_yaml, validate

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}\Z")


class RotaShape(BaseModel):
    """The rota as it stands in YAML and JSON; the names are those of `Rota`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    people: tuple[Person, ...] = ()
    overrides: tuple[Override, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    last_resort: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RotaFault:
    """What makes no sense in a rota: where (a path of names and indexes), what, how to mend."""

    path: tuple[str | int, ...]
    problem: str
    mend: str


def read_rota(path: Path) -> Rota:
    """Read a rota from YAML. Raises FlowError or FlowErrors with file and line."""
    tree, marks = read_yaml(path)
    rota = _rota(validate(RotaShape, tree if tree is not None else {}, marks))
    found = [marks.error(fault.path, fault.problem, fault.mend) for fault in faults(rota)]
    if found:
        raise FlowErrors(found)
    return rota


def rota_from_json(text: str | bytes) -> Rota:
    """The rota stored by `rota_to_json`. Raises pydantic.ValidationError when it is not one."""
    return _rota(RotaShape.model_validate_json(text))


def rota_to_json(rota: Rota) -> str:
    """The rota as JSON, phone numbers included: encrypt it before it is stored."""
    return RotaShape(
        people=rota.people,
        overrides=rota.overrides,
        holidays=rota.holidays,
        last_resort=rota.last_resort,
    ).model_dump_json()


def faults(rota: Rota) -> Iterator[RotaFault]:
    """Everything in the rota that cannot be meant so."""
    known = [person.id for person in rota.people]
    for place, person in enumerate(rota.people):
        yield from _person_faults(person, place, known)
    for place, override in enumerate(rota.overrides):
        path = ("overrides", place)
        if override.person not in known:
            yield RotaFault(path, f"nobody has the id {override.person!r}", "use a person's id")
        if override.start.tzinfo is None or override.end.tzinfo is None:
            yield RotaFault(path, "start and end need a UTC offset", "write 2026-12-24T18:00+00:00")
        elif override.end <= override.start:
            yield RotaFault(path, "ends before it starts", "swap start and end")
    for place, person_id in enumerate(rota.last_resort):
        if person_id not in known:
            path = ("last_resort", place)
            yield RotaFault(path, f"nobody has the id {person_id!r}", "use a person's id")


def _person_faults(person: Person, place: int, known: list[str]) -> Iterator[RotaFault]:
    path = ("people", place)
    if known.count(person.id) > 1:
        yield RotaFault(path, f"the id {person.id!r} is used twice", "give each person their own")
    if not _PHONE.match(person.phone):
        yield RotaFault(
            (*path, "phone"), "is not a phone number in full", "write it as +441632960001"
        )
    for index, hours in enumerate(person.hours):
        if not _is_zone(hours.zone):
            at = (*path, "hours", index, "zone")
            yield RotaFault(at, f"{hours.zone!r} is no time zone", "write it as Europe/London")
        if hours.tier < 1:
            at = (*path, "hours", index, "tier")
            yield RotaFault(at, "the tier must be 1 or more", "1 is told first")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _rota(shape: RotaShape) -> Rota:
    return Rota(shape.people, shape.overrides, shape.holidays, shape.last_resort)

"""Reading flows/countries.yaml into Countries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from hotline.errors import FlowError, FlowErrors
from hotline.flow.countries import (
    Countries,
    Country,
    Line,
    LineKind,
    SilentCall,
    TextingHelp,
)
from hotline.flow.yaml_text import Marks, read_yaml, validate

_Text = Annotated[str, Field(min_length=1, max_length=300)]
_Code = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z]{3})?$")]
_Territory = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
_YesNo = Literal["yes", "no"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Source(_Strict):
    title: _Text
    url: _Text | None = None
    status: Literal["V", "V2", "NV"]


class _Line(_Strict):
    number: Annotated[str, Field(pattern=r"^[0-9][0-9 -]{1,18}[0-9]$")]
    verified: _YesNo
    source: _Text
    name: str = ""
    then: Annotated[str, Field(pattern=r"^[0-9]*$")] = ""
    note: str = ""

    def line(self) -> Line:
        return Line(
            number=self.number,
            verified=self.verified == "yes",
            source=self.source,
            name=self.name,
            then=self.then,
            note=self.note,
        )


class _SilentCall(_Strict):
    press: Annotated[str, Field(pattern=r"^[0-9]{1,4}$")]
    verified: _YesNo
    source: _Text

    def call(self) -> SilentCall:
        return SilentCall(self.press, self.verified == "yes", self.source)


class _Country(_Strict):
    name: _Text
    languages: Annotated[tuple[str, ...], Field(min_length=1)]
    emergency: Annotated[tuple[_Line, ...], Field(min_length=1)]
    urgent: tuple[_Line, ...] = ()
    violence: tuple[_Line, ...] = ()
    crisis: tuple[_Line, ...] = ()
    child: tuple[_Line, ...] = ()
    weak_cover: _YesNo = "no"
    silent_call: _SilentCall | None = None
    texting: TextingHelp = TextingHelp.UNKNOWN
    words: Mapping[str, Mapping[Literal["hospital", "unit"], _Text]] = Field(default_factory=dict)
    never: Mapping[str, _Text] = Field(default_factory=dict)
    territories: tuple[_Territory, ...] = ()


class _File(_Strict):
    checked: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    sources: Mapping[str, _Source]
    countries: Mapping[_Code, _Country]


def load_countries(path: Path) -> Countries:
    """Read countries.yaml. Raises FlowError or FlowErrors, each with the line and the mend."""
    tree, marks = read_yaml(path)
    file = validate(_File, tree, marks)
    faults = [
        fault
        for code, country in file.countries.items()
        for fault in _faults(file, marks, code, country)
    ]
    if faults:
        raise FlowErrors(faults)
    return Countries(
        by_code={code: _country(code, country) for code, country in file.countries.items()},
        territories={
            territory: code
            for code, country in file.countries.items()
            for territory in country.territories
        },
    )


def _country(code: str, country: _Country) -> Country:
    silent = country.silent_call
    return Country(
        code=code,
        name=country.name,
        languages=country.languages,
        lines={kind: tuple(one.line() for one in _lines(country, kind)) for kind in LineKind},
        weak_cover=country.weak_cover == "yes",
        silent_call=silent.call() if silent else None,
        texting=country.texting,
        words={
            language: {str(name): said for name, said in named.items()}
            for language, named in country.words.items()
        },
        never=country.never,
    )


def _lines(country: _Country, kind: LineKind) -> tuple[_Line, ...]:
    lines: tuple[_Line, ...] = getattr(country, kind.value)
    return lines


def _faults(file: _File, marks: Marks, code: str, country: _Country) -> list[FlowError]:
    faults = []
    for kind in LineKind:
        for index, line in enumerate(_lines(country, kind)):
            path: tuple[str | int, ...] = ("countries", code, kind.value, index)
            source = file.sources.get(line.source)
            if source is None:
                mend = "name one of the file's sources, or add it there"
                problem = f"{line.number}: unknown source {line.source!r}"
                faults.append(marks.error((*path, "source"), problem, mend))
            elif line.verified == "yes" and source.status == "NV":
                mend = "name the page where it was read, or write verified: no"
                problem = f"{line.number}: verified by a source that is itself not verified"
                faults.append(marks.error((*path, "verified"), problem, mend))
            if line.number in country.never:
                problem = f"{line.number}: this country says never to give it"
                mend = "take it out of one of the two places"
                faults.append(marks.error((*path, "number"), problem, mend))
    for territory in country.territories:
        if territory in file.countries:
            problem = f"{territory} has an entry of its own"
            where = ("countries", code, "territories")
            faults.append(marks.error(where, problem, "take it out of the territories"))
    return faults

"""The shape of flow.yaml as authors write it; pydantic refuses what does not fit."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from hotline.flow.levels import Level
from hotline.flow.model import Kind

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
RuleId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")]


def _truth(value: object) -> object:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


YesNo = Annotated[bool, BeforeValidator(_truth)]


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


Words = Annotated[list[str], BeforeValidator(_listed)]
When = dict[str, Any]


class Raw(BaseModel):
    """What all parts share: frozen, and no name that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RawNotSure(Raw):
    """`not_sure: {ask: heavy_check, then: yes}`."""

    ask: Id
    then: str


class RawQuestion(Raw):
    """One entry of `questions`."""

    id: Id
    kind: Kind
    options: list[str] | dict[str, str] | None = None
    red_flag: YesNo = False
    extra: YesNo = False
    checks: str | None = None
    ask_when: When | None = None
    not_sure: RawNotSure | str | None = None
    silence: str | None = None
    counts_as: dict[str, Words] = {}
    implies: dict[str, dict[str, str]] = {}
    confirm: Words = []
    exclusive: Words | None = None
    low: int = 0
    high: int = 44


class RawRule(Raw):
    """One entry of `rules`."""

    id: RuleId
    when: When
    level: Level
    sources: Words
    note: str = ""


class RawAdvice(Raw):
    """One entry of `advice`."""

    say: Id
    when: When
    levels: list[Level] | None = None


class RawAside(Raw):
    """One entry of `asides`."""

    say: Id
    when: When


class RawExit(Raw):
    """One entry of `exits`."""

    say: Id
    when: When
    forget: Words = []


class RawAlert(Raw):
    """One entry of `alerts`."""

    alert: Id
    when: When


class RawAlways(Raw):
    """The inside of `always`: a level, or a floor, or a ceiling."""

    when: When
    level: Level | None = None
    at_least: Level | None = None
    at_most: Level | None = None


class RawClaim(Raw):
    """One entry of `prove`: a level that always holds, or an emergency told in the same turn."""

    always: RawAlways | None = None
    at_once: When | None = None


class RawMeta(Raw):
    """`meta`: who reviewed it, until when, and whether it may be served."""

    status: Literal["draft", "signed_off"]
    reviewed_by: str | None = None
    review_due: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None


class RawSilence(Raw):
    """Minutes: the safety net for an open red flag, and how long a session can be gone on with."""

    red_flag: int = Field(5, ge=1, le=60)
    resume: int = Field(120, ge=10, le=1440)


class RawFlow(Raw):
    """The whole of flow.yaml."""

    flow: Id
    title: str
    levels: list[Level]
    meta: RawMeta
    silence: RawSilence = RawSilence()
    conditions: dict[str, When] = {}
    questions: list[RawQuestion]
    rules: list[RawRule]
    advice: list[RawAdvice] = []
    asides: list[RawAside] = []
    exits: list[RawExit] = []
    units: list[RawAside] = []
    alerts: list[RawAlert] = []
    prove: list[RawClaim] = []
    above_not_sure: dict[str, Words] = {}

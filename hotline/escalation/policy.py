"""The policy file flows/escalation.yaml: its shape, and every mistake in it with its line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveInt, model_validator

from hotline.errors import FlowError, FlowErrors
from hotline.escalation.callbacks import CallbackPolicy
from hotline.escalation.durations import Duration
from hotline.escalation.followup import FollowUpPolicy
from hotline.escalation.ladder import Ladder, Rung, Who
from hotline.escalation.quiet import QuietHours
from hotline.escalation.records import Means
from hotline.escalation.silence import SilencePolicy, SilenceStep, SilenceThing
from hotline.flow.levels import Level
from hotline.flow.words import Words
from hotline.flow.yaml_text import read_yaml, validate

POLICY_FILE = "escalation.yaml"
"""The file's name in the folder of flows."""

OUR_SAYINGS = frozenset({"silence_safety_net", "missed_call", "call_greeting", "call_bad_time"})
"""What the worker and our calls say by name."""

_Positive = Annotated[Duration, Field(gt=timedelta(0))]


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """How long a text may be tried by the carrier, and how long we wait for its report."""

    report_within: timedelta
    valid_emergency: timedelta
    valid_other: timedelta

    def validity(self, level: Level | None) -> timedelta:
        """How long the carrier may try a text of this level."""
        return self.valid_emergency if level is Level.EMERGENCY else self.valid_other


@dataclass(frozen=True, slots=True)
class Policies:
    """Everything the file says, as the rooms use it."""

    ladders: Mapping[Level, Ladder]
    follow_up: FollowUpPolicy
    silence: SilencePolicy
    callbacks: CallbackPolicy
    delivery: DeliveryPolicy


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Rung(_Strict):
    after: Duration
    who: Who
    by: Annotated[tuple[Means, ...], Field(min_length=1)]


class _Ladder(_Strict):
    rungs: Annotated[tuple[_Rung, ...], Field(min_length=1)]
    rounds: PositiveInt
    wait: _Positive
    tell_her: str
    remind: _Positive | None = None

    @model_validator(mode="after")
    def _rungs_in_order(self) -> Self:
        times = [rung.after for rung in self.rungs]
        if times[0] != timedelta(0):
            raise ValueError("the first rung must be at `0 min`: somebody is told at once")
        if any(later <= sooner for sooner, later in pairwise(times)):
            raise ValueError("the rungs must stand in the order of their times, each later")
        return self

    def ladder(self) -> Ladder:
        rungs = tuple(Rung(rung.after, rung.who, rung.by) for rung in self.rungs)
        return Ladder(rungs, self.rounds, self.wait, self.tell_her, self.remind)


class _PerLevel(_Strict):
    emergency: Duration
    urgent: Duration
    soon: Duration
    routine: Duration
    self_care: Duration

    def by_level(self) -> dict[Level, timedelta]:
        return {level: getattr(self, level.value) for level in Level}


class _Ladders(_Strict):
    emergency: _Ladder
    urgent: _Ladder
    soon: _Ladder
    routine: _Ladder
    self_care: _Ladder


class _FollowUp(_Strict):
    after: _PerLevel
    say: str
    say_after_loss: str


class _Quiet(_Strict):
    start: time
    end: time


class _SilenceStep(_Strict):
    after: Duration
    do: SilenceThing


class _Callbacks(_Strict):
    due_within: _PerLevel
    retry_after: tuple[_Positive, ...]


class _Valid(_Strict):
    emergency: Annotated[Duration, Field(ge=timedelta(seconds=5), le=timedelta(hours=10))]
    other: Annotated[Duration, Field(ge=timedelta(seconds=5), le=timedelta(hours=10))]


class _Delivery(_Strict):
    report_within: _Positive
    valid: _Valid


def _staff_are_told(steps: tuple[_SilenceStep, ...]) -> tuple[_SilenceStep, ...]:
    things = [step.do for step in steps]
    if SilenceThing.PAGE not in things or SilenceThing.SAFETY_NET not in things:
        raise ValueError("silence needs both `safety_net` and `page`")
    if min(step.after for step in steps) != timedelta(0):
        raise ValueError("the first step must be at `0 min`, when the flow's own time is over")
    return steps


class PolicyShape(_Strict):
    """The file as it is written."""

    ladders: _Ladders
    follow_up: _FollowUp
    quiet_hours: _Quiet
    silence: Annotated[tuple[_SilenceStep, ...], AfterValidator(_staff_are_told)]
    callbacks: _Callbacks
    delivery: _Delivery


def load_policies(path: Path) -> Policies:
    """Read flows/escalation.yaml. Raises FlowError or FlowErrors, each fault with its line."""
    tree, marks = read_yaml(path)
    return _policies(validate(PolicyShape, tree if tree is not None else {}, marks))


def load_policies_for(words: Words, path: Path) -> Policies:
    """The policies, all of whose sayings every language has. Raises as load_policies."""
    policies = load_policies(path)
    missing = [
        FlowError(path, None, f"says {one!r}, which {language} has not", "add it to its phrases")
        for language, texts in words.languages.items()
        for one in sorted(sayings(policies) - texts.phrases.keys())
    ]
    if missing:
        raise FlowErrors(missing)
    return policies


def sayings(policies: Policies) -> frozenset[str]:
    """The ids of the phrases that are said to her outside a turn: by the policies and by us."""
    told = {ladder.tell_her for ladder in policies.ladders.values() if ladder.tell_her}
    follow_up = policies.follow_up
    return frozenset({*told, follow_up.say, follow_up.say_after_loss, *OUR_SAYINGS})


def _policies(shape: PolicyShape) -> Policies:
    follow_up = shape.follow_up
    quiet = QuietHours(shape.quiet_hours.start, shape.quiet_hours.end)
    ladders = {level: getattr(shape.ladders, level.value).ladder() for level in Level}
    return Policies(
        ladders=ladders,
        follow_up=FollowUpPolicy(
            follow_up.after.by_level(), follow_up.say, follow_up.say_after_loss, quiet
        ),
        silence=SilencePolicy(_steps(shape.silence)),
        callbacks=CallbackPolicy(
            shape.callbacks.due_within.by_level(), shape.callbacks.retry_after
        ),
        delivery=DeliveryPolicy(
            shape.delivery.report_within,
            shape.delivery.valid.emergency,
            shape.delivery.valid.other,
        ),
    )


def _steps(steps: tuple[_SilenceStep, ...]) -> tuple[SilenceStep, ...]:
    ordered = sorted(steps, key=lambda step: step.after)
    return tuple(SilenceStep(step.after, step.do) for step in ordered)

"""Follow-ups: a discreet check-in she agreed to; planned and called off by pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.escalation.quiet import QuietHours, next_allowed
from hotline.flow.levels import Level


class Tone(StrEnum):
    """How a check-in speaks; after a reported loss there is no word about weeks or the baby."""

    USUAL = "usual"
    LOSS = "loss"


class CalledOff(StrEnum):
    """Why a planned check-in is not sent."""

    SHE_WROTE = "she_wrote"
    OPTED_OUT = "opted_out"
    STAFF_HAVE_HER = "staff_have_her"
    LOSS_REPORTED = "loss_reported"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True, slots=True)
class FollowUpPolicy:
    """When the check-in of each level is due, what it says, and the quiet hours."""

    after: Mapping[Level, timedelta]
    say: str
    say_after_loss: str
    quiet: QuietHours


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A planned check-in: when (UTC) and in which saying."""

    at: datetime
    saying: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Wish:
    """What a plan rests on: did she say yes, her level, her zones, has she reported a loss."""

    agreed: bool
    level: Level
    zones: tuple[str, ...]
    loss: bool = False


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How things stand with her when a check-in comes due; `planned` is when she agreed to it."""

    agreed: bool
    planned: datetime
    last_wrote: datetime | None
    opted_out: bool
    staff_have_her: bool
    loss: bool
    tone: Tone


def plan_follow_up(wish: Wish, policy: FollowUpPolicy, now: datetime) -> FollowUp | None:
    """The check-in for her, or None: without her yes, or where her night cannot be told."""
    if not wish.agreed:
        return None
    at = next_allowed(now + policy.after[wish.level], policy.quiet, wish.zones)
    if at is None:
        return None
    if wish.loss:
        return FollowUp(at, policy.say_after_loss, Tone.LOSS)
    return FollowUp(at, policy.say, Tone.USUAL)


def called_off(now_with_her: Circumstances) -> CalledOff | None:
    """Why the check-in must not be sent, None when it may."""
    her = now_with_her
    if not her.agreed:
        return CalledOff.NO_CONSENT
    if her.opted_out:
        return CalledOff.OPTED_OUT
    if her.staff_have_her:
        return CalledOff.STAFF_HAVE_HER
    if her.loss and her.tone is not Tone.LOSS:
        return CalledOff.LOSS_REPORTED
    if her.last_wrote is not None and her.last_wrote > her.planned:
        return CalledOff.SHE_WROTE
    return None


def allowed_at(at: datetime, policy: FollowUpPolicy, zones: tuple[str, ...]) -> datetime | None:
    """When a check-in that comes due at `at` may go: then, or after the quiet hours."""
    return next_allowed(at, policy.quiet, zones)

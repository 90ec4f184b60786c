"""How things are put on the page: names of levels and states, shapes, masked numbers, times."""

from __future__ import annotations

from datetime import UTC, datetime

import phonenumbers
from flask import Blueprint
from markupsafe import Markup

from hotline.escalation.wall_clock import local
from hotline.flow.levels import Level
from hotline.flow.model import Value

LEVEL_NAMES: dict[str | None, str] = {
    Level.EMERGENCY: "Emergency",
    Level.URGENT: "Urgent",
    Level.SOON: "Soon",
    Level.ROUTINE: "Routine",
    Level.SELF_CARE: "Self-care",
    None: "No level yet",
}
LEVEL_MARKS: dict[str | None, str] = {
    Level.EMERGENCY: "▲",
    Level.URGENT: "◆",
    Level.SOON: "■",
    Level.ROUTINE: "●",
    Level.SELF_CARE: "○",
    None: "·",
}
STANDINGS = {
    "open": "Answering questions",
    "resting": "Resting",
    "staff": "With staff",
    "ended": "Ended",
}
CHANNELS = {"sms": "Text", "voice": "Phone", "whatsapp": "WhatsApp"}
REASONS = {
    "level": "Level told",
    "danger": "Danger in her words",
    "person": "Asked for a person",
    "not_delivered": "Our advice did not arrive",
    "opted_out": "Opted out: no text can reach her",
    "silence": "Fell silent",
    "safeguarding": "May be under 18",
    "harm": "Somebody may be hurting her",
    "suicidal": "May hurt herself",
    "worse": "Got worse",
    "callback_failed": "Call-back not answered",
    "fault": "The hotline had a fault with her",
    "other": "Other",
}
LANGUAGES = {"en": "English", "es": "Spanish", "fr": "French", "hi": "Hindi"}
_SHORT = 6


def add_filters(blueprint: Blueprint) -> None:
    """Make these usable in templates."""
    for name, function in (
        ("level", level_badge),
        ("standing", lambda one: STANDINGS.get(str(one), str(one))),
        ("channel", lambda one: CHANNELS.get(str(one), str(one))),
        ("reason", lambda one: REASONS.get(str(one), readable(str(one)))),
        ("language", lambda one: LANGUAGES.get(one, one)),
        ("readable", readable),
        ("value", value_text),
        ("short", short_id),
        ("masked", masked),
        ("moment", moment),
        ("clock", clock),
        ("stamp", stamp),
        ("in_zone", in_zone),
    ):
        blueprint.add_app_template_filter(function, name)


def level_badge(level: str | None) -> Markup:
    """A level by name, shape and colour."""
    name, mark = LEVEL_NAMES.get(level, str(level)), LEVEL_MARKS.get(level, "·")
    kind = str(level or "none")
    return Markup(
        '<span class="level level-{}"><span aria-hidden="true">{}</span> {}</span>'
    ).format(kind, mark, name)


def readable(name: str) -> str:
    """An id as words: heavy_bleeding -> Heavy bleeding."""
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def value_text(value: Value | list[str] | None) -> str:
    """An answer's value as words."""
    if value is None:
        return "-"
    if isinstance(value, frozenset | list):
        return ", ".join(readable(one) for one in sorted(value))
    return readable(value) if isinstance(value, str) else str(value)


def short_id(session_id: str) -> str:
    """A session's id short enough to say on the phone: K3F9QA-2."""
    contact, _, serial = session_id.partition(".")
    return f"{contact[:_SHORT].upper()}-{serial}"


def masked(number: str) -> str:
    """A number that tells its country and its last two digits only."""
    if not number:
        return "Withheld"
    try:
        code = phonenumbers.parse(number).country_code
    except phonenumbers.NumberParseException:
        return f"•••• {number[-2:]}"
    return f"+{code} •••• ••{number[-2:]}"


def moment(at: datetime | int | None) -> Markup:
    """A moment; the page's script puts it into the reader's own time."""
    return _time(at, "%d %b %H:%M UTC", "moment")


def stamp(at: datetime | int) -> str:
    """A moment as it stands on paper, with its day: nobody's browser makes it local."""
    when = datetime.fromtimestamp(at / 1000, UTC) if isinstance(at, int) else at.astimezone(UTC)
    return when.strftime("%d %b %Y %H:%M UTC")


def clock(at: datetime | int | None) -> Markup:
    """How long ago a moment was; the page's script keeps it running."""
    return _time(at, "%H:%M UTC", "since")


def _time(at: datetime | int | None, form: str, kind: str) -> Markup:
    if at is None:
        return Markup("-")
    when = datetime.fromtimestamp(at / 1000, UTC) if isinstance(at, int) else at.astimezone(UTC)
    iso = when.isoformat(timespec="seconds")
    return Markup('<time datetime="{}" data-{}>{}</time>').format(iso, kind, when.strftime(form))


def in_zone(at: datetime, zone: str) -> str:
    """A moment on the wall clock of a time zone."""
    return local(at.astimezone(UTC), zone).strftime("%a %d %b %H:%M")

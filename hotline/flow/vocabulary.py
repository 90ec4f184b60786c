"""The closed sets of names that word lists and flows share: dangers, mentions, commands."""

from __future__ import annotations

DANGERS: tuple[str, ...] = (
    "heavy_bleeding",
    "collapse",
    "dizzy_faint",
    "severe_pain",
    "shoulder_tip",
    "breathless_chest",
    "seizure",
    "fever_sepsis",
    "fluid_leak",
    "contractions",
    "labour_imminent",
    "reduced_movements",
    "headache_vision",
    "tissue",
    "trauma",
    "assault",
    "suicidal",
)
"""Dangers that the scan can hear in any text."""

MENTIONS: tuple[str, ...] = (
    "seen_cleared",
    "no_bleeding",
    "blood_elsewhere",
    "show",
    "stopped_long_ago",
    "lasting",
    "for_someone",
    "watched",
    "information",
    "wrong_number",
    "loss",
    "faded",
    "discharge",
    "itch",
    "urine",
    "wants_person",
)
"""Hints heard in free words: they open a question or an aside, and never lower a level."""

COMMANDS: tuple[str, ...] = (
    "menu",
    "back",
    "again",
    "help",
    "stop",
    "start",
    "nurse",
    "delete",
    "pause",
    "resume",
)
"""What she can tell the hotline to do, besides changing the language."""

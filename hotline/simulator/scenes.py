"""Scenes to press: what she writes, and how she answers whatever is asked, by question id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.simulator.ledger import Habit

SAFE = {"safe_to_text": "yes", "pregnant": "yes"}


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene.

    `answers` are values by question; a question without one is answered no, none or not sure.
    `instead` are words said in place of an answer. `silent_from` is the question she never answers.
    `calls` makes it a phone call on which nothing is said.
    """

    id: str
    title: str
    tells: str
    opening: str = "hello"
    country: str = "GB"
    language: str = "en"
    answers: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    silent_from: str | None = None
    calls: bool = False
    nurse: Habit = Habit.NORMAL


SCENES = (
    Scene(
        "spots",
        "Spots after sex, 12 weeks",
        "Told in one text; the rest is asked, and no alarm is raised.",
        opening="hi, im 12 weeks pregnant and have a few spots of blood after sex",
        answers={**SAFE, "weeks": "12", "amount": "spots", "before": "sex", "follow_up": "yes"},
    ),
    Scene(
        "heavy",
        "Heavy bleeding",
        "The first red flag ends the questions, and the nurse is paged.",
        answers={**SAFE, "heavy": "yes"},
    ),
    Scene(
        "silent_call",
        "Says nothing",
        "A call without a word: silence counts as not sure, which is never the mild answer.",
        calls=True,
    ),
    Scene(
        "spanish",
        "Writes Spanish",
        "From a US number, in Spanish.",
        opening="hola, estoy embarazada y estoy sangrando un poco",
        country="US",
        language="es",
        answers={**SAFE, "amount": "light", "weeks": "9", "follow_up": "no"},
    ),
    Scene(
        "faints",
        "Faints half-way",
        "Danger in her words counts whatever was asked.",
        opening="i have some spotting, 9 weeks",
        answers={**SAFE, "weeks": "9", "amount": "spots"},
        instead={"pain": "i feel so dizzy, i just fainted"},
    ),
    Scene(
        "nobody",
        "Nobody on call answers",
        "The nurse's phone rings out: the ladder climbs, and she is told.",
        answers={**SAFE, "heavy": "yes"},
        nurse=Habit.IGNORES,
    ),
)
BY_ID = {scene.id: scene for scene in SCENES}
MILD = ("no", "none", "rather_not", "not_sure")
"""The answers given where a scene names none, the first that the question has."""

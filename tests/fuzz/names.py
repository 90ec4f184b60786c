"""The targets by name and room. Importing this loads nothing of the hotline."""

from __future__ import annotations

from importlib import import_module

from tests.fuzz.target import Target

ROOMS = {
    "wire": ("forms", "calls", "signature", "settings"),
    "files": ("flow", "texts", "words", "cases", "others"),
    "talk": ("reading", "conversation", "steps", "records"),
}
NAMES = tuple(name for names in ROOMS.values() for name in names)


def target_of(name: str) -> Target:
    """A target by its name, or all of a room: then the first byte of an input says whose it is."""
    if name not in ROOMS:
        room = next(room for room, names in ROOMS.items() if name in names)
        found: Target = import_module(f"tests.fuzz.{room}").TARGETS[name]
        return found
    targets = [target_of(one) for one in ROOMS[name]]

    def take(data: bytes) -> None:
        if data:
            targets[data[0] % len(targets)].take(data[1:])

    return Target(
        take,
        [bytes([n]) + seed for n, one in enumerate(targets) for seed in one.seeds],
        tuple(dict.fromkeys(word for one in targets for word in one.words)),
        max(one.longest for one in targets),
    )

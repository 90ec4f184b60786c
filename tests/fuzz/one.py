"""One target under the fuzzer, in a process of its own: python -m tests.fuzz.one TARGET FLAGS...

libFuzzer ends the process itself: 0 when its time is up, another number with a finding, whose
input it leaves in a file crash-... (or timeout-..., oom-...) beside.
"""

from __future__ import annotations

import sys

import atheris

from tests.fuzz.names import ROOMS, target_of

UNTRIED = {
    name: [
        "hotline.escalation",
        "hotline.flow.countries_load",
        "hotline.flow.danger.automaton",
        "hotline.flow.danger.pattern",
        "hotline.flow.lexicon_load",
        "hotline.flow.load",
        "hotline.flow.spelling",
        "hotline.flow.words_load",
        "hotline.flow.yaml_text",
        "hotline.settings",
    ]
    for name in ("talk", *ROOMS["talk"])
}
"""What a target only loads its words with: counted, that takes three seconds more."""


def main(name: str, *flags: str) -> None:
    """Load the target with coverage counted in the modules that it is to try, then fuzz."""
    with atheris.instrument_imports(include=["hotline"], exclude=UNTRIED.get(name, [])):
        target = target_of(name)
    for seed in target.seeds:  # loads what is loaded once, so that no input is charged for it
        target.take(seed)
    atheris.Setup([sys.argv[0], *flags], target.take)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])

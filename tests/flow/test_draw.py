"""The picture: every question and rule in it, levels by words and signs as well as by colour."""

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from hotline.flow.draw import COLOURS, SIGNS, label, to_mermaid, to_svg
from hotline.flow.levels import LEVELS
from hotline.flow.load import load_flow


@pytest.fixture(scope="module")
def flow(repository: Path):
    return load_flow(repository / "flows" / "bleeding" / "flow.yaml")


def test_the_picture_shows_every_question_and_every_rule(flow):
    drawn = to_svg(flow)
    words = " ".join(ET.fromstring(drawn).itertext())  # noqa: S314 our own picture

    assert all(f". {q.id}" in words for q in flow.questions if not q.checks)
    assert all(f"{rule.id}: " in words for rule in flow.rules)
    assert flow.version in words
    assert "draft" in words


def test_every_chip_says_its_level(flow):
    svg = ET.fromstring(to_svg(flow))  # noqa: S314 our own picture
    grounds = {ground: level for level, (ground, _) in COLOURS.items()}
    parts = list(svg)
    chips = [(a, b) for a, b in pairwise(parts) if a.get("fill") in grounds]

    assert len(chips) > len(flow.rules)
    for box, text in chips:
        assert text.text == label(grounds[box.get("fill")])


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_can_be_read_on_its_ground(level):
    ground, ink = (_luminance(colour) for colour in COLOURS[level])
    light, dark = max(ground, ink), min(ground, ink)

    assert (light + 0.05) / (dark + 0.05) >= 4.5


def _luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_signs_differ(flow):
    assert len(set(SIGNS.values())) == len(LEVELS)
    assert to_mermaid(flow).startswith("flowchart TD\n")
    assert all(label(level) in to_mermaid(flow) for level in LEVELS)

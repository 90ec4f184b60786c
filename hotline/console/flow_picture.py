"""A flow as a picture: its questions in order, and to which levels its rules lead from them."""

from __future__ import annotations

from collections import Counter
from html import escape

from hotline.console.shown import LEVEL_MARKS, LEVEL_NAMES, readable
from hotline.flow.conditions import variables
from hotline.flow.flow import Flow
from hotline.flow.levels import LEVELS, Level

_ROW = 34
_LEFT, _WIDE = 20, 300
_RIGHT = 640
_COLOURS = {
    Level.EMERGENCY: "#c1272d",
    Level.URGENT: "#c7751a",
    Level.SOON: "#b39700",
    Level.ROUTINE: "#2f855a",
    Level.SELF_CARE: "#4a6f9c",
}


def draw_flow(flow: Flow) -> str:
    """The picture as SVG: questions left, levels right, a line as thick as the rules are many."""
    names = [one.id for one in flow.asked_in_order]
    rows = ["danger", *names]
    height = (len(rows) + 1) * _ROW + 20
    spots = {name: 30 + place * _ROW for place, name in enumerate(rows)}
    step = height / (len(LEVELS) + 1)
    levels = {level: step * (place + 1) for place, level in enumerate(reversed(LEVELS))}
    size = f'viewBox="0 0 860 {height}" font-family="sans-serif" font-size="15"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>']
    for (name, level), number in sorted(_edges(flow, set(rows)).items()):
        parts.append(_line(spots[name], levels[level], level, number))
    red = {one.id for one in flow.questions if one.red_flag}
    parts += [_box(_LEFT, spots[name], _label(name, red), "#6b7278") for name in rows]
    for level, y in levels.items():
        text = f"{LEVEL_MARKS[level]} {LEVEL_NAMES[level]}"
        parts.append(_box(_RIGHT, y, text, _COLOURS[level], wide=180))
    return "".join([*parts, "</svg>"])


def _edges(flow: Flow, known: set[str]) -> Counter[tuple[str, Level]]:
    return Counter(
        (name, rule.level)
        for rule in flow.rules
        for name in variables(rule.when.expression)
        if name in known
    )


def _label(name: str, red: set[str]) -> str:
    if name == "danger":
        return "Danger in her words"
    return f"{readable(name)}{' (red flag)' if name in red else ''}"


def _line(start: float, end: float, level: Level, number: int) -> str:
    x, to = _LEFT + _WIDE, _RIGHT
    middle = (x + to) / 2
    return (
        f'<path d="M{x} {start:.0f} C{middle:.0f} {start:.0f} {middle:.0f} {end:.0f} {to} '
        f'{end:.0f}" fill="none" stroke="{_COLOURS[level]}" stroke-opacity="0.55" '
        f'stroke-width="{min(8, 1 + number)}"/>'
    )


def _box(x: float, y: float, text: str, colour: str, wide: float = _WIDE) -> str:
    return (
        f'<rect x="{x}" y="{y - 13:.0f}" width="{wide}" height="27" rx="6" fill="#ffffff" '
        f'stroke="{colour}" stroke-width="1.5"/>'
        f'<text x="{x + 10}" y="{y + 6:.0f}" fill="#1d2125">{escape(text)}</text>'
    )

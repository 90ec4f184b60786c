"""A picture of a flow: its questions in order, and what leads to which level.

Levels are told by their words and by a sign as well as by colour, for whoever sees no colours and
for black and white prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise

from hotline.flow.conditions import Condition, atoms_of, in_words
from hotline.flow.flow import Flow
from hotline.flow.levels import LEVELS, Level
from hotline.flow.model import Question, Rule

COLOURS: dict[Level, tuple[str, str]] = {
    Level.EMERGENCY: ("#a4161a", "#ffffff"),
    Level.URGENT: ("#b35900", "#ffffff"),
    Level.SOON: ("#f2d16b", "#222222"),
    Level.ROUTINE: ("#bcd9ea", "#222222"),
    Level.SELF_CARE: ("#d9ead3", "#222222"),
}
"""The ground and the ink of each level; each pair has a contrast of at least 4.5 to 1."""

SIGNS: dict[Level, str] = {
    Level.EMERGENCY: "!!!!",
    Level.URGENT: "!!!",
    Level.SOON: "!!",
    Level.ROUTINE: "!",
    Level.SELF_CARE: "-",
}

_WIDTH, _LEFT, _RIGHT = 1400, 40, 620
_LINE, _GAP = 16, 14
_CHARS_LEFT, _CHARS_RIGHT = 74, 92


def label(level: Level) -> str:
    """A level in words with its sign."""
    return f"{SIGNS[level]} {level.value.replace('_', ' ')}"


def to_svg(flow: Flow) -> str:
    """The flow as one SVG picture: questions on the left, the rules they decide on the right."""
    parts: list[str] = []
    y = 70
    for number, question in enumerate(_shown(flow), start=1):
        left = _question_lines(flow, number, question)
        right = _rules_of(flow, question)
        height = _LINE * max(len(left), sum(len(lines) for _, lines in right)) + 18
        parts += _box(y, height, left, question)
        parts += _rules(y, right)
        y += height + _GAP
    y, rest = _heard(flow, y)
    return _page(flow, parts + rest, y)


def _page(flow: Flow, parts: list[str], height: int) -> str:
    title = escape(f"{flow.title} ({flow.version}, {flow.meta.status})")
    x, legend = _LEFT, []
    for level in reversed(LEVELS):
        legend.append(_chip(x, 38, level))
        x += 150
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height + 20}" '
                f'width="{_WIDTH}" height="{height + 20}" role="img" aria-label="{title}" '
                'font-family="sans-serif" font-size="12">'
            ),
            f"<title>{title}</title>",
            f'<rect width="{_WIDTH}" height="{height + 20}" fill="#ffffff"/>',
            f'<text x="{_LEFT}" y="26" font-size="18" font-weight="bold">{title}</text>',
            *legend,
            *parts,
            "</svg>",
        ]
    )


def _box(y: int, height: int, lines: list[str], question: Question) -> list[str]:
    flag = ' stroke="#a4161a" stroke-width="3"' if question.red_flag else ' stroke="#444444"'
    dash = ' stroke-dasharray="5 4"' if question.ask_when is not None or question.clarifies else ""
    box = (
        f'<rect x="{_LEFT}" y="{y}" width="{_RIGHT - _LEFT - 40}" height="{height}" rx="6" '
        f'fill="#fafafa"{flag}{dash}/>'
    )
    down = f'<path d="M{_LEFT + 20} {y + height} v{_GAP}" stroke="#444444" stroke-width="2"/>'
    return [box, down, *_text(_LEFT + 12, y + 18, lines, bold_first=True)]


def _rules(y: int, right: list[tuple[Rule, list[str]]]) -> list[str]:
    parts: list[str] = []
    at = y + 4
    for rule, lines in right:
        parts.append(_chip(_RIGHT, at - 2, rule.level, width=112))
        parts += _text(_RIGHT + 122, at + 12, lines)
        at += _LINE * len(lines)
    return parts


def _chip(x: int, y: int, level: Level, width: int = 138) -> str:
    ground, ink = COLOURS[level]
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="16" rx="3" fill="{ground}"/>'
        f'<text x="{x + 6}" y="{y + 12}" fill="{ink}" font-weight="bold">{label(level)}</text>'
    )


def _text(x: int, y: int, lines: list[str], *, bold_first: bool = False) -> list[str]:
    weights = ["bold" if bold_first and i == 0 else "normal" for i in range(len(lines))]
    return [
        f'<text x="{x}" y="{y + i * _LINE}" font-weight="{weight}">{escape(line)}</text>'
        for i, (line, weight) in enumerate(zip(lines, weights, strict=True))
    ]


def _shown(flow: Flow) -> list[Question]:
    return [question for question in flow.questions if not question.checks]


def _question_lines(flow: Flow, number: int, question: Question) -> list[str]:
    marks = [
        *(["red flag"] if question.red_flag else []),
        *(["after the level was told"] if question.extra else []),
        *([f"only after {question.clarifies} is not sure"] if question.clarifies else []),
    ]
    head = f"{number}. {question.id}" + (f" ({', '.join(marks)})" if marks else "")
    lines = [head, *_wrapped("answers: " + (", ".join(question.values)), _CHARS_LEFT)]
    if question.ask_when is not None:
        lines += _wrapped("asked when " + _words(flow, question.ask_when), _CHARS_LEFT)
    return lines


def _rules_of(flow: Flow, question: Question) -> list[tuple[Rule, list[str]]]:
    """The rules whose last question this is, most urgent first."""
    order = {one.id: i for i, one in enumerate(flow.questions)}
    found = []
    for rule in flow.by_urgency:
        asked = [atom.variable for atom in atoms_of(rule.when.expression)]
        known = [name for name in asked if name in order]
        if known and max(known, key=lambda name: order[name]) == question.id:
            words = f"{rule.id}: {_words(flow, rule.when)}"
            found.append((rule, _wrapped(words, _CHARS_RIGHT)[:4]))
    return found


def _heard(flow: Flow, y: int) -> tuple[int, list[str]]:
    """The rules that ask no question: what is heard in any text, and what came before."""
    ids = set(flow.by_id)
    rules = [
        r for r in flow.by_urgency if not {a.variable for a in atoms_of(r.when.expression)} & ids
    ]
    if not rules:
        return y, []
    parts = [
        f'<text x="{_LEFT}" y="{y + 20}" font-size="15" font-weight="bold">At any moment</text>'
    ]
    at = y + 32
    for rule in rules:
        lines = _wrapped(f"{rule.id}: {_words(flow, rule.when)}", 140)
        parts.append(_chip(_LEFT, at - 2, rule.level, width=112))
        parts += _text(_LEFT + 122, at + 12, lines)
        at += _LINE * len(lines) + 4
    return at, parts


def _words(flow: Flow, condition: Condition) -> str:
    """A condition in words, with the flow's own names for its longer parts."""
    return in_words(condition.expression, {one: name for name, one in flow.named.items()})


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def to_mermaid(flow: Flow) -> str:
    """The flow as a Mermaid flowchart: questions in order, and the levels their answers give."""
    return "\n".join(_mermaid(flow))


def _mermaid(flow: Flow) -> Iterator[str]:
    yield "flowchart TD"
    shown = _shown(flow)
    for question in shown:
        shape = f'[["{question.id}"]]' if question.red_flag else f'["{question.id}"]'
        yield f"  q_{question.id}{shape}"
    for level in reversed(LEVELS):
        yield f'  l_{level.value}(["{label(level)}"])'
    for before, after in pairwise(shown):
        yield f"  q_{before.id} --> q_{after.id}"
    for question in shown:
        best: dict[Level, list[str]] = {}
        for rule, _ in _rules_of(flow, question):
            best.setdefault(rule.level, []).append(rule.id)
        for level, rules in best.items():
            named = "<br>".join(rules)
            yield f'  q_{question.id} -. "{named}" .-> l_{level.value}'
    for level, (ground, ink) in COLOURS.items():
        yield f"  style l_{level.value} fill:{ground},color:{ink},stroke:{ink}"

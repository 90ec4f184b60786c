"""The figures as pictures and, beside each, the same numbers as a table."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from hotline.console.figures import LONGEST_DAYS, Period, Table, tables
from hotline.console.office import Office
from hotline.console.pages import Pages
from hotline.console.rights import Right
from hotline.console.shown import LEVEL_MARKS, readable

FRESH_SECONDS = 10.0
_COLOURS = ("#c1272d", "#c7751a", "#b39700", "#2f855a", "#4a6f9c", "#8a8f94")
_DARK = "@media (prefers-color-scheme: dark) { text { fill: #c9ced2 !important } }"
_SCRIPT = re.compile(rb"<script.*?</script>", re.DOTALL)
_MARKS = {str(level or "none"): mark for level, mark in LEVEL_MARKS.items()}
_READABLE = 0.06
"""The share of the highest bar from which on a piece has room for its number."""

_ONE_COLOUR = ("#4a6f9c",)
_FEW = 6
_LOOKS = dict[str, Any](
    background="transparent",
    plot_background="transparent",
    foreground="#6b7278",
    foreground_strong="#6b7278",
    foreground_subtle="#9aa0a5",
    guide_stroke_color="#9aa0a5",
    major_guide_stroke_color="#9aa0a5",
    opacity="0.9",
    font_family="sans-serif",
    label_font_size=15,
    major_label_font_size=15,
    legend_font_size=15,
    value_font_size=14,
    value_label_font_size=15,
)


PERIODS = (7, 14, 30, 90, 365)
"""The periods to choose from, in days up to today."""

_USUAL = 14
_KEPT = 16


class Counted:
    """The figures of this process by period, counted at most every few seconds."""

    def __init__(self) -> None:
        """Nothing is counted yet."""
        self._lock = threading.Lock()
        self._known: dict[Period, tuple[float, tuple[Table, ...]]] = {}

    def tables(self, office: Office, period: Period) -> tuple[Table, ...]:
        """The figures of a period."""
        with self._lock:
            at, found = self._known.get(period, (0.0, ()))
            if not found or time.monotonic() - at > FRESH_SECONDS:
                found = tables(office, period)
                if len(self._known) >= _KEPT:
                    self._known.clear()
                self._known[period] = (time.monotonic(), found)
            return found


def add_figures_page(pages: Pages) -> None:
    """The page and its pictures."""
    pages.add("/figures", show_figures, Right.SEE)
    pages.add("/figures/<name>.svg", figure_picture, Right.SEE)


def show_figures(office: Office) -> ResponseReturnValue:
    """All figures of the period asked for."""
    period = wanted_period(request.args, office.now().date())
    return render_template(
        "console/figures.html",
        tables=_counted().tables(office, period),
        period=period,
        periods=[(days, _up_to(office.now().date(), days)) for days in PERIODS],
    )


def figure_picture(office: Office, name: str) -> ResponseReturnValue:
    """One figure as SVG; it is shown as an image, where no script in it can run."""
    period = wanted_period(request.args, office.now().date())
    found = _counted().tables(office, period)
    table = next((one for one in found if one.name == name), None)
    if table is None:
        abort(404)
    picture = Response(draw(table), mimetype="image/svg+xml")
    # The picture carries its own style sheet.
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    picture.headers["Content-Security-Policy"] = policy
    return picture


def wanted_period(args: Mapping[str, str], today: date) -> Period:
    """The period in an address; what makes no sense becomes the last two weeks."""
    try:
        period = Period(date.fromisoformat(args["from"]), date.fromisoformat(args["to"]))
    except (KeyError, ValueError):
        return _up_to(today, _USUAL)
    sensible = 1 <= period.days <= LONGEST_DAYS
    return period if sensible else _up_to(today, _USUAL)


def _up_to(today: date, days: int) -> Period:
    return Period(today - timedelta(days=days - 1), today)


def draw(table: Table) -> bytes:
    """A table as bars: stacked by column for days, lying for names."""
    import pygal  # noqa: PLC0415 - it takes a moment to load, and few look at figures
    from pygal.style import Style  # noqa: PLC0415 - see above

    lying = len(table.columns) == 1 and table.name not in {"time-to-level", "acknowledged"}
    kind = pygal.HorizontalBar if lying else pygal.StackedBar
    rows = list(reversed(table.rows)) if lying else list(table.rows)
    most = max((sum(numbers) for _, numbers in rows), default=0)
    chart = kind(
        style=Style(**_LOOKS, colors=_COLOURS if len(table.columns) > 1 else _ONE_COLOUR),
        js=[],
        css=["file://style.css", "file://graph.css", f"inline:{_DARK}"],
        width=1100 if len(table.columns) > 1 else 560,
        height=max(150, 34 * len(rows) + 70) if lying else 300,
        show_legend=len(table.columns) > 1,
        truncate_label=-1,
        print_labels=True,
        no_data_text="Nothing yet",
        range=(0, max(1, most)),
        value_formatter=lambda value: f"{value:.0f}",
    )
    if most < _FEW:
        chart.y_labels = list(range(int(most) + 1))
    chart.x_labels = [readable(label) for label, _ in rows]
    for place, column in enumerate(table.columns):
        mark = _MARKS.get(column, "")
        # A number and, for levels, its shape on each piece: colour is never the only sign.
        pieces = [
            {"value": n, "label": f"{mark}{n}" if n > most * _READABLE else ""} if n else None
            for n in (numbers[place] for _, numbers in rows)
        ]
        chart.add(f"{mark} {readable(column)}".strip(), pieces)
    svg: bytes = chart.render()
    return _SCRIPT.sub(b"", svg)  # pygal writes its configuration into one


def _counted() -> Counted:
    counted: Counted = current_app.extensions.setdefault("console_figures", Counted())
    return counted

"""Figure: the state of all treated subjects on each day, stacked to 100 %."""

from __future__ import annotations

from typing import Any

import polars as pl

from reports import theme, wording
from reports.figures import steps
from reports.figures.curve import Frame
from reports.select import Row, only
from reports.tables.states import STATES

COLORS = {
    "dead": theme.INK,
    "CRS grade 3-4": theme.GRADES["3"],
    "CRS grade 2": theme.GRADES["2"],
    "CRS grade 1": theme.GRADES["1"],
    "CRS grade not known": theme.GRADES["NA"],
    "recovered": theme.RECOVERED,
    "no CRS yet": theme.GRADES["0"],
}
"""From the bottom of a bar to its top."""
PATTERNS = {"CRS grade not known": "/"}
PLOT_PX = 330


def figure_states(results: pl.DataFrame, frame: Frame) -> theme.Figure:
    """A bar per day; who may be ill stands below, hatched where the grade is not known.

    Args:
        results: Rows of state_occupation of one arm.
        frame: Title, words, stamp, and where the subjects behind a share are listed.
    """
    figure = theme.Figure(_layout(frame))
    found: dict[str, list[Row]] = {}
    for row in only(results, STATUS="ok").sort("TIME").iter_rows(named=True):
        found.setdefault(row["LEVEL"], []).append(row)
    for state, color in COLORS.items():
        rows = found.get(state, [])
        if any(r["VALUE"] for r in rows):
            figure.add("bar", **_bars(state, color, rows, frame))
    return theme.stamp(figure, frame.stamp)


def _bars(state: str, color: str, rows: list[Row], frame: Frame) -> dict[str, Any]:
    linked = steps.link(frame.drill)
    name = STATES[state]
    return {
        "x": [r["TIME"] for r in rows],
        "y": [float(f"{100 * r['VALUE']:.4g}") for r in rows],
        "name": name,
        "marker": {
            "color": color,
            "line": {"color": theme.PAPER, "width": 0.6},
            "pattern": theme.hatched(PATTERNS.get(state), size=5, solidity=0.2),
        },
        "hovertext": [_hover(name, r) for r in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [
            linked(r["SET_EVENTS"], f"{wording.inside(name)} on day {r['TIME']:g}") for r in rows
        ],
    }  # fmt: skip


def _hover(name: str, row: Row) -> str:
    limits = wording.interval(row)
    share = wording.percent(row["VALUE"]) + (f" (95% CI {limits})" if limits else "")
    seen = f"<br>{row['EVENTS']} seen in it" if row["EVENTS"] is not None else ""
    return f"<b>Day {row['TIME']:g}, {wording.inside(name)}</b><br>{share}{seen}"


def _layout(frame: Frame) -> dict[str, Any]:
    ticks = [1, 3, 5, 7, 10, 14, 21, 28]
    return {
        "height": PLOT_PX + 110,
        "barmode": "stack",
        "bargap": 0.06,
        "showlegend": True,
        "margin": {"l": 64, "r": 20, "t": 62, "b": 52},
        "xaxis": {
            "title": {"text": "Days, day of first dose = 1"}, "tickvals": ticks,
            "range": [0.4, 28.6], "fixedrange": True, "showgrid": False,
        },
        "yaxis": {
            "title": {"text": "Treated subjects"}, "range": [0, 100.4],
            "tickvals": [0, 25, 50, 75, 100], "ticktext": theme.PERCENT, "fixedrange": True,
        },
        "legend": {"itemclick": False, "itemdoubleclick": False, "traceorder": "normal"},
        "meta": {
            "title": frame.title,
            "words": frame.words,
            "narrow": {
                "margin": {"l": 52, "r": 10, "t": 128}, "height": PLOT_PX + 160,
                "font": {"size": 11}, "xaxis": {"tickvals": [1, 7, 14, 21, 28]},
            },
        },
    }  # fmt: skip

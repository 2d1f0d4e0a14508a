"""Figure: scaled Schoenfeld residuals, whose mean on a day estimates the log hazard ratio then."""

from __future__ import annotations

from typing import Any

import polars as pl

from reports import theme, wording
from reports.figures import steps
from reports.figures.curve import Frame
from reports.figures.forest import rounded
from reports.select import Row, only
from reports.tables.grades import arm_name

SYMBOLS = {"car_t": "circle", "bispecific": "diamond-open"}


def figure_residuals(rows: pl.DataFrame, frame: Frame) -> theme.Figure:
    """A point for each day and cohort with an event.

    Args:
        rows: Rows of LEVEL residuals of one estimand.
        frame: Title, words, stamp, and where the subjects behind a point are listed.
    """
    figure = theme.Figure()
    shown = rows.filter(pl.col("STATUS") == "ok").sort("TIME")
    for arm in SYMBOLS:
        points = only(shown, GROUP=arm).to_dicts()
        if points:
            figure.add("scatter", **_points(arm, points, frame))
    figure.layout.update(
        height=340, hovermode="closest", showlegend=True,
        legend={"itemclick": False, "itemdoubleclick": False},
        margin={"l": 66, "r": 20, "t": 44, "b": 54},
        xaxis={"title": {"text": "Days, day of first dose = 1"}, "fixedrange": True,
               "showgrid": False},
        yaxis={"title": {"text": "Log hazard ratio"}, "fixedrange": True, "zeroline": True,
               "zerolinecolor": theme.MUTED},
        meta={"title": frame.title, "words": frame.words, "narrow": {"font": {"size": 11}}},
    )  # fmt: skip
    return theme.stamp(figure, frame.stamp)


def _points(arm: str, rows: list[Row], frame: Frame) -> dict[str, Any]:
    linked, color, symbol = steps.link(frame.drill), theme.arm_style(arm).color, SYMBOLS[arm]
    return {
        "x": [r["TIME"] for r in rows],
        "y": [rounded(r["VALUE"]) for r in rows],
        "mode": "markers",
        "name": arm_name(arm),
        "marker": {
            "symbol": symbol.removesuffix("-open"), "size": 8,
            "color": theme.PAPER if symbol.endswith("-open") else color,
            "line": {"color": color, "width": 1.6},
        },
        "text": [
            f"<b>{arm_name(arm)}, day {r['TIME']:g}</b><br>{wording.value(r, r['VALUE'])} from "
            f"{wording.plural(r['EVENTS'] or 0, 'event')}"
            for r in rows
        ],
        "customdata": [
            linked(r["SET_EVENTS"], f"{arm_name(arm)}, first CRS on day {r['TIME']:g}")
            for r in rows
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip

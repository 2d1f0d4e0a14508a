"""A curve with everything that belongs to it: interval, landmarks, risk table, stamp, words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from reports import theme
from reports.drill import Drill
from reports.figures import risk_table, steps

CURVE_PX = 310
AXIS_PX = 60
TOP_PX = 40


@dataclass(frozen=True)
class Axes:
    """Words of a curve: what happens, the axes, and the lines of the risk table."""

    noun: str
    x: str
    y: str
    labels: dict[str, str]
    landmarks: tuple[int, ...] = field(default=())


@dataclass(frozen=True)
class Frame:
    """What every figure carries: its title and line of words, its stamp, who is behind it."""

    title: str
    words: str
    stamp: str | None = None
    drill: Drill | None = None


def figure_curve(results: pl.DataFrame, axes: Axes, frame: Frame, *, by: str) -> theme.Figure:
    """Draw the arms of one analysis from its rows of levels curve, landmark and risk_table."""
    found = steps.arms(results, by)
    rows, days = risk_table.lines(found, axes.labels), risk_table.ticks(found)
    table_px = risk_table.ROW_PX * max(len(rows), 1) + 6
    total = CURVE_PX + AXIS_PX + table_px
    counts = {"yaxis2": risk_table.axis(rows, table_px / total)}
    figure = theme.Figure(_layout(axes, frame, days, total) | counts)
    linked = steps.link(frame.drill)
    for arm in found:
        steps.add_curve(figure, arm, linked, many=len(found) > 1, noun=axes.noun)
    for place, arm in enumerate(_highest_first(found)):
        steps.add_landmarks(figure, arm, linked, upper=place == 0, noun=axes.noun)
    risk_table.add_risk_table(figure, rows, days, linked)
    return theme.stamp(figure, frame.stamp, y=1 - CURVE_PX / total / 2)


def _highest_first(found: list[steps.Arm]) -> list[steps.Arm]:
    return sorted(found, key=lambda arm: -(arm.drawn["VALUE"].max() or 0.0))  # type: ignore[operator]


def _layout(axes: Axes, frame: Frame, days: list[float], total: int) -> dict[str, Any]:
    last = max(days, default=28)
    return {
        "height": TOP_PX + total + 8,
        "margin": {"l": 112, "r": 26, "t": TOP_PX, "b": 8},
        "hovermode": "closest",
        "xaxis": {
            "title": {"text": axes.x}, "range": [-0.012 * last, last * 1.015], "tickvals": days,
            "anchor": "y", "showgrid": False, "fixedrange": True,
        },
        "yaxis": {
            "title": {"text": axes.y}, "range": [0, 101], "tickvals": [0, 25, 50, 75, 100],
            "ticktext": theme.PERCENT, "domain": [1 - CURVE_PX / total, 1], "fixedrange": True,
        },
        "meta": {"title": frame.title, "words": frame.words, "narrow": _narrow(days)},
    }  # fmt: skip


def _narrow(days: list[float]) -> dict[str, Any]:
    small = {"title": {"font": {"size": 11.5}}}
    last = max(days, default=28)
    return {
        "font": {"size": 11},
        "margin": {"l": 82, "r": 16},
        "xaxis": small
        | {"tickvals": risk_table.narrow_ticks(days), "range": [-0.07 * last, last * 1.02]},
        "yaxis": small,
        "yaxis2": {"tickfont": {"size": 10.5}},
    }

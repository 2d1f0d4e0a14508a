"""Axes and layout of a forest plot, for wide and for narrow screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log10
from typing import Any

from reports import theme
from reports.figures.curve import Frame

LINE_PX = 23
NARROW_LINE_PX = 34
AXIS_PX = 58
TOP_PX = 50
NARROW_TOP_PX = 26
LEGEND_PX = 19
GAP = 0.08


@dataclass(frozen=True)
class Panel:
    """An axis that the lines are drawn on.

    Attributes:
        title: What is measured.
        span: Both ends of the axis.
        ticks: Value and text of each tick.
        reference: Values with a thin line; solid where there is no difference.
        log: Whether the axis is logarithmic.
    """

    title: str
    span: tuple[float, float]
    ticks: dict[float, str]
    reference: Sequence[float] = field(default=())
    log: bool = False


def axes(place: int) -> dict[str, str]:
    """Names of the axes of a panel, for its traces."""
    return {"xaxis": f"x{_number(place)}", "yaxis": f"y{_number(place)}"}


def _number(place: int) -> str:
    return "" if place == 0 else str(place + 1)


def layout(
    labels: Sequence[str], panels: Sequence[Panel], frame: Frame, named: int
) -> dict[str, Any]:
    """Wide as it is, narrow as changes to it; there each entry of the legend has its own row.

    Args:
        labels: Labels of the lines, as plotly reads them.
        panels: Axes from left to right.
        frame: Title and words.
        named: Entries of the legend.
    """
    top = NARROW_TOP_PX + LEGEND_PX * named
    left = min(30 + round(7.2 * max(len(label) for label in labels)), 340)
    tall = top + NARROW_LINE_PX * len(labels) * len(panels) + AXIS_PX * len(panels)
    narrow: dict[str, Any] = {
        "height": tall, "margin": {"l": 16, "r": 16, "t": top}, "font": {"size": 11},
    }  # fmt: skip
    made: dict[str, Any] = {
        "height": TOP_PX + LINE_PX * len(labels) + AXIS_PX,
        "margin": {"l": left, "r": 20, "t": TOP_PX, "b": AXIS_PX - 8},
        "hovermode": "closest",
        "legend": {"itemclick": False, "itemdoubleclick": False},
        "shapes": [s for i, panel in enumerate(panels) for s in _references(i, panel)],
    }
    for place, panel in enumerate(panels):
        number = _number(place)
        made[f"xaxis{number}"] = _x_axis(place, panel, len(panels))
        made[f"yaxis{number}"] = _y_axis(place, labels)
        narrow[f"xaxis{number}"] = {"domain": [0, 1], "title": {"font": {"size": 12}}}
        narrow[f"yaxis{number}"] = {
            "domain": _stacked(place, len(panels), tall - top), "showticklabels": False,
            "range": [len(labels) - 0.4, -0.9],
        }  # fmt: skip
    return made | {"meta": {"title": frame.title, "words": frame.words, "narrow": narrow}}


def _x_axis(place: int, panel: Panel, many: int) -> dict[str, Any]:
    width = (1 - GAP * (many - 1)) / many
    start = place * (width + GAP)
    return {
        "title": {"text": panel.title}, "domain": [start, start + width], "fixedrange": True,
        "tickvals": list(panel.ticks), "ticktext": list(panel.ticks.values()),
        "anchor": axes(place)["yaxis"],
        "type": "log" if panel.log else "linear",
        # Plotly takes the ends of a logarithmic axis as exponents.
        "range": [round(log10(x), 4) if panel.log else x for x in panel.span],
    }  # fmt: skip


def _y_axis(place: int, labels: Sequence[str]) -> dict[str, Any]:
    return {
        "range": [len(labels) - 0.4, -0.6], "tickvals": list(range(len(labels))),
        "ticktext": list(labels), "showticklabels": place == 0,
        "showline": False, "ticks": "", "showgrid": False, "fixedrange": True,
        "anchor": axes(place)["xaxis"],
    }  # fmt: skip


def _stacked(place: int, many: int, below: int) -> list[float]:
    """The panel's share of the height, from the top, with room for its axis below."""
    inside = below - AXIS_PX + 8
    axis = AXIS_PX / inside
    height = (1 - axis * (many - 1)) / many
    top = 1 - place * (height + axis)
    return [round(max(top - height, 0), 4), round(top, 4)]


def _references(place: int, panel: Panel) -> list[dict[str, Any]]:
    named = axes(place)
    return [
        {
            "type": "line", "xref": named["xaxis"], "yref": f"{named['yaxis']} domain",
            "x0": x, "x1": x, "y0": 0, "y1": 1, "layer": "below",
            "line": {
                "color": theme.MUTED, "width": 1,
                "dash": "solid" if x == (1.0 if panel.log else 0.0) else "dot",
            },
        }
        for x in panel.reference
    ]  # fmt: skip

"""Figure: estimates with their limits on lines, in one or more panels that share the lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log10
from typing import Any, NamedTuple

import plotly.graph_objects as go

from reports import theme
from reports.figures.curve import Frame

LINE_PX = 23
NARROW_LINE_PX = 34
AXIS_PX = 58
TOP_PX = 50
GAP = 0.05


class Mark(NamedTuple):
    """One estimate; without a value only the span of its limits is drawn.

    Attributes:
        name: Its entry of the legend.
        look: Colour and marker symbol; a name that ends in -open is hollow.
        value: Where the marker stands.
        low: Lower limit, null for none.
        high: Upper limit, null for none.
        hover: Its words.
        behind: Key of the set behind it and the words above the list.
    """

    name: str
    look: tuple[str, str]
    value: float | None
    low: float | None
    high: float | None
    hover: str
    behind: Sequence[str | None] = (None, "")


class Line(NamedTuple):
    """A line: its label and its marks by panel; a line without marks is a heading."""

    label: str
    marks: Sequence[Sequence[Mark]] = ()


@dataclass(frozen=True)
class Panel:
    """An axis that the lines are drawn on.

    Attributes:
        title: What is measured.
        span: Both ends of the axis, in its own unit.
        ticks: Value and text of each tick.
        reference: Values that a thin line marks.
        log: Whether the axis is logarithmic.
    """

    title: str
    span: tuple[float, float]
    ticks: dict[float, str]
    reference: Sequence[float] = field(default=())
    log: bool = False


def figure_forest(lines: Sequence[Line], panels: Sequence[Panel], frame: Frame) -> go.Figure:
    """Draw the lines from top to bottom; on a narrow screen panels stand under each other.

    Args:
        lines: What is drawn; marks of a line are by panel, in the order of `panels`.
        panels: Axes from left to right.
        frame: Title, words and stamp.
    """
    figure = go.Figure(layout={"template": theme.template()})
    named: set[str] = set()
    for place, panel in enumerate(panels):
        axes = _axes(place)
        found = [
            (y, mark)
            for y, line in enumerate(lines)
            for mark in (line.marks[place] if line.marks else ())
        ]
        for kind in dict.fromkeys((m.name, m.look, m.value is None) for _, m in found):
            name = kind[0]
            figure.add_scatter(
                **_trace([(y, m) for y, m in found if (m.name, m.look, m.value is None) == kind]),
                **axes, name=theme.plain(name), legendgroup=name, showlegend=name not in named,
            )  # fmt: skip
            named.add(name)
        figure.add_scatter(**_narrow_labels(lines, panel), **axes)
    figure.update_layout(_layout(lines, panels, frame))
    return theme.stamp(figure, frame.stamp)


def _axes(place: int) -> dict[str, str]:
    number = "" if place == 0 else str(place + 1)
    return {"xaxis": f"x{number}", "yaxis": f"y{number}"}


def rounded(value: float | None) -> float | None:
    """Four significant digits are more than a picture shows.

    >>> rounded(0.123456), rounded(None)
    (0.1235, None)
    """
    return None if value is None else float(f"{value:.4g}")


def _trace(found: Sequence[tuple[int, Mark]]) -> dict[str, Any]:
    color, symbol = found[0][1].look
    if found[0][1].value is None:
        return _spans(found, color)
    far = [(_far(m.high, m.value), _far(m.value, m.low)) for _, m in found]
    return {
        "x": [rounded(m.value) for _, m in found],
        "y": [y for y, _ in found],
        "mode": "markers",
        "marker": {
            "color": theme.PAPER if symbol.endswith("-open") else color,
            "symbol": symbol.removesuffix("-open"), "size": 9,
            "line": {"color": color, "width": 1.8},
        },
        "error_x": {
            "type": "data", "symmetric": False, "array": [up for up, _ in far],
            "arrayminus": [down for _, down in far], "color": color, "thickness": 1.6, "width": 3,
        },
        "text": [m.hover for _, m in found],
        "customdata": [list(m.behind) for _, m in found],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _far(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else rounded(one - other)


def _spans(found: Sequence[tuple[int, Mark]], color: str) -> dict[str, Any]:
    """Ranges without an estimate: lines between two ticks."""
    shown = [(y, m) for y, m in found for _ in range(3)]
    return {
        "x": [x for _, m in found for x in (rounded(m.low), rounded(m.high), None)],
        "y": [y for y, _ in shown],
        "mode": "lines+markers",
        "line": {"color": color, "width": 1.6, "dash": "dot"},
        "marker": {
            "symbol": "line-ns", "size": 9, "color": color, "line": {"color": color, "width": 1.8},
        },
        "text": [m.hover for _, m in shown],
        "customdata": [list(m.behind) for _, m in shown],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _narrow_labels(lines: Sequence[Line], panel: Panel) -> dict[str, Any]:
    """On a narrow screen each label stands above its line, where there is room for it."""
    return {
        "x": [panel.span[0]] * len(lines),
        "y": [y - 0.36 if line.marks else y for y, line in enumerate(lines)],
        "mode": "text",
        "text": [_label(line) for line in lines],
        "textposition": "middle right",
        "textfont": {"size": 11},
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
        "meta": {"only": "narrow"},
    }


def _label(line: Line) -> str:
    words = theme.plain(line.label)
    return words if line.marks else f"<b>{words}</b>"


def _layout(lines: Sequence[Line], panels: Sequence[Panel], frame: Frame) -> dict[str, Any]:
    left = min(36 + round(6.6 * max(len(line.label) for line in lines)), 330)
    tall = TOP_PX + NARROW_LINE_PX * len(lines) * len(panels) + AXIS_PX * len(panels)
    narrow: dict[str, Any] = {
        "height": tall, "margin": {"l": 16, "r": 16, "t": TOP_PX + 22}, "font": {"size": 11},
    }  # fmt: skip
    made: dict[str, Any] = {
        "height": TOP_PX + LINE_PX * len(lines) + AXIS_PX,
        "margin": {"l": left, "r": 20, "t": TOP_PX, "b": AXIS_PX - 8},
        "hovermode": "closest",
        "legend": {"itemclick": False, "itemdoubleclick": False},
        "shapes": [s for i, panel in enumerate(panels) for s in _references(i, panel)],
    }
    for place, panel in enumerate(panels):
        number = "" if place == 0 else str(place + 1)
        made[f"xaxis{number}"] = _x_axis(place, panel, len(panels))
        made[f"yaxis{number}"] = _y_axis(place, lines)
        narrow[f"xaxis{number}"] = {"domain": [0, 1], "title": {"font": {"size": 12}}}
        narrow[f"yaxis{number}"] = {
            "domain": _stacked(place, len(panels), tall), "showticklabels": False,
            "range": [len(lines) - 0.4, -0.9],
        }  # fmt: skip
    return made | {"meta": {"title": frame.title, "words": frame.words, "narrow": narrow}}


def _x_axis(place: int, panel: Panel, many: int) -> dict[str, Any]:
    """Ends of a logarithmic axis are given as exponents, as plotly wants them."""
    width = (1 - GAP * (many - 1)) / many
    start = place * (width + GAP)
    return {
        "title": {"text": panel.title}, "domain": [start, start + width], "fixedrange": True,
        "tickvals": list(panel.ticks), "ticktext": list(panel.ticks.values()),
        "anchor": _axes(place)["yaxis"],
        **({"type": "log", "range": [_exponent(x) for x in panel.span]}
           if panel.log else {"range": list(panel.span)}),
    }  # fmt: skip


def _exponent(value: float) -> float:
    return round(log10(value), 4)


def _y_axis(place: int, lines: Sequence[Line]) -> dict[str, Any]:
    return {
        "range": [len(lines) - 0.4, -0.6], "tickvals": list(range(len(lines))),
        "ticktext": [_label(line) for line in lines], "showticklabels": place == 0,
        "showline": False, "ticks": "", "showgrid": False, "fixedrange": True,
        "anchor": _axes(place)["xaxis"],
    }  # fmt: skip


def _stacked(place: int, many: int, tall: int) -> list[float]:
    """The panel's share of the height, from the top, with room for its axis below."""
    inside = tall - TOP_PX - 22 - AXIS_PX + 8
    axis = AXIS_PX / inside
    height = (1 - axis * (many - 1)) / many
    top = 1 - place * (height + axis)
    return [round(max(top - height, 0), 4), round(top, 4)]


def _references(place: int, panel: Panel) -> list[dict[str, Any]]:
    axes = _axes(place)
    return [
        {
            "type": "line", "xref": axes["xaxis"], "yref": f"{axes['yaxis']} domain",
            "x0": x, "x1": x, "y0": 0, "y1": 1, "layer": "below",
            "line": {"color": theme.MUTED, "width": 1, "dash": "dot"},
        }
        for x in panel.reference
    ]  # fmt: skip

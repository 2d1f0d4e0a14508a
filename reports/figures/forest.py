"""Figure: estimates with their limits on lines, in one or more panels that share the lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from reports import theme
from reports.figures.curve import Frame
from reports.figures.forest_axes import Panel, axes, layout


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


def figure_forest(lines: Sequence[Line], panels: Sequence[Panel], frame: Frame) -> theme.Figure:
    """Draw the lines from top to bottom; on a narrow screen panels stand under each other.

    Args:
        lines: What is drawn; marks of a line are by panel, in the order of `panels`.
        panels: Axes from left to right.
        frame: Title, words and stamp.
    """
    figure = theme.Figure()
    named: set[str] = set()
    for place, panel in enumerate(panels):
        where = axes(place)
        kinds: dict[tuple[Any, ...], list[tuple[int, Mark]]] = {}
        for y, line in enumerate(lines):
            for mark in line.marks[place] if line.marks else ():
                kind = (mark.name, mark.look, mark.value is None)
                kinds.setdefault(kind, []).append((y, mark))
        for (name, *_), found in kinds.items():
            figure.add(
                "scatter", **_trace(found), **where, name=theme.plain(name), legendgroup=name,
                showlegend=name not in named,
            )  # fmt: skip
            named.add(name)
        figure.add("scatter", **_narrow_labels(lines, panel), **where)
    labels = [_label(line) for line in lines]
    figure.layout.update(layout(labels, panels, frame, len(named)))
    return theme.stamp(figure, frame.stamp)


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
        **_words([m for _, m in found]),
    }  # fmt: skip


def _far(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else rounded(one - other)


def _words(marks: Sequence[Mark]) -> dict[str, Any]:
    return {
        "text": [m.hover for m in marks],
        "customdata": [list(m.behind) for m in marks],
        "hovertemplate": "%{text}<extra></extra>",
    }


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
        **_words([m for _, m in shown]),
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

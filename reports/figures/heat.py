"""Figure: one row per treated subject, one cell per day, coloured by the worst grade of the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from reports import theme
from reports.figures.curve import Frame
from reports.figures.swimmer import PAGE, SIGNS
from reports.tables.courses import study_day
from reports.tables.heat import CODES, NOT_KNOWN, Laid

TOP_PX, BOTTOM_PX = 92, 54
PAPER_PX = 880
"""A figure that is higher than this is drawn lower on paper, so that it fits one page."""
COLORS = (*(theme.GRADES[str(grade)] for grade in range(6)), theme.GRADES["NA"], theme.UNSEEN)


def figure_heat(laid: Laid, frame: Frame, keys: Mapping[int, str]) -> theme.Figure:
    """Cells by grade; hatched where it is not known, grey where nothing was charted.

    Args:
        laid: Rows to draw.
        frame: Title, words and stamp.
        keys: SUBJIDX to the key of the list that a cell of its row opens.
    """
    figure = theme.Figure(_layout(laid, frame))
    figure.add("heatmap", **_cells(laid, keys))
    used = {code for row in laid.codes for code in row}
    for code, name in enumerate(CODES):
        if code in used:
            figure.add("bar", **_legend(code, name))
    if NOT_KNOWN in used:
        figure.add("scatter", **_hatching(laid))
    for name, sign, at in _marks(laid):
        figure.add("scatter", **_points(name, sign, at))
    return theme.stamp(figure, frame.stamp)


def row_px(rows: int) -> int:
    """Height of a row: lower where there are many."""
    return 13 if rows <= 80 else 10 if rows <= 160 else 7


def _cells(laid: Laid, keys: Mapping[int, str]) -> dict[str, Any]:
    steps = [
        stop
        for code, color in enumerate(COLORS)
        for stop in ([code / len(COLORS), color], [(code + 1) / len(COLORS), color])
    ]
    gap = 1 if row_px(len(laid.codes)) >= 10 else 0
    return {
        "x0": laid.first + 0.5, "dx": 1, "y0": 0, "dy": 1, "z": laid.codes,
        "zmin": -0.5, "zmax": len(COLORS) - 0.5, "colorscale": steps, "showscale": False,
        "xgap": gap, "ygap": gap, "hoverongaps": False,
        "texttemplate": "%{text}", "textfont": {"size": 9},
        "hovertemplate": "%{hovertext}<extra></extra>",
        # Words and numbers of the cells are made of these on the page: written out they would
        # weigh more than the codes.
        "meta": {
            "names": list(CODES),
            "days": [_day(p, laid.clock) for p in range(laid.first, laid.last + 1)],
            "who": [_who(s, keys) for s in laid.subjects.to_dicts()],
        },
    }  # fmt: skip


def _who(subject: Mapping[str, Any], keys: Mapping[int, str]) -> list[Any]:
    """The list that the row opens, the subject, its episodes and the highest grade of them."""
    n, grade = subject["SUBJIDX"], subject["GRADE"]
    highest = "highest grade " + ("not known" if grade is None else str(grade))
    return [keys[n], f"#{n}", subject["EPISODES"] or 0, highest]


def _day(position: int, clock: str) -> str:
    if clock == "first_dose":
        return f"day {study_day(position)}"
    if position == 0:
        return "day of onset"
    days = f"{abs(position)} day{'' if abs(position) == 1 else 's'}"
    return f"{days} {'after' if position > 0 else 'before'} onset"


def _legend(code: int, name: str) -> dict[str, Any]:
    """A bar that is not there, since a heat map has no entries in a legend."""
    pattern = {
        "shape": "/", "fgcolor": theme.INK, "bgcolor": COLORS[code], "size": 5, "solidity": 0.2,
    }  # fmt: skip
    return {
        "x": [None], "y": [None], "name": name,
        "marker": {
            "color": COLORS[code], "line": {"color": theme.MUTED, "width": 0.4},
            "pattern": pattern if code == NOT_KNOWN else None,
        },
    }  # fmt: skip


def _hatching(laid: Laid) -> dict[str, Any]:
    """A stroke through each cell whose grade is not known."""
    at = [
        (laid.first + column + 0.5, row)
        for row, codes in enumerate(laid.codes)
        for column, code in enumerate(codes)
        if code == NOT_KNOWN
    ]
    return {
        "x": [x for x, _ in at], "y": [y for _, y in at], "mode": "markers",
        "hoverinfo": "skip", "showlegend": False,
        "marker": {
            "symbol": "line-ne", "size": row_px(len(laid.codes)) - 3,
            "line": {"color": theme.INK, "width": 1},
        },
    }  # fmt: skip


def _marks(laid: Laid) -> list[tuple[str, dict[str, Any], list[tuple[float, int]]]]:
    """Death, and where charting ends within the axis."""
    rows = laid.subjects.with_row_index("ROW")
    on_axis = pl.col("AT").is_between(laid.first, laid.last)
    dead = rows.select("ROW", AT="DEATH").filter(on_axis)
    alive = pl.col("DEATH").is_null() | (pl.col("DEATH") > pl.col("CHARTED") + 1)
    ended = rows.filter(alive).select("ROW", AT=pl.col("CHARTED") + 1).filter(on_axis)
    death = SIGNS["death"]
    kinds = (
        ("Death", {
            "symbol": death.symbol, "size": 8, "color": death.color,
            # It stands on the darkest cell of all.
            "line": {"color": theme.PAPER, "width": 1},
        }, dead, 0.5),
        ("End of charting", {
            "symbol": "line-ns", "size": row_px(len(laid.codes)) - 3,
            "line": {"color": theme.INK, "width": 2},
        }, ended, 0.25),
    )  # fmt: skip
    return [
        (name, sign, [(at + shift, row) for row, at in found.rows()])
        for name, sign, found, shift in kinds
        if found.height
    ]


def _points(name: str, sign: dict[str, Any], at: list[tuple[float, int]]) -> dict[str, Any]:
    return {
        "x": [x for x, _ in at], "y": [y for _, y in at], "mode": "markers", "name": name,
        "marker": sign, "hoverinfo": "name", "cliponaxis": False,
    }  # fmt: skip


def _layout(laid: Laid, frame: Frame) -> dict[str, Any]:
    numbers = laid.subjects["SUBJIDX"].to_list()
    height = row_px(len(numbers)) * len(numbers)
    # A label under ten pixels cannot be read: every second row of low ones has none.
    every = 1 if row_px(len(numbers)) >= 10 else 2
    labels = [
        (i, f'<a href="{PAGE}#{n}">#{n}</a>') for i, n in enumerate(numbers) if i % every == 0
    ]
    return {
        "height": TOP_PX + height + BOTTOM_PX,
        "showlegend": True, "hovermode": "closest", "barmode": "overlay",
        "margin": {"l": 58, "r": 20, "t": TOP_PX, "b": BOTTOM_PX},
        "xaxis": {
            "title": {"text": _AXES[laid.clock]}, "fixedrange": True, "showgrid": False,
            "range": [laid.first, laid.last + 1], **_ticks(laid),
        },
        "yaxis": {
            "range": [len(numbers) - 0.5, -0.5], **_labels(labels),
            "showgrid": False, "ticks": "", "showline": False, "fixedrange": True,
            "tickfont": {"size": 10 if len(numbers) <= 80 else 9},
        },
        "legend": {"itemclick": False, "itemdoubleclick": False, "font": {"size": 12}},
        "meta": {
            "title": frame.title, "words": frame.words,
            "narrow": {
                "margin": {"l": 44, "r": 8, "t": 196}, "height": 196 + height + BOTTOM_PX,
                "font": {"size": 11},
            },
            "paper": _on_paper(height, labels),
        },
    }  # fmt: skip


_AXES = {
    "first_dose": "Days, day of first dose = 1",
    "onset": "Days since onset of the first CRS, 0 = same day",
}


def _ticks(laid: Laid) -> dict[str, Any]:
    if laid.clock == "onset":
        at = [p for p in range(laid.first, laid.last + 1) if p in (0, 1, 3) or p % 7 == 0]
    else:
        at = [1, *range(7, laid.last + 1, 7)]
    return {"tickvals": [p + 0.5 for p in at], "ticktext": [str(p) for p in at]}


def _labels(labels: Sequence[tuple[int, str]]) -> dict[str, Any]:
    return {"tickvals": [row for row, _ in labels], "ticktext": [words for _, words in labels]}


def _on_paper(height: int, labels: Sequence[tuple[int, str]]) -> dict[str, Any]:
    """What is set otherwise on paper, where a page has an end."""
    room = PAPER_PX - TOP_PX - BOTTOM_PX
    if height <= room:
        return {}
    every = -(-len(labels) * 8 // room)
    return {"height": PAPER_PX, "yaxis": {**_labels(labels[::every]), "tickfont": {"size": 7}}}

"""Figure: one row per treated subject, CRS coloured by the grade of each day."""

from __future__ import annotations

from typing import Any, NamedTuple

import polars as pl

from reports import theme, wording
from reports.figures.curve import Frame
from reports.tables.courses import Courses

ROW_PX = 13
TOP_PX = 84
PAGE = "subjects.html"


class Sign(NamedTuple):
    """How a kind of mark is drawn and named."""

    name: str
    symbol: str
    color: str
    size: float = 7


SIGNS = {
    "dose": Sign("Dose", "triangle-up", theme.INK, 6),
    "tocilizumab": Sign("Tocilizumab", "diamond", "#0B62A4", 8),
    "steroid": Sign("Corticosteroid", "circle", "#007A5E", 6),
    "intensive care": Sign("Intensive care", "square-open", theme.INK, 9),
    "not seen to end": Sign("CRS not seen to end", "triangle-right", theme.INK, 8),
    "death": Sign("Death", "x", theme.STAMP, 8),
}


def figure_swimmer(course: Courses, frame: Frame) -> theme.Figure:
    """Thin line: follow-up. Bars: CRS by daily grade. Marks: what was given and what happened.

    Args:
        course: Rows to draw.
        frame: Title, words and stamp.
    """
    figure = theme.Figure(_layout(course, frame))
    figure.add("scatter", **_lines(course))
    for grade in ("1", "2", "3", "4", "5", "NA", "0"):
        rows = course.bars.filter(pl.col("GRADE") == grade)
        if rows.height:
            figure.add("bar", **_bars(grade, rows))
    for kind, sign in SIGNS.items():
        rows = course.marks.filter(pl.col("KIND") == kind)
        if rows.height:
            figure.add("scatter", **_points(sign, rows))
    return theme.stamp(figure, frame.stamp)


def _lines(course: Courses) -> dict[str, Any]:
    rows = course.subjects.to_dicts()
    ends = [min(r["END"] or 1, course.last) + 1 for r in rows]
    return {
        "x": [x for end in ends for x in (1, end, None)],
        "y": [y for r in rows for y in (r["PLACE"], r["PLACE"], None)],
        "mode": "lines", "line": {"color": theme.RULE, "width": 2}, "name": "Follow-up",
        "hoverinfo": "skip",
    }  # fmt: skip


def _link(rows: pl.DataFrame, words: list[str]) -> dict[str, Any]:
    """A point opens the page of its subject."""
    numbers = rows["SUBJIDX"].to_list()
    return {
        "text": [f"<b>#{n}</b><br>{said}" for n, said in zip(numbers, words, strict=True)],
        "customdata": [[None, "", n] for n in numbers],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _day(position: float) -> str:
    whole = int(position // 1)
    return f"day {whole if whole > 0 else whole - 1}"


def _bars(grade: str, rows: pl.DataFrame) -> dict[str, Any]:
    name = {"NA": "CRS, grade of the day not known", "0": "Grade 0 that day"}.get(
        grade, wording.grade(grade)
    )
    spans = [
        f"{name}<br>{_day(r['FROM'])}"
        + ("" if r["DAYS"] == 1 else f" to {_day(r['FROM'] + r['DAYS'] - 1)}")
        for r in rows.to_dicts()
    ]
    shape = "/" if grade == "NA" else None
    return {
        "x": rows["DAYS"].to_list(), "base": rows["FROM"].to_list(), "y": rows["PLACE"].to_list(),
        "orientation": "h", "name": name, "width": 0.76, "textposition": "none", "opacity": 1,
        "marker": {
            "color": theme.GRADES[grade], "line": {"color": theme.MUTED, "width": 0.4},
            "pattern": theme.hatched(shape, size=4, solidity=0.25),
        },
        **_link(rows, spans),
    }  # fmt: skip


def _points(sign: Sign, rows: pl.DataFrame) -> dict[str, Any]:
    words = [f"{sign.name}, {_day(at)}" for at in rows["AT"].to_list()]
    return {
        "x": [float(f"{at:.4g}") for at in rows["AT"].to_list()], "y": rows["PLACE"].to_list(),
        "mode": "markers", "name": sign.name, "cliponaxis": False,
        "marker": {
            "symbol": sign.symbol, "size": sign.size, "color": sign.color,
            "line": {"color": theme.PAPER if "open" not in sign.symbol else sign.color, "width": 1},
        },
        **_link(rows, words),
    }  # fmt: skip


def _layout(course: Courses, frame: Frame) -> dict[str, Any]:
    rows = course.subjects.to_dicts()
    first = course.bars["FROM"].min()
    low = min(first if isinstance(first, int) else 1, 1)
    ticks = [1, *range(7, course.last + 1, 7)]
    links = [f'<a href="{PAGE}#{r["SUBJIDX"]}">#{r["SUBJIDX"]}</a>' for r in rows]
    return {
        "height": TOP_PX + ROW_PX * len(rows) + 56,
        "barmode": "overlay", "showlegend": True, "hovermode": "closest",
        "margin": {"l": 58, "r": 20, "t": TOP_PX, "b": 52},
        "xaxis": {
            "title": {"text": "Days, day of first dose = 1"}, "fixedrange": True,
            "range": [low - 0.3, course.last + 1.4], "tickvals": [t + 0.5 for t in ticks],
            "ticktext": [str(t) for t in ticks],
        },
        "yaxis": {
            "range": [len(rows) - 0.3, -0.7], "tickvals": [r["PLACE"] for r in rows],
            "ticktext": links, "showgrid": False, "ticks": "", "showline": False,
            "fixedrange": True, "tickfont": {"size": 10},
        },
        "legend": {"itemclick": False, "itemdoubleclick": False, "font": {"size": 12}},
        "meta": {
            "title": frame.title, "words": frame.words,
            "narrow": {
                "margin": {"l": 44, "r": 8, "t": 168},
                "height": TOP_PX + ROW_PX * len(rows) + 140, "font": {"size": 11},
            },
        },
    }  # fmt: skip

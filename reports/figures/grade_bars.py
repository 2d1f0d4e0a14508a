"""Figure: maximum grade as 100 % stacked bars, one per study, cohort or product."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import polars as pl

from reports import theme, wording
from reports.figures import steps
from reports.figures.curve import Frame

LEVELS = ("0", "1", "2", "3", "4", "5", "NA")
BAR_PX = 46
WIDE_CHARS, NARROW_CHARS, LINE_PX = 31, 15, 15
PATTERNS = {"NA": "/", "suppressed": "x"}


def figure_grade_bars(
    results: pl.DataFrame, frame: Frame, *, bars: Sequence[tuple[str, pl.DataFrame]] | None = None
) -> theme.Figure:
    """Stacked bars of the maximum grade; grade not available is a hatched share of its own.

    Args:
        results: Rows of one grade_distribution, used where `bars` is not given.
        frame: Title, words, stamp, and where the subjects behind a share are listed.
        bars: Label and rows of each bar, from top to bottom.
    """
    shown = list(bars or [("All subjects", results)])
    counted = [(name, _denominator(rows)) for name, rows in shown]
    figure = theme.Figure(_layout(frame, counted))
    names = [f"{theme.plain(name)}<br>N = {n}" for name, n in counted]
    for level in (*LEVELS, "suppressed"):
        points = [_point(level, rows) for _, rows in shown]
        if any(p is not None for p in points):
            _add_level(figure, level, names, points, frame)
    return theme.stamp(figure, frame.stamp)


def _denominator(rows: pl.DataFrame) -> str:
    open_rows = rows.filter(pl.col("STATUS") != "suppressed")
    return "withheld" if open_rows.is_empty() else str(open_rows["N"].max())


def _point(level: str, rows: pl.DataFrame) -> dict[str, Any] | None:
    if level == "suppressed":
        return _withheld(rows)
    found = rows.filter(
        (pl.col("LEVEL") == level) & (pl.col("STAT") == "proportion") & (pl.col("STATUS") == "ok")
    )
    return found.to_dicts()[0] if found.height and found["EVENTS"].to_list()[0] else None


def _withheld(rows: pl.DataFrame) -> dict[str, Any] | None:
    """The share of the bar that disclosure control holds back: what is left of 100 %."""
    exact = rows.filter(pl.col("LEVEL").is_in(LEVELS) & (pl.col("STAT") == "proportion"))
    if exact.filter(pl.col("STATUS") == "suppressed").is_empty():
        return None
    rest = 1 - float(exact["VALUE"].fill_null(0).sum())
    return {"VALUE": rest, "EVENTS": None, "SET_EVENTS": None, "UNIT": "fraction"}


def _add_level(
    figure: theme.Figure,
    level: str,
    names: list[str],
    points: list[dict[str, Any] | None],
    frame: Frame,
) -> None:
    linked = steps.link(frame.drill)
    label = wording.grade(level)
    figure.add(
        "bar",
        y=names,
        x=[0 if p is None else 100 * p["VALUE"] for p in points],
        orientation="h",
        name=label,
        text=[_inside(p) for p in points],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="inside",
        hovertext=["" if p is None else _hover(label, p) for p in points],
        hovertemplate="%{hovertext}<extra></extra>",
        customdata=[[None, ""] if p is None else linked(p["SET_EVENTS"], label) for p in points],
        marker={
            "color": theme.GRADES[level],
            "line": {"color": theme.PAPER, "width": 1.5},
            "pattern": theme.hatched(PATTERNS.get(level), size=6, solidity=0.14),
        },
    )


def _inside(point: dict[str, Any] | None) -> str:
    if point is None or point["EVENTS"] is None:
        return ""
    return str(point["EVENTS"])


def _hover(label: str, point: dict[str, Any]) -> str:
    if point["EVENTS"] is None:
        return f"<b>{label}</b><br>small counts are not shown"
    limits = wording.interval(point)
    share = wording.percent(point["VALUE"]) + (f" (95% CI {limits})" if limits else "")
    return f"<b>{label}</b><br>{point['EVENTS']} of {point['N']}, {share}"


def _layout(frame: Frame, counted: Sequence[tuple[str, str]]) -> dict[str, Any]:
    left = min(40 + 7 * max(len(name) for name, _ in counted), 260)
    wide, narrow = _labels(counted, WIDE_CHARS), _labels(counted, NARROW_CHARS)
    return {
        "height": 100 + _height(wide),
        "showlegend": True,
        "barmode": "stack",
        "uniformtext": {"minsize": 10, "mode": "hide"},
        "bargap": 0.22,
        "margin": {"l": left, "r": 24, "t": 44, "b": 52},
        "xaxis": {
            "range": [0, 100.4], "tickvals": [0, 25, 50, 75, 100], "ticktext": theme.PERCENT,
            "title": {"text": "Subjects"}, "fixedrange": True,
        },
        "yaxis": {
            **wide, "autorange": "reversed", "showline": False, "ticks": "", "fixedrange": True,
            "showgrid": False,
        },
        "legend": {"itemclick": False, "itemdoubleclick": False},
        "meta": {
            "title": frame.title,
            "words": frame.words,
            "narrow": {
                "margin": {"l": min(left, 104), "r": 24, "t": 84},
                "height": 140 + _height(narrow),
                "font": {"size": 11},
                "yaxis": narrow,
            },
        },
    }  # fmt: skip


def _labels(counted: Sequence[tuple[str, str]], chars: int) -> dict[str, Any]:
    """Names and denominators in lines that fit the margin: a product may have a long name."""
    lines = [[*map(theme.plain, wrap(name, chars)), f"N = {n}"] for name, n in counted]
    return {"tickvals": list(range(len(lines))), "ticktext": ["<br>".join(rows) for rows in lines]}


def _height(labels: dict[str, Any]) -> int:
    """Pixels of the bars, each at least as high as its label."""
    lines = max(label.count("<br>") + 1 for label in labels["ticktext"])
    return max(BAR_PX, LINE_PX * lines) * len(labels["ticktext"])

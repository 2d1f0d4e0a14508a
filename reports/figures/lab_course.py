"""Figure: a laboratory test by day, median with quartiles, by the maximum grade."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import polars as pl

from reports import theme
from reports.figures import steps
from reports.figures.curve import Frame
from reports.select import Row, split
from reports.tables.labs import GROUPS, significant

CLOCKS = {
    "first_dose": "Days elapsed since the first dose (0 = same day)",
    "onset": "Days elapsed since onset of the first CRS (0 = same day)",
}
PLOT_PX = 330
LONG_LOG = 3  # powers of ten beyond which only these are labelled


class Look(NamedTuple):
    """How a group is drawn: line, light band, dash and marker."""

    color: str
    band: str
    dash: str
    symbol: str


LOOKS = {
    "0": Look(theme.MUTED, "rgba(90,102,117,0.14)", "dot", "circle-open"),
    "1": Look("#0B62A4", "rgba(11,98,164,0.16)", "solid", "circle"),
    "2": Look("#007A5E", "rgba(0,122,94,0.16)", "dash", "square"),
    "3-4": Look("#C4520A", "rgba(196,82,10,0.16)", "dashdot", "diamond"),
    "5": Look("#8C3F80", "rgba(140,63,128,0.16)", "longdash", "x"),
    None: Look(theme.INK, "rgba(90,102,117,0.14)", "solid", "circle"),
}


def figure_lab_course(results: pl.DataFrame, frame: Frame, unit: str) -> theme.Figure:
    """Lines of the groups that have values; all subjects together where no group has.

    Args:
        results: Rows of one test on one clock, LEVEL curve.
        frame: Title, words, stamp, and where the subjects behind a point are listed.
        unit: Unit of the test.
    """
    shown = results.filter(pl.col("STATUS") == "ok")
    clock = CLOCKS[str(results["CLOCK"].to_list()[0])]
    figure = theme.Figure(_layout(frame, clock, unit, _log_axis(shown)))
    found = split(shown.sort("TIME"), "GROUP")
    for group in [g for g in GROUPS if g and (g,) in found] or [None]:
        _add_group(figure, found.get((group,), shown.clear()), group, frame)
    return theme.stamp(figure, frame.stamp)


def _log_axis(rows: pl.DataFrame) -> dict[str, Any]:
    """A logarithmic axis with whole labels, where the values span too much for a straight one."""
    values = rows["VALUE"].drop_nulls()
    low, high = values.min(), values.max()
    if not (isinstance(low, float) and isinstance(high, float) and 0 < low < high / 20):
        return {}
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    steps_of_ten = (1, 2, 5) if last - first <= LONG_LOG else (1,)
    ticks = [float(f"{m}e{e}") for e in range(first, last + 1) for m in steps_of_ten]
    shown = [f"{t:,.0f}".replace(",", "\u202f") if t >= 1 else f"{t:g}" for t in ticks]
    return {"type": "log", "tickmode": "array", "tickvals": ticks, "ticktext": shown}


def _add_group(figure: theme.Figure, rows: pl.DataFrame, group: str | None, frame: Frame) -> None:
    by_day: dict[float, dict[str, Row]] = {}
    for row in rows.to_dicts():
        by_day.setdefault(row["TIME"], {})[row["STAT"]] = row
    days = [d for d, stats in by_day.items() if {"median", "q1", "q3"} <= stats.keys()]
    values = {s: [_rounded(by_day[d][s]["VALUE"]) for d in days] for s in ("median", "q1", "q3")}
    look, name = LOOKS[group], str(GROUPS[group])
    edge: dict[str, Any] = {
        "x": days, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip",
        "showlegend": False, "legendgroup": name,
    }  # fmt: skip
    figure.add("scatter", y=values["q3"], **edge)
    figure.add("scatter", y=values["q1"], fill="tonexty", fillcolor=look.band, **edge)
    medians = [by_day[d]["median"] for d in days]
    linked = steps.link(frame.drill)
    figure.add(
        "scatter", x=days, y=values["median"], mode="lines+markers", name=name, legendgroup=name,
        line={"color": look.color, "dash": look.dash, "width": 2.2},
        marker={"symbol": look.symbol, "size": 6, "color": look.color},
        text=[
            f"<b>{name}, day {d:g}</b><br>median {significant(m)} ({significant(q1)} to "
            f"{significant(q3)})<br>{row['N']} subjects with a value"
            for d, m, q1, q3, row in zip(
                days, values["median"], values["q1"], values["q3"], medians, strict=True
            )
        ],
        customdata=[
            linked(r["SET_N"], f"{name}, value on day {r['TIME']:g}") for r in medians
        ],
        hovertemplate="%{text}<extra></extra>",
        meta={"rows": [
            [name, f"{d:g}", str(r["N"]), *(significant(values[s][i]) for s in values)]
            for i, (d, r) in enumerate(zip(days, medians, strict=True))
        ]},
    )  # fmt: skip


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _layout(frame: Frame, clock: str, unit: str, log: dict[str, Any]) -> dict[str, Any]:
    axis = log or {"rangemode": "tozero"}
    return {
        "height": PLOT_PX + 110,
        "showlegend": True,
        "hovermode": "closest",
        "margin": {"l": 70, "r": 20, "t": 44, "b": 52},
        "xaxis": {"title": {"text": clock}, "fixedrange": True, "showgrid": False},
        "yaxis": {
            "title": {"text": f"{unit}, log scale" if log else unit}, "fixedrange": True, **axis,
        },
        "legend": {"itemclick": False, "itemdoubleclick": False},
        "meta": {
            "title": frame.title,
            "words": frame.words,
            "narrow": {
                "margin": {"l": 54, "r": 10, "t": 84}, "font": {"size": 11},
                "xaxis": {"title": {"font": {"size": 11}}},
            },
        },
    }  # fmt: skip

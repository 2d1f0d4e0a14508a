"""The counts under a curve, aligned to its ticks and in the arm's colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import polars as pl

from reports import theme, wording
from reports.figures.steps import Arm, Link
from reports.select import only

ROW_PX = 19


class Line(NamedTuple):
    """One line of the risk table; a heading has no statistic."""

    arm: Arm
    stat: str
    label: str


def lines(found: Sequence[Arm], labels: dict[str, str]) -> list[Line]:
    """A heading per arm where there are several, then one line per count that the arm has."""
    out: list[Line] = []
    for arm in found:
        if len(found) > 1:
            out.append(Line(arm, "", f"<b>{arm.name}</b>"))
        stats = set(arm.level("risk_table")["STAT"].to_list())
        out += [Line(arm, stat, label) for stat, label in labels.items() if stat in stats]
    return out


def ticks(found: Sequence[Arm]) -> list[float]:
    """Days of the table, up to the first one on which nobody is at risk in any arm."""
    counts = pl.concat([arm.level("risk_table") for arm in found]).filter(
        pl.col("STAT") == "n_at_risk"
    )
    days = counts.group_by("TIME").agg(pl.col("VALUE").fill_null(1).max()).sort("TIME")
    gone = days.filter(pl.col("VALUE") == 0)["TIME"]
    kept = days if gone.is_empty() else days.filter(pl.col("TIME") <= gone.min())
    return kept["TIME"].to_list()


def narrow_ticks(days: Sequence[float]) -> list[float]:
    """Days that have room on a narrow screen: the first one and whole weeks."""
    return [day for day in days if day == days[0] or day % 7 == 0]


def add_risk_table(
    figure: theme.Figure, rows: Sequence[Line], days: Sequence[float], linked: Link
) -> None:
    """Write the counts on an axis of their own, once for wide and once for narrow screens."""
    for place, line in enumerate(rows):
        cells = only(line.arm.level("risk_table"), STAT=line.stat).to_dicts()
        for width, shown in (("wide", days), ("narrow", narrow_ticks(days))):
            points = [r for r in cells if r["TIME"] in shown]
            if points:
                figure.add("scatter", **_counts(place, line, points, linked), meta={"only": width})


def _counts(place: int, line: Line, points: list[dict[str, Any]], linked: Link) -> dict[str, Any]:
    return {
        "x": [r["TIME"] for r in points],
        "y": [place] * len(points),
        "yaxis": "y2",
        "mode": "text",
        "text": [_text(r) for r in points],
        "textfont": {"color": line.arm.style.color, "size": 12},
        "customdata": [_linked(line, r, linked) for r in points],
        "hoverinfo": "none",
        "showlegend": False,
        "cliponaxis": False,
    }


def _text(row: dict[str, Any]) -> str:
    """The count; of a small one the bound, of a withheld one a dot."""
    if row["STATUS"] == "ok":
        return f"{row['VALUE']:.0f}"
    # "<" would be read as markup by plotly.
    return (row["REASON"] or "").replace("<", "&lt;").replace("withheld", "\N{MIDDLE DOT}")


def _linked(line: Line, row: dict[str, Any], linked: Link) -> list[str | None]:
    label = f"{line.arm.name}, {wording.inside(line.label)}, day {row['TIME']:g}"
    return linked(row["SET_EVENTS"] or row["SET_N"], label)


def axis(rows: Sequence[Line], share: float) -> dict[str, Any]:
    """The axis that carries the labels of the table, in the lower share of the figure."""
    labels = [f'<span style="color:{r.arm.style.color}">{r.label}</span>' for r in rows]
    return {
        "domain": [0, share], "range": [len(rows) - 0.5, -0.5], "anchor": "x",
        "tickvals": list(range(len(rows))), "ticktext": labels, "showgrid": False,
        "ticks": "", "showline": False, "fixedrange": True, "tickfont": {"size": 12},
    }  # fmt: skip

"""Step curves of one or more arms with their intervals and landmarks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from reports import theme, wording
from reports.drill import Drill
from reports.select import split

MIN_AT_RISK = 5
FEW_AT_RISK = "at risk on this day"
"""Words by which the statistics mark the part of a curve that stands on few subjects."""
_ESTIMATE = (pl.col("STATUS") == "ok") & pl.col("STAT").is_in(
    ["cumulative_incidence", "recovered_probability"]
)
Link = Callable[[str | None, str], list[str | None]]


@dataclass(frozen=True, eq=False)
class Arm:
    """One curve: its rows of the results table and how it is drawn."""

    name: str
    rows: pl.DataFrame
    style: theme.Style

    @cached_property
    def _levels(self) -> dict[tuple[Any, ...], pl.DataFrame]:
        return {key: rows.sort("TIME", "STAT") for key, rows in split(self.rows, "LEVEL").items()}

    def level(self, level: str) -> pl.DataFrame:
        """Rows of one kind (curve, landmark, risk_table) in time order."""
        found = self._levels.get((level,))
        return self.rows.clear() if found is None else found

    @cached_property
    def drawn(self) -> pl.DataFrame:
        """Estimates that are drawn: until fewer than MIN_AT_RISK are at risk."""
        curve = self.level("curve").filter(pl.col("STATUS") == "ok")
        points = pl.concat([curve, self.level("landmark").filter(_ESTIMATE)])
        points = points.unique("TIME", keep="first", maintain_order=True).sort("TIME")
        return points if self.stop is None else points.filter(pl.col("TIME") < self.stop)

    @property
    def end(self) -> float:
        """Where the line ends: a value holds until the next day, unless too few are left then."""
        last = float(self.drawn["TIME"].to_list()[-1])
        return last + 1 if self.stop is None else min(last + 1, self.stop)

    @cached_property
    def stop(self) -> float | None:
        """First day on which too few are known to be at risk: a flagged step, or the risk table."""
        flagged = self.level("curve").filter(
            (pl.col("STATUS") == "ok") & pl.col("REASON").str.contains(FEW_AT_RISK)
        )
        few = self.level("risk_table").filter(
            (pl.col("STAT") == "n_at_risk")
            & ((pl.col("VALUE") < MIN_AT_RISK) | pl.col("REASON").str.starts_with("<"))
        )
        days = [*flagged["TIME"].to_list(), *few["TIME"].to_list()]
        return min(days, default=None)


def arms(rows: pl.DataFrame, by: str = "COHORT") -> list[Arm]:
    """The arms among rows of one analysis, CAR-T first, then by name."""
    names = sorted(rows[by].unique().to_list(), key=lambda n: (n != "car_t", n or ""))
    return [
        Arm(
            theme.plain(wording.cohort(name)),
            rows.filter(pl.col(by).eq_missing(name)),
            theme.arm_style(name, i),
        )
        for i, name in enumerate(names)
    ]


def link(drill: Drill | None) -> Link:
    """Custom data of a point: the key of the set behind it and the words above the list."""

    def linked(setid: str | None, label: str) -> list[str | None]:
        return [drill.key(setid) if drill else None, label]

    return linked


def _band(rows: pl.DataFrame, last: float) -> pl.DataFrame:
    known = rows.filter(pl.col("LOW").is_not_null() & pl.col("HIGH").is_not_null())
    band = known.select("TIME", "LOW", "HIGH")
    if band.is_empty():
        return band
    later = rows.filter(pl.col("TIME") > band["TIME"].max())["TIME"]
    end = last if later.is_empty() else float(later.to_list()[0])
    return pl.concat([band, band.tail(1).with_columns(TIME=pl.lit(end))])


def add_curve(figure: theme.Figure, arm: Arm, linked: Link, *, many: bool, noun: str) -> None:
    """Draw one arm: interval as a step band, then the curve, from 0 at time 0."""
    rows = arm.drawn
    if rows.is_empty():
        return
    end = arm.end
    band = _band(rows, end)
    x, low, high = (band[c].to_list() for c in ("TIME", "LOW", "HIGH"))
    edge: dict[str, Any] = {
        "mode": "lines", "line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip",
        "showlegend": False, "legendgroup": arm.name,
    }  # fmt: skip
    figure.add("scatter", x=x, y=[100 * v for v in high], **edge)
    figure.add(
        "scatter", x=x, y=[100 * v for v in low], fill="tonexty", fillcolor=arm.style.band, **edge
    )
    points = rows.to_dicts()
    starts = points[0]["TIME"] > 0
    last = points[-1]
    figure.add(
        "scatter",
        x=[0.0] * starts + [r["TIME"] for r in points] + [end],
        y=[0.0] * starts + [100 * r["VALUE"] for r in points] + [100 * last["VALUE"]],
        mode="lines",
        line={"shape": "hv", "color": arm.style.color, "dash": arm.style.dash, "width": 2.4},
        name=arm.name,
        legendgroup=arm.name,
        showlegend=many,
        text=[f"{arm.name}, start"] * starts + [_hover(arm, r, noun) for r in [*points, last]],
        customdata=[[None, ""]] * starts + [_behind(arm, r, noun, linked) for r in [*points, last]],
        hovertemplate="%{text}<extra></extra>",
    )


def _behind(arm: Arm, row: dict[str, Any], noun: str, linked: Link) -> list[str | None]:
    return linked(row["SET_EVENTS"], f"{arm.name}, {noun} by day {row['TIME']:g}")


def _hover(arm: Arm, row: dict[str, Any], noun: str) -> str:
    limits = wording.interval(row)
    parts = [
        f"<b>{arm.name}, day {row['TIME']:g}</b>",
        f"{noun}: {wording.percent(row['VALUE'])}" + (f" (95% CI {limits})" if limits else ""),
    ]
    if row["EVENTS"] is not None:
        parts.append(f"{row['EVENTS']} of {row['N']} so far")
    return "<br>".join(parts)


def add_landmarks(figure: theme.Figure, arm: Arm, linked: Link, *, upper: bool, noun: str) -> None:
    """Mark the landmark days on the curve with their value."""
    rows = arm.level("landmark").filter(_ESTIMATE)
    drawn = arm.drawn["TIME"]
    points = [] if drawn.is_empty() else rows.filter(pl.col("TIME") <= drawn.max()).to_dicts()
    if not points:
        return
    figure.add(
        "scatter",
        x=[r["TIME"] for r in points],
        y=[100 * r["VALUE"] for r in points],
        mode="markers+text",
        text=[f"<b>{100 * r['VALUE']:.0f}%</b>" for r in points],
        hovertext=[_hover(arm, r, noun) for r in points],
        textposition="top left" if upper else "bottom right",
        textfont={"color": arm.style.color, "size": 12},
        marker={"size": 8, "color": theme.PAPER, "line": {"color": arm.style.color, "width": 2}},
        customdata=[_behind(arm, r, noun, linked) for r in points],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
        legendgroup=arm.name,
        cliponaxis=False,
    )

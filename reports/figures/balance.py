"""Figures of balance: standardised differences (love plot) and overlap of the propensities."""

from __future__ import annotations

from typing import Any

import polars as pl

from reports import theme
from reports.figures import steps
from reports.figures.curve import Frame
from reports.figures.forest import Line, Mark, figure_forest, rounded
from reports.figures.forest_axes import Panel
from reports.select import Row, only
from reports.tables.balance import WEIGHTINGS, covariate
from reports.tables.grades import arm_name

ALIKE = 0.1
_ADJUSTED = theme.arm_style(None, 2).color
LOOKS = {
    "unweighted": (theme.INK, "x-thin"),
    "ATO": (_ADJUSTED, "diamond"),
    "ATE": (_ADJUSTED, "circle-open"),
    "ATT": (_ADJUSTED, "triangle-up-open"),
}
_STEPS = (0.1, 0.25, 0.5, 1.0)


def figure_love(smds: pl.DataFrame, frame: Frame) -> theme.Figure:
    """Standardised difference of each covariate under each weighting, beside the limits of alike.

    Args:
        smds: Rows of STAT smd of one system and basis.
        frame: Title, words and stamp.
    """
    lines = [Line(covariate(key), [_marks(only(smds, **key))]) for key in _keys(smds).to_dicts()]
    values = [abs(v) for v in smds["VALUE"].drop_nulls().to_list()]
    most = max([*values, 0.2])
    step = next((s for s in _STEPS if most / s <= 4), _STEPS[-1])
    ends = step * (int(most / step) + 1)
    count = round(ends / step)
    ticks = {
        round(step * i, 2): f"{step * i:g}".replace("-", "\u2212") for i in range(-count, count + 1)
    }
    panel = Panel(
        "Standardised difference, CAR-T minus bispecific", (-ends, ends), ticks,
        reference=(-ALIKE, 0.0, ALIKE),
    )  # fmt: skip
    return figure_forest(lines, [panel], frame)


def _keys(smds: pl.DataFrame) -> pl.DataFrame:
    """Covariates and levels; of two levels, whose differences mirror each other, only the last."""
    keys = smds.select("VARIABLE", "LEVEL").unique().sort("VARIABLE", "LEVEL", nulls_last=False)
    levels = pl.len().over("VARIABLE")
    place = pl.int_range(pl.len()).over("VARIABLE")
    return keys.filter((levels != 2) | (place == 1))


def _marks(rows: pl.DataFrame) -> list[Mark]:
    found = {r["GROUP"]: r for r in rows.filter(pl.col("STATUS") == "ok").to_dicts()}
    return [
        Mark(
            words,
            LOOKS[weighting],
            found[weighting]["VALUE"],
            None,
            None,
            f"<b>{theme.plain(covariate(found[weighting]))}</b><br>{words}: "
            f"{found[weighting]['VALUE']:.2f}".replace("-", "\u2212"),
        )
        for weighting, words in WEIGHTINGS.items()
        if weighting in found
    ]


def figure_overlap(rows: pl.DataFrame, frame: Frame) -> theme.Figure:
    """Subjects by propensity, the first cohort upwards and the second downwards.

    Args:
        rows: Rows of VARIABLE PROPENSITY of one system and basis.
        frame: Title, words, stamp, and where the subjects of a bar are listed.
    """
    figure = theme.Figure()
    shown = rows.filter(pl.col("STATUS") == "ok").sort("LEVEL")
    most = max(shown["VALUE"].to_list(), default=1.0)
    for place, arm in enumerate(("car_t", "bispecific")):
        bars = only(shown, COHORT=arm).to_dicts()
        if bars:
            figure.add("bar", **_bars(arm, bars, frame, -1 if place else 1))
    ticks = _ticks(most)
    figure.layout.update(
        height=330, barmode="overlay", bargap=0.08, showlegend=True,
        margin={"l": 62, "r": 20, "t": 44, "b": 54},
        legend={"itemclick": False, "itemdoubleclick": False},
        xaxis={
            "title": {"text": "Propensity to be in the CAR-T cohort"}, "range": [0, 1],
            "fixedrange": True, "showgrid": False,
            "tickvals": [0, 0.25, 0.5, 0.75, 1], "ticktext": ["0", "0.25", "0.5", "0.75", "1"],
        },
        yaxis={
            "title": {"text": "Subjects"}, "fixedrange": True, "zeroline": True,
            "zerolinecolor": theme.MUTED, "tickvals": [*(-t for t in reversed(ticks)), 0, *ticks],
            "ticktext": [f"{t}" for t in (*reversed(ticks), 0, *ticks)],
            "range": [-1.08 * most, 1.08 * most],
        },
        meta={"title": frame.title, "words": frame.words, "narrow": {"font": {"size": 11}}},
    )  # fmt: skip
    return theme.stamp(figure, frame.stamp)


def _ticks(most: float) -> list[int]:
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500) if most / s <= 4), 1000)
    return list(range(step, int(most) + 1, step))


def _bars(arm: str, rows: list[Row], frame: Frame, sign: int) -> dict[str, Any]:
    linked, style = steps.link(frame.drill), theme.arm_style(arm)
    ends = [tuple(float(x) for x in r["LEVEL"].split("-")) for r in rows]
    words = [f"{arm_name(arm)}, propensity {r['LEVEL'].replace('-', ' to ')}" for r in rows]
    return {
        "x": [rounded((low + high) / 2) for low, high in ends],
        "y": [sign * r["VALUE"] for r in rows],
        "width": [rounded(0.94 * (high - low)) for low, high in ends],
        "name": arm_name(arm),
        "hovertext": [
            f"<b>{w}</b><br>{r['EVENTS']} of {r['N']}" for w, r in zip(words, rows, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [linked(r["SET_EVENTS"], w) for w, r in zip(words, rows, strict=True)],
        "marker": {
            "color": style.color,
            "pattern": {
                "shape": "/" if sign < 0 else "", "size": 6, "solidity": 0.25,
                "fgcolor": theme.PAPER, "bgcolor": style.color,
            },
        },
    }  # fmt: skip

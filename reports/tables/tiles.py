"""The boxes of facts at the top of a page."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.drill import Drill
from reports.select import Block, Row, first, only
from reports.tables.cells import missing, number, summary
from reports.tables.grades import treated


class Tile(NamedTuple):
    """A fact: label, value, a line of small print; words where the value is not a number."""

    label: str
    value: str | Markup
    note: str | Markup = ""
    words: bool = False


def headline(block: Block, arm: str | None, drill: Drill) -> list[Tile]:
    """Treated, CRS, grade 3 or higher, onset, recovery of one arm, from result rows."""
    rows = block.arm(arm)
    worst = only(rows, RESULT="grade_distribution", GROUPVAR=None)
    onset = only(rows, RESULT="onset_time", VARIABLE="ONSET_D_FIRST")
    recovered = only(rows, RESULT="recovery_cif", VARIABLE="TTREC", LEVEL="landmark")
    return [
        _treated(block, arm, drill),
        _share("Any CRS", first(worst, LEVEL=">=1"), drill),
        _share("Grade 3 or higher", first(worst, LEVEL=">=3"), drill),
        _summary("Median onset, days since first dose", onset, "days"),
        *[_landmark(row) for row in recovered.sort("TIME").to_dicts()],
    ]


def _treated(block: Block, arm: str | None, drill: Drill) -> Tile:
    row = first(only(block.arm(arm), RESULT="subjects", VARIABLE="treated"))
    followed = first(only(block.arm(arm), RESULT="subjects", VARIABLE="followed"))
    note = ""
    if followed is not None and followed["STATUS"] == "ok":
        note = f"median follow-up {wording.number(followed['VALUE'])} days"
    value = treated(block, arm) if row is None else number(row, drill, "treated subjects")
    return Tile("Treated subjects", value, note)


def _share(label: str, row: Row | None, drill: Drill) -> Tile:
    if row is None:
        return Tile(label, "NE", "no result row")
    if row["STATUS"] == "suppressed":
        return Tile(label, str(row["REASON"]), "small counts are not printed")
    if row["STATUS"] != "ok":
        return Tile(label, missing(row), words=True)
    events = drill.button(str(row["EVENTS"]), row["SET_EVENTS"], label, row["EVENTS"])
    limits = wording.interval(row)
    note = f"of {row['N']}" + (f"; 95% CI {limits}" if limits else "")
    return Tile(label, Markup("{} ({})").format(events, wording.percent(row["VALUE"])), note)


def _summary(label: str, rows: pl.DataFrame, unit: str) -> Tile:
    stats = {r["STAT"]: r for r in rows.to_dicts()}
    median = stats.get("median")
    if median is None or median["STATUS"] != "ok":
        return Tile(label, summary(stats, unit) or "NE", words=True)
    note = ""
    if "min" in stats and "max" in stats:
        low, high = (wording.number(stats[s]["VALUE"]) for s in ("min", "max"))
        note = f"range {low} to {high}, among {median['EVENTS']} with CRS"
    return Tile(label, wording.number(median["VALUE"]), note)


def _landmark(row: Row) -> Tile:
    label = f"Recovered by day {row['TIME']:g} of CRS"
    if row["STATUS"] == "suppressed":
        return Tile(label, str(row["REASON"]), "small counts are not printed")
    if row["STATUS"] != "ok":
        return Tile(label, missing(row), words=True)
    limits = wording.interval(row)
    note = f"95% CI {limits}" if limits else wording.without_dates(row["REASON"])
    return Tile(label, wording.percent(row["VALUE"]), f"death competes; {note}")

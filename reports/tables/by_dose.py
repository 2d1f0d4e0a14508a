"""Table by dose (bispecific): CRS after each dose, of those who were given it."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports.drill import Drill
from reports.select import Block, first, only
from reports.tables.cells import count, estimate, number, summary
from reports.tables.gt import gt_table
from reports.tables.html import empty

NOTES = (
    "The denominator of a dose is who was given it, so it shrinks from dose to dose: those who "
    "stopped early are not in later rows. A subject counts once per dose.",
    "An episode belongs to the last dose at or before its onset. Onset: days elapsed from that "
    "dose, 0 = same day.",
)
COLUMNS = ["Dose", "Given", "CRS, n / N", "Share (95% CI)", "Onset, days since that dose"]


def table_by_dose(block: Block, drill: Drill, name: str, levels: list[str]) -> Markup:
    """The table: named dose levels in the order of the schedule, else the running number.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
        levels: Dose names in the order of the study's schedule.
    """
    rows = block.of("by_dose")
    if rows.is_empty():
        return empty("No dose of a bispecific product was given.")
    named = _ordered(rows, "DOSELVL", levels)
    numbered = _ordered(rows, "DOSESEQ", [])
    lines: list[list[str | Markup]] = []
    both = bool(named)
    for groupvar, group in (
        *((("DOSELVL"), g) for g in named),
        *(("DOSESEQ", g) for g in numbered),
    ):
        title = "By level of the schedule" if groupvar == "DOSELVL" else "By running number"
        words = group if groupvar == "DOSELVL" else f"Dose {group}"
        cells = _cells(only(rows, GROUPVAR=groupvar, GROUP=group), drill, words)
        lines.append([title, *cells] if both else cells)
    columns = ["", *COLUMNS] if both else COLUMNS
    return gt_table(name, lines, columns, groups=both, notes=NOTES, label=f"By dose, {block.name}")


def _ordered(rows: pl.DataFrame, groupvar: str, levels: list[str]) -> list[str]:
    names = only(rows, GROUPVAR=groupvar)["GROUP"].drop_nulls().unique().to_list()
    place = {name: i for i, name in enumerate(levels)}
    return sorted(
        names,
        key=lambda n: (place.get(n, len(place)), int(n) if n.isdigit() else 0, n),
    )


def _cells(rows: pl.DataFrame, drill: Drill, words: str) -> list[str | Markup]:
    given = first(only(rows, VARIABLE="DOSED", STAT="n"))
    crs = first(only(rows, VARIABLE="CRS", STAT="proportion"))
    onset = {r["STAT"]: r for r in only(rows, VARIABLE="ONSET_D").to_dicts()}
    return [
        words,
        number(given, drill, f"{words}, given"),
        count(crs, drill, f"{words}, CRS"),
        estimate(crs),
        summary(onset, "days"),
    ]

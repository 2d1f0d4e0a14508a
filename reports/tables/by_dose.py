"""Table by dose (bispecific): CRS after each dose, of those who were given it."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports.drill import Drill
from reports.select import Block, Row, by, only, split
from reports.tables.cells import count, estimate, number, share, summary
from reports.tables.gt import gt_table
from reports.tables.html import empty

NOTES = (
    "The denominator of a dose is who was given it, so it shrinks from dose to dose: those who "
    "stopped early are not in later rows. A subject counts once per dose.",
    "An episode belongs to the last dose at or before its onset. Onset: days elapsed from that "
    "dose, 0 = same day. Limits: Clopper-Pearson, 95%.",
    "Within 7 days: of those given the dose while not in CRS, onset within 7 days of it and before "
    "the next.",
)
COLUMNS = [
    "Dose", "Given", "CRS, n / N", "Share (95% CI)", "Grade 2 or higher", "Grade 3 or higher",
    "Within 7 days (95% CI)", "Onset, days since that dose",
]  # fmt: skip


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
    named = ordered(rows, "DOSELVL", levels)
    numbered = ordered(rows, "DOSESEQ", [])
    lines: list[list[str | Markup]] = []
    both = bool(named)
    parts = split(rows, "GROUPVAR", "GROUP")
    for groupvar, group in (
        *((("DOSELVL"), g) for g in named),
        *(("DOSESEQ", g) for g in numbered),
    ):
        title = "By level of the schedule" if groupvar == "DOSELVL" else "By running number"
        words = group if groupvar == "DOSELVL" else f"Dose {group}"
        cells = _cells(parts[groupvar, group], drill, words)
        lines.append([title, *cells] if both else cells)
    columns = ["", *COLUMNS] if both else COLUMNS
    return gt_table(name, lines, columns, groups=both, notes=NOTES, label=f"By dose, {block.name}")


def ordered(rows: pl.DataFrame, groupvar: str, levels: list[str]) -> list[str]:
    """Groups of one variable: by place in the schedule, then by number, then by name."""
    names = only(rows, GROUPVAR=groupvar)["GROUP"].drop_nulls().unique().to_list()
    place = {name: i for i, name in enumerate(levels)}
    return sorted(
        names,
        key=lambda n: (place.get(n, len(place)), int(n) if n.isdigit() else 0, n),
    )


def _cells(rows: pl.DataFrame, drill: Drill, words: str) -> list[str | Markup]:
    found = by(rows, "VARIABLE", "STAT")
    given = found.get(("DOSED", "n"))
    crs, second, third, within = (
        found.get((v, "proportion")) for v in ("CRS", "CRS_G2", "CRS_G3", "CRS_WINDOW")
    )
    onset = {str(stat): row for (name, stat), row in found.items() if name == "ONSET_D"}
    return [
        words,
        number(given, drill, f"{words}, given"),
        count(crs, drill, f"{words}, CRS"),
        estimate(crs),
        share(second, drill, f"{words}, CRS of grade 2 or higher"),
        share(third, drill, f"{words}, CRS of grade 3 or higher"),
        _within(within, drill, f"{words}, CRS within 7 days"),
        summary(onset, "days"),
    ]


def _within(row: Row | None, drill: Drill, words: str) -> Markup:
    """Its own denominator stands with it, since it leaves out doses given in CRS."""
    if row is None or row["STATUS"] != "ok":
        return estimate(row)
    return Markup("{}<br>{}").format(count(row, drill, words), estimate(row))

"""The numbers behind a figure: its result rows as a plain table."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.drill import Drill
from reports.select import Row
from reports.tables.cells import count
from reports.tables.html import Cell, Column, table

STATS = {
    "proportion": "share",
    "cumulative_incidence": "cumulative incidence",
    "recovered_probability": "recovered",
    "n_at_risk": "at risk",
    "n_events": "events before the day",
    "n_competing": "competing before the day",
    "n_censored": "censored before the day",
}


def table_figure(rows: pl.DataFrame, drill: Drill, name: str) -> Markup:
    """Details that unfold to the rows of a figure, in the order drawn."""
    columns = [
        Column("Cohort"), Column("Level"), Column("Day", "num"), Column("Statistic"),
        Column("n / N", "num"), Column("Value", "num"), Column("95% CI", "num"), Column("Remark"),
    ]  # fmt: skip
    order = rows.sort("COHORT", "GROUP", "LEVEL", "TIME", "STAT", nulls_last=False)
    cells = [_line(r, drill) for r in order.to_dicts()]
    made = table(name, columns, cells, label=f"Numbers behind {name}", sortable=False)
    return Markup("<details><summary>Numbers behind this figure</summary>{}</details>").format(made)


def _line(row: Row, drill: Drill) -> list[str | Markup | Cell]:
    label = f"{wording.cohort(row['COHORT'])} {row['LEVEL'] or ''}"
    group = f", {row['GROUP']}" if row["GROUP"] else ""
    stat = str(row["STAT"])
    shown, graded = row["STATUS"] == "ok", row["RESULT"] == "grade_distribution"
    return [
        wording.cohort(row["COHORT"]) + group,
        wording.grade(row["LEVEL"]) if graded else str(row["LEVEL"] or ""),
        "" if row["TIME"] is None else f"{row['TIME']:g}",
        STATS.get(stat, stat),
        count(row, drill, label),
        wording.value(row, row["VALUE"]) if shown else "",
        wording.interval(row) if shown else "",
        "" if row["STATUS"] == "suppressed" else wording.told(row["REASON"]),
    ]

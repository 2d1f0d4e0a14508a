"""Table of management: who got which drug or support during CRS, of those with CRS and of all."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports.drill import Drill
from reports.select import Block, by
from reports.tables.cells import share
from reports.tables.grades import heads
from reports.tables.gt import gt_table
from reports.tables.html import empty

NAMES = {
    "tocilizumab": "Tocilizumab",
    "siltuximab": "Siltuximab",
    "anakinra": "Anakinra",
    "steroid": "Corticosteroid",
    "vasopressor": "Vasopressor",
    "oxygen": "Oxygen",
    "ventilation": "Ventilation",
    "icu": "Intensive care",
}
DENOMINATORS = (("subjects with CRS", "of those with CRS"), ("treated subjects", "of all treated"))
NOTES = (
    "n (%) [95% CI, Clopper-Pearson]. Counted: given within a CRS episode as treatment, or with a "
    "purpose that was not stated; prophylaxis and premedication are left out.",
    "Use of a drug follows severity; it says nothing about what the drug did.",
)


def table_management(block: Block, drill: Drill, name: str) -> Markup:
    """The table, one row per class of drug or support, most used first.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
    """
    rows = block.of("interventions", VARIABLE="CLASS", STAT="proportion")
    if rows.is_empty():
        return empty("No drug or support around CRS is recorded in this study.")
    used = rows.group_by("LEVEL").agg(MOST=pl.col("EVENTS").max().fill_null(0))
    order = used.sort("MOST", "LEVEL", descending=[True, False])["LEVEL"].to_list()
    found = by(rows, "COHORT", "LEVEL", "DENOM")
    lines: list[list[str | Markup]] = []
    for level in order:
        cells: list[str | Markup] = [class_name(level)]
        for arm in block.arms:
            for denominator, _ in DENOMINATORS:
                row = found.get((arm, level, denominator))
                cells.append(share(row, drill, class_name(level)))
        lines.append(cells)
    columns, spanners = ["Given during CRS"], []
    for head in heads(block):
        spanners.append((head, [len(columns), len(columns) + 1]))
        columns += [words for _, words in DENOMINATORS]
    return gt_table(
        name, lines, columns, spanners=spanners, notes=NOTES, label=f"Management, {block.name}"
    )


def class_name(code: str) -> str:
    """A class of drug or support in words."""
    return NAMES.get(code, code.replace("_", " ").capitalize())

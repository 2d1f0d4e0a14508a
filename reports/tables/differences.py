"""Table of unadjusted differences between the cohorts, without a P value."""

from __future__ import annotations

from markupsafe import Markup

from reports.select import Block, Row
from reports.tables.cells import points
from reports.tables.gt import gt_table
from reports.tables.html import empty

NOTES = (
    "CAR-T minus bispecific, unadjusted, not randomised: percentage points for shares, days for "
    "the restricted mean. Positive: higher, or longer ill, with CAR-T.",
    "Limits: square-and-add of log-log limits (incidence), Newcombe (grades), normal (restricted "
    "mean).",
)


def table_differences(block: Block, name: str) -> Markup:
    """The table of differences of one grading system and basis."""
    rows = block.of("difference").sort("VARIABLE", "TIME", "LEVEL", descending=[True, False, False])
    if rows.is_empty():
        return empty("Only one cohort has data under this grading system: nothing to compare.")
    lines = [[_words(r), _unit(r), points(r)] for r in rows.to_dicts()]
    return gt_table(
        name, lines, ["Measure", "Unit", "CAR-T minus bispecific (95% CI)"], notes=NOTES,
        label=f"Unadjusted differences, {block.name}",
    )  # fmt: skip


def _words(row: Row) -> str:
    if row["STAT"] == "cif_difference":
        return f"First CRS of any grade by day {row['TIME']:g}"
    if row["STAT"] == "rmst_difference":
        return f"Mean days in CRS within {row['TIME']:g} days of onset, among those with CRS"
    cut = row["LEVEL"].removeprefix(">=")
    return "Any CRS" if cut == "1" else f"Maximum grade {cut} or higher"


def _unit(row: Row) -> str:
    return "days" if row["UNIT"] == "days" else "percentage points"

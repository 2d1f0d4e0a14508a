"""Table of the maximum grade: n (%) [95 % CI] of treated subjects, one column per arm."""

from __future__ import annotations

from markupsafe import Markup

from reports import wording
from reports.drill import Drill
from reports.select import Block, by, first
from reports.tables.cells import share
from reports.tables.gt import gt_table

LEVELS = ("0", "1", "2", "3", "4", "5", "NA")
CUTS = {
    ">=1": "Any CRS",
    ">=2": "Grade 2 or higher",
    ">=3": "Grade 3 or higher",
    ">=4": "Grade 4 or higher",
}
NOTES = (
    "n (%) [95% CI, Clopper-Pearson] of treated subjects; each subject counts once, with the worst "
    "episode.",
    "A subject whose grade is not available stays in the denominator.",
)


def table_grades(block: Block, drill: Drill, name: str) -> Markup:
    """The table, with grades as rows and one column per arm.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
    """
    worst = by(block.of("grade_distribution", GROUPVAR=None, STAT="proportion"), "COHORT", "LEVEL")
    labels = [("Maximum grade", level, wording.grade(level)) for level in LEVELS]
    labels += [("At or above", level, words) for level, words in CUTS.items()]
    rows: list[list[str | Markup]] = []
    for group, level, words in labels:
        cells = [worst.get((arm, level)) for arm in block.arms]
        if any(cell is not None for cell in cells):
            rows.append([group, words, *(share(cell, drill, words) for cell in cells)])
    return gt_table(
        name, rows, ["", "Grade", *heads(block)], groups=True, notes=NOTES,
        label=f"Maximum grade, {block.name}",
    )  # fmt: skip


def heads(block: Block) -> list[str]:
    """Headings of the arms with their number of treated subjects."""
    return [f"{arm_name(arm)} (N = {treated(block, arm)})" for arm in block.arms]


def arm_name(arm: str | None) -> str:
    """Name of an arm; subjects whose cohort is not known keep one of their own."""
    return wording.cohort(arm) or "Cohort not stated"


def treated(block: Block, arm: str | None) -> str:
    """Treated subjects of an arm, as printed."""
    row = first(block.of("subjects", COHORT=arm, VARIABLE="treated"))
    row = row or first(block.arm(arm), GROUPVAR=None)
    if row is None:
        return "0"
    return str(row["REASON"]) if row["N"] is None else str(row["N"])

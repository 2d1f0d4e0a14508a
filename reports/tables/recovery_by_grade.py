"""Table of recovery by the maximum grade of the first episode, from onset and from the maximum."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from markupsafe import Markup

from reports.drill import Drill
from reports.select import Block, Row, by, by_stat, first, only, split
from reports.tables.cells import BLANK, count, estimate, number, summary
from reports.tables.grades import arm_name
from reports.tables.gt import gt_table
from reports.tables.html import empty

CLOCKS = {
    "TTREC": "From onset (day of onset = 1)",
    "TTRECMX": "From the day of the maximum grade (that day = 1)",
}
GROUPS = {"any": "Any grade", "1": "Grade 1", "2": "Grade 2", "3-4": "Grade 3\u20134"}
LEFT_OUT = {"5": "Grade 5: does not recover", "NA": "Grade not available: in no row above"}
NOTES = (
    "Grade known later: first episodes are grouped by the maximum grade that they came to have, "
    "which nobody knew at onset. A description, not a prediction, and no comparison of grades.",
    "Cumulative incidence (Aalen-Johansen; death competes), 95% log-log limits. Duration: observed "
    "days of the episodes that were seen to end.",
)


def table_recovery_by_grade(block: Block, drill: Drill, name: str) -> Markup:
    """Landmarks and medians of each grade on both clocks.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
    """
    rows = block.of("recovery_by_grade")
    if rows.is_empty():
        return empty("No subject had CRS, so there is no recovery to tell by grade.")
    days = only(rows, LEVEL="landmark")["TIME"].drop_nulls().unique().sort().to_list()
    lines: list[list[str | Markup]] = []
    for arm in block.arms:
        who = f"{arm_name(arm)}. " if len(block.arms) > 1 else ""
        mine = only(rows, COHORT=arm)
        parts = split(mine, "VARIABLE", "GROUP")
        lasted = by_stat(
            block.of("duration", COHORT=arm, GROUPVAR="MAXGRADE", VARIABLE="DURATION_D"), "GROUP"
        )
        for clock, words in CLOCKS.items():
            for group, grade in GROUPS.items():
                part = parts.get((clock, group))
                if part is not None:
                    own = lasted.get((group,), {}) if clock == "TTREC" else {}
                    cells = _cells(part, own, days, drill, f"{grade}, recovered")
                    lines.append([who + words, grade, *cells])
        lines += _left_out(mine, drill, who + CLOCKS["TTRECMX"], len(days))
    columns = ["", "Maximum grade", "Recovered / N", *(f"By day {day:g}" for day in days)]
    columns += ["Median days", "Duration"]
    label = f"Recovery by maximum grade, {block.name}"
    return gt_table(name, lines, columns, groups=True, notes=NOTES, label=label)


def _cells(
    part: pl.DataFrame, lasted: Mapping[str, Row], days: list[float], drill: Drill, words: str
) -> list[Markup]:
    found = by(part, "LEVEL", "TIME")
    landmarks = [found.get(("landmark", day)) for day in days]
    median = first(part, LEVEL="summary", STAT="median")
    last = median or landmarks[-1]
    return [
        count(last, drill, words), *(estimate(r) for r in landmarks), estimate(median),
        summary(lasted, "days"),
    ]  # fmt: skip


def _left_out(rows: pl.DataFrame, drill: Drill, group: str, days: int) -> list[list[str | Markup]]:
    """How many are in no row: grade 5, no grade, and no day of the maximum to count from."""
    lines: list[list[str | Markup]] = []
    counts = only(rows, STAT="n")
    told = [(only(counts, VARIABLE="WITH_CRS", GROUP=g), w) for g, w in LEFT_OUT.items()]
    told.append((only(counts, VARIABLE="NO_DAY_OF_MAXIMUM"), "No day of the maximum: not here"))
    for found, words in told:
        row = first(found)
        if row is not None and row["EVENTS"] != 0:
            lines.append([group, words, number(row, drill, words), *[BLANK] * (days + 2)])
    return lines

"""Subject flow: from the delivered subjects to CRS and what became of it, one column per arm."""

from __future__ import annotations

from markupsafe import Markup

from reports.drill import Drill
from reports.select import Block, first, only
from reports.tables.cells import number
from reports.tables.grades import heads
from reports.tables.gt import gt_table
from reports.tables.html import empty

LINES = (
    ("Subjects", "treated", "Treated: at least one dose of a trigger product"),
    ("Subjects", "with_crs", "With CRS after the first dose"),
    ("Subjects", "subjects_with_recurrence", "With more than one episode"),
    ("Subjects", "not_ended", "With an episode not seen to end"),
    ("Subjects", "ungraded", "With CRS whose grade is not available"),
    ("Subjects", "discontinued", "Discontinued (reason that competes with CRS)"),
    ("Subjects", "deaths", "Died while seen, of any cause"),
    ("Episodes", "recorded_episodes", "Recorded CRS episodes of treated subjects"),
    ("Episodes", "n_episodes", "CRS episodes counted"),
    ("Episodes", "ungraded_episodes", "Grade not available under this system"),
    ("Episodes", "grade_0_episodes", "No sign of CRS under this system, not counted"),
    ("Episodes", "pre_dose_episodes", "Recorded before the first dose, not counted"),
    ("Episodes", "episodes_after_follow_up", "Recorded after the end of follow-up, not counted"),
)


def table_flow(block: Block, drill: Drill, name: str) -> Markup:
    """The table of subjects and episodes under one grading system and basis."""
    counts = block.of("subjects", STAT="n")
    lines: list[list[str | Markup]] = []
    for group, variable, words in LINES:
        rows = only(counts, VARIABLE=variable)
        if rows.height:
            cells = [number(first(only(rows, COHORT=a)), drill, words) for a in block.arms]
            lines.append([group, words, *cells])
    if not lines:
        return empty("Subjects are not counted under this grading system.")
    return gt_table(
        name, lines, ["", "", *heads(block)], groups=True, label="Subjects and episodes"
    )

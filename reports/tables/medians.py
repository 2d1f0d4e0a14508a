"""Table of medians and landmarks: onset, recovery, duration, with the counts behind each."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from reports.drill import Drill
from reports.select import Block, Row, by, by_stat, first, only
from reports.tables.cells import BLANK, count, estimate, points, summary
from reports.tables.grades import heads
from reports.tables.gt import gt_table

ONSET, TIMES, RECOVERY = "First CRS after the first dose", "Times, among those with CRS", "Recovery"


class Line(NamedTuple):
    """A line of the table: where its rows are found."""

    group: str
    words: str
    result: str
    variable: str
    estimand: str | None = None
    level: str = "landmark"
    unit: str = ""


LANDMARKS = (
    Line(ONSET, "CRS of any grade by day {day}", "onset_cif", "TTCRS", "E1"),
    Line(ONSET, "Grade 2 or higher by day {day}", "onset_cif", "TTCRSG2", "E2"),
    Line(ONSET, "Grade 3 or higher by day {day}", "onset_cif", "TTCRSG3", "E2"),
    Line(ONSET, "Any grade by day {day}, death alone competing", "onset_cif", "TTCRSD", "E1-death"),
    Line(RECOVERY, "Recovered by day {day} (Kaplan-Meier)", "recovery_km", "TTREC", "E4-censored"),
    Line(RECOVERY, "Recovered by day {day} (death competes)", "recovery_cif", "TTREC", "E4"),
)
KEEP_DAYS = {"TTCRS": None, "TTREC": None}
SUMMARIES = (
    Line(
        TIMES,
        "Onset, days since first dose (0 = same day)",
        "onset_time",
        "ONSET_D_FIRST",
        unit="days",
    ),
    Line(TIMES, "Onset, days since last dose (0 = same day)", "onset_time", "ONSET_D", unit="days"),
    Line(TIMES, "Onset, hours since last dose", "onset_time", "ONSET_H", unit="h"),
    Line(
        TIMES, "Maximum grade reached (day of first dose = 1)", "onset_time", "TTMAXGR", unit="days"
    ),
    Line(
        TIMES,
        "Onset of the worst episode to its maximum grade (0 = same day)",
        "time_to_maximum",
        "ONSET_TO_MAXIMUM_D",
        unit="days",
    ),
    Line(TIMES, "First tocilizumab (day of onset = 1)", "onset_time", "TTTOCI", unit="days"),
    Line(RECOVERY, "Duration of episodes seen to end", "duration", "DURATION_D", unit="days"),
)
NOTES = (
    "Onset: cumulative incidence (Aalen-Johansen; death and discontinuation compete) with 95% "
    "log-log limits; day of first dose = 1. Recovery counts from onset, day of onset = 1.",
    "Times among those with CRS are observed values: median (IQR; range). They are not risks, and "
    "durations leave out episodes that were not seen to end.",
)


def table_medians(block: Block, drill: Drill, name: str, *, difference: bool = False) -> Markup:
    """The table: measures as rows; per arm the counts and the estimate, at last the difference.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
        difference: A column for CAR-T minus bispecific, where the rows have it.
    """
    lines = [*_landmarks(block, drill, difference), *_summaries(block, drill, difference)]
    lines.sort(key=lambda cells: (ONSET, TIMES, RECOVERY).index(str(cells[0])))
    columns = ["", "Measure"]
    spanners: list[tuple[str, list[int]]] = []
    for head in heads(block):
        spanners.append((head, [len(columns), len(columns) + 1]))
        columns += ["n / N", "Estimate"]
    if difference:
        columns.append("Difference (95% CI)")
    return gt_table(
        name, lines, columns, groups=True, spanners=spanners, notes=NOTES,
        label=f"Medians and landmarks, {block.name}",
    )  # fmt: skip


def _landmarks(block: Block, drill: Drill, difference: bool) -> list[list[str | Markup]]:
    out: list[list[str | Markup]] = []
    for line in LANDMARKS:
        rows = block.of(
            line.result, VARIABLE=line.variable, ESTIMAND=line.estimand, LEVEL="landmark"
        )
        by_arm = by(rows, "COHORT", "TIME")
        days = rows["TIME"].unique().sort().to_list()
        for day in days if line.variable in KEEP_DAYS else days[-1:]:
            words = line.words.format(day=f"{day:g}")
            found = [by_arm.get((arm, day)) for arm in block.arms]
            cells: list[str | Markup] = [line.group, words]
            for row in found:
                cells += [count(row, drill, words), estimate(row)]
            if difference:
                cells.append(points(_difference(block, line, day)))
            out.append(cells)
        out += _medians(block, drill, line, difference)
    return out


def _difference(block: Block, line: Line, day: float) -> Row | None:
    rows = block.of("difference", VARIABLE=line.variable, TIME=day)
    return first(rows, STAT="cif_difference") if line.result == "onset_cif" else None


def _medians(block: Block, drill: Drill, line: Line, difference: bool) -> list[list[str | Markup]]:
    """Median time to recovery, which counts those who have not recovered."""
    if line.result != "recovery_km":
        return []
    rows = block.of(line.result, LEVEL="summary", STAT="median")
    if rows.is_empty():
        return []
    words = "Median days to recovery (Kaplan-Meier)"
    cells: list[str | Markup] = [line.group, words]
    for arm in block.arms:
        row = first(only(rows, COHORT=arm))
        cells += [count(row, drill, "recovered"), estimate(row)]
    return [[*cells, BLANK] if difference else cells]


def _summaries(block: Block, drill: Drill, difference: bool) -> list[list[str | Markup]]:
    out: list[list[str | Markup]] = []
    for line in SUMMARIES:
        rows = block.of(line.result, VARIABLE=line.variable, GROUPVAR=None)
        if "ok" not in rows["STATUS"]:
            continue
        stats = by_stat(rows, "COHORT")
        cells: list[str | Markup] = [line.group, line.words]
        for arm in block.arms:
            own = stats.get((arm,), {})
            cells += [count(own.get("median"), drill, line.words), summary(own, line.unit)]
        out.append([*cells, BLANK] if difference else cells)
    return out

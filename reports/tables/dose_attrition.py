"""Table of what came first after each dose, and whether the next one came late."""

from __future__ import annotations

from markupsafe import Markup

from reports.drill import Drill
from reports.select import Block, by, first, only, split
from reports.tables.by_dose import ordered
from reports.tables.cells import number, share
from reports.tables.gt import gt_table

OUTCOMES = {
    "next dose given": "Next dose given",
    "discontinued for an adverse event after CRS of that dose": "Discontinued after CRS",
    "died": "Died",
    "discontinued, other reason": "Discontinued, other reason",
    "no further dose in follow-up": "No further dose",
}
LATE = {
    "subjects given the next dose": "Next dose late",
    "those of them with CRS after that dose": "Next dose late, of those with CRS",
}
NOTES = (
    "What came first after the dose; a row adds up to those given it. Discontinued after CRS: for "
    "an adverse event, after CRS of that dose; the reason does not name the event, so this is an "
    "upper bound of those who stopped for CRS.",
    "Late: more than 1 day later than the schedule's distance between the two doses; only where "
    "the schedule names both.",
)


def table_dose_attrition(block: Block, drill: Drill, name: str) -> Markup | str:
    """One row per running number of the dose; nothing where no dose was given.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
    """
    rows = block.of("by_dose", COHORT="bispecific", GROUPVAR="DOSESEQ")
    doses = ordered(only(rows, VARIABLE="AFTER_DOSE"), "DOSESEQ", [])
    if not doses:
        return ""
    parts = split(rows, "GROUP")
    lines: list[list[str | Markup]] = []
    for dose in doses:
        words, mine = f"Dose {dose}", parts[dose,]
        given = first(mine, VARIABLE="DOSED", STAT="n")
        after = by(only(mine, VARIABLE="AFTER_DOSE", STAT="n"), "LEVEL")
        late = by(only(mine, VARIABLE="NEXT_DELAYED", STAT="proportion"), "DENOM")
        lines.append([
            words, number(given, drill, f"{words}, given"),
            *(number(after.get((o,)), drill, f"{words}: {o}") for o in OUTCOMES),
            *(share(late.get((d,)), drill, f"{words}: next late") for d in LATE),
        ])  # fmt: skip
    columns = ["Dose", "Given", *OUTCOMES.values(), *LATE.values()]
    return gt_table(name, lines, columns, notes=NOTES, label=f"After each dose, {block.name}")

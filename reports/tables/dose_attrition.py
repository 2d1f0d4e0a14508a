"""Table of what came first after each dose, and whether the next one came late."""

from __future__ import annotations

from markupsafe import Markup

from reports.drill import Drill
from reports.select import Block, by, only, split
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
        counts = by(mine, "VARIABLE", "STAT", "LEVEL")
        given = by(mine, "VARIABLE", "STAT").get(("DOSED", "n"))
        shares = by(mine, "VARIABLE", "STAT", "DENOM")
        after = [(o, counts.get(("AFTER_DOSE", "n", o))) for o in OUTCOMES]
        late = [shares.get(("NEXT_DELAYED", "proportion", denom)) for denom in LATE]
        lines.append([
            words, number(given, drill, f"{words}, given"),
            *(number(row, drill, f"{words}: {outcome}") for outcome, row in after),
            *(share(row, drill, f"{words}: next late") for row in late),
        ])  # fmt: skip
    columns = ["Dose", "Given", *OUTCOMES.values(), *LATE.values()]
    return gt_table(name, lines, columns, notes=NOTES, label=f"After each dose, {block.name}")

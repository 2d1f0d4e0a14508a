"""Table of CRS and tocilizumab within hours of the dose before them (bispecific)."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports.drill import Drill
from reports.select import Block, by, only, split
from reports.tables.by_dose import ordered
from reports.tables.cells import number, share
from reports.tables.gt import gt_table

EVENTS = {
    "ONSET": "Onset of CRS",
    "ONSET_G2": "Onset of CRS of grade 2 or higher",
    "TOCILIZUMAB": "First tocilizumab of an episode",
}
TIMED = "events with times"
NOTES = (
    "n (%) [95% CI, Clopper-Pearson], the limit included. Any dose: the first CRS of each subject, "
    "under the dose before it. By dose: CRS attributed to that dose, each subject once per dose. "
    "Hours need clock times of dose and event: who has none is counted in the last column and "
    "never imputed.",
    "Of all treated, or of those given that dose while not in CRS: who has no times is in the "
    "denominator and in no window, so these shares are lower bounds. Doses without such an event "
    "have no row.",
)


def table_onset_windows(block: Block, drill: Drill, name: str, levels: list[str]) -> Markup | str:
    """Per event: after any dose, then after each dose that it followed.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
        levels: Dose names in the order of the study's schedule.
    """
    rows = block.of("onset_windows", COHORT="bispecific")
    hours = only(rows, LEVEL="window")["TIME"].drop_nulls().unique().sort().to_list()
    if not hours:
        return ""
    named = ordered(rows, "DOSELVL", levels)
    places: list[tuple[str | None, str | None, str]] = [(None, None, "Any dose")]
    places += [("DOSELVL", g, g) for g in named] or [
        ("DOSESEQ", g, f"Dose {g}") for g in ordered(rows, "DOSESEQ", [])
    ]
    parts = split(rows, "VARIABLE", "GROUPVAR", "GROUP")
    lines: list[list[str | Markup]] = []
    for event, heading in EVENTS.items():
        for groupvar, group, words in places:
            mine = parts.get((event, groupvar, group), rows.clear())
            lines += [[heading, *line] for line in _lines(mine, words, hours, drill)]
    columns = ["", "After", *(f"Within {h:g} h" for h in hours), "No times"]
    label = f"Within hours of the dose, {block.name}"
    return gt_table(name, lines, columns, groups=True, notes=NOTES, label=label)


def _lines(
    rows: pl.DataFrame, words: str, hours: list[float], drill: Drill
) -> list[list[str | Markup]]:
    """Of the events with times first, then of all treated or of those given the dose."""
    untimed = by(rows, "LEVEL").get(("no_times",))
    found = by(rows, "LEVEL", "DENOM", "TIME")
    denominators = {str(denom) for level, denom, _ in found if level == "window"}
    out: list[list[str | Markup]] = []
    for denom in sorted(denominators, key=lambda d: (d != TIMED, d)):
        cells = [found.get(("window", denom, h)) for h in hours]
        label = f"{words}, within"
        shown = [share(r, drill, f"{label} {h:g} h") for r, h in zip(cells, hours, strict=True)]
        last = number(untimed, drill, f"{words}, no times") if denom == TIMED else Markup("")
        out.append([f"{words}, of {denom}", *shown, last])
    return out

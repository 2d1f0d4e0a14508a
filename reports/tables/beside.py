"""Table of what happened beside CRS: neurotoxicity, HLH-like syndrome, organs, infection."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports.drill import Drill
from reports.select import Block, by, only, split
from reports.tables.cells import DASH, share, summary
from reports.tables.grades import heads
from reports.tables.gt import gt_table
from reports.tables.html import empty

RELATIONS = ("with CRS", "after CRS", "before CRS", "no CRS")
COLUMNS = (
    "Any", "Not unrelated", "Grade 3 or higher", "With CRS", "After CRS", "Before CRS",
    "Without CRS", "Days from first dose", "Days from onset",
)  # fmt: skip
NOTES = (
    "n (%) [95% CI, Clopper-Pearson] of treated subjects, from the first dose to the end of "
    "follow-up; a dash where nobody had one. These events stand beside CRS and never enter its "
    "grade; CTCAE grades as recorded.",
    "Not unrelated: without those that were recorded as not related to treatment. With, after, "
    "before: only in time, no cause is meant. A subject with several events of a kind "
    "counts once in each column. Days: elapsed, 0 = same day; from onset: of events with or after "
    "an episode.",
)


def table_beside(block: Block, drill: Drill, name: str) -> Markup:
    """One row per kind of event, also of those that nobody had.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
    """
    rows = block.of("events")
    if rows.is_empty():
        return empty("Events beside CRS are not derived in this study.")
    lines: list[list[str | Markup]] = []
    for arm, head in zip(block.arms, heads(block), strict=True):
        mine = only(rows, COHORT=arm)
        kinds = split(mine, "GROUP")
        for kind in _order(mine):
            words = kind[:1].upper() + kind[1:]
            lines.append([head, words, *_cells(kinds[kind,], drill, words)])
    label = f"Beside CRS, {block.name}"
    columns = ["", "Event", *COLUMNS]
    return gt_table(name, lines, columns, groups=True, notes=NOTES, label=label)


def _order(rows: pl.DataFrame) -> list[str]:
    any_of = only(rows, VARIABLE="EVENT", LEVEL="any")
    counts = any_of.select("GROUP", pl.col("EVENTS").fill_null(0))
    return counts.sort("EVENTS", "GROUP", descending=[True, False])["GROUP"].to_list()


def _cells(rows: pl.DataFrame, drill: Drill, words: str) -> list[Markup]:
    stats = by(rows, "VARIABLE", "STAT", "LEVEL")
    found = [
        share(
            stats.get(("EVENT", "proportion", level)),
            drill,
            f"{words}, {level}",
            short=level == "related",
        )
        for level in ("any", "related", ">=3")
    ]
    for relation in RELATIONS:
        row = stats.get(("RELATION", "proportion", relation))
        found.append(share(row, drill, f"{words}, {relation}", short=True) or DASH)
    days = [
        {str(stat): row for (variable, stat, _), row in stats.items() if variable == since}
        for since in ("D_FROM_FIRST", "D_FROM_ONSET")
    ]
    return [*found, *(summary(d, "days") or DASH for d in days)]

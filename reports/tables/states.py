"""Tables of the states by day: chosen days with counts and limits, all days as shares alone."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.drill import Drill
from reports.select import Block, Row, by, only
from reports.tables.cells import DASH, missing, share
from reports.tables.grades import heads
from reports.tables.gt import gt_table
from reports.tables.html import Column, table

DAYS = (1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 14.0, 21.0, 28.0)
STATES = {
    "no CRS yet": "No CRS yet",
    "CRS grade 1": "CRS grade 1",
    "CRS grade 2": "CRS grade 2",
    "CRS grade 3-4": "CRS grade 3\u20134",
    "CRS grade not known": "CRS, grade not known",
    "recovered": "Recovered",
    "dead": "Dead",
}
NOTES = (
    "Subjects seen in the state on that day, the estimated share of all treated (%) and its "
    "pointwise 95% limits (logit). The share counts who is no longer followed as far as the others "
    "tell, so it may differ from the count over N. The states of a day add up to 100%.",
    "Recovered: a later day without CRS; a subject may fall ill again. Dead: of any cause.",
)


def table_states(block: Block, drill: Drill, name: str) -> Markup:
    """Rows are days, columns are states; arms stand under headings of their own.

    Args:
        block: One grading system and basis.
        drill: Where the subjects behind a count are listed.
        name: Its id.
    """
    rows = block.of("state_occupation")
    lines: list[list[str | Markup]] = []
    for arm, head in zip(block.arms, heads(block), strict=True):
        mine = only(rows, COHORT=arm)
        found = by(mine, "TIME", "LEVEL")
        days = {day for day, _ in found}
        for day in DAYS:
            if day in days:
                words = f"Day {day:g}"
                of_day = [found.get((day, s)) for s in STATES]
                names = STATES.values()
                cells = [
                    share(r, drill, f"{words}, {n}") for r, n in zip(of_day, names, strict=True)
                ]
                lines.append([head, words, *_once(of_day, cells)])
    columns = ["", "Day", *STATES.values()]
    label = f"States by day, {block.name}"
    return gt_table(name, lines, columns, groups=True, notes=NOTES, label=label)


def table_states_all_days(rows: pl.DataFrame, name: str) -> Markup:
    """Details that unfold to the share of each state on every day of one arm."""
    known = rows.filter(pl.col("STATUS") == "ok")
    days = known["TIME"].unique().sort().to_list()
    found = by(rows, "TIME", "LEVEL")
    columns = [Column("Day", "num"), *(Column(n, "num") for n in STATES.values())]
    lines = [[f"{day:g}", *(_value(found.get((day, s))) for s in STATES)] for day in days]
    made = table(name, columns, lines, label=f"Numbers behind {name}", sortable=False)
    words = "Every day of this figure"
    return Markup("<details><summary>{}</summary>{}</details>").format(words, made)


def _once(rows: Sequence[Row | None], cells: list[Markup]) -> list[Markup]:
    """A reason that holds for all states of a day stands once, not in each of its cells."""
    why = {(r["STATUS"], r["REASON"]) for r in rows if r is not None}
    if len(why) > 1 or None in rows or next(iter(why))[0] in {"ok", "suppressed"}:
        return cells
    return [cells[0], *[DASH] * (len(cells) - 1)]


def _value(row: Row | None) -> str | Markup:
    if row is None:
        return ""
    return wording.percent(row["VALUE"]) if row["STATUS"] == "ok" else missing(row)

"""Recorded against derived grade, episode by episode, as a table of counts."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports import disclosure, wording
from reports.drill import Drill
from reports.tables.html import Column, empty, table

LEVELS = ("0", "1", "2", "3", "4", "5", "not available")


def table_crosstab(reconciliation: pl.DataFrame, drill: Drill, name: str, k: int) -> Markup:
    """Counts of episodes by recorded (rows) and derived grade (columns); agreement is marked.

    Args:
        reconciliation: Episodes of one study.
        drill: Where the episodes behind a count are listed.
        name: Its id.
        k: The smallest count that is printed.
    """
    if reconciliation.is_empty():
        return empty("No CRS episode was recorded, so there are no grades to compare.")
    if reconciliation["GRADE_DERIVED"].null_count() == reconciliation.height:
        return empty(
            "No grade could be derived from the findings of this study, so recorded grades cannot "
            "be checked against them."
        )
    rows = reconciliation.with_columns(ROW=_level("GRADE_COLLECTED"), COL=_level("GRADE_DERIVED"))
    across = [level for level in LEVELS if (rows["COL"] == level).any()]
    down = [level for level in LEVELS if (rows["ROW"] == level).any()]
    counts = [
        rows.filter((pl.col("ROW") == r) & (pl.col("COL") == c)) for r in down for c in across
    ]
    states = disclosure.suppress([c.height for c in counts], k)
    columns = [Column("Recorded grade"), *(Column(f"Derived {_short(c)}", "num") for c in across)]
    lines: list[list[str | Markup]] = []
    for i, level in enumerate(down):
        cells: list[str | Markup] = [_short(level)]
        for j, other in enumerate(across):
            place = i * len(across) + j
            text = _cell(
                counts[place], states[place], drill, k, f"recorded {level}, derived {other}"
            )
            cells.append(
                Markup('<span class="diag">{}</span>').format(text) if level == other else text
            )
        lines.append(cells)
    systems = ", ".join(wording.system(s) for s in rows["SYSTEM"].unique().sort().to_list())
    words = (
        f"Episodes under {systems}, the scale of the recorded grade. Rows: as recorded; columns: "
        "derived from findings; agreement is marked. Both are kept, neither replaces the other."
    )
    made = table(name, columns, lines, label="Recorded against derived grade", sortable=False)
    return Markup("<p>{}</p>").format(words) + made


def _level(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).fill_null("not available")


def _short(level: str) -> str:
    return level if level == "not available" else f"grade {level}"


def _cell(
    rows: pl.DataFrame, state: disclosure.Shown, drill: Drill, k: int, words: str
) -> str | Markup:
    if state != "shown":
        return disclosure.label(state, k)
    if rows.is_empty():
        return "0"
    return drill.button(str(rows.height), drill.adhoc(rows), words, rows.height)

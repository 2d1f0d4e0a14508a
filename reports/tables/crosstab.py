"""Recorded against derived grade, episode by episode: counts and how far they agree."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.drill import Drill
from reports.select import first, only
from reports.tables.cells import estimate, number, share
from reports.tables.html import Column, empty, table

LEVELS = ("0", "1", "2", "3", "4", "5", "NA")
WORDS = (
    "Episodes under {}, the scale of the recorded grade. Rows: as recorded; columns: derived from "
    "findings; agreement is marked. Both are kept, neither replaces the other."
)
NOTHING_DERIVED = (
    "No grade could be derived from the findings of this study, so recorded grades cannot be "
    "checked against them."
)


def table_crosstab(results: pl.DataFrame, drill: Drill, name: str) -> Markup:
    """Counts of episodes by recorded (rows) and derived grade (columns), and how far they agree.

    Args:
        results: Result rows of one study that went through disclosure control.
        drill: Where the episodes behind a count are listed.
        name: Its id.
    """
    rows = only(results, RESULT="reconciliation")
    cells = only(rows, VARIABLE="CROSSTAB")
    if cells.is_empty():
        return empty("No CRS episode was recorded, so there are no grades to compare.")
    if (cells["LEVEL"] == "NA").all():
        return empty(NOTHING_DERIVED)
    words = WORDS.format(wording.system(cells["SYSTEM"].to_list()[0]))
    made = Markup("<p>{}</p>").format(words) + _counts(cells, drill, name)
    return made + _agreement(rows, drill, f"{name}-agreement")


def _counts(cells: pl.DataFrame, drill: Drill, name: str) -> Markup:
    across = [level for level in LEVELS if (cells["LEVEL"] == level).any()]
    down = [level for level in LEVELS if (cells["GROUP"] == level).any()]
    columns = [Column("Recorded grade"), *(Column(f"Derived {_grade(c)}", "num") for c in across)]
    lines: list[list[str | Markup]] = []
    for recorded in down:
        line: list[str | Markup] = [_grade(recorded)]
        for derived in across:
            row = first(only(cells, GROUP=recorded, LEVEL=derived))
            words = f"recorded {_grade(recorded)}, derived {_grade(derived)}"
            # Only cells with an episode have a row.
            text = Markup("0") if row is None else number(row, drill, words)
            mark = '<span class="diag">{}</span>' if recorded == derived else "{}"
            line.append(Markup(mark).format(text))
        lines.append(line)
    return table(name, columns, lines, label="Recorded against derived grade", sortable=False)


def _grade(level: str) -> str:
    return "not available" if level == "NA" else f"grade {level}"


def _agreement(rows: pl.DataFrame, drill: Drill, name: str) -> Markup:
    """Agreement, kappa, and subjects with signs of CRS that no record covers."""
    found = {
        "Same grade, of episodes with both": share(
            first(rows, VARIABLE="AGREEMENT", STAT="proportion"), drill, "same grade"
        ),
        "Weighted kappa (quadratic)": estimate(first(rows, VARIABLE="KAPPA", LEVEL="quadratic")),
        "Subjects with signs of CRS that no record covers: listed, never counted": number(
            first(rows, VARIABLE="CATEGORY", LEVEL="unreported"), drill, "possible unreported CRS"
        ),
    }
    lines = [[words, value] for words, value in found.items() if value]
    if not lines:
        return Markup("")
    columns = [Column("Agreement"), Column("Result", "num")]
    return table(name, columns, lines, label="Agreement of grades", sortable=False) + _scale(rows)


def _scale(rows: pl.DataFrame) -> Markup:
    """A warning where the recorded grades fit another scale clearly better than the stated one."""
    flag = first(rows, VARIABLE="WRONG_SCALE_SUSPECTED", STATUS="ok")
    if flag is None or not flag["VALUE"]:
        return Markup("")
    words = (
        f"The recorded grades fit {wording.system(flag['LEVEL'])} clearly better than the stated "
        "scale: ask the study which one its sites used."
    )
    return Markup('<p class="note state bad">{}</p>').format(words)

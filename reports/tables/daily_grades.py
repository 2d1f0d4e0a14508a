"""Table of the daily grades in words, a row per subject: what the heat map says without colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.tables.courses import runs, study_day
from reports.tables.heat import CODES, NO_INFORMATION, NOT_KNOWN, Heat, drawn
from reports.tables.html import Cell, Column, grade_badge, table

COLUMNS = (
    Column("Subject"), Column("Highest grade"), Column("First onset"),
    Column("Days with CRS", "words"), Column("No information", "num"), Column("Charted to"),
)  # fmt: skip


def table_daily_grades(found: Heat, name: str) -> Markup:
    """Rows as the heat map has them at first.

    Args:
        found: Subjects and their days.
        name: Its id.
    """
    shown = drawn(found, "first_dose", "grade")
    words = _words(found.ill)
    blank = found.cells.filter(CODE=NO_INFORMATION).group_by("SUBJIDX").len()
    rows = shown.join(words, on="SUBJIDX", how="left").join(blank, on="SUBJIDX", how="left")
    lines = [_line(row) for row in rows.iter_rows(named=True)]
    return table(name, COLUMNS, lines, label="Daily grades in words", filtered=True)


def _line(row: Mapping[str, Any]) -> list[Cell | str]:
    n, blank = row["SUBJIDX"], row["len"] or 0
    return [
        Cell(Markup('<a href="subjects.html#%s">#%s</a>') % (n, n), n),
        _highest(row["GRADE"], row["ON"]),
        _day(row["ON"], 99_999),
        row["WORDS"] or "none",
        Cell(wording.plural(blank, "day"), blank),
        _day(row["CHARTED"], 0),
    ]


def _day(place: int | None, without: int) -> Cell:
    if place is None:
        return Cell("", without)
    return Cell(f"day {study_day(place)}", place)


def _highest(grade: int | None, onset: int | None) -> Cell:
    return Cell("No CRS", -2) if onset is None else grade_badge(grade)


def _words(ill: pl.DataFrame) -> pl.DataFrame:
    """SUBJIDX and WORDS: runs of days with CRS of one grade."""
    found = runs(ill, "SUBJIDX", "CODE").with_columns(TO=pl.col("FROM") + pl.col("DAYS") - 1)
    days = pl.col("FROM", "TO")
    found = found.with_columns(pl.when(days > 0).then(days).otherwise(days - 1))
    names = dict(enumerate(name[0].lower() + name[1:] for name in CODES))
    names[NOT_KNOWN] = "grade not known"
    name = pl.col("CODE").replace_strict(names, return_dtype=pl.String)
    alone = pl.format("day {}: {}", "FROM", name)
    several = pl.format("days {} to {}: {}", "FROM", "TO", name)
    said = pl.when(pl.col("FROM") == pl.col("TO")).then(alone).otherwise(several)
    return found.group_by("SUBJIDX", maintain_order=True).agg(WORDS=said.str.join("; "))

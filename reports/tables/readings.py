"""How far the headline moves with the reading of the rules that the guidelines leave open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from markupsafe import Markup

from reports import disclosure, wording
from reports.reading_words import reading_words
from reports.tables.html import Cell, Column, empty, table


def table_readings(readings: pl.DataFrame, system: str, name: str, k: int) -> Markup:
    """Treated subjects who reach grade 2 and grade 3 under each reading.

    The study's own stands first, then those that move grade 3, then grade 2, the most first.

    Args:
        readings: Readings of one study.
        system: Code of the grading system.
        name: Its id.
        k: The smallest count that is printed.
    """
    rows = readings.filter((pl.col("SYSTEM") == system) & pl.col("EVENTS").is_not_null())
    if rows.is_empty():
        return empty("No grade is derived under this system, so there is nothing to vary.")
    by_grade = {
        (r["READING"], r["GRADE_MIN"]): r for r in rows.sort("READING", "GRADE_MIN").to_dicts()
    }
    numbers = sorted({reading for reading, _ in by_grade}, key=lambda n: _rank(by_grade, n))
    columns = [
        Column("Reading of the open rules", "words"), Column("Grade 2 or higher", "num"),
        Column("Grade 3 or higher", "num"),
    ]  # fmt: skip
    lines = [
        [_words(by_grade, n), *(_share(by_grade.get((n, grade)), k) for grade in (2, 3))]
        for n in numbers
    ]
    return table(name, columns, lines, label="Readings of the open rules")


def _words(rows: Mapping[tuple[int, int], Mapping[str, Any]], reading: int) -> str:
    row = next(r for (n, _), r in rows.items() if n == reading)
    return reading_words(row["SWITCHES"])


def _rank(rows: Mapping[tuple[int, int], Mapping[str, Any]], reading: int) -> tuple[int, ...]:
    """The study's own (1) first, then by how far a reading moves grade 3, then grade 2."""
    moved = [
        abs(rows[reading, grade]["EVENTS"] - rows[1, grade]["EVENTS"])
        if {(reading, grade), (1, grade)} <= rows.keys()
        else 0
        for grade in (3, 2)
    ]
    return (reading != 1, *(-m for m in moved), reading)


def _share(row: Mapping[str, Any] | None, k: int) -> Cell:
    if row is None:
        return Cell("not available", -1)
    state = disclosure.pair(row["EVENTS"], row["N"], k)
    if state != "shown":
        return Cell(disclosure.label(state, k, row["N"]), 0)
    return Cell(f"{row['EVENTS']} / {row['N']} ({wording.percent(row['VALUE'])})", row["EVENTS"])

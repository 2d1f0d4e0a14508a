"""Table of the difference between the cohorts under other choices, one row for each."""

from __future__ import annotations

import polars as pl
from markupsafe import Markup

from reports import wording
from reports.drill import Drill
from reports.select import Block, Row
from reports.tables.cells import points
from reports.tables.html import Column, table

NON_RANDOMISED = "non-randomised comparison, descriptive; "


def sensitivity_rows(block: Block) -> list[Row]:
    """Its rows: what was planned first, then onset, studies left out, recovery."""
    level = pl.col("LEVEL")
    return (
        block.of("sensitivity")
        .sort(
            pl.col("VARIABLE").replace_strict({"TTCRS": 0, "TTREC": 1}, default=2),
            ~level.str.contains("as planned"),
            level.str.starts_with("without study"),
            "LEVEL",
        )
        .to_dicts()
    )


def choice(row: Row) -> str:
    """The choice in words."""
    return wording.sentence(wording.without_dates(row["LEVEL"])).removesuffix(".")


def method(row: Row) -> str:
    """METHOD without what the heading of the section says already."""
    words = wording.told(row["METHOD"]).removeprefix(NON_RANDOMISED)
    words = words.removeprefix("nominal P; ")
    return words[:1].upper() + words[1:]


def table_sensitivity(rows: list[Row], drill: Drill, name: str, label: str) -> Markup:
    """The table.

    Args:
        rows: What `sensitivity_rows` gives.
        drill: Where the subjects behind a count are listed.
        name: Its id.
        label: What the table is.
    """
    columns = [
        Column("Choice"), Column("Day", "num"), Column("Difference (95% CI)", "num"),
        Column("N", "num"), Column("Events", "num"), Column("Method", "words"),
    ]  # fmt: skip
    lines = [
        [
            choice(row),
            f"{row['TIME']:g}",
            points(row),
            button(row, "N", drill, choice(row)),
            button(row, "EVENTS", drill, choice(row)),
            method(row),
        ]
        for row in rows
    ]
    return table(name, columns, lines, label=label, sortable=False)


def button(row: Row, column: str, drill: Drill, label: str) -> str | Markup:
    """N or EVENTS of a row, opening the list of who is behind it."""
    number = row[column]
    if number is None:
        return str(row["REASON"]) if row["STATUS"] == "suppressed" else "not counted"
    setid = row["SET_N" if column == "N" else "SET_EVENTS"]
    words = "denominator" if column == "N" else "events"
    return drill.button(str(number), setid, f"{label}: {words}", number)
